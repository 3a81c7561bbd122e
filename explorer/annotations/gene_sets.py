"""Gene sets: complexes, pathways and lists of genes by name, read from GMT and from tables of complexes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.errors import InputError

#: A GMT beyond this is none: all of MSigDB is a fifth of it.
MOST_BYTES = 200_000_000
#: CORUM complexes in the efaar-benchmarking wheel: a name, then its genes.
CLUSTERS = "CORUM_clusters.tsv"


@dataclass(frozen=True)
class GeneSet:
    """Genes that belong together.

    Attributes
    ----------
    id : str
        Unique over all sources: `hpo:HP:0003002`, `corum:Spliceosome`, `own/FILE:NAME`.
    name, source : str
    genes : tuple of str
        Symbols, each once, in the order of the source.
    """

    id: str
    name: str
    source: str
    genes: tuple[str, ...]


@dataclass(frozen=True)
class GeneSetSource:
    """Gene sets of one origin.

    Attributes
    ----------
    name, licence, version, citation : str
    sets : tuple of GeneSet
    relates : bool
        Whether two genes of one set count as known to be related. Those of a complex or pathway do; genes of one
        disease, of one hit list, or of a module that a simulation planted do not.
    """

    name: str
    licence: str
    version: str
    citation: str
    sets: tuple[GeneSet, ...]
    relates: bool = True

    @property
    def n(self) -> int:
        """Number of sets."""
        return len(self.sets)

    @cached_property
    def by_id(self) -> dict[str, GeneSet]:
        """Set id to set."""
        return {s.id: s for s in self.sets}

    @cached_property
    def members(self) -> Members:
        """All sets as codes."""
        sizes = [len(s.genes) for s in self.sets]
        codes, symbols = pd.factorize(np.array([g for s in self.sets for g in s.genes], dtype=object))
        return Members(np.array(symbols, dtype=object), np.concatenate([[0], np.cumsum(sizes)]), codes)


@dataclass(frozen=True, eq=False)
class Members:
    """Sets as codes: set i holds `symbols[codes[start[i]:start[i + 1]]]`.

    Attributes
    ----------
    symbols : object array, shape (genes,)
    start : int array, shape (sets + 1,)
    codes : int array, shape (memberships,)
    """

    symbols: np.ndarray
    start: np.ndarray
    codes: np.ndarray = field(repr=False)

    @property
    def sizes(self) -> np.ndarray:
        """Members of each set, shape (sets,)."""
        return np.diff(self.start)


def read_gmt(
    path: Path, *, source: str | None = None, prefix: str | None = None, ids: bool = False
) -> tuple[GeneSet, ...]:
    """Read a GMT file: a set a line, `name TAB description TAB gene TAB gene ...`.

    Parameters
    ----------
    path : Path
    source : str, optional
        Name of the source; by default that of the file without its ending.
    prefix : str, optional
        What ids start with, before a colon; by default the source.
    ids : bool
        Whether the first column is an id and the second the name.

    Raises
    ------
    InputError
        When the file cannot be read, a line has no gene, a name is repeated, or there is no set; says which line.
    """
    path = Path(path)
    source = source or path.name.split(".")[0]
    rows = ((n, line.split("\t")) for n, line in enumerate(_text(path).split("\n"), start=1) if line.strip())
    named = ((n, cells[0], cells[1] if ids and len(cells) > 1 else cells[0], cells[2:]) for n, cells in rows)
    return _sets(named, where=path.name, source=source, prefix=prefix or source, of="name, description and genes")


def read_complexes(path: Path, *, source: str = "CORUM", prefix: str = "corum") -> tuple[GeneSet, ...]:
    """Read complexes, `name TAB gene gene ...` a line, from a file or from `CORUM_clusters.tsv` inside a wheel.

    Raises
    ------
    InputError
        As `read_gmt`; and where a wheel holds no such file.
    """
    path = Path(path)
    text = _member(path) if path.suffix in {".whl", ".zip"} else _text(path)
    rows = ((n, line.partition("\t")) for n, line in enumerate(text.split("\n"), start=1) if line.strip())
    named = ((n, name, name, genes.split()) for n, (name, _, genes) in rows)
    return _sets(named, where=path.name, source=source, prefix=prefix, of="a name, a tab, and genes")


def _sets(
    rows: Iterable[tuple[int, str, str, list[str]]], *, where: str, source: str, prefix: str, of: str
) -> tuple[GeneSet, ...]:
    """Sets out of (line, id, name, genes)."""
    sets: dict[str, GeneSet] = {}
    for n, key, name, cells in rows:
        key, genes = _clean(key), tuple(dict.fromkeys(g for g in map(_clean, cells) if g))
        if not key or not genes:
            raise InputError(f"{where}, line {n}: a set is {of}; this line has none. Is the file separated by tabs?")
        if key in sets:
            raise InputError(f"{where}, line {n}: the set '{key[:60]}' is there twice; names must be unique")
        sets[key] = GeneSet(f"{prefix}:{key}", _clean(name) or key, source, genes)
    if not sets:
        raise InputError(f"{where} holds no gene set; give a line a set: {of}")
    return tuple(sets.values())


def _clean(text: str) -> str:
    """Text in one line without characters that cannot be shown."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path.name} has more than {MOST_BYTES / 1e6:,.0f} MB; it is no table of gene sets")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8 text; unpack it, or save it as UTF-8") from error
    except (OSError, ValueError) as error:
        raise InputError(f"the gene sets {path} cannot be read: {error}") from error


def _member(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            found = [i for i in archive.infolist() if i.filename.rpartition("/")[2] == CLUSTERS]
            if not found or found[0].file_size > MOST_BYTES:
                raise InputError(f"{path.name} holds no {CLUSTERS}; is it efaar-benchmarking 1.0?")
            return archive.read(found[0]).decode("utf-8")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise InputError(f"{path.name} is not a wheel that can be read ({error}); download it again") from error

"""A folder of annotations: what `keyhole fetch` fills, what lies beside a map, and what users bring of their own.

    sources.csv      file, name, licence, version, citation, relates, columns, note: what a file is (all but `file`
                     optional). `relates` is no where two genes of one set are not for that known to be related;
                     `columns` is "id name" where a GMT starts with an id and a name
    gene_sets/       *.gmt; *.tsv with a name, a tab, and genes separated by spaces
    relationships/   edge lists: entity1, entity2 and, where known, size and set of the smallest set that they share
    compounds/       tables about compounds: targets with potency and source, mechanisms, other names
    unblinding/      blinded, symbol
    arms/            symbol, arm

A file that cannot be used is listed with the reason, and the others are used.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from explorer.annotations.arms import read_arms
from explorer.annotations.compound_annotations import CompoundSource, read_compound_table
from explorer.annotations.gene_sets import GeneSetSource, read_complexes, read_gmt
from explorer.annotations.relationships import NO_LICENCE, RelationshipSource, read_relationships
from explorer.annotations.unblinding import read_unblinding
from explorer.errors import InputError

KINDS = ("gene_sets", "relationships", "compounds", "unblinding", "arms")
SOURCES = "sources.csv"
#: More files in one folder than anyone brings.
MOST_FILES = 500
_COLUMNS = ("name", "licence", "version", "citation", "relates", "columns", "note")
_QUIET = ("readme", "license", "licence", "sources.csv")


@dataclass(frozen=True)
class ListedFile:
    """A file as the Data page lists it.

    `n` counts what it holds: pairs, sets, compounds, genes. `problem` says why it cannot be used; `replaced_by` names
    the file that is used instead, since it has a source of the same name.
    """

    file: str
    kind: str
    name: str
    licence: str = NO_LICENCE
    version: str = ""
    citation: str = ""
    n: int = 0
    note: str = ""
    problem: str = ""
    replaced_by: str = ""


@dataclass(frozen=True)
class AnnotationFolder:
    """What a folder holds."""

    relationships: tuple[RelationshipSource, ...] = ()
    gene_sets: tuple[GeneSetSource, ...] = ()
    compounds: tuple[CompoundSource, ...] = ()
    unblinding: dict[str, str] = field(default_factory=dict)
    arms: dict[str, str] = field(default_factory=dict)
    files: tuple[ListedFile, ...] = ()


def read_annotation_folder(folder: Path, *, prefix: str = "") -> AnnotationFolder:
    """Read every file of a folder; one that is not there holds nothing.

    Parameters
    ----------
    folder : Path
    prefix : str
        What the ids of gene sets start with, before the name of their file: `own/` for users' own.
    """
    folder = Path(folder)
    parts: dict[str, list] = {kind: [] for kind in KINDS}
    listed: list[ListedFile] = []
    about, problem = _about(folder)
    if problem:
        listed.append(ListedFile(f"{prefix}{SOURCES}", "sources", SOURCES, problem=problem))
    for kind, file in itertools.islice(_files(folder), MOST_FILES):
        shown = f"{prefix}{file.relative_to(folder)}"
        said = about.get(str(file.relative_to(folder)), {})
        one = ListedFile(shown, kind, said.get("name") or file.name.split(".")[0])
        if kind not in KINDS:
            listed.append(replace(one, problem=f"put it into a folder {', '.join(KINDS)}, which says what it is"))
            continue
        try:
            found = _READERS[kind](file, one.name, said, f"{prefix}{file.name.split('.')[0]}")
        except (InputError, OSError, MemoryError, RecursionError) as error:
            listed.append(replace(one, problem=" ".join(str(error).split())[:400] or type(error).__name__))
            continue
        parts[kind] += found
        listed += [_told(one, thing, said) for thing in found]
    tables = {kind: {k: v for one in parts[kind] for k, v in one.items()} for kind in ("unblinding", "arms")}
    lists = {kind: tuple(parts[kind]) for kind in ("relationships", "gene_sets", "compounds")}
    return AnnotationFolder(**lists, **tables, files=tuple(listed))


def _files(folder: Path) -> list[tuple[str, Path]]:
    """Kind and path of every file that is meant to be read; the kind of a loose one is empty, but for a GMT."""
    try:
        loose = [("gene_sets" if f.suffix == ".gmt" else "", f) for f in sorted(folder.iterdir()) if f.is_file()]
        inner = [(kind, f) for kind in KINDS if (folder / kind).is_dir() for f in sorted((folder / kind).iterdir())]
    except OSError:
        return []
    return [
        (kind, f)
        for kind, f in [*loose, *inner]
        if f.is_file() and not f.name.startswith(".") and not f.name.casefold().startswith(_QUIET)
    ]


def _about(folder: Path) -> tuple[dict[str, dict[str, str]], str]:
    """What `sources.csv` says of each file, and what is wrong with it."""
    file = folder / SOURCES
    if not file.is_file():
        return {}, ""
    try:
        table = pd.read_csv(file, dtype=str, keep_default_na=False, index_col=False)
    except (ValueError, OSError) as error:
        return {}, f"cannot be read: {str(error).splitlines()[0]}"
    if "file" not in table:
        return {}, "has no column `file`; give file, name, licence, version, citation"
    given = [c for c in _COLUMNS if c in table]
    return {str(r["file"]): {c: r[c].strip() for c in given} for r in table.to_dict("records")}, ""


def _gene_sets(file: Path, name: str, said: dict[str, str], prefix: str) -> list[GeneSetSource]:
    if file.name.endswith((".tsv", ".txt")):
        sets = read_complexes(file, source=name, prefix=prefix)
    else:
        sets = read_gmt(file, source=name, prefix=prefix, ids=said.get("columns", "") == "id name")
    relates = said.get("relates", "").casefold() not in {"no", "false", "0"}
    about = (said.get("licence") or NO_LICENCE, said.get("version", ""), said.get("citation", ""))
    return [GeneSetSource(name, *about, sets, relates=relates)]


def _relationships(file: Path, name: str, said: dict[str, str], prefix: str) -> list[RelationshipSource]:
    found = read_relationships(file)
    if len(found) == 1:
        found = (replace(found[0], name=name),)
    more = {key: said[key] for key in ("licence", "version", "citation") if said.get(key)}
    return [replace(one, **more) for one in found]


def _compounds(file: Path, name: str, said: dict[str, str], prefix: str) -> list[CompoundSource]:
    about = (said.get("licence") or NO_LICENCE, said.get("version", ""), said.get("citation", ""))
    return [CompoundSource(name, *about, read_compound_table(file))]


_READERS = {
    "gene_sets": _gene_sets,
    "relationships": _relationships,
    "compounds": _compounds,
    "unblinding": lambda file, name, said, prefix: [read_unblinding(file)],
    "arms": lambda file, name, said, prefix: [read_arms(file)],
}


def _told(one: ListedFile, thing: object, said: dict[str, str]) -> ListedFile:
    """The line of a source; of a plain table, its number of rows."""
    given = {key: said[key] for key in ("licence", "version", "citation", "note") if said.get(key)}
    if isinstance(thing, dict):
        return replace(one, n=len(thing), **given)
    about = {"licence": thing.licence, "version": thing.version, "citation": thing.citation}
    return replace(one, name=thing.name, n=thing.n, **(given | about))

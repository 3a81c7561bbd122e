"""Which gene sets there are: by source, and by a word of their name, id or one of their genes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process, utils

from explorer.annotations import phenotypes as hpo
from explorer.annotations.names import plain
from explorer.atlas import opened
from explorer.cache import memoised
from explorer.queries.biology import indexed, symbols, version

#: A name less alike than this is none that was meant.
_ALIKE = 70
COLUMNS = ("id", "name", "source", "size", "on_map")


@memoised(version)
def set_sources(of_map: str) -> pd.DataFrame:
    """Sources of gene sets: `source`, `sets`, `on_map` (sets with two genes here or more), `licence`, `version`,
    `citation`; HPO counts the phenotypes that have a gene.
    """
    biology, (index, _) = opened(of_map).biology, indexed(of_map)
    about = {s.name: (s.licence, s.version, s.citation) for s in biology.gene_sets}
    if biology.phenotypes is not None:
        about[hpo.SOURCE] = (hpo.LICENCE, biology.phenotypes.version, hpo.CITATION)
    here = np.diff(index.members.indptr) > 1
    found = [
        {"source": name, "sets": int(of.sum()), "on_map": int((of & here).sum())}
        | dict(zip(("licence", "version", "citation"), texts, strict=True))
        for name, texts in about.items()
        if (of := index.sources == name).any()
    ]
    return pd.DataFrame(found, columns=["source", "sets", "on_map", "licence", "version", "citation"])


@memoised(version)
def find_sets(of_map: str, text: str = "", source: str = "", most: int = 200) -> pd.DataFrame:
    """Sets with at least two genes on the map: `id`, `name`, `source`, `size` and `on_map`.

    With a text: those whose name or id holds every word of it, or that hold the gene of that symbol; where there is
    none, names like it. A phenotype is also found by its synonyms. Without: the largest on the map.
    """
    index = indexed(of_map)[0]
    here = np.diff(index.members.indptr).astype(int)
    usable = (here > 1) & ((index.sources == source) if source else np.ones(len(here), dtype=bool))
    rows = np.flatnonzero(usable)
    by_size = rows[np.argsort(-here[rows], kind="stable")]
    rows = _matching(of_map, text, rows) if plain(text[:200]) else by_size
    rows = rows[:most]
    columns = (index.ids[rows], index.names[rows], index.sources[rows], index.sizes[rows].astype(int), here[rows])
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def _matching(of_map: str, text: str, rows: np.ndarray) -> np.ndarray:
    """Of some sets those that a text means, shortest names first, then those that hold a gene called so."""
    index, slugs = indexed(of_map)
    parts, asked = text.casefold().split(), text.strip().casefold()
    texts = [
        f"{i} {n} {s}".casefold()
        for i, n, s in zip(index.ids[rows], index.names[rows], _synonyms(of_map, rows), strict=True)
    ]
    hit = np.array([all(p in t for p in parts) for t in texts], dtype=bool)
    named = rows[hit]
    named = named[np.argsort([len(index.names[r]) for r in named], kind="stable")] if len(named) else named
    gene = [i for i, s in enumerate(slugs) if symbols(of_map)[s].casefold() == asked]
    holding = np.intersect1d(index.sets_of(gene[0]), rows) if gene else np.empty(0, dtype=int)
    found = [*named, *sorted(set(holding) - set(named), key=lambda r: index.sizes[r])]
    if found:
        return np.array(found, dtype=int)
    near = process.extract(
        asked,
        index.names[rows].tolist(),
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        score_cutoff=_ALIKE,
        limit=20,
    )
    return rows[[i for *_, i in near]]


def _synonyms(of_map: str, rows: np.ndarray) -> list[str]:
    """Synonyms of the phenotypes among some sets, empty for others."""
    index, ontology = indexed(of_map)[0], opened(of_map).biology.phenotypes
    if ontology is None:
        return [""] * len(rows)
    phenotype, synonyms = index.sources[rows] == hpo.SOURCE, ontology.synonyms
    return [
        " ".join(synonyms[ontology.row_of[id.partition(":")[2]]]) if of else ""
        for id, of in zip(index.ids[rows], phenotype, strict=True)
    ]

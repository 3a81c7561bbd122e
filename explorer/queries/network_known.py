"""What is known of the pairs of a network, and how many of the known pairs the map finds."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache

import numpy as np
import pandas as pd

from explorer.atlas import opened
from explorer.networks.edges import Rule
from explorer.networks.scorecard import scorecard
from explorer.queries.biology import MOST_GENES, known_sources, relations, symbols, version
from explorer.queries.rows import is_tested

KNOWN = "known"


def known_pairs(of_map: str, genes: tuple[str, ...], pairs: pd.DataFrame) -> pd.DataFrame:
    """`pairs` with `known`, `new`, `named` (bool), `relation`, `sources` and `evidence`, empty where nothing is listed.

    A pair is new where no loaded source lists it, both genes have names and they lie on different arms.
    """
    listed = relations(of_map, list(genes))
    at = {g: i for i, g in enumerate(genes)}
    place = {(a, b): i for i, (a, b) in enumerate(zip(pairs["a"], pairs["b"], strict=True))}
    columns = {c: np.full(len(pairs), "", dtype=object) for c in ("relation", "sources", "evidence")}
    for row in listed.itertuples():
        i, j = at[row.a], at[row.b]
        here = place[min(i, j), max(i, j)]
        for c, column in columns.items():
            column[here] = getattr(row, c) or ""
    name = np.array([g in symbols(of_map) for g in genes], dtype=bool)
    named = name[pairs["a"]] & name[pairs["b"]] if len(pairs) else np.array([], dtype=bool)
    new = named & (columns["relation"] == "") & ~pairs["same_arm"].to_numpy(dtype=bool) & has_known(of_map)
    return pairs.assign(known=columns["relation"] == KNOWN, new=new, named=named, **columns)


def recovery(of_map: str, pairs: pd.DataFrame, *, size: int, rule: Rule) -> dict | None:
    """The scorecard of a set under a rule, as a dict; None where nothing is known of the map's genes.

    Parameters
    ----------
    pairs : DataFrame
        All pairs of the set, from `known_pairs`; those of two genes with a phenotype take part.
    size : int
        Named genes of the set that have a phenotype.
    rule : Rule
        Counts by cosine; "q" by the cut-offs that it carries.
    """
    drawn_from = _known_of_map(of_map, version(of_map))
    if drawn_from is None or size < 2:
        return None
    known, cosines, genes, of_all = drawn_from
    among = pairs[pairs["active"]]
    passes = (among["cosine"] <= rule.low) | (among["cosine"] >= rule.high)
    card = scorecard(
        int(among["known"].sum()),
        int((among["known"] & passes).sum()),
        size=size,
        found=known[(cosines <= rule.low) | (cosines >= rule.high)],
        genes=genes,
        share=float(passes.mean()) if len(among) else 0.0,
    )
    return asdict(card) | {"from": genes, "of_all": of_all}


def has_known(of_map: str) -> bool:
    """Whether any source of relationships is loaded for a map."""
    return bool(_sourced(of_map, version(of_map)))


@lru_cache(maxsize=4)
def _known_of_map(of_map: str, of_version: str) -> tuple[np.ndarray, np.ndarray, int, int] | None:
    """Known pairs (m, 2) among the genes that random sets are drawn from, their cosines, and how many genes there are.

    Those are the named genes with a phenotype; of more than 2,000, a seeded sample, and the number of all.
    """
    open_map = opened(of_map)
    if not has_known(of_map):
        return None
    m, tested = open_map.map, is_tested(open_map)
    active = m.perturbations["active"].eq(True).to_numpy()
    slugs = [s for s in symbols(of_map) if not tested or active[m.row_of[f"gene:{s}"]]]
    of_all = len(slugs)
    if of_all > MOST_GENES:
        slugs = np.random.default_rng(0).choice(np.array(slugs, dtype=object), MOST_GENES, replace=False).tolist()
    if len(slugs) < 2:
        return None
    listed = relations(of_map, slugs)
    listed = listed[listed["relation"] == KNOWN]
    at = pd.Index(slugs)
    pairs = np.column_stack([at.get_indexer(listed["a"]), at.get_indexer(listed["b"])])
    features = np.asarray(m.features[[m.row_of[f"gene:{s}"] for s in slugs]])
    cosines = np.einsum("id,id->i", features[pairs[:, 0]], features[pairs[:, 1]])
    return pairs, cosines, len(slugs), of_all


@lru_cache(maxsize=8)
def _sourced(of_map: str, of_version: str) -> bool:
    return bool(known_sources(of_map))

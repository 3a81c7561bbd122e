"""Enrichment of a selection of genes: which sets hold more of it than chance would."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.annotations import phenotypes as hpo
from explorer.atlas import opened
from explorer.queries.biology import indexed, symbols
from explorer.queries.concentrations import SIGNIFICANT
from explorer.queries.neighbours import similar_genes
from explorer.queries.rows import is_tested, memo
from explorer.statistics.enrichment import enrichment as tested_sets
from explorer.statistics.enrichment import representatives

#: Sets that are looked at for redundancy, best first, and how many of the redundant ones are named.
_LOOKED_AT, _NAMED = 200, 5

#: Neighbours that are tested: at most so many where there is a q, and so many where there is none.
MOST, UNTESTED = 50, 20

COLUMNS = ("id", "name", "source", "hits", "size", "selected", "universe", "p", "q", "genes", "redundant_with")


@memo
def enrichment(of_map: str, genes: list[str], most: int = 10) -> pd.DataFrame:
    """Sets that hold more of some genes than chance, best first, each standing for those that say the same.

    The universe is the named genes of this map that are active; all of them where activity is not tested. Tested are
    all sets of 5 to 500 members in it, and q is Benjamini-Hochberg over those. At most half of the rows are phenotypes,
    of which there are so many that they would crowd out complexes and pathways.

    Columns: `id`, `name`, `source`, `hits`, `size` (in the universe), `selected` and `universe` (genes), `p`, `q`,
    `genes` (symbols of the hits), and `redundant_with` (names of the sets of the same source that are left out since
    at least half of their hits are the same).
    """
    index, slugs = indexed(of_map)
    chosen, universe = np.isin(slugs, genes), active(of_map, slugs)
    if not (chosen & universe).any():
        return pd.DataFrame(columns=list(COLUMNS))
    tested = tested_sets(index.members, chosen, universe)
    tested = tested[tested["hits"] > 0].sort_values(["p", "size"], kind="stable")
    phenotype = index.sources[tested["row"]] == hpo.SOURCE
    tested = pd.concat([tested[phenotype].head(_LOOKED_AT), tested[~phenotype].head(_LOOKED_AT)])
    tested = tested.sort_values(["p", "size"], kind="stable")
    here, rows = np.flatnonzero(chosen & universe), tested["row"].to_numpy()
    hits, origin = index.members[rows][:, here], index.sources[rows]
    stands_for = representatives(hits, origin)
    kept = [i for i in stands_for if origin[i] != hpo.SOURCE]
    kept = sorted([*kept[:most], *[i for i in stands_for if origin[i] == hpo.SOURCE][: most // 2]])[:most]
    labels = np.array(list(symbols(of_map).values()), dtype=object)[here]
    frame = tested.iloc[kept].assign(
        id=index.ids[rows[kept]],
        name=index.names[rows[kept]],
        source=origin[kept],
        genes=[", ".join(labels[hits[[i]].indices]) for i in kept],
        redundant_with=[_listed(index.names[rows[stands_for[i]]]) for i in kept],
    )
    return frame[list(COLUMNS)].reset_index(drop=True)


def top_neighbours(of_map: str, gene: str) -> dict:
    """The genes beside one that are tested for enrichment: `genes` (slugs, strongest first) and the `rule`, in words.

    Similar genes with q up to 0.05, at most 50; on a map without control wells, where there is no q, the 20 most
    similar ones. Opposite genes are left out.
    """
    frame = similar_genes(of_map, gene)
    frame = frame[frame["cosine"] > 0]
    if frame["q"].isna().all():
        return {"genes": frame["slug"].head(UNTESTED).tolist(), "rule": f"its {UNTESTED} most similar genes"}
    passed = frame.loc[frame["q"] <= SIGNIFICANT, "slug"]
    rule = f"its similar genes with q ≤ {SIGNIFICANT}" + (f", the strongest {MOST}" if len(passed) > MOST else "")
    return {"genes": passed.head(MOST).tolist(), "rule": rule}


def active(of_map: str, slugs: list[str]) -> np.ndarray:
    """Which genes are active; all where the map does not test activity."""
    m = opened(of_map).map
    if not is_tested(opened(of_map)):
        return np.ones(len(slugs), dtype=bool)
    rows = [m.row_of[f"gene:{s}"] for s in slugs]
    return m.perturbations["active"].eq(True).to_numpy()[rows]


def _listed(names: np.ndarray) -> str:
    shown = "; ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown}; and {len(names) - _NAMED} more"

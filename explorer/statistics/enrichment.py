"""Enrichment: which gene sets hold more of a selection than chance would put there.

Chance draws as many genes out of the universe, which is what could have been selected: a set is counted by its members
there, not by its size in the source, and a universe of all genes would make every map look enriched for what it holds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.stats import hypergeom

from explorer.errors import InputError
from explorer.statistics.multiple_testing import benjamini_hochberg

#: Sets that are tested, by their members in the universe: fewer say little, more say nothing in particular.
SMALLEST, LARGEST = 5, 500
#: Share of common hits (Jaccard) from which a set says what a better one has said.
REDUNDANT = 0.5


def enrichment(
    members: sparse.csr_array,
    selected: np.ndarray,
    universe: np.ndarray,
    *,
    smallest: int = SMALLEST,
    largest: int = LARGEST,
) -> pd.DataFrame:
    """Test every set for more hits than chance, one-sided, by the hypergeometric distribution.

    Parameters
    ----------
    members : sparse array, shape (sets, genes)
        1 where a set holds a gene.
    selected, universe : bool arrays, shape (genes,)
        Selected genes outside the universe do not count.
    smallest, largest : int
        Members in the universe of the sets that are tested.

    Returns
    -------
    DataFrame, one row a tested set in their order
        `row` (of `members`), `hits`, `size` (in the universe), `selected`, `universe`, `p`, `q`. p is that of as many
        hits or more (the one-sided test of Fisher); q is Benjamini-Hochberg over all tested sets, those without a hit
        among them, so that the family does not depend on the selection.

    Raises
    ------
    InputError
        If the universe is empty or of another length.
    """
    universe = np.asarray(universe, dtype=bool)
    if universe.shape != (members.shape[1],) or not universe.any():
        raise InputError("enrichment needs a universe: named genes, active where activity is tested")
    chosen = np.asarray(selected, dtype=bool) & universe
    counts = members @ np.column_stack([universe, chosen]).astype(np.float32)
    size, hits = np.rint(counts).astype(np.int64).T
    row = np.flatnonzero((size >= smallest) & (size <= largest))
    size, hits = size[row], hits[row]
    n, drawn = int(universe.sum()), int(chosen.sum())
    p = np.ones(len(row))
    some = hits > 0
    p[some] = hypergeom.sf(hits[some] - 1, n, size[some], drawn)
    p = np.clip(p, np.nextafter(0, 1), 1)
    table = {"row": row, "hits": hits, "size": size, "selected": drawn, "universe": n, "p": p}
    return pd.DataFrame(table | {"q": benjamini_hochberg(p)})


def representatives(hits: sparse.csr_array, kinds: np.ndarray, *, redundant: float = REDUNDANT) -> dict[int, list[int]]:
    """Of sets in order of their evidence, those that say something new, and which later ones each stands for.

    Parameters
    ----------
    hits : sparse array, shape (sets, genes)
        The selected genes of each set, best set first.
    kinds : array, shape (sets,)
        A set is redundant with one of its own kind only: a phenotype never hides a complex.
    redundant : float
        A set whose hits overlap with those of a representative by this Jaccard index or more is redundant with it.

    Returns
    -------
    dict of row to list of rows
    """
    hits = hits.astype(np.float32)
    shared = np.asarray((hits @ hits.T).todense()) if hits.shape[0] else np.zeros((0, 0))
    sizes = np.diag(shared)
    kept: dict[int, list[int]] = {}
    for i in range(len(sizes)):
        alike = (k for k in kept if kinds[k] == kinds[i] and _jaccard(shared, i, k) >= redundant)
        said = next(alike, None)
        kept[i if said is None else said] = [] if said is None else [*kept[said], i]
    return kept


def _jaccard(shared: np.ndarray, i: int, j: int) -> float:
    return shared[i, j] / (shared[i, i] + shared[j, j] - shared[i, j])

"""All pairs of compounds by their cells: how alike two are at any of their concentrations, and what chance gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Share of random pairs that a pair must pass to be called alike.
LEVEL = 0.95
#: Pairs below which the random pairs of a map say nothing.
FEWEST_PAIRS = 45
_BLOCK = 2_000


@dataclass(frozen=True, eq=False)
class RandomPairs:
    """What pairs of active compounds taken at random have: their similarities in ascending order."""

    values: np.ndarray

    @property
    def median(self) -> float:
        """The middle one; NaN without any."""
        return float(np.median(self.values)) if len(self.values) else float("nan")

    @property
    def limit(self) -> float:
        """Similarity that `LEVEL` of them stay below; NaN where they are too few."""
        return float(np.quantile(self.values, LEVEL)) if len(self.values) >= FEWEST_PAIRS else float("nan")

    def share(self, similarities: np.ndarray) -> np.ndarray:
        """Share of the random pairs that are at least as alike as each; NaN where they are too few, or for NaN."""
        s = np.asarray(similarities, dtype=float)
        below = np.searchsorted(self.values, s, side="left")
        share = 1 - below / max(len(self.values), 1)
        return np.where(np.isnan(s) | (len(self.values) < FEWEST_PAIRS), np.nan, share)


def most_alike(rows: np.ndarray, starts: Sequence[int]) -> np.ndarray:
    """The highest cosine of each pair of compounds over their concentrations.

    Parameters
    ----------
    rows : array (n, d)
        Unit rows; those of one compound stand together.
    starts : sequence of int (k,)
        Where the rows of each compound begin.

    Returns
    -------
    float32 array (k, k)
        Symmetric; its diagonal is 1 and means nothing.
    """
    starts = np.asarray(starts, dtype=int)
    if not len(starts):
        return np.zeros((0, 0), dtype=np.float32)
    rows = np.ascontiguousarray(rows, dtype=np.float32)
    found = np.empty((len(rows), len(starts)), dtype=np.float32)
    for at in range(0, len(rows), _BLOCK):
        found[at : at + _BLOCK] = np.maximum.reduceat(rows[at : at + _BLOCK] @ rows.T, starts, axis=1)
    best = np.maximum.reduceat(found, starts, axis=0)
    return np.clip(np.maximum(best, best.T), -1.0, 1.0)


def random_pairs(alike: np.ndarray) -> RandomPairs:
    """All pairs of a square of `most_alike`, each once: every two compounds, whatever their structures."""
    return RandomPairs(np.sort(alike[np.triu_indices(len(alike), 1)]))

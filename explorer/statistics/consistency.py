"""How well the replicate wells of a perturbation agree, without forming a pair."""

from __future__ import annotations

import numpy as np


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of wells at length 1, in their dtype; a zero row has no direction and stays zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


def consistency(unit_sums: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Mean pairwise cosine similarity of the replicate wells of each group.

    With m the mean of n unit rows it is (n |m|^2 - 1) / (n - 1), so no pair is ever formed.

    Parameters
    ----------
    unit_sums : array, shape (groups, d)
        Sum of the unit rows of each group.
    sizes : int array, shape (groups,)

    Returns
    -------
    float64 array, shape (groups,)
        Within [-1, 1]; NaN for fewer than two wells.
    """
    return mean_pairwise_cosine(np.einsum("gd,gd->g", unit_sums, unit_sums, dtype=np.float64), np.asarray(sizes))


def mean_pairwise_cosine(squared_lengths: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Mean pairwise cosine from the squared length of a sum of n unit rows."""
    several = sizes >= 2
    pairs = np.where(several, sizes * (sizes - 1.0), 1.0)
    return np.where(several, np.clip((squared_lengths - sizes) / pairs, -1.0, 1.0), np.nan)

"""Relate: cosine similarity of one vector to a map, its map score and its rank.

On unit rows a cosine is a dot product, so one compound against every gene is one matrix-vector product.
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def cosines(features: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Cosine similarity of `vector` (d,) to each unit row of `features` (n, d), clipped to [-1, 1]."""
    return np.clip(features @ np.asarray(vector, dtype=features.dtype), -1.0, 1.0)


def score_and_rank(similarities: np.ndarray) -> pd.DataFrame:
    """How each similarity stands among all of them.

    Parameters
    ----------
    similarities : array, shape (n,)
        Cosines of one query to its background; for a gene, all other genes.

    Returns
    -------
    DataFrame with columns
        cosine : the input
        score : map score, the signed percentile of |cosine| within the background, -100 to 100
        rank : 1 for the strongest |cosine|; ties go to the higher raw cosine
        n : size of the background
    """
    s = np.asarray(similarities, dtype=float)
    strength = np.abs(s)
    below_or_equal = np.searchsorted(np.sort(strength), strength, side="right")
    rank = np.empty(len(s), dtype=int)
    rank[np.lexsort((-s, -strength))] = np.arange(1, len(s) + 1)
    score = np.sign(s) * 100.0 * below_or_equal / max(len(s), 1)
    return pd.DataFrame({"cosine": s, "score": score, "rank": rank, "n": len(s)})

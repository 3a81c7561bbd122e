"""Relate: cosine similarity of one vector to a map.

On unit rows a cosine is a dot product, so one compound against every gene is one matrix-vector product.
"""

from __future__ import annotations

import numpy as np


def cosines(features: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Cosine similarity of `vector` (d,) to each unit row of `features` (n, d), clipped to [-1, 1]."""
    return np.clip(features @ np.asarray(vector, dtype=features.dtype), -1.0, 1.0)

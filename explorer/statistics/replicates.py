"""Is there a phenotype? Do the replicate wells of a perturbation agree more than control wells do by chance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from explorer.statistics.consistency import consistency, unit
from explorer.statistics.control_draws import by_class
from explorer.statistics.multiple_testing import benjamini_hochberg
from explorer.statistics.pseudo_perturbations import Null, replicate_null, typical_spread

__all__ = [
    "Null",
    "activity",
    "benjamini_hochberg",
    "consistency",
    "p_values",
    "replicate_null",
    "typical_spread",
    "unit",
]

ACTIVE_Q = 0.05


def p_values(values: np.ndarray, null: np.ndarray) -> np.ndarray:
    """One-sided p = (1 + #{null >= value}) / (1 + N) against a sorted null of N values; NaN stays NaN.

    Never 0 (Phipson and Smyth 2010, doi:10.2202/1544-6115.1585).
    """
    values = np.asarray(values, dtype=np.float64)
    reached = len(null) - np.searchsorted(null, values, side="left")
    return np.where(np.isnan(values), np.nan, (1 + reached) / (1 + len(null)))


def activity(
    kinds: np.ndarray,
    sizes: np.ndarray,
    unit_sums: np.ndarray,
    *,
    magnitude: np.ndarray,
    null: Mapping[int, Null] | Mapping[str, Mapping[int, Null]],
) -> pd.DataFrame:
    """Which perturbations have a phenotype that their replicate wells agree on.

    Parameters
    ----------
    kinds : str array, shape (n,)
        Each kind is one family of tests: genes apart from compound-concentrations.
    sizes : int array, shape (n,)
        Replicate wells of each perturbation.
    unit_sums : array, shape (n, d)
        Sum of the unit rows of its wells.
    magnitude : array, shape (n,)
        Length of its mean vector.
    null : mapping
        From `replicate_null`, or one such for each kind. Empty where there are no controls: nothing is tested.

    Returns
    -------
    DataFrame, length n, columns
        consistency : mean pairwise cosine, NaN for a single well
        magnitude : as given
        p : of the consistency
        p_magnitude : of the magnitude
        q : Benjamini-Hochberg of `p` within the kind
        active : q <= 0.05; False where it could not be tested, which a NaN q tells apart
    """
    kinds, sizes = np.asarray(kinds), np.asarray(sizes)
    agreement, strength = consistency(unit_sums, sizes), np.asarray(magnitude, dtype=np.float64)
    p, p_magnitude, q = (np.full(len(kinds), np.nan) for _ in range(3))
    for kind in pd.unique(kinds):
        family = np.flatnonzero(kinds == kind)
        nulls = null.get(kind, {}) if any(isinstance(key, str) for key in null) else null
        for size, members in by_class(sizes[family], nulls):
            at = family[members]
            p[at] = p_values(agreement[at], nulls[size].consistency)
            p_magnitude[at] = p_values(strength[at], nulls[size].magnitude)
        q[family] = benjamini_hochberg(p[family])
    return pd.DataFrame(
        {
            "consistency": agreement,
            "magnitude": strength,
            "p": p,
            "p_magnitude": p_magnitude,
            "q": q,
            "active": q <= ACTIVE_Q,
        }
    )

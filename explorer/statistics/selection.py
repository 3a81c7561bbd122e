"""Choosing a target: what mimics one perturbation, avoids another, and how it stands to a third.

The query may be one perturbation, the average of a set, or a sum such as A + B - C; all are unit rows in the end, so
the whole map is compared with them by one product.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from explorer.errors import InputError

#: Shorter than this, a sum of unit rows is rounding: the terms cancel.
_CANCELLED = 1e-6
#: Similarities this much below the observed one count as reached, so that rounding never makes p smaller.
_ROUNDING = 1e-5


def average(rows: np.ndarray) -> np.ndarray:
    """Direction of the mean of unit rows (n, d): one query for a set, in which every member counts the same.

    Raises
    ------
    InputError
        For an empty set, or one whose members cancel.
    """
    return composite(rows, np.ones(len(rows)))


def composite(rows: np.ndarray, weights: Sequence[float]) -> np.ndarray:
    """Direction of a weighted sum of unit rows, such as A + B - C with weights 1, 1, -1.

    Parameters
    ----------
    rows : array, shape (n, d)
        Unit rows: perturbations, or averages of sets.
    weights : sequence of float, length n

    Returns
    -------
    float32 array, shape (d,)
        At length 1.

    Raises
    ------
    InputError
        Without a term, or where the terms cancel, which leaves no direction.
    """
    rows = np.asarray(rows, dtype=np.float64)
    if not len(rows):
        raise InputError("a query needs at least one perturbation; name one that is on the map")
    total = np.asarray(weights, dtype=np.float64) @ rows
    length = np.linalg.norm(total)
    if not length > _CANCELLED:
        raise InputError("the terms of this query cancel each other, which leaves no direction; drop one of them")
    return (total / length).astype(np.float32)


def select(
    rows: np.ndarray,
    *,
    mimic: np.ndarray,
    avoid: np.ndarray,
    tau: float,
    reference: np.ndarray | None = None,
    leave_out: np.ndarray | None = None,
) -> pd.DataFrame:
    """Rank perturbations by how much they are like `mimic` without being like, or the opposite of, `avoid`.

    Parameters
    ----------
    rows : array, shape (n, d)
        Unit rows of candidates: genes and compound-concentrations.
    mimic, avoid : arrays, shape (d,)
        Unit queries, see `composite`.
    tau : float
        Largest |cosine| to `avoid`; take it from the cut-offs of the map, as a cosine means little by itself.
    reference : array, shape (d,), optional
        A third query, for the colour of the scatter.
    leave_out : bool array, shape (n,), optional
        Candidates that are part of a query; they keep their place in the scatter and get no rank.

    Returns
    -------
    DataFrame, in the order of `rows`
        `mimic`, `avoid`, `reference` : cosines (the last NaN without a reference)
        `difference` : mimic - avoid, by which candidates are ranked
        `allowed` : |avoid| < tau, and not left out
        `rank` : 1 for the best allowed candidate, NaN for others
    """
    rows = np.asarray(rows)
    if not tau > 0:
        raise InputError(f"tau is {tau:g}; it is the largest |cosine| to what is to be avoided, so above 0")
    cosines = {"mimic": _cosines(rows, mimic), "avoid": _cosines(rows, avoid)}
    cosines["reference"] = np.full(len(rows), np.nan) if reference is None else _cosines(rows, reference)
    frame = pd.DataFrame(cosines)
    frame["difference"] = frame["mimic"] - frame["avoid"]
    allowed = (frame["avoid"].abs() < tau).to_numpy()
    frame["allowed"] = allowed if leave_out is None else allowed & ~np.asarray(leave_out, dtype=bool)
    frame["rank"] = frame["difference"].where(frame["allowed"]).rank(ascending=False, method="first")
    return frame


def noise_p(similarities: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Two-sided p = (1 + #{|s0| >= |s|}) / (1 + N) of candidates against one query.

    Parameters
    ----------
    similarities : array, shape (n,)
        Cosines of candidates to the query; NaN stays NaN.
    noise : array, shape (N,)
        Cosines of pseudo-perturbations, of as many control wells as the candidates have, to the same query.

    Returns
    -------
    float64 array, shape (n,)
        Never 0; a similarity within rounding of a draw counts as reached.
    """
    strength = np.abs(np.asarray(similarities, dtype=np.float64))
    drawn = np.sort(np.abs(np.asarray(noise, dtype=np.float64)))
    reached = len(drawn) - np.searchsorted(drawn, strength - _ROUNDING, side="left")
    return np.where(np.isnan(strength), np.nan, (1 + reached) / (1 + len(drawn)))


def _cosines(rows: np.ndarray, query: np.ndarray) -> np.ndarray:
    return np.clip(rows @ np.asarray(query, dtype=rows.dtype), -1.0, 1.0).astype(np.float64)

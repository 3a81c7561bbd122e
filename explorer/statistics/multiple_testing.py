"""Many tests at once: q-values, so that a share of what is shown as significant, and not of all tests, is wrong."""

from __future__ import annotations

import numpy as np

from explorer.errors import InputError

CORRECTIONS = ("bh", "by")


def q_values(p: np.ndarray, *, correction: str = "bh", family: np.ndarray | None = None) -> np.ndarray:
    """q-values of the displayed family of tests.

    Parameters
    ----------
    p : array, shape (n,)
        NaN is no test and stays NaN.
    correction : {"bh", "by"}
        Benjamini-Hochberg, valid for independent tests and for those that rise together, as similarities to related
        genes do; or Benjamini-Yekutieli, valid for any dependence and stricter by about ln(n).
    family : bool array, shape (n,), optional
        The tests that are displayed; others get NaN. Default: all.

    Returns
    -------
    float64 array, shape (n,)

    Raises
    ------
    InputError
        If the correction is not known.
    """
    p = np.asarray(p, dtype=np.float64)
    if correction not in CORRECTIONS:
        raise InputError(f"correction {correction} is not known; choose one of {', '.join(CORRECTIONS)}")
    if family is not None:
        p = np.where(family, p, np.nan)
    return benjamini_hochberg(p) if correction == "bh" else benjamini_yekutieli(p)


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """q-values of one family of tests; NaN is no test and stays NaN (doi:10.1111/j.2517-6161.1995.tb02031.x)."""
    p = np.asarray(p, dtype=np.float64)
    q = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    ratios = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(np.minimum.accumulate(ratios[::-1])[::-1], 1.0)
    return q


def benjamini_yekutieli(p: np.ndarray) -> np.ndarray:
    """q-values that hold under any dependence of the tests; NaN stays NaN (doi:10.1214/aos/1013699998)."""
    p = np.asarray(p, dtype=np.float64)
    tests = int((~np.isnan(p)).sum())
    return np.minimum(benjamini_hochberg(p) * np.sum(1 / np.arange(1, tests + 1)), 1.0)

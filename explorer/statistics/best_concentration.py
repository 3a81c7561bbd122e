"""At which concentration to compare a compound with a gene: where it is active and does not yet kill."""

from __future__ import annotations

import numpy as np


def usable_concentrations(active: np.ndarray, toxic: np.ndarray) -> tuple[np.ndarray, bool]:
    """Which concentrations to look for the strongest similarity at: the active ones below the toxic one.

    Parameters
    ----------
    active, toxic : bool arrays, shape (m,)
        In ascending order of concentration. From the first toxic one on, all count as toxic.

    Returns
    -------
    usable : bool array, shape (m,)
    reliable : bool
        False where no concentration is active and not toxic; then `usable` are all below the toxic one, or all.
    """
    below = ~np.maximum.accumulate(np.asarray(toxic, dtype=bool))
    strict = below & np.asarray(active, dtype=bool)
    reliable = bool(strict.any())
    return next(mask for mask in (strict, below, np.ones_like(below)) if mask.any()), reliable


def best_concentration(similarities: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """Position of the strongest |cosine| of each gene among usable concentrations; similarities are (m, g)."""
    return np.where(np.asarray(usable)[:, None], np.abs(similarities), -1.0).argmax(axis=0)

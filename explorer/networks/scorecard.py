"""Are known relationships found? Pairs recovered among chosen genes, beside random sets of as many genes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DRAWS = 1_000
_AT_ONCE = 100


@dataclass(frozen=True)
class Scorecard:
    """Known pairs among the chosen genes, and how many of them the rule finds.

    Attributes
    ----------
    known, recovered : int
        Of the chosen genes.
    random_mean, random_low, random_high : float
        Recovered pairs of random sets of as many genes: mean and the 95 % interval of the draws.
    share : float
        Share of all pairs among the chosen genes that the rule finds, known or not; NaN without a pair.
    draws, genes : int
    p : float
        (1 + draws that recover as many) / (1 + draws).
    """

    known: int
    recovered: int
    random_mean: float
    random_low: float
    random_high: float
    share: float
    draws: int
    genes: int
    p: float


def scorecard(
    known: int, recovered: int, *, size: int, found: np.ndarray, genes: int, share: float, seed: int = 0
) -> Scorecard:
    """Known pairs recovered among chosen genes against random sets of as many.

    Parameters
    ----------
    known, recovered : int
        Known pairs among the chosen genes, and those of them that the rule finds.
    size : int
        Chosen genes that could have been drawn.
    found : int array, shape (m, 2)
        Positions of all known pairs that the rule finds among the genes that can be drawn.
    genes : int
        How many genes can be drawn.
    share : float
        See `Scorecard`.
    seed : int
    """
    found = np.asarray(found, dtype=int).reshape(-1, 2)
    size = min(size, genes)
    rng = np.random.default_rng(seed)
    drawn = np.empty(DRAWS, dtype=int)
    for start in range(0, DRAWS, _AT_ONCE):
        sets = rng.random((_AT_ONCE, genes)).argpartition(max(size - 1, 0), axis=1)[:, :size]
        drawn[start : start + _AT_ONCE] = _inside(sets, found, genes)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Scorecard(
        known=int(known),
        recovered=int(recovered),
        random_mean=float(drawn.mean()),
        random_low=float(low),
        random_high=float(high),
        share=share,
        draws=DRAWS,
        genes=size,
        p=float((1 + (drawn >= recovered).sum()) / (1 + DRAWS)),
    )


def _inside(sets: np.ndarray, pairs: np.ndarray, genes: int) -> np.ndarray:
    """How many pairs lie inside each set of positions (n, k)."""
    member = np.zeros((len(sets), genes), dtype=bool)
    member[np.arange(len(sets))[:, None], sets] = True
    return (member[:, pairs[:, 0]] & member[:, pairs[:, 1]]).sum(axis=1)

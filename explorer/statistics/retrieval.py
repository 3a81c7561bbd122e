"""Replicate retrieval: does one half of the wells of a perturbation find the other half among all perturbations.

It needs no annotation at all, only replicates, and judges how to relate where relationships are not known.
"""

from __future__ import annotations

import numpy as np

_MOST = 2_000
_AT_ONCE = 512


def halves_of_wells(groups: np.ndarray, plates: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Split the wells of each perturbation into two halves.

    Wells of one plate stay together where a perturbation is on several, so that the two halves share no plate and a
    plate effect is no help.

    Parameters
    ----------
    groups : int array, shape (wells,)
        Perturbation of each well; negative for wells that take no part.
    plates : array, shape (wells,)
        Plate codes or names, unique across experiments.
    seed : int

    Returns
    -------
    int8 array, shape (wells,)
        0 or 1; -1 for a negative group, and for a perturbation with a single well.
    """
    groups, plates = np.asarray(groups), np.unique(np.asarray(plates), return_inverse=True)[1]
    rng = np.random.default_rng(seed)
    halves = np.full(len(groups), -1, dtype=np.int8)
    shuffled = rng.permutation(len(groups))
    place_of_plate = rng.permutation(plates.max(initial=-1) + 1)
    place = place_of_plate[plates[shuffled]]
    order = shuffled[np.lexsort((place, groups[shuffled]))]
    order = order[groups[order] >= 0]
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    for wells in np.split(order, starts[1:]):
        if len(wells) < 2:
            continue
        here = plates[wells]
        fresh = np.concatenate([[True], here[1:] != here[:-1]])
        turn = np.cumsum(fresh) - 1 if fresh.sum() > 1 else np.arange(len(wells))
        halves[wells] = turn % 2
    return halves


def replicate_retrieval(
    first: np.ndarray, second: np.ndarray, kinds: np.ndarray, *, seed: int = 0
) -> tuple[np.ndarray, float]:
    """Reciprocal rank of the other half of each perturbation, among the other halves of its kind.

    Parameters
    ----------
    first, second : float arrays, shape (n, d)
        Served rows of the two halves; a row that is NaN in either takes no part.
    kinds : str array, shape (n,)
    seed : int
        Of the sample where a kind has more than 2,000 perturbations.

    Returns
    -------
    reciprocal_ranks : float64 array, shape (n,)
        Mean of both directions, 1 = found first; ties count as half. NaN where not measured.
    by_chance : float
        What random similarities would give on average.
    """
    first, second, kinds = np.asarray(first), np.asarray(second), np.asarray(kinds, dtype=str)
    usable = np.isfinite(first).all(axis=1) & np.isfinite(second).all(axis=1)
    result, chance = np.full(len(first), np.nan), np.full(len(first), np.nan)
    rng = np.random.default_rng(seed)
    for kind in np.unique(kinds):
        members = np.flatnonzero(usable & (kinds == kind))
        if len(members) > _MOST:
            members = np.sort(rng.choice(members, _MOST, replace=False))
        if len(members) < 2:
            continue
        a, b = first[members], second[members]
        result[members] = (_reciprocal_ranks(a, b) + _reciprocal_ranks(b, a)) / 2
        chance[members] = (1 / np.arange(1, len(members) + 1)).mean()
    measured = np.isfinite(chance)
    return result, float(chance[measured].mean()) if measured.any() else np.nan


def _reciprocal_ranks(queries: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    ranks = np.empty(len(queries))
    for start in range(0, len(queries), _AT_ONCE):
        block = queries[start : start + _AT_ONCE] @ candidates.T
        own = block[np.arange(len(block)), start + np.arange(len(block))][:, None]
        ranks[start : start + len(block)] = (block > own).sum(axis=1) + ((block == own).sum(axis=1) + 1) / 2
    return 1 / ranks

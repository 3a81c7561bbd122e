"""What replicate wells give where there is no phenotype: nulls from control wells drawn as if they were a perturbation.

A draw takes as many control wells as the perturbation has, from as many experiments. Controls have been centred on
themselves, so n of N controls vary less about zero than n wells of an inactive perturbation do; the deviations of a
draw are therefore widened by sqrt((N + n) / (N - n)), from variance 1/n - 1/N to 1/n + 1/N.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from explorer.statistics.consistency import mean_pairwise_cosine, unit

_EXACT_UP_TO = 10
_COMMONEST_EXACT = 8
_LADDER_RATIO = 1.1
_DRAWN_AT_ONCE = 2_000_000
#: Share of a pool in a draw from which a dense product is the faster one.
_DENSE_FROM = 0.1


@dataclass(frozen=True, eq=False)
class Null:
    """What pseudo-perturbations of one size give: sorted float64 arrays of shape (draws,)."""

    consistency: np.ndarray
    magnitude: np.ndarray


def typical_spread(groups: np.ndarray, batches: np.ndarray) -> int:
    """Median number of experiments over which a perturbation is replicated; 1 where there is none.

    Parameters
    ----------
    groups, batches : int arrays, shape (wells,)
        Perturbation (negative: none, such as a control) and experiment of each well.
    """
    groups, batches = np.asarray(groups), np.asarray(batches)
    pairs = np.unique(np.column_stack([groups, batches])[groups >= 0], axis=0)
    return int(np.median(np.unique(pairs[:, 0], return_counts=True)[1])) if len(pairs) else 1


def replicate_null(
    control_rows: np.ndarray,
    control_batches: np.ndarray,
    sizes: np.ndarray,
    *,
    spread: int = 1,
    draws: int = 5000,
    seed: int = 0,
) -> dict[int, Null]:
    """Consistency and magnitude of pseudo-perturbations of control wells, for each class of size.

    A draw takes n wells without replacement, evenly from `spread` experiments that follow in a random circle. Where
    one of them cannot give its share, with at least a fifth of its controls left over, it takes n wells from as few
    of the experiments that follow as can. Every experiment starts equally many draws.
    Classes: n itself up to 10 and for the eight commonest sizes of several perturbations, else the next lower of a ladder of ratio 1.1, and
    never more than four fifths of all controls. A smaller class has a wider null, so its p-value errs on the safe side.

    Limits, measured on simulated inactive wells with every alignment: p <= .05 of the consistency came for 0-6 % of
    perturbations, but for 14-20 % of those with more wells in one experiment than four fifths of its controls, and for
    23 % after tvn with 6 controls a batch. The p of the magnitude is too small wherever few controls set the scale of
    many dimensions (12 % after centerscale and all of them after tvn, on 16 controls a batch and 64 dimensions).

    Parameters
    ----------
    control_rows : float array, shape (c, d)
        Aligned controls. Give those of the experiments in which the perturbations are.
    control_batches : int array, shape (c,)
    sizes : int array
        Wells of each perturbation; repeated sizes tell which are common.
    spread : int
        Experiments over which a perturbation is replicated, see `typical_spread`. Replicates of one experiment share
        its batch effect and replicates of several do not, so a null of the wrong spread is too wide or too narrow.
    draws : int
        Pseudo-perturbations a class. The smallest p-value is 1 / (draws + 1).
    seed : int
        A class gives the same null whatever other sizes are asked for.

    Returns
    -------
    dict
        Class of size to `Null`; empty with fewer than two controls.
    """
    control_rows, control_batches = np.asarray(control_rows), np.asarray(control_batches)
    if len(control_rows) < 2:
        return {}
    order = np.argsort(control_batches, kind="stable")
    _, starts = np.unique(control_batches[order], return_index=True)
    batches = np.split(order, starts[1:])
    return {
        size: _null_of_size(control_rows, batches, size=size, spread=spread, draws=draws, seed=seed)
        for size in _size_classes(sizes, available=len(control_rows))
    }


def _size_classes(sizes: np.ndarray, *, available: int) -> list[int]:
    distinct, times = np.unique(
        np.minimum(np.asarray(sizes, dtype=np.int64), _most_drawn(available)), return_counts=True
    )
    large = distinct > _EXACT_UP_TO
    steps = np.floor(np.log(distinct[large] / _EXACT_UP_TO) / np.log(_LADDER_RATIO) + 1e-9)
    ladder = np.floor(_EXACT_UP_TO * _LADDER_RATIO**steps).astype(np.int64)
    shared = np.flatnonzero(large & (times > 1))
    common = distinct[shared[np.argsort(-times[shared], kind="stable")[:_COMMONEST_EXACT]]]
    classes = np.unique(np.concatenate([distinct[~large], ladder, common]))
    return [int(size) for size in classes if size > 0]


def _most_drawn(controls: int) -> int:
    """Largest draw from so many controls; of more, too few are left out to tell how far a draw may stray."""
    return min(4 * controls // 5, controls - 1)


def _null_of_size(
    rows: np.ndarray, batches: list[np.ndarray], *, size: int, spread: int, draws: int, seed: int
) -> Null:
    rng = np.random.default_rng([seed, size])
    circle = rng.permutation(len(batches))
    shares = np.bincount(np.arange(draws) % len(batches), minlength=len(batches))
    consistencies, magnitudes = [], []
    for start, share in enumerate(shares):
        strata = _strata(batches, np.roll(circle, -start), size=size, spread=min(spread, size, len(batches)))
        pool = rows[np.concatenate([members for members, _ in strata])].astype(np.float64)
        units, held = unit(pool), len(pool)
        widen = np.sqrt((held + size) / (held - size))
        expected = np.concatenate([np.full(len(members), n / size / len(members)) for members, n in strata])
        dense = size > _DENSE_FROM * held
        at_once = max(_DRAWN_AT_ONCE // (held if dense else size), 1)
        for first in range(0, share, at_once):
            n = min(share - first, at_once)
            averaging = _averaging([(len(members), of) for members, of in strata], n, size=size, rng=rng)
            averaging = averaging.toarray() if dense else averaging
            magnitudes.append(_lengths(averaging @ pool, expected @ pool, widen))
            lengths = _lengths(averaging @ units, expected @ units, widen)
            consistencies.append(mean_pairwise_cosine((size * lengths) ** 2, np.full(n, size)))
    return Null(np.sort(np.concatenate(consistencies)), np.sort(np.concatenate(magnitudes)))


def _strata(batches: list[np.ndarray], circle: np.ndarray, *, size: int, spread: int) -> list[tuple[np.ndarray, int]]:
    """Pools of controls and how many to draw from each: one pool an experiment, else one pool of enough of them."""
    shares = [size // spread + (position < size % spread) for position in range(spread)]
    strata = [(batches[code], share) for code, share in zip(circle, shares, strict=False)]
    if all(_most_drawn(len(members)) >= share for members, share in strata):
        return strata
    held = np.cumsum([len(batches[code]) for code in circle])
    enough = next((k for k in range(spread, len(circle)) if _most_drawn(int(held[k - 1])) >= size), len(circle))
    return [(np.concatenate([batches[code] for code in circle[:enough]]), size)]


def _averaging(
    strata: list[tuple[int, int]], draws: int, *, size: int, rng: np.random.Generator
) -> sparse.csr_array:
    """Matrix (draws, wells of all pools) that takes the mean of the wells of each draw; strata are (wells, drawn)."""
    columns, held = [], 0
    for wells, n in strata:
        picks = [rng.choice(wells, n, replace=False, shuffle=False) for _ in range(draws)]
        columns.append(np.vstack(picks) + held)
        held += wells
    drawn = np.hstack(columns)
    starts = np.arange(0, drawn.size + 1, size)
    return sparse.csr_array((np.full(drawn.size, 1 / size), drawn.ravel(), starts), shape=(draws, held))


def _lengths(means: np.ndarray, centre: np.ndarray, widen: float) -> np.ndarray:
    return np.linalg.norm(centre + (means - centre) * widen, axis=1)

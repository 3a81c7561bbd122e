"""Drawing control wells as if they were the replicates of a perturbation.

A draw takes as many control wells as the perturbation has, from as many experiments. Controls have been centred on
themselves, so n of N controls vary less about zero than n wells of an inactive perturbation do; the deviations of a
draw are therefore widened by sqrt((N + n) / (N - n)), from variance 1/n - 1/N to 1/n + 1/N.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

_EXACT_UP_TO = 10
_COMMONEST_EXACT = 8
_LADDER_RATIO = 1.1
_DRAWN_AT_ONCE = 2_000_000
#: Share of a pool in a draw from which a dense product is the faster one.
_DENSE_FROM = 0.1
#: Wells of a draw up to which all draws are picked at once; a larger one takes as long to check as to pick.
_ALL_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Drawn:
    """Some pseudo-perturbations of one size, drawn from one pool of control wells.

    Attributes
    ----------
    pool : int array, shape (held,)
        Rows of the controls they were drawn from.
    averaging : sparse or dense array, shape (k, held)
        Takes the mean of the wells of each draw.
    expected : float64 array, shape (held,)
        Takes the mean that a draw has on average.
    widen : float
        How much further from that mean a perturbation strays than a draw does.
    """

    pool: np.ndarray
    averaging: sparse.csr_array | np.ndarray
    expected: np.ndarray
    widen: float

    def means(self, rows: np.ndarray) -> np.ndarray:
        """Mean vectors (k, d) of the draws, widened; `rows` (held, d) are those of the pool."""
        centre = self.expected @ rows
        return centre + (self.averaging @ rows - centre) * self.widen


def wells_by_batch(batches: np.ndarray) -> list[np.ndarray]:
    """Positions of the wells of each experiment, in order of its code."""
    order = np.argsort(batches, kind="stable")
    _, starts = np.unique(np.asarray(batches)[order], return_index=True)
    return np.split(order, starts[1:])


def drawn_from(batches: list[np.ndarray], *, size: int, spread: int, draws: int, seed: int) -> Iterator[Drawn]:
    """All draws of one size, in portions that fit in memory; the same for the same seed and size.

    Parameters
    ----------
    batches : list of int arrays
        From `wells_by_batch`.
    size, spread, draws, seed : int
        As `replicate_null` takes them; `size` at most four fifths of the wells.
    """
    rng = np.random.default_rng([seed, size])
    circle = rng.permutation(len(batches))
    shares = np.bincount(np.arange(draws) % len(batches), minlength=len(batches))
    for start, share in enumerate(shares):
        strata = _strata(batches, np.roll(circle, -start), size=size, spread=min(spread, size, len(batches)))
        pool = np.concatenate([members for members, _ in strata])
        held = len(pool)
        widen = np.sqrt((held + size) / (held - size))
        expected = np.concatenate([np.full(len(members), n / size / len(members)) for members, n in strata])
        dense = size > _DENSE_FROM * held
        at_once = max(_DRAWN_AT_ONCE // (held if dense else size), 1)
        for first in range(0, share, at_once):
            n = min(share - first, at_once)
            averaging = _averaging([(len(members), of) for members, of in strata], n, size=size, rng=rng)
            yield Drawn(pool, averaging.toarray() if dense else averaging, expected, widen)


def size_classes(sizes: np.ndarray, *, available: int) -> list[int]:
    """The classes of size for which nulls are drawn, see `replicate_null`, with so many controls available."""
    distinct, times = np.unique(
        np.minimum(np.asarray(sizes, dtype=np.int64), most_drawn(available)), return_counts=True
    )
    large = distinct > _EXACT_UP_TO
    steps = np.floor(np.log(distinct[large] / _EXACT_UP_TO) / np.log(_LADDER_RATIO) + 1e-9)
    ladder = np.floor(_EXACT_UP_TO * _LADDER_RATIO**steps).astype(np.int64)
    shared = np.flatnonzero(large & (times > 1))
    common = distinct[shared[np.argsort(-times[shared], kind="stable")[:_COMMONEST_EXACT]]]
    classes = np.unique(np.concatenate([distinct[~large], ladder, common]))
    return [int(size) for size in classes if size > 0]


def by_class(sizes: np.ndarray, nulls: Mapping[int, object]) -> Iterator[tuple[int, np.ndarray]]:
    """Each class with the positions of the sizes it serves: the largest class that is not above a size."""
    classes = np.sort(np.fromiter(nulls, dtype=np.int64))
    served = np.searchsorted(classes, sizes, side="right") - 1
    for position in np.unique(served[served >= 0]):
        yield int(classes[position]), np.flatnonzero(served == position)


def most_drawn(controls: int) -> int:
    """Largest draw from so many controls; of more, too few are left out to tell how far a draw may stray."""
    return min(4 * controls // 5, controls - 1)


def _strata(batches: list[np.ndarray], circle: np.ndarray, *, size: int, spread: int) -> list[tuple[np.ndarray, int]]:
    """Pools of controls and how many to draw from each: one pool an experiment, else one pool of enough of them."""
    shares = [size // spread + (position < size % spread) for position in range(spread)]
    strata = [(batches[code], share) for code, share in zip(circle, shares, strict=False)]
    if all(most_drawn(len(members)) >= share for members, share in strata):
        return strata
    held = np.cumsum([len(batches[code]) for code in circle])
    enough = next((k for k in range(spread, len(circle)) if most_drawn(int(held[k - 1])) >= size), len(circle))
    return [(np.concatenate([batches[code] for code in circle[:enough]]), size)]


def _averaging(strata: list[tuple[int, int]], draws: int, *, size: int, rng: np.random.Generator) -> sparse.csr_array:
    """Matrix (draws, wells of all pools) that takes the mean of the wells of each draw; strata are (wells, drawn)."""
    columns, held = [], 0
    for wells, n in strata:
        columns.append(_picks(wells, n, draws, rng) + held)
        held += wells
    drawn = np.hstack(columns)
    starts = np.arange(0, drawn.size + 1, size)
    return sparse.csr_array((np.full(drawn.size, 1 / size), drawn.ravel(), starts), shape=(draws, held))


def _picks(wells: int, n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """`draws` times `n` different numbers below `wells`: those that `rng.choice` picks without shuffling, all at once.

    By Floyd's method: the i-th of n is any number up to `wells - n + i`, and that number itself where it is taken.
    """
    if n > _ALL_AT_ONCE:
        return np.vstack([rng.choice(wells, n, replace=False, shuffle=False) for _ in range(draws)])
    last = np.arange(wells - n, wells)
    picks = rng.integers(0, last, size=(draws, n), endpoint=True)
    for i in range(1, n):
        taken = (picks[:, :i] == picks[:, i : i + 1]).any(axis=1)
        picks[taken, i] = last[i]
    return picks

"""Magnitude of a phenotype as an energy distance: how far the wells of a perturbation lie from control wells.

It sees a change of spread as well as a shift, and like the published benchmark needs five wells. Its null leaves the
drawn wells out of the controls that they are compared with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from explorer.statistics.control_draws import Drawn, by_class, drawn_from, size_classes, wells_by_batch
from explorer.statistics.replicates import p_values

FEWEST_WELLS = 5
MOST_CONTROLS = 1_000

_BLOCK_ROWS = 1_024
#: Controls of one experiment whose pairwise distances are kept; more are thinned for the null.
_MOST_IN_POOL = 1_000
#: Experiments that the null is drawn from; of more, as many are drawn at random.
_MOST_EXPERIMENTS = 64
#: Larger perturbations share the null of this size, which is wider than their own would be.
_LARGEST_CLASS = 500
#: Draws worked on at a time.
_AT_ONCE = 512


@dataclass(frozen=True, eq=False)
class Reference:
    """The controls that wells are compared with.

    Attributes
    ----------
    rows : float64 array, shape (m, d)
    within : float
        Mean distance of two of them, each also paired with itself.
    members : int array, shape (m,)
        Their positions among the controls they were sampled from.
    """

    rows: np.ndarray
    within: float
    members: np.ndarray


def reference(control_rows: np.ndarray, *, most: int = MOST_CONTROLS, seed: int = 0) -> Reference:
    """A sample of aligned control rows (c, d), with what every energy distance to them has in common."""
    control_rows = np.asarray(control_rows)
    members = np.sort(np.random.default_rng(seed).permutation(len(control_rows))[:most])
    rows = control_rows[members].astype(np.float64)
    return Reference(rows, float(_mean_distance(rows, rows).mean()) if len(rows) else np.nan, members)


def energy_distances(rows: np.ndarray, groups: np.ndarray, to: Reference, *, n_groups: int | None = None) -> np.ndarray:
    """Energy distance of the wells of each group to controls: 2 E|x - y| - E|x - x'| - E|y - y'|.

    As in efaar-benchmarking 1.0 (Celik et al. 2024, doi:10.1371/journal.pcbi.1012463), where a well also pairs with
    itself, so that without an effect it is about (1/n + 1/m) E|y - y'|: compare it within a size, or by its p-value.

    Parameters
    ----------
    rows : float array, shape (wells, d)
        Aligned, not unit.
    groups : int array, shape (wells,)
        Codes 0..n_groups-1; negative codes are left out.
    to : Reference
    n_groups : int, optional
        Default: the largest code + 1.

    Returns
    -------
    float64 array, shape (n_groups,)
        NaN for a group of fewer than five wells, and without controls.
    """
    rows, groups = np.asarray(rows), np.asarray(groups)
    n_groups = int(groups.max(initial=-1)) + 1 if n_groups is None else n_groups
    distances = np.full(n_groups, np.nan)
    if not len(to.rows):
        return distances
    sizes = np.bincount(groups[groups >= 0], minlength=n_groups)
    order = np.argsort(groups, kind="stable")[len(groups) - sizes.sum() :]
    order = order[(sizes >= FEWEST_WELLS)[groups[order]]]
    ends = np.cumsum(np.where(sizes >= FEWEST_WELLS, sizes, 0))
    across = _mean_distance(rows[order], to.rows)
    for group in np.flatnonzero(sizes >= FEWEST_WELLS):
        members = slice(ends[group] - sizes[group], ends[group])
        wells = rows[order[members]].astype(np.float64)
        distances[group] = 2 * across[members].mean() - _mean_distance(wells, wells).mean() - to.within
    return distances


def energy_null(
    control_rows: np.ndarray,
    control_batches: np.ndarray,
    sizes: np.ndarray,
    *,
    to: Reference,
    spread: int = 1,
    draws: int = 5000,
    seed: int = 0,
) -> dict[int, np.ndarray]:
    """Energy distances of pseudo-perturbations of control wells, for each class of size.

    Parameters
    ----------
    control_rows : float array, shape (c, d)
        The controls that `to` was sampled from.
    control_batches, sizes, spread, draws, seed
        As `replicate_null` takes them.
    to : Reference

    Returns
    -------
    dict
        Class of size to sorted float64 distances (draws,); no class below five wells, nor above 500. Drawn wells
        are left out of the reference; the square of `Drawn.widen` undoes that controls were centred on themselves.
        Give it `held_out_controls` where the alignment whitens: fitted controls spread too little, and then p <= .05
        came for 97 % of inactive demo knockouts, with held-out controls for none.
    """
    control_rows, control_batches = np.asarray(control_rows), np.asarray(control_batches)
    if len(control_rows) < 2 * FEWEST_WELLS:
        return {}
    sums = _mean_distance(control_rows, to.rows) * len(to.rows)
    kept, rng = wells_by_batch(control_batches), np.random.default_rng(seed)
    if len(kept) > _MOST_EXPERIMENTS:
        kept = [kept[code] for code in np.sort(rng.choice(len(kept), _MOST_EXPERIMENTS, replace=False))]
    thinned = [np.sort(rng.permutation(members)[:_MOST_IN_POOL]) for members in kept]
    share = sum(map(len, thinned)) / sum(map(len, kept))
    nulls = {}
    for size in size_classes(np.minimum(sizes, _LARGEST_CLASS), available=sum(map(len, thinned))):
        if size >= FEWEST_WELLS:
            drawn = drawn_from(thinned, size=size, spread=spread, draws=draws, seed=seed)
            distances = list(_left_out(drawn, control_rows, to, sums=sums, size=size, share=share))
            nulls[size] = np.sort(np.concatenate(distances))
    return nulls


def energy_p(distances: np.ndarray, sizes: np.ndarray, null: Mapping[int, np.ndarray]) -> np.ndarray:
    """p-value of each energy distance by the null of its class of size; NaN where there is none."""
    distances, sizes = np.asarray(distances), np.asarray(sizes)
    p = np.full(len(distances), np.nan)
    for size, members in by_class(sizes, null):
        p[members] = p_values(distances[members], null[size])
    return p


def _left_out(
    drawn: Iterator[Drawn], rows: np.ndarray, to: Reference, *, sums: np.ndarray, size: int, share: float
) -> Iterator[np.ndarray]:
    """Energy distances of draws to the reference without the drawn wells, as if it still had all of them."""
    m, total = len(to.rows), to.within * len(to.rows) ** 2
    referred = np.zeros(len(rows), dtype=bool)
    referred[to.members] = True
    before, pairs = None, None
    for one in drawn:
        if before is None or not np.array_equal(before, one.pool):
            before, pairs = one.pool, _distances(rows[one.pool].astype(np.float64))
        held = len(one.pool) / share
        for first in range(0, one.averaging.shape[0], _AT_ONCE):
            chosen = one.averaging[first : first + _AT_ONCE] * size
            both = chosen * referred[one.pool][None, :]
            to_drawn = chosen @ pairs
            within = _dot(to_drawn, chosen)
            overlap, shared = _dot(to_drawn, both), _dot(both @ pairs, both)
            left = m - np.asarray(both.sum(axis=1)).ravel()
            others = np.maximum(left * (left - 1), 1)
            across = (chosen @ sums[one.pool] - overlap) / (size * np.maximum(left, 1))
            among = (total - 2 * (both @ sums[one.pool]) + shared) / others * (1 - 1 / m)
            yield (2 * across - within / size**2 - among) * (held + size) / (held - size)


def _dot(a: np.ndarray, b: object) -> np.ndarray:
    """Row-wise dot product of a dense array and a dense or sparse one."""
    return np.einsum("kp,kp->k", a, b) if isinstance(b, np.ndarray) else np.asarray(b.multiply(a).sum(axis=1)).ravel()


def _mean_distance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Mean Euclidean distance of each row of `a` to the rows of `b`, in blocks; a row is at 0 from itself."""
    means = np.empty(len(a))
    for start in range(0, len(a), _BLOCK_ROWS):
        block = slice(start, start + _BLOCK_ROWS)
        squares = _squares(np.asarray(a[block], dtype=np.float64), b)
        if a is b:
            squares[np.arange(len(squares)), np.arange(start, start + len(squares))] = 0.0
        means[block] = np.sqrt(squares, out=squares).mean(axis=1)
    return means


def _distances(rows: np.ndarray) -> np.ndarray:
    squares = _squares(rows, rows)
    np.fill_diagonal(squares, 0.0)
    return np.sqrt(squares, out=squares)


def _squares(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    squares = -2 * (a @ b.T)
    squares += np.einsum("nd,nd->n", a, a)[:, None]
    squares += np.einsum("nd,nd->n", b, b)[None, :]
    return np.maximum(squares, 0.0, out=squares)

"""Aggregate: many wells to one vector a perturbation, and vectors to unit rows whose dot product is their cosine.

Wells come in any order and stay where they are: rows are gathered in blocks of sorted group codes, so that memory is a
block and the result, never a second copy of the screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from explorer.errors import InputError

HOW = ("mean", "median")

_BLOCK_ROWS = 8192
_NAMES_SHOWN = 5
_ROWS_AT_ONCE = 1024


def aggregate(
    rows: np.ndarray,
    groups: np.ndarray,
    *,
    how: str = "mean",
    guides: np.ndarray | None = None,
    n_groups: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Mean or median of the wells of each group.

    Parameters
    ----------
    rows : float array, shape (n, d)
    groups : int array, shape (n,)
        Codes 0..n_groups-1; a well with a negative code is left out.
    how : str
        `mean` or `median`.
    guides : int array, shape (n,), optional
        With it, wells are first summed up to guides and guides, with equal weight, to the group. The wells of a group
        whose guide is unknown (negative code) count as one guide of their own.
    n_groups : int, optional
        Default: the largest code + 1.

    Returns
    -------
    values : float64 array, shape (n_groups, d)
        NaN for a group without wells.
    counts : int64 array, shape (n_groups,)
        Wells of each group, also where guides come between.

    Raises
    ------
    InputError
        If `how` is not known.
    """
    rows, groups = np.asarray(rows), np.asarray(groups)
    if how not in HOW:
        raise InputError(f"--aggregate {how} is not known; choose one of {', '.join(HOW)}")
    if n_groups is None:
        n_groups = int(groups.max(initial=-1)) + 1
    if guides is not None:
        return _through_guides(rows, groups, np.asarray(guides), how=how, n_groups=n_groups)
    if how == "median":
        return _group_medians(rows, groups, n_groups)
    sums, counts = group_sums(rows, groups, n_groups=n_groups)
    sums[counts == 0] = np.nan
    sums /= np.maximum(counts, 1)[:, None]
    return sums, counts


def group_sums(rows: np.ndarray, groups: np.ndarray, *, n_groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Sum of the rows of each group, float64 of shape (n_groups, d), and the rows in each; negative codes left out."""
    sums = np.zeros((n_groups, rows.shape[1]))
    for block, codes in blocks_by_group(rows, groups):
        starts = np.flatnonzero(np.diff(codes, prepend=codes[0] - 1))
        sums[codes[starts]] += np.add.reduceat(block, starts, axis=0)
    return sums, np.bincount(groups[groups >= 0], minlength=n_groups)


def blocks_by_group(rows: np.ndarray, groups: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Blocks of rows in float64 with their codes, in the order of the codes; negative codes left out."""
    order = np.argsort(groups, kind="stable")
    order = order[np.searchsorted(groups, 0, sorter=order) :]
    for start in range(0, len(order), _BLOCK_ROWS):
        members = order[start : start + _BLOCK_ROWS]
        yield rows[members].astype(np.float64), groups[members].astype(np.int64)


def unit_rows(values: np.ndarray, *, names: Sequence[str] | None = None) -> np.ndarray:
    """Rows scaled to length 1, float32; their dot products are cosine similarities.

    Parameters
    ----------
    values : float array, shape (n, d)
    names : sequence of str, optional
        Names of the rows for the message.

    Raises
    ------
    InputError
        If a row is zero or not finite, which has no direction and so no place on a map.
    """
    values = np.asarray(values)
    few = np.array_split(values, len(values) // _ROWS_AT_ONCE + 1)  # float64 of all rows would be twice their room
    lengths = np.concatenate([np.linalg.norm(rows.astype(np.float64), axis=1) for rows in few])
    bad = np.flatnonzero(~(np.isfinite(lengths) & (lengths > 0)))
    if bad.size:
        shown = ", ".join(str(row) if names is None else str(names[row]) for row in bad[:_NAMES_SHOWN])
        more = f" and {bad.size - _NAMES_SHOWN} more" if bad.size > _NAMES_SHOWN else ""
        raise InputError(f"zero or missing vectors have no direction: {shown}{more}; leave these perturbations out")
    return np.divide(values, lengths[:, None], out=np.empty(values.shape, np.float32), casting="same_kind")


def cosine(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosine similarity of each row of `a` (n, d) with each row of `b` (m, d): float64 (n, m), within [-1, 1].

    A zero row has cosine 0 with everything.
    """
    similarity = _directions(a) @ _directions(b).T
    return np.clip(similarity, -1.0, 1.0, out=similarity)


def _directions(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, dtype=np.float64)
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    return values / np.where(lengths > 0, lengths, 1.0)


def _through_guides(
    rows: np.ndarray, groups: np.ndarray, guides: np.ndarray, *, how: str, n_groups: int
) -> tuple[np.ndarray, np.ndarray]:
    used = groups >= 0
    width = int(guides.max(initial=-1)) + 2
    pairs, inverse = np.unique(
        groups[used].astype(np.int64) * width + np.maximum(guides[used], -1) + 1, return_inverse=True
    )
    codes = np.full(len(groups), -1, dtype=np.int64)
    codes[used] = inverse
    by_guide, _ = aggregate(rows, codes, how=how, n_groups=len(pairs))
    values, _ = aggregate(by_guide, pairs // width, how=how, n_groups=n_groups)
    return values, np.bincount(groups[used], minlength=n_groups)


def _group_medians(rows: np.ndarray, groups: np.ndarray, n_groups: int) -> tuple[np.ndarray, np.ndarray]:
    counts = np.bincount(groups[groups >= 0], minlength=n_groups)
    order = np.argsort(groups, kind="stable")[len(groups) - counts.sum() :]
    starts = np.cumsum(counts) - counts
    medians = np.full((n_groups, rows.shape[1]), np.nan)
    for size in np.unique(counts[counts > 0]):
        alike = np.flatnonzero(counts == size)
        per_block = max(_BLOCK_ROWS // int(size), 1)
        for first in range(0, len(alike), per_block):
            codes = alike[first : first + per_block]
            members = order[starts[codes][:, None] + np.arange(size)]
            medians[codes] = np.median(rows[members].astype(np.float64), axis=1)
    return medians, counts

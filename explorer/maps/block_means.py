"""Similarity of all pairs at any zoom, without the matrix: a block's mean is the dot product of two mean rows.

The mean of s(a, b) over a in A and b in B is mean(A) . mean(B). With prefix sums of the rows in their order, the mean
row of any run of neighbours is one difference, so a window of the n x n matrix costs as much as its pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.errors import InputError

#: Most pixels of one side of a window.
MOST_PIXELS = 800

_BLOCK = 4096


@dataclass(frozen=True, eq=False)
class Prefix:
    """Rows in their order with their running sums, ready for any window.

    Attributes
    ----------
    rows : float32 array, shape (n, d)
    sums : float64 array, shape (n + 1, d)
        `sums[k]` is the sum of the first k rows.
    squares : float64 array, shape (n + 1,)
        Running sum of the similarity of each row to itself.
    """

    rows: np.ndarray
    sums: np.ndarray
    squares: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)


def prefix_sums(rows: np.ndarray, order: np.ndarray) -> Prefix:
    """Put rows in an order and sum them up.

    Parameters
    ----------
    rows : float array, shape (n, d)
        Dot products are similarities.
    order : int array, shape (n,)
        A permutation of 0 .. n - 1.

    Raises
    ------
    InputError
        If `order` is not a permutation of the rows.
    """
    order = np.asarray(order)
    if not np.array_equal(np.sort(order), np.arange(len(rows))):
        raise InputError("the order of a heatmap names each row once")
    ordered = np.ascontiguousarray(np.asarray(rows)[order], dtype=np.float32)
    sums = np.zeros((len(ordered) + 1, ordered.shape[1]))
    squares = np.zeros(len(ordered) + 1)
    for start in range(0, len(ordered), _BLOCK):
        block = ordered[start : start + _BLOCK].astype(np.float64)
        stop = start + len(block)
        sums[start + 1 : stop + 1] = sums[start] + np.cumsum(block, axis=0)
        squares[start + 1 : stop + 1] = squares[start] + np.cumsum(np.einsum("nd,nd->n", block, block))
    return Prefix(ordered, sums, squares)


def edges(start: int, stop: int, pixels: int) -> np.ndarray:
    """Where the pixels of a run of rows begin and end: at most `pixels`, none empty, equal to within one row."""
    n = max(min(pixels, stop - start), 1)
    return start + np.arange(n + 1) * (stop - start) // n


def window(prefix: Prefix, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Mean similarity of every block of pairs, a perturbation with itself left out.

    Parameters
    ----------
    rows, columns : int arrays
        Ascending block edges as `edges` gives them: block k holds the positions `e[k]` up to and without `e[k + 1]`.

    Returns
    -------
    float32 array, shape (blocks of rows, blocks of columns)
        NaN where a block holds nothing but one row against itself.
    """
    n_rows, n_columns = np.diff(rows), np.diff(columns)
    if n_rows.max(initial=0) <= 1 and n_columns.max(initial=0) <= 1:
        means = (prefix.rows[rows[:-1]] @ prefix.rows[columns[:-1]].T).astype(np.float32)
        means[rows[:-1, None] == columns[None, :-1]] = np.nan
        return means
    left = (np.diff(prefix.sums[rows], axis=0) / n_rows[:, None]).astype(np.float32)
    right = (np.diff(prefix.sums[columns], axis=0) / n_columns[:, None]).astype(np.float32)
    means = left @ right.T
    low = np.maximum(rows[:-1, None], columns[None, :-1])
    high = np.minimum(rows[1:, None], columns[None, 1:])
    touched = np.nonzero(low < high)
    own = high[touched] - low[touched]
    pairs = n_rows[touched[0]] * n_columns[touched[1]]
    a, b = np.diff(prefix.sums[rows], axis=0)[touched[0]], np.diff(prefix.sums[columns], axis=0)[touched[1]]
    total = np.einsum("pd,pd->p", a, b) - (prefix.squares[high[touched]] - prefix.squares[low[touched]])
    with np.errstate(invalid="ignore", divide="ignore"):
        means[touched] = np.where(pairs > own, total / (pairs - own), np.nan)
    return means

"""Windows of the heatmap are the matrix: block means equal those of brute force, at every zoom."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.maps.block_means import edges, prefix_sums, window


def unit(n: int, d: int, seed: int) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(n, d))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def brute(rows: np.ndarray, down: np.ndarray, across: np.ndarray) -> np.ndarray:
    """Block means of the whole matrix, its diagonal left out, in float64."""
    s = rows.astype(np.float64) @ rows.astype(np.float64).T
    np.fill_diagonal(s, np.nan)
    with np.errstate(invalid="ignore"):
        blocks = [[s[a:b, c:d] for c, d in pairwise(across)] for a, b in pairwise(down)]
    return np.array([[np.nanmean(x) if np.isfinite(x).any() else np.nan for x in line] for line in blocks])


@settings(max_examples=60)
@given(st.data())
def test_a_window_is_the_matrix_within_a_millionth(data):
    """Any window at any number of pixels equals the mean of its pairs to 1e-6, self pairs left out."""
    n, d = data.draw(st.integers(2, 120)), data.draw(st.integers(1, 40))
    rows = unit(n, d, data.draw(st.integers(0, 99)))
    order = np.random.default_rng(1).permutation(n)
    spans = [
        sorted(data.draw(st.tuples(st.integers(0, n), st.integers(0, n)).filter(lambda s: s[0] != s[1]))) for _ in "rc"
    ]
    down, across = (edges(*span, data.draw(st.integers(1, 130))) for span in spans)
    found = window(prefix_sums(rows, order), down, across)
    np.testing.assert_allclose(found, brute(rows[order], down, across), atol=1e-6)


def test_error_stays_small_where_sums_are_long():
    """Blocks at the end of 6,000 rows, whose running sums are large, are as exact as those at the start."""
    rows = unit(6_000, 16, 3) + np.float32(0.2)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    down, across = edges(5_000, 6_000, 10), edges(0, 6_000, 7)
    found = window(prefix_sums(rows, np.arange(6_000)), down, across)
    np.testing.assert_allclose(found, brute(rows, down, across), atol=1e-6)


@given(st.integers(0, 500), st.integers(1, 500), st.integers(1, 900))
def test_pixels_tile_the_window(start, length, pixels):
    """Pixels follow each other without gap, none is empty, and they differ by one row at most."""
    found = edges(start, start + length, pixels)
    sizes = np.diff(found)
    assert (found[0], found[-1]) == (start, start + length)
    assert sizes.min() >= 1
    assert np.ptp(sizes) <= 1
    assert len(sizes) <= pixels


def test_a_window_on_the_diagonal_is_symmetric_and_leaves_itself_out():
    """The same run on both sides gives a symmetric picture; one row against itself is no pair."""
    prefix = prefix_sums(unit(50, 8, 0), np.arange(50))
    at = edges(10, 40, 12)
    found = window(prefix, at, at)
    np.testing.assert_allclose(found, found.T, atol=1e-6)
    single = window(prefix, edges(10, 20, 99), edges(10, 20, 99))
    assert np.isnan(np.diagonal(single)).all()
    assert np.isfinite(single[~np.eye(10, dtype=bool)]).all()


def test_an_order_must_name_each_row_once():
    """A repeated or missing row is refused."""
    with pytest.raises(InputError, match="names each row once"):
        prefix_sums(unit(4, 3, 0), np.array([0, 1, 1, 3]))

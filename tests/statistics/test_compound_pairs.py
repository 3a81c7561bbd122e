"""All pairs of compounds by their cells, against pairs counted one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.statistics import compound_pairs
from explorer.statistics.compound_pairs import FEWEST_PAIRS, RandomPairs, most_alike, random_pairs


@given(st.lists(st.integers(1, 4), min_size=1, max_size=7), st.integers(0, 2**16), st.sampled_from([1, 3, 2_000]))
def test_the_most_alike_concentrations_count(sizes, seed, block):
    """Every entry is the highest cosine between any row of the one and any row of the other; blocks change nothing."""
    rows = np.random.default_rng(seed).normal(size=(sum(sizes), 5))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    starts = np.cumsum([0, *sizes])[:-1]
    before, compound_pairs._BLOCK = compound_pairs._BLOCK, block
    try:
        found = most_alike(rows, starts)
    finally:
        compound_pairs._BLOCK = before
    groups = np.split(rows, starts[1:])
    for i, one in enumerate(groups):
        for j, other in enumerate(groups):
            assert found[i, j] == pytest.approx((one @ other.T).max(), abs=1e-5)


def test_random_pairs_are_every_two_once():
    """Three compounds are three pairs, without the diagonal."""
    square = np.array([[1, 0.1, 0.2], [0.1, 1, 0.3], [0.2, 0.3, 1]])
    assert random_pairs(square).values.tolist() == [0.1, 0.2, 0.3]
    assert random_pairs(most_alike(np.zeros((0, 4)), [])).values.tolist() == []


def test_the_share_of_random_pairs():
    """How many are at least as alike; nothing is said of NaN, nor by too few pairs."""
    null = RandomPairs(np.linspace(0, 1, 101))
    assert null.share(np.array([0.0, 0.95, 2.0])).tolist() == pytest.approx([1.0, 6 / 101, 0.0])
    assert null.limit == pytest.approx(0.95)
    assert np.isnan(null.share(np.array([np.nan]))).all()
    few = RandomPairs(np.linspace(0, 1, FEWEST_PAIRS - 1))
    assert np.isnan(few.limit)
    assert np.isnan(few.share(np.array([0.5]))).all()
    assert np.isnan(RandomPairs(np.zeros(0)).median)

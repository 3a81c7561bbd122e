"""Agreement of lists of the nearest, and retrieval of shared targets: planted truth is found, planted noise is not."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.statistics.nearest import difference, overlap, retrieval, sharing


def planted(n: int, *, signal: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Similarities of compounds in groups of four that share a target, of which `signal` is due to the group."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(n // 4), 4)
    vectors = signal * rng.normal(size=(n // 4, 30))[group] + rng.normal(size=(n, 30))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors @ vectors.T, sharing([[f"g{i}"] for i in group])


def test_overlap_of_lists_by_hand():
    """Three of four shared out of twenty: Jaccard 3/5, 0.8 by chance, and its hypergeometric chance."""
    found = overlap("abcd", "bcde", among=20)
    assert (found.shared, found.size, found.jaccard, found.expected) == (3, 4, 0.6, 0.8)
    assert found.p == pytest.approx((4 * 16 + 1) / 4845)
    nothing = overlap([], "ab", among=20)
    assert (nothing.shared, nothing.p) == (0, 1.0)


def test_lists_at_random_share_what_is_expected():
    """Over many draws the mean number of shared names is the expected one, and p is uniform or larger."""
    rng = np.random.default_rng(1)
    names = np.arange(100)
    found = [overlap(rng.permutation(names)[:10], rng.permutation(names)[:10], among=100) for _ in range(600)]
    assert np.mean([f.shared for f in found]) == pytest.approx(found[0].expected, abs=0.12)
    assert np.mean([f.p <= 0.05 for f in found]) <= 0.05


def test_sharing_needs_one_target_in_common():
    """Symmetric, nobody shares with itself, no target shares nothing."""
    assert sharing([["a", "b"], ["b"], ["c"], []]).tolist() == [
        [False, True, False, False],
        [True, False, False, False],
        [False] * 4,
        [False] * 4,
    ]


def test_a_planted_target_is_found():
    """mAP near 1, far from chance, and the interval holds the mean."""
    found = retrieval(*planted(80, signal=3.0, seed=0))
    assert found.mean > 0.95
    assert found.by_chance < 0.15
    assert found.p == 1 / 200
    assert found.low <= found.mean <= found.high


def test_noise_is_not():
    """Over twenty planted nulls p is small about as often as it should be, and the mean is that of chance."""
    found = [retrieval(*planted(40, signal=0.0, seed=s), draws=50, seed=s) for s in range(20)]
    assert sum(f.p <= 0.05 for f in found) <= 4
    assert np.mean([f.mean for f in found]) == pytest.approx(np.mean([f.by_chance for f in found]), abs=0.03)


def test_precision_by_hand_and_compounds_that_nobody_shares_with():
    """Ranks 1 and 3 of the two that share: (1/1 + 2/3)/2; the fourth has nobody and is left out."""
    shared = sharing([["a"], ["a"], ["a"], ["z"]])
    similarity = np.array([[1, 0.9, 0.1, 0.5], [0.9, 1, 0.8, 0.1], [0.1, 0.8, 1, 0.2], [0.5, 0.1, 0.2, 1]])
    found = retrieval(similarity, shared, draws=10)
    assert found.each[0] == pytest.approx((1 + 2 / 3) / 2)
    assert np.isnan(found.each[3])


def test_the_difference_of_two_ways_is_that_of_the_same_compounds():
    """Zero with itself; clear where one way sees the target and the other does not."""
    good, shared = planted(80, signal=2.0, seed=3)
    bad, _ = planted(80, signal=0.0, seed=4)
    first, second = retrieval(good, shared), retrieval(bad, shared)
    assert difference(first, first) == (0.0, 0.0, 0.0)
    mean, low, _ = difference(first, second)
    assert mean == pytest.approx(first.mean - second.mean)
    assert low > 0


def test_nothing_shared_gives_no_number():
    """NaN rather than a number about nothing."""
    found = retrieval(np.eye(3), np.zeros((3, 3), dtype=bool))
    assert np.isnan(found.mean)
    assert np.isnan(found.p)

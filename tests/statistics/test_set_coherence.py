"""Coherence of a set: the formula, its null, and that chance gives uniform p-values."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from explorer.statistics.set_coherence import leaf_order, mean_to_rest, set_coherence

GENES, DIMENSIONS = 300, 24


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    """Unit rows that share an offset, so that everything resembles everything a little."""
    made = np.random.default_rng(0).normal(size=(GENES, DIMENSIONS)) + 0.3
    return (made / np.linalg.norm(made, axis=1)[:, None]).astype(np.float32)


@pytest.fixture(scope="module")
def arms() -> np.ndarray:
    """Three arms, and genes whose arm is not known."""
    return np.random.default_rng(1).choice(["", "1p", "2q", "Xp"], GENES)


def test_the_mean_is_that_over_all_pairs(rows, arms):
    """By the definition, with and without pairs on one arm; a gene without an arm is on nobody's."""
    members = np.arange(0, 60, 4)
    found = set_coherence(rows, members, arms=arms, draws=19)
    s, (i, j) = rows[members] @ rows[members].T, np.triu_indices(len(members), 1)
    apart = (arms[members][i] != arms[members][j]) | (arms[members][i] == "")
    assert found.mean == pytest.approx(s[i, j].mean(), abs=1e-6)
    assert found.apart == pytest.approx(s[i, j][apart].mean(), abs=1e-6)
    assert (found.pairs, found.apart_pairs) == (len(i), apart.sum())


def test_chance_gives_uniform_p(rows, arms):
    """Sets drawn at random have p-values like uniform ones, in both variants (Kolmogorov-Smirnov)."""
    rng = np.random.default_rng(2)
    found = [set_coherence(rows, rng.choice(GENES, 8, replace=False), arms=arms, draws=199, seed=i) for i in range(200)]
    assert stats.kstest([f.p for f in found], "uniform").pvalue > 0.01
    assert stats.kstest([f.apart_p for f in found], "uniform").pvalue > 0.01


def test_p_is_never_zero_and_the_seed_counts(rows):
    """A set of copies reaches the floor 1/(draws + 1) and no less; the same seed gives the same answer."""
    planted = rows.copy()
    planted[:6] = planted[0]
    found = set_coherence(planted, np.arange(6), draws=99)
    assert found.p == pytest.approx(1 / 100)
    assert repr(found) == repr(set_coherence(planted, np.arange(6), draws=99))
    assert found.random != set_coherence(planted, np.arange(6), draws=99, seed=1).random


def test_rows_that_are_not_unit(rows):
    """Where a map is related otherwise, dot products are the similarities, whatever the lengths."""
    scaled = rows * np.linspace(0.2, 1, GENES, dtype=np.float32)[:, None]
    s = scaled[:5] @ scaled[:5].T
    assert set_coherence(scaled, np.arange(5), draws=9).mean == pytest.approx(s[np.triu_indices(5, 1)].mean(), abs=1e-6)


def test_an_arm_that_holds_all(rows):
    """Members on one arm have no pair apart: that variant is not told, rather than 0."""
    found = set_coherence(rows, np.arange(5), arms=np.full(GENES, "1p"), draws=9)
    assert found.apart_pairs == 0
    assert np.isnan([found.apart, found.apart_p]).all()


@pytest.mark.parametrize("members", [[], [3], list(range(GENES))])
def test_nothing_to_compare(rows, members):
    """No member, one member, or nobody else to draw: no answer."""
    assert set_coherence(rows, np.array(members, dtype=int)) is None


def test_mean_to_rest(rows):
    """Each gene against the others of the set, itself left out; members that do not count are still compared."""
    counted = np.array([True, True, True, False])
    s = rows[:4] @ rows[:4].T
    expected = [(s[0, 1] + s[0, 2]) / 2, (s[1, 0] + s[1, 2]) / 2, (s[2, 0] + s[2, 1]) / 2, s[3, :3].mean()]
    assert mean_to_rest(rows[:4], counted) == pytest.approx(expected, abs=1e-6)
    assert np.isnan(mean_to_rest(rows[:1], np.array([True]))).all()


def test_leaf_order_puts_alike_together(rows):
    """Two planted groups come out as two runs, and every row stays."""
    mixed = np.concatenate([rows[[0]] + 0.1 * rows[10:14], rows[[1]] + 0.1 * rows[20:24]])[[0, 4, 1, 5, 2, 6, 3, 7]]
    order = leaf_order(mixed / np.linalg.norm(mixed, axis=1)[:, None])
    assert sorted(order) == list(range(8))
    assert (np.diff(order % 2) != 0).sum() == 1
    assert list(leaf_order(rows[:2])) == [0, 1]

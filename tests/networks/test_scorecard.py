"""Recovered pairs are counted against random sets of the same size, drawn with a seed."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.networks.scorecard import DRAWS, scorecard


def test_random_sets_recover_what_chance_gives():
    """The mean is pairs times the chance that both genes are drawn; the interval holds it; p is never 0."""
    found = np.array([[i, i + 1] for i in range(0, 198, 2)])
    card = scorecard(40, 30, size=50, found=found, genes=200, share=0.1)
    expected = len(found) * (50 * 49) / (200 * 199)
    assert card.random_mean == pytest.approx(expected, rel=0.1)
    assert card.random_low <= card.random_mean <= card.random_high
    assert card.p == pytest.approx(1 / (1 + DRAWS))
    assert card == scorecard(40, 30, size=50, found=found, genes=200, share=0.1)


def test_a_set_of_everything_is_no_better_than_chance():
    """Drawing all genes recovers all pairs, so p is 1."""
    found = np.array([[0, 1], [2, 3]])
    card = scorecard(2, 2, size=10, found=found, genes=10, share=0.5)
    assert (card.random_mean, card.p) == (2, 1)


def test_nothing_known_is_nothing_recovered():
    """Without pairs every draw is 0."""
    card = scorecard(0, 0, size=3, found=np.empty((0, 2)), genes=5, share=0.0)
    assert (card.random_mean, card.random_high, card.p) == (0, 0, 1)

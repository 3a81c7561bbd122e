"""Replicates are found on other plates by what they do, never by where they are."""

import numpy as np
import pytest

from explorer.statistics.replicates_elsewhere import replicate_pairs, share_beaten


def cells(groups=40, plates=6):
    """Every group on every plate; plates 0-2 are batch 0, 3-5 batch 1."""
    of, plate = (a.ravel() for a in np.indices((groups, plates)))
    return of, plate, plate // (plates // 2)


def test_pairs_are_on_different_plates_and_in_different_batches_where_there_are_some():
    """A pair is one perturbation twice; the same plate never counts, nor the same batch where there is another."""
    of, plate, batch = cells()
    pairs = replicate_pairs(of, plate, batch, most=4, seed=1)
    assert (of[pairs[:, 0]] == of[pairs[:, 1]]).all()
    assert (batch[pairs[:, 0]] != batch[pairs[:, 1]]).all()
    assert np.bincount(of[pairs[:, 0]]).tolist() == [4] * 40
    one = replicate_pairs(of, plate, np.zeros_like(batch), seed=1)
    assert (plate[one[:, 0]] != plate[one[:, 1]]).all()
    np.testing.assert_array_equal(pairs, replicate_pairs(of, plate, batch, most=4, seed=1))
    assert len(replicate_pairs(np.arange(5), np.arange(5), np.arange(5))) == 0


def test_plates_that_are_alike_do_not_help():
    """Where nothing has an effect but plates come in pairs that resemble each other, a replicate beats half at most."""
    rng = np.random.default_rng(0)
    of, plate = (a.ravel() for a in np.indices((40, 2)))
    week = of // 8
    place = week * 2 + plate
    rows = rng.standard_normal((80, 30)) + 6 * rng.standard_normal((5, 30))[week]
    pairs = replicate_pairs(of, place, place)
    assert share_beaten(rows, of, place, pairs=pairs).mean() == pytest.approx(0.5, abs=0.05)
    everywhere = share_beaten(rows, of, np.zeros_like(place), pairs=pairs).mean()
    assert everywhere > 0.8
    apart = rows + 6 * rng.standard_normal((10, 30))[place]
    assert share_beaten(apart, of, place, pairs=pairs).mean() < 0.4


def test_shares_by_hand():
    """One of two others is less like the query; a tie counts as half; alone there is nothing to say."""
    rows = np.array([[1.0, 0], [1, 0.5], [0, 1], [1, 0.1]])
    groups, plates = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0])
    assert share_beaten(rows, groups, plates, pairs=np.array([[0, 1]])).tolist() == [0.5]
    assert share_beaten(rows[[0, 1, 1, 3]], groups, plates, pairs=np.array([[0, 1]])).tolist() == [0.25]
    assert np.isnan(share_beaten(rows[:2], groups[:2], plates[:2], pairs=np.array([[0, 1]]))).all()
    assert share_beaten(rows, groups, plates, pairs=np.empty((0, 2), dtype=int)).shape == (0,)

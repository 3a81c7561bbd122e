"""Halves of a perturbation are split by plate and find each other where there is a phenotype, and by chance else."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.statistics.retrieval import halves_of_wells, replicate_retrieval


def test_halves_share_no_plate():
    """Wells of one plate are in one half; both halves exist from two wells on; controls and singles are in neither."""
    groups = np.array([0, 0, 0, 0, 1, 1, 2, -1, 3, 3, 3])
    plates = np.array(["a", "a", "b", "b", "a", "b", "a", "a", "c", "c", "c"])
    for seed in range(5):
        halves = halves_of_wells(groups, plates, seed=seed)
        assert halves[0] == halves[1] != halves[2] == halves[3]
        assert halves[4] != halves[5]
        assert halves[6] == halves[7] == -1
        assert sorted(np.bincount(halves[8:]).tolist()) == [1, 2]


def test_every_perturbation_has_two_halves():
    """On a large random screen, every perturbation on two plates or with two wells is split."""
    rng = np.random.default_rng(0)
    groups, plates = rng.integers(-1, 50, 1000), rng.integers(0, 12, 1000)
    halves = halves_of_wells(groups, plates, seed=1)
    assert (halves[groups < 0] == -1).all()
    for group in range(50):
        assert set(halves[groups == group]) == {0, 1}
        assert not set(plates[(groups == group) & (halves == 0)]) & set(plates[(groups == group) & (halves == 1)])


def test_identical_halves_are_found_first():
    """A reciprocal rank of 1 for each, among its own kind; NaN takes no part."""
    rows = np.random.default_rng(0).standard_normal((60, 12))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    kinds = np.array(["gene"] * 30 + ["compound"] * 30)
    second = rows.copy()
    second[7] = np.nan
    found, chance = replicate_retrieval(rows, second, kinds)
    assert np.isnan(found[7])
    assert (np.delete(found, 7) == 1).all()
    assert chance == pytest.approx(np.mean(1 / np.arange(1, 31)), abs=0.005)


def test_unrelated_halves_are_found_by_chance():
    """The mean reciprocal rank of noise is the one that is given for chance; ties are neither good nor bad."""
    rng = np.random.default_rng(0)
    found, chance = replicate_retrieval(rng.normal(size=(500, 6)), rng.normal(size=(500, 6)), np.full(500, "gene"))
    assert found.mean() == pytest.approx(chance, abs=0.01)
    tied, _ = replicate_retrieval(np.ones((9, 2)), np.ones((9, 2)), np.full(9, "gene"))
    assert (tied == 1 / 5).all()


def test_a_lone_perturbation_is_not_measured():
    """There is nothing to find it among."""
    found, chance = replicate_retrieval(np.ones((1, 2)), np.ones((1, 2)), np.array(["gene"]))
    assert np.isnan(found).all()
    assert np.isnan(chance)

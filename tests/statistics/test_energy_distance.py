"""Energy distance and consistency: equal to the published code, and calibrated where controls are many."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.maps.aggregation import group_sums
from explorer.maps.efaar import fit_alignment
from explorer.statistics.energy_distance import energy_distances, energy_null, energy_p, reference
from explorer.statistics.replicates import consistency, unit


@pytest.fixture(scope="module")
def recorded() -> dict[str, np.ndarray]:
    with np.load(Path(__file__).parent / "parity" / "replicates.npz") as arrays:
        return dict(arrays)


def test_energy_distance_equals_efaar_benchmarking(recorded):
    """Distances of 5 to 60 wells to 150 controls equal those of efaar-benchmarking 1.0; fewer wells have none."""
    rows, groups = recorded["rows"], recorded["groups"]
    ours = energy_distances(rows, groups, reference(rows[groups < 0]))
    np.testing.assert_allclose(ours, recorded["energy"], rtol=1e-4)
    assert np.isnan(ours[:9]).all()
    assert not np.isnan(ours[9:]).any()


def test_consistency_equals_efaar_benchmarking(recorded):
    """Mean pairwise cosines equal those of efaar-benchmarking 1.0, without a pair being formed."""
    rows, groups = recorded["rows"], recorded["groups"]
    ours = consistency(*group_sums(unit(rows), groups, n_groups=groups.max() + 1))
    np.testing.assert_allclose(ours, recorded["consistency"], atol=1e-12)


def test_groups_may_come_in_any_order_or_in_parts(recorded):
    """A block of some groups, shuffled and as float32, gives the distances of all at once."""
    rows, groups = recorded["rows"], recorded["groups"]
    to = reference(rows[groups < 0])
    order = np.random.default_rng(1).permutation(len(rows))
    shuffled = energy_distances(rows[order].astype(np.float32), groups[order], to)
    np.testing.assert_allclose(shuffled, energy_distances(rows, groups, to), rtol=1e-5)
    last = groups >= 15
    part = energy_distances(rows[last], groups[last] - 15, to, n_groups=8)
    np.testing.assert_allclose(part[:6], energy_distances(rows, groups, to)[15:], rtol=1e-12)
    assert np.isnan(part[6:]).all()


def test_reference_is_a_seeded_sample_of_at_most_a_thousand():
    """The same seed gives the same controls, and no more than asked for."""
    rows = np.random.default_rng(0).normal(size=(1500, 3))
    assert len(reference(rows).rows) == 1000
    np.testing.assert_array_equal(reference(rows, seed=3).members, reference(rows, seed=3).members)
    assert np.isnan(energy_distances(rows, np.zeros(1500, int), reference(rows[:0]))).all()


def screen(seed: int, *, effect: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """200 perturbations of 8 wells in 20 experiments with 60 controls each, after centerscale."""
    rng = np.random.default_rng(seed)
    groups = np.tile(np.concatenate([np.full(60, -1), np.repeat(np.arange(10), 8)]), 20)
    batches = np.repeat(np.arange(20), 140)
    groups = np.where(groups < 0, -1, groups + 10 * batches)
    rows = rng.normal(size=(len(groups), 10)) * rng.uniform(0.5, 2, size=10) + rng.normal(size=(20, 10))[batches]
    rows += effect * rng.normal(size=(201, 10))[groups] * ((groups >= 0) & (groups < 20))[:, None]
    names = [str(code) for code in range(20)]
    rows = fit_alignment(rows, batches, groups < 0, method="centerscale", batch_names=names).apply(rows, batches)
    return rows, groups, batches


@pytest.mark.parametrize("effect", [0.0, 1.5])
def test_energy_p_is_calibrated_and_finds_effects(effect):
    """Without an effect p <= .05 in about 5 %; with one, the twenty shifted perturbations are found."""
    rows, groups, batches = screen(3, effect=effect)
    controls = groups < 0
    to = reference(rows[controls], most=500)
    null = energy_null(rows[controls], batches[controls], np.full(200, 8), to=to, draws=2000)
    p = energy_p(energy_distances(rows, groups, to), np.full(200, 8), null)
    assert p.min() >= 1 / 2001
    inactive = p if effect == 0 else p[20:]
    assert 0.01 < (inactive <= 0.05).mean() < 0.10
    if effect:
        assert (p[:20] <= 0.01).mean() > 0.9


def test_a_draw_that_is_part_of_the_reference_is_left_out_of_it():
    """Draws from the reference are as far from it as fresh wells of the same kind, but for the centring of controls."""
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(400, 6))
    to = reference(rows, most=400)
    null = energy_null(rows, np.zeros(400), [19, 19], to=to, draws=3000)[19]
    fresh = energy_distances(rng.normal(size=(19 * 1000, 6)), np.repeat(np.arange(1000), 19), to)
    widened = (400 + 19) / (400 - 19)
    for share in (0.1, 0.5, 0.9):
        assert np.quantile(null, share) / widened == pytest.approx(np.quantile(fresh, share), rel=0.05)


def test_no_null_for_few_wells_or_few_controls():
    """Sizes below five and screens of a handful of controls are not tested."""
    rows = np.random.default_rng(0).normal(size=(40, 3))
    assert energy_null(rows, np.zeros(40), [2, 4], to=reference(rows), draws=10) == {}
    assert energy_null(rows[:6], np.zeros(6), [5], to=reference(rows[:6]), draws=10) == {}
    assert np.isnan(energy_p(np.array([1.0]), np.array([5]), {})).all()

"""The activity gate: consistency without pairs, nulls from controls, p-values that are never 0, q-values by family."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from explorer.maps.aggregation import group_sums
from explorer.maps.efaar import aggregate, cosine, fit_alignment
from explorer.statistics import control_draws
from explorer.statistics.replicates import (
    Null,
    activity,
    benjamini_hochberg,
    consistency,
    p_values,
    replicate_null,
    typical_spread,
    unit,
)


def screened(seed: int, *, effect: float, size: int, controls: int) -> pd.DataFrame:
    """Activity of 300 perturbations in 100 experiments, the first tenth shifted by `effect`, after centerscale."""
    rng = np.random.default_rng(seed)
    experiments, groups = 100, 300
    batches = np.repeat(np.arange(experiments), controls + 3 * size)
    own = np.repeat(np.concatenate([np.full(controls, -1), np.repeat(np.arange(3), size)])[None], experiments, axis=0)
    codes = np.where(own < 0, -1, own + 3 * np.arange(experiments)[:, None]).ravel()
    rows = rng.normal(size=(len(codes), 16)) + rng.normal(size=(experiments, 16))[batches]
    shifted = (codes >= 0) & (codes < groups // 10)
    rows[shifted] += effect * rng.normal(size=(groups, 16))[codes[shifted]]
    names = [str(code) for code in range(experiments)]
    rows = fit_alignment(rows, batches, codes < 0, method="centerscale", batch_names=names).apply(rows, batches)
    means, sizes = aggregate(rows, codes)
    sums, _ = group_sums(unit(rows), codes, n_groups=groups)
    null = replicate_null(rows[codes < 0], batches[codes < 0], sizes, draws=2000, seed=seed)
    kinds = np.repeat(["gene", "compound"], groups // 2)
    return activity(kinds, sizes, sums, magnitude=np.linalg.norm(means, axis=1), null=null)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(2, 12))
def test_consistency_is_the_mean_cosine_of_all_pairs(seed, size):
    """The formula equals the mean of the cosines of all pairs of replicates."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(3, size, 5)) + rng.normal(size=(3, 1, 5))
    sums = np.array([unit(block).sum(axis=0) for block in rows])
    pairs = np.triu_indices(size, 1)
    expected = [cosine(block, block)[pairs].mean() for block in rows]
    np.testing.assert_allclose(consistency(sums, np.full(3, size)), expected, atol=1e-12)


def test_consistency_of_one_well_is_not_a_number():
    """A single replicate agrees with nothing: NaN, while identical replicates give 1."""
    row = unit(np.array([[3.0, 4.0]]))[0]
    np.testing.assert_allclose(consistency(np.array([row, 5 * row]), np.array([1, 5])), [np.nan, 1])


def test_unit_keeps_zero_rows_and_dtype():
    """Unit wells keep float32, and a zero well stays zero."""
    rows = np.array([[0, 0], [3, 4]], dtype=np.float32)
    assert unit(rows).dtype == np.float32
    np.testing.assert_allclose(unit(rows), [[0, 0], [0.6, 0.8]])


def test_p_values_are_counts_of_the_null_and_never_zero():
    """p = (1 + #{null >= value}) / (1 + N), ties count, NaN stays NaN."""
    null = np.array([0.1, 0.2, 0.2, 0.4])
    np.testing.assert_allclose(p_values(np.array([0.0, 0.2, 0.3, 9.0, np.nan]), null), [1, 0.8, 0.4, 0.2, np.nan])


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_benjamini_hochberg_equals_scipy(p):
    """q-values equal scipy's, and NaN neither counts nor gets one."""
    p = np.array(p)
    expected = stats.false_discovery_control(p)
    np.testing.assert_allclose(benjamini_hochberg(p), expected, atol=1e-12)
    with_gaps = benjamini_hochberg(np.insert(p, [0, len(p)], np.nan))
    np.testing.assert_allclose(with_gaps, [np.nan, *expected, np.nan], atol=1e-12)


def test_nulls_are_sorted_seeded_and_independent_of_other_sizes():
    """The same seed gives the same null for a size, alone or among others; another seed gives another."""
    rng = np.random.default_rng(0)
    rows, batches = rng.normal(size=(90, 4)), np.repeat([0, 1, 2], 30)
    first = replicate_null(rows, batches, [1, 4, 20, 20], draws=300, seed=5)
    assert sorted(first) == [1, 4, 19, 20]
    alone = replicate_null(rows, batches, [4], draws=300, seed=5)
    np.testing.assert_array_equal(first[4].consistency, alone[4].consistency)
    assert not np.array_equal(first[4].magnitude, replicate_null(rows, batches, [4], draws=300, seed=6)[4].magnitude)
    for null in first.values():
        assert len(null.magnitude) == len(null.consistency) == 300
        np.testing.assert_array_equal(np.sort(null.magnitude), null.magnitude)
    assert np.isnan(first[1].consistency).all()


def test_draws_stay_within_an_experiment_that_has_enough():
    """With experiments far apart, draws up to four fifths of one are never mixed, and larger ones are."""
    rows = np.random.default_rng(1).normal(scale=0.01, size=(40, 3))
    rows[20:, 0] += 10
    rows[:20, 1] += 10
    null = replicate_null(rows, np.repeat([7, 3], 20), [16, 16, 18, 18], draws=100, seed=0)
    np.testing.assert_allclose(null[16].magnitude, 10, atol=0.1)
    assert null[16].consistency.min() > 0.99
    assert np.median(null[18].magnitude) < 9


def test_draws_are_spread_as_replicates_are():
    """With a spread of two, each draw takes half its wells from each of two experiments."""
    rows = np.random.default_rng(1).normal(scale=0.01, size=(40, 3))
    rows[20:, 0] += 10
    rows[:20, 1] += 10
    null = replicate_null(rows, np.repeat([7, 3], 20), [1, 4, 5], spread=2, draws=100, seed=0)
    np.testing.assert_allclose(null[4].magnitude, np.sqrt(50), atol=0.1)
    np.testing.assert_allclose(null[5].magnitude, np.sqrt(6**2 + 4**2), atol=0.1)
    np.testing.assert_allclose(null[1].magnitude, 10, atol=0.1)


def test_typical_spread_is_the_median_number_of_experiments():
    """Each experiment of a perturbation counts once, controls do not count, and no perturbation means 1."""
    assert typical_spread(np.array([0, 0, 0, 1, 1, 2, 2, -1]), np.array([0, 0, 1, 1, 2, 5, 5, 9])) == 2
    assert typical_spread(np.array([-1]), np.array([0])) == 1


def test_sizes_fall_into_a_bounded_number_of_classes():
    """Sizes up to 10 and the commonest are exact, others use the next smaller class, none above 4/5 of controls."""
    rows, batches = np.random.default_rng(2).normal(size=(300, 2)), np.zeros(300, dtype=int)
    sizes = np.concatenate([np.arange(1, 140), np.full(50, 108), [500]])
    classes = sorted(replicate_null(rows, batches, sizes, draws=4))
    assert classes[:10] == list(range(1, 11))
    assert 108 in classes
    assert 200 < max(classes) <= 240
    assert len(classes) < 50
    table = activity(
        np.full(3, "gene"),
        np.array([3, 109, 5000]),
        np.ones((3, 2)),
        magnitude=np.full(3, 1e6),
        null={3: Null(np.zeros(9), np.zeros(9)), 108: Null(np.zeros(99), np.zeros(99))},
    )
    np.testing.assert_allclose(table["p_magnitude"], [0.1, 0.01, 0.01])


@pytest.mark.parametrize(("size", "controls"), [(4, 60), (20, 60), (54, 144), (100, 144)])
def test_inactive_perturbations_are_seldom_called(size, controls):
    """Wells that differ from controls by nothing get p <= .05 in about 5 %, although controls centre their batch."""
    table = screened(1, effect=0, size=size, controls=controls)
    assert 0.005 < (table["p"] <= 0.05).mean() < 0.09
    assert (table["p_magnitude"] <= 0.05).mean() < 0.12
    assert table["active"].mean() < 0.01


def test_active_perturbations_are_found():
    """A tenth of the perturbations with a clear effect is found, and hardly any other."""
    table = screened(4, effect=1.0, size=12, controls=48)
    assert table["active"][:30].mean() > 0.9
    assert table["active"][30:].mean() < 0.02


def test_activity_without_controls_tests_nothing():
    """No null, no p: columns are NaN and nothing is active; single wells have no consistency to test."""
    assert replicate_null(np.ones((1, 2)), np.zeros(1), [4]) == {}
    table = activity(np.array(["gene", "compound"]), np.array([4, 1]), np.ones((2, 2)), magnitude=np.ones(2), null={})
    assert list(table.columns) == ["consistency", "magnitude", "p", "p_magnitude", "q", "active"]
    assert table[["p", "p_magnitude", "q"]].isna().all(axis=None)
    assert not table["active"].any()


def test_families_are_corrected_apart_and_may_have_their_own_nulls():
    """q-values of genes do not depend on compounds, and a kind can be compared with its own controls."""
    nulls = {"gene": {2: Null(np.zeros(99), np.zeros(99))}, "compound": {2: Null(np.ones(99), np.ones(99))}}
    sums = np.array([[2.0, 0], [2.0, 0], [0.5, 0]])
    kinds, sizes = np.array(["gene", "compound", "compound"]), np.full(3, 2)
    table = activity(kinds, sizes, sums, magnitude=np.ones(3), null=nulls)
    np.testing.assert_allclose(table["p"], [0.01, 1, 1])
    np.testing.assert_allclose(table["q"], [0.01, 1, 1])
    assert table["active"].tolist() == [True, False, False]


@pytest.mark.parametrize(("wells", "n"), [(1, 1), (2, 1), (3, 3), (7, 5), (30, 20), (400, 3), (9_000, 12), (500, 80)])
def test_draws_are_those_of_numpy(wells, n):
    """Picking all draws at once gives the wells of one call of numpy for each draw, and leaves the stream alike."""
    one, other = np.random.default_rng(3), np.random.default_rng(3)
    drawn = np.vstack([one.choice(wells, n, replace=False, shuffle=False) for _ in range(300)])
    np.testing.assert_array_equal(control_draws._picks(wells, n, 300, other), drawn)
    assert one.bit_generator.state == other.bit_generator.state

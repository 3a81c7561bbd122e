"""Served rows give similarities by one dot product, within [-1, 1], for the map and for vectors made later."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.maps.aggregation import unit_rows
from explorer.maps.relate import Relation, fit_relation, relation_from_arrays
from explorer.maps.relate_setting import Setting, parse_setting

COMBINATIONS = [
    {"centred": c, "whitening": p, "arm_shrinkage": k, "weighting": w}
    for c, p, k, w in itertools.product((False, True), (0.0, 0.25, 1.0), (None, 20.0), (0.0, 0.25))
]


def screen(seed=0, hub=0.7):
    """120 genes on two arms and 90 compounds in 12 dimensions, with something in common to each kind."""
    rng = np.random.default_rng(seed)
    kinds = np.array(["gene"] * 120 + ["compound"] * 90)
    arms = np.array(["1p"] * 50 + ["2q"] * 60 + [""] * 100)
    values = rng.standard_normal((210, 12)) * np.linspace(3, 0.3, 12)
    values += hub * np.where((kinds == "gene")[:, None], rng.standard_normal(12), rng.standard_normal(12))
    values[arms == "1p"] += rng.standard_normal(12)
    return values, kinds, arms


def test_cosine_is_the_default_and_the_parity_path():
    """Without any step, served rows are the unit rows to the last bit, and nothing is fitted."""
    values, kinds, arms = screen()
    relation = fit_relation(values, kinds, arms)
    assert relation.name == "cosine"
    np.testing.assert_array_equal(relation.apply(values, kinds, arms), unit_rows(values))
    assert fit_relation(values[:2], kinds[:2], arms[:2]).name == "cosine"


@pytest.mark.parametrize(
    ("asked", "short", "long"),
    [
        ("cosine", "cosine", "cosine"),
        ("centred", "similarity", "similarity (centred cosine)"),
        ("arms:20,centred", "similarity", "similarity (arm-centred, centred cosine)"),
        ("whitening:0.25", "similarity", "similarity (partly whitened cosine)"),
    ],
)
def test_only_plain_cosine_is_called_cosine(asked, short, long):
    """What is no plain cosine any more has another name, which says what was done."""
    assert parse_setting(asked).said == {"short": short, "long": long}


@pytest.mark.parametrize("options", COMBINATIONS)
def test_every_combination_is_served_by_one_product(options):
    """Float32 rows of length 1 at most, in the input's order; nothing of the input is edited."""
    values, kinds, arms = screen()
    before = values.copy()
    relation = fit_relation(values, kinds, arms, **options)
    rows = relation.apply(values, kinds, arms)
    assert rows.dtype == np.float32
    assert rows.shape == values.shape
    similarities = rows @ rows[3]
    assert np.abs(similarities).max() <= 1 + 1e-6
    assert np.linalg.norm(rows, axis=1).max() == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(values, before)
    np.testing.assert_allclose(rows[[3]], relation.apply(values[[3]], kinds[[3]], arms[[3]]), atol=1e-6)


@pytest.mark.parametrize("options", COMBINATIONS)
def test_a_relation_survives_being_written(options, tmp_path):
    """Written with numpy and read again, it gives the same rows, and its name says what it does."""
    values, kinds, arms = screen()
    relation = fit_relation(values, kinds, arms, **options)
    np.savez(tmp_path / "relation.npz", **relation.as_arrays())
    with np.load(tmp_path / "relation.npz") as numbers:
        again = relation_from_arrays(numbers)
    assert again.name == relation.name == Setting(**options).name
    assert again.setting == relation.setting == parse_setting(relation.name)
    np.testing.assert_array_equal(again.apply(values, kinds, arms), relation.apply(values, kinds, arms))


@given(scale=st.floats(1e-3, 1e3), seed=st.integers(0, 20))
def test_newcomers_stay_within_bounds(scale, seed):
    """A well of any length or direction has a row of length 1 at most, so its similarity is within [-1, 1]."""
    values, kinds, arms = screen()
    relation = fit_relation(values, kinds, arms, centred=True, whitening=0.5, weighting=0.25)
    wells = np.random.default_rng(seed).standard_normal((5, 12)) * scale
    rows = relation.apply(wells, "compound")
    assert np.linalg.norm(rows, axis=1).max() <= 1 + 1e-6
    assert np.abs(rows @ relation.apply(values, kinds, arms).T).max() <= 1 + 1e-6


def test_wells_at_length_one_take_the_length_of_their_perturbation():
    """A unit row that is given the length it had is served as before; without it, weighting would misjudge it."""
    values, kinds, arms = screen()
    relation = fit_relation(values, kinds, arms, centred=True, whitening=0.25, arm_shrinkage=20.0, weighting=0.25)
    again = relation.apply(unit_rows(values), kinds, arms, lengths=np.linalg.norm(values, axis=1))
    np.testing.assert_allclose(again, relation.apply(values, kinds, arms), atol=1e-5)


def test_the_mean_of_rows_is_a_query():
    """The similarity of an average of served rows is the average of their similarities."""
    values, kinds, arms = screen()
    rows = fit_relation(values, kinds, arms, centred=True, weighting=0.1).apply(values, kinds, arms)
    np.testing.assert_allclose(rows @ rows[:4].mean(axis=0), (rows @ rows[:4].T).mean(axis=1), atol=1e-6)


def test_centring_takes_the_hub_out():
    """The mean served row of each kind is zero, so no perturbation is near everything."""
    values, kinds, arms = screen(hub=3)
    plain, centred = (fit_relation(values, kinds, arms, centred=c).apply(values, kinds, arms) for c in (False, True))
    for kind in ("gene", "compound"):
        assert np.linalg.norm(plain[kinds == kind].mean(axis=0)) > 0.5
        np.testing.assert_allclose(centred[kinds == kind].mean(axis=0), 0, atol=1e-6)


def test_centred_is_the_product_of_deviations():
    """Up to one scale it is (u - m).(v - m) on unit rows u, v; small kinds use the mean of all rows."""
    values, kinds, arms = screen()
    genes = kinds == "gene"
    relation = fit_relation(values[genes], kinds[genes], arms[genes], centred=True)
    u = values[genes] / np.linalg.norm(values[genes], axis=1, keepdims=True)
    rows = relation.apply(values[genes], "gene")
    np.testing.assert_allclose(rows * relation.scale, u - u.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(relation.apply(values[:3], "compound"), rows[:3], atol=1e-7)


def test_whitening_evens_the_axes_out():
    """Full whitening gives all axes nearly one spread before unit length, none leaves them, half is between."""
    values, kinds, _ = screen()
    spreads = []
    for p in (0.25, 0.5, 1.0):
        white = values @ fit_relation(values, kinds, np.full(210, ""), whitening=p).axes
        s = np.sqrt(np.mean([white[kinds == k].var(axis=0) for k in ("gene", "compound")], axis=0))
        spreads.append(s.max() / s.min())
    assert spreads[0] > spreads[1] > spreads[2]
    assert spreads[2] < 2 < spreads[0]


def test_whitening_of_few_rows_does_not_blow_noise_up():
    """With fewer rows than dimensions, axes that no row spans get no more than the mean variance would give them."""
    rng = np.random.default_rng(0)
    values = rng.standard_normal((30, 80))
    axes = fit_relation(values, np.full(30, "compound"), np.full(30, ""), whitening=0.5).axes
    gains = np.linalg.norm(axes, axis=0)
    assert gains.max() / gains.min() < 3


def test_arms_are_taken_out_of_genes_and_of_nothing_else():
    """Genes of an arm move by its shrunk mean; compounds and genes without an arm stay."""
    values, kinds, arms = screen()
    relation = fit_relation(values, kinds, arms, arm_shrinkage=20.0)
    rows, plain = relation.apply(values, kinds, arms), unit_rows(values)
    np.testing.assert_array_equal(rows[arms == ""], plain[arms == ""])
    moved = values[0] - values[arms == "1p"].mean(axis=0) * 50 / 70
    np.testing.assert_allclose(rows[0], moved / np.linalg.norm(moved), atol=1e-6)


def test_weighting_shortens_weak_vectors_and_keeps_directions():
    """A row of the median length keeps 1/(1 + weighting) of it, a weak one little, and each its direction."""
    values, kinds, arms = screen()
    relation = fit_relation(values, kinds, arms, weighting=0.25)
    rows = relation.apply(values, kinds, arms)
    lengths = np.linalg.norm(rows, axis=1) * relation.scale
    squared = (values**2).sum(axis=1)
    for kind in ("gene", "compound"):
        of = kinds == kind
        ratio = squared[of] / np.median(squared[of])
        np.testing.assert_allclose(lengths[of], ratio / (ratio + 0.25), atol=1e-5)
    np.testing.assert_allclose(rows / np.linalg.norm(rows, axis=1, keepdims=True), unit_rows(values), atol=1e-5)


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("cosine", Setting()),
        ("centred", Setting(centred=True)),
        ("arms", Setting(arm_shrinkage=20.0)),
        ("centred, whitening:0.25,arms:5", Setting(centred=True, whitening=0.25, arm_shrinkage=5.0)),
    ],
)
def test_settings_are_read_from_text(text, setting):
    """Steps in any order; arms have a default."""
    assert parse_setting(text) == setting


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cosin",
        "centred,centred",
        "centred:1",
        "whitening",
        "whitening:x",
        "whitening:1.1",
        "whitening:nan",
        "arms:-1",
    ],
)
def test_what_is_no_setting_is_refused(text):
    """A sentence about --relate, never a traceback."""
    with pytest.raises(InputError, match="--relate"):
        parse_setting(text)


def test_too_little_to_fit_on_is_refused():
    """Few rows, no arms, or vectors that all point one way are said, with what would do."""
    values, kinds, arms = screen()
    with pytest.raises(InputError, match="20 perturbations"):
        fit_relation(values[:19], kinds[:19], arms[:19], centred=True)
    with pytest.raises(InputError, match="no gene of this map has one"):
        fit_relation(values, kinds, np.full(210, ""), arm_shrinkage=20.0)
    with pytest.raises(InputError, match="same way"):
        fit_relation(np.ones((30, 3)), np.full(30, "gene"), np.full(30, ""), centred=True)
    with pytest.raises(InputError, match="no direction"):
        fit_relation(values, kinds, arms, centred=True).apply(np.zeros((1, 12)), "gene")


def test_an_empty_relation_is_cosine():
    """What a map without a relation of its own is served by."""
    values, _, _ = screen()
    np.testing.assert_array_equal(Relation().apply(values), unit_rows(values))

"""Toxicity by counts where there are any, else by likeness to knockouts that kill; window; highest non-toxic."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.statistics.pseudo_perturbations import pseudo_vectors
from explorer.statistics.toxicity import (
    KILL_CONTROLS,
    highest_non_toxic,
    kill_signature,
    left_out,
    toxic_by_count,
    toxic_concentration,
    toxicity_like,
    viability,
    window,
)

CONCENTRATIONS = np.array([0.01, 0.1, 1.0, 10.0])


def test_viability_is_relative_to_the_controls_of_the_plate():
    """Plates of different density give the same viability; z is in units of 1.4826 MAD; no controls, no value."""
    rng = np.random.default_rng(0)
    controls = np.tile(np.arange(24) < 20, 3)
    plates = np.repeat([0, 1, 2], 24)
    counts = np.where(controls, rng.normal(1, 0.1, 72), 0.4) * np.repeat([100, 900, 50], 24)
    controls[plates == 2] = False
    wells = viability(counts, plates, controls)
    np.testing.assert_allclose(wells["viability"][plates == 0].iloc[20:], 0.4, rtol=0.1)
    np.testing.assert_allclose(wells["viability"][plates == 1].iloc[20:], 0.4, rtol=0.1)
    assert wells[plates == 2].isna().all(axis=None)
    own = counts[(plates == 0) & controls]
    mad = 1.4826 * np.median(np.abs(own - np.median(own)))
    assert wells["z"][23] == pytest.approx((counts[23] - np.median(own)) / mad)


def test_few_controls_on_a_plate_borrow_the_spread_of_all():
    """The MAD of five controls says little: the relative spread of all plates stands in for it."""
    rng = np.random.default_rng(1)
    plates, controls = np.repeat(np.arange(40), 6), np.tile(np.arange(6) < 5, 40)
    wells = viability(np.where(controls, rng.normal(100, 5, 240), 100), plates, controls)
    assert (wells["z"][~controls] < -3).sum() == 0
    assert wells["z"][controls].std() == pytest.approx(1, abs=0.3)


def test_toxic_is_half_the_cells_or_far_below_the_controls():
    """Median over wells below .5, or z below -3; a perturbation that was not counted is neither."""
    wells = viability(np.array([10, 11, 9, 10, 10, 11, 9, 10, 4, 4, 9.9, 8, np.nan]), np.zeros(13), np.arange(13) < 8)
    groups = np.array([-1] * 8 + [0, 0, 1, 2, 3])
    table = toxic_by_count(wells, groups, n_groups=5)
    assert table["toxic"].tolist() == [True, False, False, None, None]
    tight = viability(np.array([100, 101, 99, 100, 101, 99, 100, 101, 80.0]), np.zeros(9), np.arange(9) < 8)
    assert toxic_by_count(tight, np.array([-1] * 8 + [0]), n_groups=1)["toxic"].tolist() == [True]


def test_toxic_concentration_window_and_what_lies_below():
    """The lowest toxic concentration, the highest below it, and the fold from effect to toxicity."""
    toxic = np.array([False, None, True, True], dtype=object)
    assert toxic_concentration(CONCENTRATIONS, toxic) == 1.0
    assert highest_non_toxic(CONCENTRATIONS, 1.0) == 0.1
    assert np.isnan(highest_non_toxic(CONCENTRATIONS, 0.01))
    assert np.isnan(toxic_concentration(CONCENTRATIONS, [None, False, None, False]))
    assert highest_non_toxic(CONCENTRATIONS, np.nan) == 10
    assert (window(0.02, 1.0, highest_um=10).fold, window(0.02, 1.0, highest_um=10).at_least) == (50, False)
    assert (window(0.02, np.nan, highest_um=10).fold, window(0.02, np.nan, highest_um=10).at_least) == (500, True)


def test_kill_controls_are_the_essential_machines_and_no_relative_of_them():
    """PLK1, proteasome, ribosome, EIF3, polymerase II; not the immunoproteasome, S6 kinases or paralogues."""
    for name in ("PLK1", "PSMA7", "PSMB5", "PSMC3", "PSMD14", "RPL8", "RPL27A", "RPS4X", "RPLP2", "EIF3H", "POLR2A"):
        assert KILL_CONTROLS.fullmatch(name), name
    for name in ("PSMB8", "PSMB9", "RPS6KB1", "RPS6KA1", "RPL22L1", "RPL3L", "EIF4A1", "POLR1A", "PLK2", "PSME1"):
        assert not KILL_CONTROLS.fullmatch(name), name


@pytest.fixture
def kill():
    vectors = np.array([[8.0, 0, 0, 0], [6.0, 6, 0, 0], [6.0, 5, 1, 0], [0, 0, 9, 0]])
    return kill_signature(["PLK1", "PSMB5", "PSMA1", "TSC1"], vectors)


def test_the_score_is_zero_for_controls_and_one_for_plk1(kill):
    """Scaled so that EMPTY is 0 and PLK1 is 1, also when the controls are not at the origin."""
    assert kill.names == ("PLK1", "PSMB5", "PSMA1")
    np.testing.assert_allclose(kill.score(np.array([[0, 0, 0, 0], [8.0, 0, 0, 0]])), [0, 1])
    zero = np.array([1.0, 0, 0, 0])
    moved = kill_signature(["PLK1", "PSMB5"], np.array([[8.0, 0, 0, 0], [6.0, 6, 0, 0]]), zero=zero)
    np.testing.assert_allclose(moved.score(np.array([zero, [8.0, 0, 0, 0]])), [0, 1])
    assert kill_signature(["TSC1"], np.ones((1, 4))) is None
    assert kill_signature(["puromycin"], np.ones((1, 4)), named={"puromycin"}).names == ("puromycin",)


def test_own_targets_and_their_complexes_are_left_out(kill):
    """A proteasome inhibitor is not compared with proteasome knockouts, so its on-target effect is no toxicity."""
    genes = left_out(["PSMB5"], {"PSMB5": ["PSMB5", "PSMA1", "PSMC1"]})
    assert genes == {"PSMB5", "PSMA1", "PSMC1"}
    assert kill.without(genes).names == ("PLK1",)
    on_target = np.array([[0.0, 7, 0, 0]])
    assert kill.score(on_target) > 0.4
    assert kill.without(genes).score(on_target) == 0
    assert kill.without({"PLK1", *genes}) is None
    assert left_out([], {}) == frozenset()


def test_the_proxy_flags_what_rises_towards_killing(kill):
    """From the concentration on where score and magnitude exceed 99 % of noise, and not where the score falls."""
    rng = np.random.default_rng(0)
    null = {4: pseudo_vectors(rng.normal(size=(400, 4)), np.zeros(400), size=4)}
    rising = np.array([0.1, 0.2, 3, 6])[:, None] * np.array([[1.0, 0.4, 0, 0]])
    given = {"signature": kill, "null": null}
    table = toxicity_like(rising, np.full(4, 4), CONCENTRATIONS, **given)
    assert table["flagged"].tolist() == [False, False, True, True]
    assert table["rises"].all()
    assert toxic_concentration(CONCENTRATIONS, table["flagged"]) == 1.0
    falling = toxicity_like(rising[::-1], np.full(4, 4), CONCENTRATIONS, **given)
    assert not falling["flagged"].any()
    gap = toxicity_like(rising[[2, 0, 2, 3]], np.full(4, 4), CONCENTRATIONS, **given)
    assert gap["flagged"].tolist() == [False, False, True, True]
    strong_but_unlike = toxicity_like(rising @ np.eye(4)[[2, 3, 0, 1]], np.full(4, 4), CONCENTRATIONS, **given)
    assert not strong_but_unlike["flagged"].any()
    one = toxicity_like(rising[3:], [4], [10.0], **given)
    assert one["flagged"].tolist() == [True]
    assert one["rises"].tolist() == [None]
    assert (
        toxicity_like(rising, np.full(4, 4), CONCENTRATIONS, signature=kill, null={})["flagged"].tolist() == [None] * 4
    )

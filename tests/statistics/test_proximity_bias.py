"""Genes of one arm that are more alike are detected, corrected under stated conditions, and flagged pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import brunnermunzel

from explorer.errors import InputError
from explorer.statistics.proximity_bias import arm_shifts, brunner_munzel, proximity_bias, same_arm


def screen(bias, seed=0):
    """300 genes on three arms and 20 without, sharing with their arm a direction of some strength."""
    rng = np.random.default_rng(seed)
    arms = np.array(["1p"] * 100 + ["1q"] * 100 + ["2p"] * 95 + ["3p"] * 5 + [""] * 20)
    values = rng.standard_normal((320, 30))
    for arm in ("1p", "1q", "2p"):
        values[arms == arm] += bias * rng.standard_normal(30)
    return values, arms


def unit(values):
    return values / np.linalg.norm(values, axis=1, keepdims=True)


def test_bias_is_detected_arm_by_arm():
    """Each tested arm has P(within > between) above .5 and a small p; an arm of ten pairs is not tested."""
    values, arms = screen(0.5)
    found = proximity_bias(unit(values), arms)
    assert found.excess
    assert found.p == pytest.approx(1 / 500)
    assert found.within > found.between
    table = found.arms.set_index("arm")
    assert table["genes"].to_dict() == {"1p": 100, "1q": 100, "2p": 95, "3p": 5}
    assert (table.loc[["1p", "1q", "2p"], "probability"] > 0.55).all()
    assert (table.loc[["1p", "1q", "2p"], "p"] < 1e-6).all()
    assert (table.loc[["1p", "1q", "2p"], "p_permuted"] == 1 / 500).all()
    assert table.loc["3p", ["p", "p_permuted", "within"]].isna().all()


def test_no_bias_is_no_excess():
    """Without a shared direction the means are equal, P is about .5 and no p by permutation is small."""
    values, arms = screen(0.0)
    found = proximity_bias(unit(values), arms)
    assert not found.excess
    assert found.p > 0.05
    assert found.arms["probability"].dropna().to_numpy() == pytest.approx(0.5, abs=0.03)
    assert (found.arms["p_permuted"].dropna() > 0.01).all()


def test_means_are_those_of_all_pairs():
    """The means from sums are the means over every pair, and genes without an arm take no part."""
    values, arms = screen(0.3)
    found = proximity_bias(values, arms, permutations=9)
    known = np.flatnonzero(arms != "")
    i, j = np.triu_indices(len(known), k=1)
    dots = (values[known] @ values[known].T)[i, j]
    same = arms[known][i] == arms[known][j]
    assert (found.within, found.between) == pytest.approx((dots[same].mean(), dots[~same].mean()))


@pytest.mark.parametrize("seed", range(5))
def test_brunner_munzel_is_that_of_scipy(seed):
    """One-sided p as scipy has it, and P(x > y) counted over all pairs, with ties."""
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 12, 30) + seed % 2, rng.integers(0, 12, 45)
    probability, p = brunner_munzel(x, y)
    assert p == pytest.approx(brunnermunzel(y, x, alternative="less").pvalue, rel=1e-9)
    assert probability == pytest.approx(((x[:, None] > y).mean() + (x[:, None] >= y).mean()) / 2)


def test_samples_that_do_not_overlap_have_no_warning():
    """Complete separation is certain in one direction and excluded in the other."""
    low, high = np.arange(5.0), np.arange(10.0, 15)
    assert brunner_munzel(high, low) == (1.0, 0.0)
    assert brunner_munzel(low, high) == (0.0, 1.0)


def test_shrunk_shifts_take_the_excess_out():
    """After subtracting the shrunk arm means there is no excess, and small arms are moved less than their mean."""
    values, arms = screen(0.5)
    shifts = arm_shifts(values, arms, shrinkage=20)
    assert set(shifts) == {"1p", "1q", "2p", "3p"}
    np.testing.assert_allclose(shifts["3p"], values[arms == "3p"].mean(axis=0) * 5 / 25)
    moved = values.copy()
    for arm, shift in shifts.items():
        moved[arms == arm] -= shift
    assert not proximity_bias(unit(moved), arms).excess


def test_published_shifts_need_more_than_twenty_unexpressed_genes():
    """An arm with 21 unexpressed genes is corrected by their mean; one with 20 is left alone."""
    values, arms = screen(0.5)
    unexpressed = np.zeros(len(arms), dtype=bool)
    unexpressed[:21] = unexpressed[100:120] = True
    shifts = arm_shifts(values, arms, unexpressed=unexpressed)
    assert list(shifts) == ["1p"]
    np.testing.assert_allclose(shifts["1p"], values[:21].mean(axis=0))


def test_nothing_to_compare_is_none():
    """One arm only, no arms, or arms of a few genes each: there is no test."""
    rows = np.random.default_rng(0).standard_normal((30, 4))
    for arms in (["1p"] * 30, [""] * 30, [f"{i}p" for i in range(15)] * 2):
        assert proximity_bias(rows, np.array(arms)) is None


def test_shifts_are_asked_for_in_one_way():
    """Neither, both, or a negative shrinkage are refused."""
    values, arms = screen(0)
    for wrong in ({}, {"shrinkage": -1.0}, {"shrinkage": 1.0, "unexpressed": arms == "1p"}):
        with pytest.raises(InputError, match="arm correction"):
            arm_shifts(values, arms, **wrong)


def test_pairs_know_whether_they_share_an_arm():
    """Two genes without an arm do not share one."""
    arms = np.array(["17q", "", "17p", "17q"])
    assert same_arm(arms, "17q").tolist() == [True, False, False, True]
    assert not same_arm(arms, "").any()

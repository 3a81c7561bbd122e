"""Concentration response: planted curves come back within their interval, noise gets no EC50, and it is fast."""

from __future__ import annotations

import time

import numpy as np
import pytest

from explorer.statistics.concentration_response import (
    FITTED,
    FLAT,
    NOT_ACTIVE,
    OUTSIDE,
    TOO_FEW,
    concentration_response,
    curve,
)

EIGHT = np.array([0.0025, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0])
SIX = np.array([0.62, 1.25, 2.5, 5.0, 10.0, 20.0])
ALL = np.ones(8, dtype=bool)


def planted(
    concentrations: np.ndarray, *, sd: float, genes: int = 1500, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Similarities (m, genes) along curves with random plateaus, slope and EC50 within the range, and log10 EC50."""
    rng = np.random.default_rng(seed)
    x = np.log10(concentrations)[:, None]
    e = rng.uniform(x[0] + 0.3, x[-1] - 0.3, genes)
    top = rng.uniform(0.4, 0.8, genes) * rng.choice([-1, 1], genes)
    bottom, slope = rng.normal(0, 0.05, genes), rng.uniform(0.8, 3, genes)
    y = bottom + (top - bottom) / (1 + 10 ** (slope * (e - x)))
    return np.clip(y + rng.normal(0, sd, y.shape), -1, 1), e


@pytest.mark.parametrize("concentrations", [EIGHT, SIX])
@pytest.mark.parametrize("sd", [0.03, 0.06, 0.09])
def test_planted_ec50_is_within_its_interval(concentrations, sd):
    """With the noise of the null, at least 90 % of intervals hold the planted EC50, and most curves get one."""
    y, e = planted(concentrations, sd=sd)
    active = np.ones(len(concentrations), dtype=bool)
    fit = concentration_response(concentrations, y, active=active, noise=sd)
    fitted = (fit["status"] == FITTED).to_numpy()
    low, high = np.log10(fit["ec50_low"].fillna(1e-9)), np.log10(fit["ec50_high"].fillna(1e9))
    covered = ((low <= e) & (e <= high))[fitted].mean()
    print(f"{len(concentrations)} concentrations, noise {sd}: {fitted.mean():.2f} fitted, {covered:.3f} covered")
    assert covered >= 0.9
    assert fitted.mean() > 0.8
    assert (fit["ec50"][fitted] >= fit["ec50_low"][fitted].fillna(0)).all()
    assert np.median(np.abs(np.log10(fit["ec50"]) - e)[fitted]) < 0.2


def test_noise_of_unknown_size_is_estimated_from_the_points():
    """Without the noise only curves far above a constant are fitted, and their intervals still hold the EC50."""
    y, e = planted(EIGHT, sd=0.03)
    fit = concentration_response(EIGHT, y, active=ALL)
    fitted = (fit["status"] == FITTED).to_numpy()
    low, high = np.log10(fit["ec50_low"].fillna(1e-9)), np.log10(fit["ec50_high"].fillna(1e9))
    assert 0.5 < fitted.mean() < 0.95
    assert ((low <= e) & (e <= high))[fitted].mean() >= 0.9
    assert fit["r2"][fitted].min() > 0.97


def test_a_noiseless_curve_comes_back_exactly():
    """Parameters are recovered, within their bounds, and `curve` draws them."""
    wanted = {"ec50": 0.2, "top": 0.7, "bottom": 0.05, "slope": 1.5}
    y = curve(EIGHT, **wanted)[:, None]
    fit = concentration_response(EIGHT, np.hstack([y, -y]), active=ALL, noise=0.01).iloc[0]
    for name, value in wanted.items():
        assert fit[name] == pytest.approx(value, rel=0.02, abs=0.005), name
    assert fit["r2"] > 0.9999
    assert fit["delta_aicc"] > 100


def test_curves_stay_within_the_range_of_a_cosine():
    """A plateau that is not reached is never put beyond 1, and the slope stays within its bounds."""
    y = np.linspace(0, 1, 8)[:, None] * np.array([1.0, -1.0, 0.999])
    fit = concentration_response(EIGHT, y, active=ALL, noise=0.05)
    assert fit[["top", "bottom"]].abs().le(1).all(axis=None)
    assert fit["slope"].between(0.3, 5).all()


def test_reasons_for_no_ec50():
    """Refused: not active, too few concentrations, a flat curve, an EC50 beyond the tested range; each is said."""
    y = curve(EIGHT, ec50=0.2, top=0.7, bottom=0.0, slope=1.5)[:, None]
    assert concentration_response(EIGHT, y, active=~ALL, noise=0.05)["status"].tolist() == [NOT_ACTIVE]
    assert concentration_response(EIGHT[:4], y[:4], active=ALL[:4], noise=0.05)["status"].tolist() == [TOO_FEW]
    assert concentration_response(EIGHT[:6], y[:6], active=ALL[:6])["status"].tolist() == [TOO_FEW]
    constant = concentration_response(EIGHT, np.full((8, 1), 0.4), active=ALL, noise=0.05)
    assert constant["status"].tolist() == [FLAT]
    late = curve(EIGHT, ec50=40.0, top=0.9, bottom=0.0, slope=1.5)[:, None]
    fit = concentration_response(EIGHT, late, active=ALL, noise=0.01)
    assert fit["status"].tolist() == [OUTSIDE]
    assert fit[["ec50", "ec50_low", "ec50_high"]].isna().all(axis=None)
    assert fit["r2"].notna().all()


def test_concentrations_can_be_left_out():
    """What is toxic is not fitted, and the tested range ends below it."""
    y = curve(EIGHT, ec50=0.03, top=0.7, bottom=0.0, slope=1.5)[:, None]
    dying = y.copy()
    dying[-2:] = 0.0
    fit = concentration_response(EIGHT, dying, active=ALL, use=EIGHT < 2.5, noise=0.02)
    assert fit["ec50"].item() == pytest.approx(0.03, rel=0.1)
    only_toxic_is_active = concentration_response(EIGHT, dying, active=EIGHT > 1, use=EIGHT < 2.5, noise=0.02)
    assert only_toxic_is_active["status"].tolist() == [NOT_ACTIVE]


def test_noise_seldom_gets_an_ec50():
    """Of genes without any relation about one in ten passes the criterion, which weighs and does not test."""
    y = np.random.default_rng(0).normal(0, 0.09, size=(8, 2000))
    fit = concentration_response(EIGHT, y, active=ALL, noise=np.full(2000, 0.09))
    assert (fit["status"] == FITTED).mean() < 0.1


@pytest.mark.parametrize(("genes", "seconds"), [(700, 1), (17_000, 5)])
def test_every_gene_is_fitted_at_once(genes, seconds):
    """One compound against 700 or 17,000 genes: 0.05 and 0.8 s on an idle core, asserted with room for a busy one."""
    y, _ = planted(EIGHT, sd=0.06, genes=genes)
    started = time.perf_counter()
    fit = concentration_response(EIGHT, y, active=ALL, noise=0.06)
    elapsed = time.perf_counter() - started
    print(f"{genes:,} genes: {elapsed:.2f} s")
    assert len(fit) == genes
    assert elapsed < seconds


def test_no_gene_is_no_error():
    """An empty table of genes gives an empty frame with all columns."""
    assert "ec50" in concentration_response(EIGHT, np.empty((8, 0)), active=ALL, noise=0.1)

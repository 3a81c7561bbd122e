"""Validity of the statistics themselves, on simulated maps with batches and correlated noise.

Each check is a function that returns what it measured, so that it can also be run on a null that was broken on
purpose: a check that still passes then would be worth nothing.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from explorer.maps.aggregation import aggregate, group_sums
from explorer.maps.efaar import fit_alignment
from explorer.statistics import pseudo_perturbations, similarity_null
from explorer.statistics.multiple_testing import q_values
from explorer.statistics.replicates import Null, activity, replicate_null, unit
from explorer.statistics.significance import significance

DIMENSIONS, EXPERIMENTS, CONTROLS, WELLS = 24, 6, 48, 4
GENES = 50
MAPS, NOMINAL = 200, 0.05


def screen(rng: np.random.Generator, signals: np.ndarray, *, align: bool = True) -> tuple[np.ndarray, ...]:
    """Wells of one compound a signal and of controls, with correlated noise and batch effects, then aligned.

    Returns the rows, the group of each (-1 for a control) and its batch.
    """
    n = len(signals)
    mixing = rng.normal(size=(DIMENSIONS, DIMENSIONS)) * np.geomspace(3, 0.5, DIMENSIONS)
    own = np.arange(n) % EXPERIMENTS
    batches = np.concatenate([np.repeat(np.arange(EXPERIMENTS), CONTROLS), np.repeat(own, WELLS)])
    groups = np.concatenate([np.full(EXPERIMENTS * CONTROLS, -1), np.repeat(np.arange(n), WELLS)])
    effects = np.vstack([signals, np.zeros((1, DIMENSIONS))])
    rows = (rng.normal(size=(len(groups), DIMENSIONS)) + effects[groups]) @ mixing
    rows += rng.normal(size=(EXPERIMENTS, DIMENSIONS))[batches]
    if align:
        names = [str(code) for code in range(EXPERIMENTS)]
        fitted = fit_alignment(rows, batches, groups < 0, method="pca-cs", batch_names=names)
        rows = fitted.apply(rows, batches)
    return rows, groups, batches


def null_map_p(*, seed: int = 0) -> np.ndarray:
    """p of the similarity of 800 inactive compounds to an inactive gene each.

    Experiments are centred, but the correlation of the noise is left in, so that a null that forgets it is wrong.
    """
    rng = np.random.default_rng(seed)
    rows, groups, batches = screen(rng, np.zeros((1600, DIMENSIONS)), align=False)
    for code in range(EXPERIMENTS):
        rows[batches == code] -= rows[(batches == code) & (groups < 0)].mean(axis=0)
    compounds, genes = np.split(unit(aggregate(rows, groups)[0]), 2)
    controls = groups < 0
    null = similarity_null.similarity_null(rows[controls], batches[controls], n_wells=WELLS)
    return null.p(np.einsum("gd,gd->g", compounds, genes), genes)


def similarity_fdr(*, maps: int, seed: int = 0) -> tuple[float, float]:
    """Mean false-discovery proportion at q <= .05 and sensitivity, over maps of 10 compounds by 50 genes.

    A compound does what two genes do and something of its own; every third compound does nothing.
    """
    false, found = [], []
    for number in range(maps):
        rng = np.random.default_rng([seed, number])
        genes = unit(rng.normal(size=(GENES, DIMENSIONS)))
        truth = np.zeros((10, GENES), dtype=bool)
        for compound in np.flatnonzero(np.arange(10) % 3):
            truth[compound, rng.choice(GENES, 2, replace=False)] = True
        own = unit(rng.normal(size=(10, DIMENSIONS)))
        signals = 4 * (truth @ genes) + own * truth.any(axis=1)[:, None]
        rows, groups, batches = screen(rng, np.concatenate([signals, np.repeat(6 * genes, 4, axis=0)]))
        controls = groups < 0
        vectors = unit(aggregate(rows, groups)[0])
        knockouts = unit(vectors[10:].reshape(GENES, 4, DIMENSIONS).mean(axis=1))
        null = similarity_null.similarity_null(
            rows[controls], batches[controls], n_wells=WELLS, draws=2000, seed=number
        )
        related = np.abs(genes @ genes.T) > 0.25
        for compound in range(10):
            similarities = knockouts @ vectors[compound]
            called = significance(similarities, gene_rows=knockouts, null=null).table["q"].to_numpy() <= NOMINAL
            unrelated = ~related[truth[compound]].any(axis=0)
            false.append((called & unrelated).sum() / max(called.sum(), 1))
            if truth[compound].any():
                found.append(called[truth[compound]].mean())
    return float(np.mean(false)), float(np.mean(found))


def activity_fdr(*, maps: int, seed: int = 0) -> tuple[float, float]:
    """Mean false-discovery proportion of the activity gate and its sensitivity: 20 of 60 compounds do something."""
    false, found = [], []
    for number in range(maps):
        rng = np.random.default_rng([seed, number])
        signals = np.zeros((60, DIMENSIONS))
        signals[:20] = 5 * unit(rng.normal(size=(20, DIMENSIONS)))
        rows, groups, batches = screen(rng, signals)
        controls = groups < 0
        null = replicate_null(rows[controls], batches[controls], np.full(60, WELLS), draws=1000, seed=number)
        means, sizes = aggregate(rows, groups)
        sums, _ = group_sums(unit(rows), groups, n_groups=60)
        table = activity(np.full(60, "compound"), sizes, sums, magnitude=np.linalg.norm(means, axis=1), null=null)
        called = table["active"].to_numpy()
        false.append(called[20:].sum() / max(called.sum(), 1))
        found.append(called[:20].mean())
    return float(np.mean(false)), float(np.mean(found))


def assert_uniform(p: np.ndarray) -> None:
    assert stats.kstest(p, "uniform").pvalue > 0.01


def assert_controlled(fdr: float) -> None:
    assert fdr <= NOMINAL


def test_p_is_uniform_on_a_null_map():
    """Inactive compounds, noise correlated: p is uniform by Kolmogorov-Smirnov, for three simulated maps."""
    for seed in range(3):
        p = null_map_p(seed=seed)
        print(f"null map {seed}: KS p {stats.kstest(p, 'uniform').pvalue:.3f}, p <= .05 for {(p <= 0.05).mean():.3f}")
        assert_uniform(p)


def test_the_uniformity_check_fails_when_the_null_is_broken(monkeypatch):
    """A null of isotropic noise, which forgets the correlation of the controls, does not pass."""

    def isotropic(control_rows, control_batches, *, size, spread, draws, seed):
        return np.random.default_rng(seed).normal(size=(draws, control_rows.shape[1])).astype(np.float32)

    monkeypatch.setattr(similarity_null, "pseudo_vectors", isotropic)
    with pytest.raises(AssertionError):
        assert_uniform(null_map_p())


def test_false_discoveries_of_similarity_stay_at_their_level():
    """Over 200 maps, at most 5 % of the genes at q <= .05 have nothing to do with the compound."""
    fdr, found = similarity_fdr(maps=MAPS)
    print(f"similarity: FDR {fdr:.3f} at a nominal {NOMINAL}, sensitivity {found:.2f}")
    assert_controlled(fdr)
    assert found > 0.3


def test_false_discoveries_of_activity_stay_at_their_level():
    """Over 200 maps, at most 5 % of the compounds called active do nothing."""
    fdr, found = activity_fdr(maps=MAPS)
    print(f"activity: FDR {fdr:.3f} at a nominal {NOMINAL}, sensitivity {found:.2f}")
    assert_controlled(fdr)
    assert found > 0.5


def test_the_similarity_check_fails_when_the_null_is_broken(monkeypatch):
    """p counted one-sided, half as large as it should be, lets too much through."""
    right = similarity_null.SimilarityNull.p

    def halved(self, similarities, gene_rows):
        return right(self, similarities, gene_rows) / 4

    monkeypatch.setattr(similarity_null.SimilarityNull, "p", halved)
    with pytest.raises(AssertionError):
        assert_controlled(similarity_fdr(maps=20)[0])


def test_the_activity_check_fails_when_the_null_is_broken(monkeypatch):
    """A null of perturbations four times as large, so too narrow, calls too much active."""
    right = pseudo_perturbations.null_of_class

    def too_large(rows, batches, *, size, **options):
        return Null(
            *(getattr(right(rows, batches, size=4 * size, **options), of) for of in ("consistency", "magnitude"))
        )

    monkeypatch.setattr(pseudo_perturbations, "null_of_class", too_large)
    with pytest.raises(AssertionError):
        assert_controlled(activity_fdr(maps=20)[0])


def test_q_values_of_pure_noise_reject_one_family_in_twenty():
    """With nothing to find, at most 5 % of families have any q <= .05, also where the tests of a family are related."""
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(2000, 1))
    z = np.sqrt(0.5) * shared + np.sqrt(0.5) * rng.normal(size=(2000, 40))
    for correction in ("bh", "by"):
        any_found = np.mean(
            [(q_values(2 * stats.norm.sf(np.abs(one)), correction=correction) <= 0.05).any() for one in z]
        )
        assert any_found <= 0.055

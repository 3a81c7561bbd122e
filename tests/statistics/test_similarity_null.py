"""The replicate-matched null of a similarity: counts, never 0, seeded, fast, and pooled over concentrations."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest

from explorer.statistics.consistency import unit
from explorer.statistics.pseudo_perturbations import pseudo_vectors, replicate_null
from explorer.statistics.similarity_null import DRAWS, SimilarityNull, draws_for, p_of_strongest, similarity_null


@pytest.fixture(scope="module")
def controls() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(600, 16)), np.repeat(np.arange(10), 60)


def test_p_is_a_count_and_never_zero():
    """p = (1 + #{|s0| >= |s|}) / (1 + N), two-sided, ties count, NaN stays NaN."""
    null = SimilarityNull(np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float16), n_wells=4)
    genes = np.tile([1.0, 0.0], (5, 1))
    p = null.p(np.array([0.0, -0.6, 0.7, 1.0, np.nan]), genes)
    np.testing.assert_allclose(p, [1, 0.75, 0.5, 0.5, np.nan])
    assert null.floor == 0.25


def test_the_same_seed_gives_the_same_null(controls):
    """A null can be drawn again at query time, and another seed gives another."""
    one, two, other = (similarity_null(*controls, n_wells=4, draws=500, seed=s) for s in (7, 7, 8))
    np.testing.assert_array_equal(one.rows, two.rows)
    assert not np.array_equal(one.rows, other.rows)
    np.testing.assert_allclose(np.linalg.norm(one.rows.astype(float), axis=1), 1, atol=1e-3)


def test_pseudo_vectors_are_those_of_the_activity_null(controls):
    """Their lengths are the null of the magnitude, also from float16 rows as a map stores them."""
    rows, batches = controls
    null = replicate_null(rows, batches, [6], spread=2, draws=400, seed=1)[6]
    vectors = pseudo_vectors(rows, batches, size=6, spread=2, draws=400, seed=1)
    np.testing.assert_allclose(np.sort(np.linalg.norm(vectors, axis=1)), null.magnitude, rtol=1e-5)
    half = pseudo_vectors(rows.astype(np.float16), batches, size=6, spread=2, draws=400, seed=1)
    np.testing.assert_allclose(half, vectors, atol=5e-3)


def test_promising_genes_are_compared_with_all_draws(controls):
    """With many draws, p agrees with counting all of them wherever it is small, and reaches 1 / (N + 1)."""
    null = similarity_null(*controls, n_wells=4, draws=20_000)
    genes = unit(np.random.default_rng(2).normal(size=(300, 16)))
    s = np.linspace(-0.99, 0.99, 300)
    counted = (1 + (np.abs(genes @ null.rows.T.astype(float)) >= np.abs(s)[:, None] - 1e-5).sum(axis=1)) / 20_001
    p = null.p(s, genes)
    small = p <= 0.005
    np.testing.assert_allclose(p[small], counted[small], atol=1e-4)
    np.testing.assert_allclose(p, counted, atol=0.03)
    assert p.min() == null.floor


def test_draws_let_one_gene_be_significant():
    """The smallest q of a lone gene is at most .05 with the draws recommended, as far as they go."""
    assert draws_for(100) == DRAWS
    assert 718 * 6 / (1 + draws_for(718, 6)) <= 0.05
    assert draws_for(17_000) == 100_000


def test_the_strongest_of_several_is_compared_with_the_strongest_of_noise(controls):
    """p of a maximum over k equals what k independent draws give, and a weaker class counts as itself."""
    null = similarity_null(*controls, n_wells=4, draws=5000)
    gene = unit(np.random.default_rng(3).normal(size=(1, 16)))
    strength = np.abs(null.rows.astype(float) @ gene[0])
    pooled = np.random.default_rng(4).choice(strength, size=(40_000, 6)).max(axis=1)
    for s in (0.5, 0.65, 0.8):
        assert p_of_strongest([s], gene, [null] * 6)[0] == pytest.approx((pooled >= s).mean(), abs=0.01)
    assert p_of_strongest([0.5], gene, [null])[0] == pytest.approx(null.p([0.5], gene)[0])
    other = similarity_null(*controls, n_wells=30, draws=5000)
    mixed = p_of_strongest([0.5], gene, [null, other, null])[0]
    assert mixed == pytest.approx(1 - (1 - null.p([0.5], gene)[0]) ** 2 * (1 - other.p([0.5], gene)[0]))
    assert np.isnan(p_of_strongest([0.5], gene, [])).all()


def test_no_controls_no_null():
    """Fewer than two controls cannot tell noise, and large perturbations draw at most four fifths of them."""
    assert similarity_null(np.ones((1, 4)), np.zeros(1), n_wells=4) is None
    rows = np.random.default_rng(0).normal(size=(10, 4))
    assert similarity_null(rows, np.zeros(10), n_wells=500, draws=20).draws == 20


def test_seventeen_thousand_genes_are_tested_in_seconds_and_little_memory():
    """5,000 draws against 17,000 genes of 128 dimensions: seconds on a busy core, far below 300 MB."""
    rng = np.random.default_rng(0)
    rows, genes = (
        rng.normal(size=(5000, 128)).astype(np.float16),
        unit(rng.normal(size=(17_000, 128)).astype(np.float32)),
    )
    null = SimilarityNull(unit(rows.astype(np.float32)).astype(np.float16), 4)
    tracemalloc.start()
    started = time.perf_counter()
    p = null.p(genes @ genes[0], genes)
    elapsed, (_, peak) = time.perf_counter() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert p[0] == null.floor
    assert elapsed < 10
    assert peak < 100e6

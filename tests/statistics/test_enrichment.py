"""Enrichment is the hypergeometric test in the universe that is given, and redundant sets stand behind a better one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.stats import fisher_exact, hypergeom

from explorer.errors import InputError
from explorer.statistics.enrichment import enrichment, representatives
from explorer.statistics.multiple_testing import benjamini_hochberg


def example(seed: int = 0, *, sets: int = 60, genes: int = 300):
    """Random sets, a random selection, and a universe without a tenth of the genes."""
    rng = np.random.default_rng(seed)
    members = sparse.csr_array((rng.random((sets, genes)) < rng.uniform(0.01, 0.3, (sets, 1))).astype(np.float32))
    return members, rng.random(genes) < 0.1, rng.random(genes) < 0.9


def test_p_is_that_of_scipy_and_of_fisher():
    """For every tested set: the hypergeometric survival function, and the one-sided exact test of its table."""
    members, selected, universe = example()
    table = enrichment(members, selected, universe)
    dense = members.toarray().astype(bool)
    assert len(table) > 30
    for row in table.itertuples():
        of_set = dense[row.row] & universe
        chosen = selected & universe
        hits, size, drawn, n = (of_set & chosen).sum(), of_set.sum(), chosen.sum(), universe.sum()
        assert (row.hits, row.size, row.selected, row.universe) == (hits, size, drawn, n)
        assert row.p == pytest.approx(hypergeom.sf(hits - 1, n, size, drawn), rel=1e-9)
        cells = [[hits, size - hits], [drawn - hits, n - size - drawn + hits]]
        assert row.p == pytest.approx(fisher_exact(cells, alternative="greater").pvalue, rel=1e-6)


def test_it_is_what_gseapy_computes():
    """The case of its documentation in numbers: M = 20,000 background genes, n in the set, N selected, x hits.

    gseapy (doi:10.1093/bioinformatics/btac757) takes `hypergeom.sf(x - 1, M, n, N)`; its q is Benjamini-Hochberg over
    the sets that are hit, which is the same as here where every tested set is hit.
    """
    background, selection = 20_000, 150
    sizes, hits = np.array([10, 45, 120, 400]), np.array([3, 1, 12, 9])
    rows = [np.r_[np.arange(h), np.arange(5_000, 5_000 + s - h)] for s, h in zip(sizes, hits, strict=True)]
    at = np.repeat(np.arange(4), sizes), np.concatenate(rows)
    members = sparse.csr_array((np.ones(sizes.sum(), dtype=np.float32), at), shape=(4, background))
    table = enrichment(members, np.arange(background) < selection, np.ones(background, dtype=bool))
    p = hypergeom.sf(hits - 1, background, sizes, selection)
    assert table["p"].to_numpy() == pytest.approx(p, rel=1e-9)
    assert table["q"].to_numpy() == pytest.approx(benjamini_hochberg(p), rel=1e-9)


def test_the_universe_is_what_could_be_selected():
    """Selected genes outside it do not count, nor do members of a set; sets that are then small or large are left."""
    members, selected, universe = example(1)
    table = enrichment(members, selected, universe, smallest=5, largest=50)
    assert table["size"].between(5, 50).all()
    again = enrichment(members, selected & universe, universe, smallest=5, largest=50)
    assert table.equals(again)
    whole = enrichment(members, selected, np.ones_like(universe), smallest=5, largest=50)
    assert whole["universe"].iat[0] > table["universe"].iat[0]


def test_the_family_does_not_depend_on_the_selection():
    """Sets without a hit are tested too, with p of 1."""
    members, selected, universe = example(2)
    few = np.zeros_like(selected)
    few[np.flatnonzero(universe)[:2]] = True
    table = enrichment(members, few, universe)
    assert table["row"].tolist() == enrichment(members, selected, universe)["row"].tolist()
    assert (table["p"][table["hits"] == 0] == 1).all()


def test_p_is_never_zero():
    """However improbable."""
    members = sparse.csr_array(np.repeat(np.eye(2, dtype=np.float32), 400, axis=1))
    table = enrichment(members, np.arange(800) < 400, np.ones(800, dtype=bool))
    assert 0 < table["p"].iat[0] < 1e-200


@given(seed=st.integers(0, 10_000))
def test_chance_alone_enriches_nothing(seed):
    """Over random selections of random sets, at most a few smallest q are small: the 5 % that were agreed."""
    members, selected, universe = example(seed, sets=30, genes=120)
    if (selected & universe).any():
        table = enrichment(members, selected, universe)
        assert table["p"].between(0, 1).all()
        assert (table["q"] >= table["p"] - 1e-12).all()


def test_an_empty_universe_is_refused():
    """And one of another length."""
    members, selected, universe = example()
    for wrong in (np.zeros_like(universe), universe[:-1]):
        with pytest.raises(InputError, match="universe"):
            enrichment(members, selected, wrong)


def test_a_set_that_says_the_same_stands_behind_a_better_one():
    """Half of the hits in common, and of one kind: a phenotype never hides a complex."""
    hits = sparse.csr_array(
        np.array([[1, 1, 1, 1, 0, 0], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0], [0, 0, 0, 1, 1, 1], [0, 0, 0, 0, 1, 1]])
    )
    kinds = np.array(["complex", "complex", "phenotype", "complex", "complex"])
    assert representatives(hits, kinds) == {0: [1], 2: [], 3: [4]}
    assert representatives(hits, kinds, redundant=0.9) == {0: [], 1: [], 2: [], 3: [], 4: []}
    assert representatives(hits[:0], kinds[:0]) == {}

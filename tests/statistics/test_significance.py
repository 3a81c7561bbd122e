"""One table of significance for every page: score, rank, p, q, and the rules that choose what is shown."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.errors import InputError
from explorer.statistics.consistency import unit
from explorer.statistics.gene_cosines import gene_cosines
from explorer.statistics.significance import score_and_rank, significance, similarity_null


@pytest.fixture(scope="module")
def genes() -> np.ndarray:
    return unit(np.random.default_rng(1).normal(size=(200, 16))).astype(np.float32)


def test_score_and_rank_are_of_the_strength_and_ties_go_to_the_raw_cosine():
    """Opposite and similar are ranked by |cosine|; of two equally strong the similar one comes first."""
    table = score_and_rank(np.array([0.1, -0.5, 0.5, 0.0]))
    assert table["rank"].tolist() == [3, 2, 1, 4]
    assert table["score"].tolist() == [50, -100, 100, 0]
    assert (table["n"] == 4).all()
    assert score_and_rank(np.array([])).empty


def test_a_query_that_is_a_gene_is_significant_and_noise_is_not(genes):
    """A copy of a gene has the smallest p and q; the other genes are not significant; q covers the family only."""
    rng = np.random.default_rng(0)
    null = similarity_null(rng.normal(size=(400, 16)), np.repeat(np.arange(4), 100), n_wells=4)
    found = significance(genes @ genes[7], gene_rows=genes, null=null)
    assert list(found.table.columns) == ["cosine", "score", "rank", "n", "p", "q"]
    assert found.table.loc[7, ["rank", "score", "p"]].tolist() == [1, 100, found.floor]
    assert found.passes("q").tolist() == (found.table["q"] <= 0.05).tolist()
    assert found.passes("q")[7]
    assert found.passes("q").sum() < 5
    family = np.arange(200) < 20
    narrow = significance(genes @ genes[7], gene_rows=genes, null=null, family=family)
    assert narrow.table["q"][7] < found.table["q"][7]
    assert narrow.table["q"][20:].isna().all()
    strict = significance(genes @ genes[7], gene_rows=genes, null=null, correction="by")
    assert strict.table["q"][7] > found.table["q"][7]


def test_without_controls_there_is_rank_but_no_p(genes):
    """No null: score and rank stay, p and q are missing, and the q rule says why it cannot be used."""
    found = significance(genes @ genes[0])
    assert found.table[["p", "q"]].isna().all(axis=None)
    assert np.isnan(found.floor)
    with pytest.raises(InputError, match="no control wells"):
        found.passes("q")


def test_presets_leave_their_share_beyond(genes):
    """Loose, default and strict keep 5, 1 and 0.1 % of all pairs on each side, |cosine| >= .4 keeps just these."""
    cosines = gene_cosines(genes)
    cutoffs = cosines.cutoffs()
    pairs = (genes @ genes.T)[np.triu_indices(200, 1)]
    assert cosines.pairs == cutoffs.pairs == len(pairs)
    found = significance(pairs)
    for rule, share in (("loose", 0.05), ("default", 0.01), ("strict", 0.001)):
        assert found.passes(rule, cutoffs=cutoffs).mean() == pytest.approx(2 * share, abs=3e-4)
        low, high = cutoffs.presets[rule]
        np.testing.assert_allclose([low, high], np.quantile(pairs, [share, 1 - share]), atol=2e-3)
    assert (found.passes("cosine") == (np.abs(pairs) >= 0.4)).all()
    with pytest.raises(InputError, match="loose"):
        found.passes("loose")
    with pytest.raises(InputError, match="not known"):
        found.passes("95 %", cutoffs=cutoffs)


def test_gene_cosines_count_every_pair_once_whatever_the_blocks():
    """5,000 genes cross all block borders; the histogram has every pair and can be made coarser."""
    rows = unit(np.random.default_rng(2).normal(size=(5000, 3))).astype(np.float32)
    cosines = gene_cosines(rows)
    assert cosines.pairs == 5000 * 4999 // 2
    counts, edges = cosines.histogram(64)
    assert counts.sum() == cosines.pairs
    assert len(edges) == 65
    assert cosines.quantile(0.5) == pytest.approx(0, abs=0.02)  # uniform on [-1, 1] in three dimensions
    assert cosines.quantile(0.9) == pytest.approx(0.8, abs=0.02)


def test_a_map_of_one_gene_has_no_cutoff():
    """No pair, no cut-off: NaN, which nothing passes."""
    cutoffs = gene_cosines(np.ones((1, 1), dtype=np.float32)).cutoffs()
    assert not significance(np.array([0.9])).passes("strict", cutoffs=cutoffs).any()

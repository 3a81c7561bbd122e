"""Recall equals the published rank rule, random pairs give what chance gives, the matched baseline sees strength."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from explorer.errors import InputError
from explorer.statistics import recall
from explorer.statistics.recall import in_tails, matched_pairs, recall_table, similarities, tail_cuts


def rows_of(genes, dimensions=8, seed=0):
    rows = np.random.default_rng(seed).standard_normal((genes, dimensions)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def all_pairs(genes):
    return np.column_stack(np.triu_indices(genes, k=1))


@pytest.mark.parametrize("genes", [10, 37, 101])
@pytest.mark.parametrize("largest", [2, 200])
def test_hits_are_those_of_the_rank_rule(genes, largest):
    """A pair is a hit where its left rank is at least .95 or its right rank at most .05 of all pairs, ties included."""
    whole = np.random.default_rng(genes).integers(-largest, largest, (genes, 8), endpoint=True)
    rows = whole.astype(np.float32)  # small whole numbers: no rounding, and with 2 as the largest many ties
    pairs = all_pairs(genes)
    values = similarities(rows, pairs)
    null = np.sort(values)
    for tail, (low, high) in tail_cuts(rows).items():
        left = np.searchsorted(null, values, side="left") / len(null)
        right = np.searchsorted(null, values, side="right") / len(null)
        rule = (right <= tail + 1e-12) | (left >= 1 - tail - 1e-12)
        np.testing.assert_array_equal(in_tails(values, low, high), rule)


def test_the_histogram_gives_the_exact_cuts(monkeypatch):
    """Large maps take two passes over a histogram and get the same numbers, also where rows differ in length."""
    rows = rows_of(700) * np.linspace(0.2, 1, 700, dtype=np.float32)[:, None]
    exact = tail_cuts(rows)
    monkeypatch.setattr(recall, "_EXACT_GENES", 0)
    assert tail_cuts(rows) == exact


def test_random_pairs_are_recalled_as_chance_has_it():
    """Pairs that are drawn at random are in the tails as often as all pairs, and not significantly more."""
    rows = rows_of(300)
    pairs = all_pairs(300)[np.random.default_rng(1).permutation(300 * 299 // 2)[:2000]]
    (row,) = recall_table(rows, {"random": pairs}, draws=50).to_dict("records")
    assert row["pairs"] == 2000
    for tail, chance in (("05", 0.1), ("10", 0.2)):
        assert row[f"recall_{tail}"] == pytest.approx(chance, abs=0.03)
        assert row[f"random_{tail}"] == pytest.approx(chance, abs=0.01)
        assert row[f"matched_{tail}"] == pytest.approx(chance, abs=0.01)
        assert row[f"p_{tail}"] >= 1 / 51


def test_planted_relationships_are_found():
    """Genes that share a direction are recalled, with the smallest p there is against both baselines; never 0."""
    rows = rows_of(200, dimensions=16)
    rows[1::2] = rows[::2] + 0.3 * rows[1::2]
    pairs = np.column_stack([np.arange(0, 200, 2), np.arange(1, 200, 2)])
    (row,) = recall_table(rows, {"planted": pairs, "empty": np.empty((0, 2), int)}, draws=99).to_dict("records")
    assert row["recall_05"] > 0.95
    assert row["p_05"] == row["p_matched_05"] == pytest.approx(0.01)
    assert row["matched_05"] < 0.2


def test_strength_alone_raises_recall_but_not_the_gain():
    """Where annotated genes are merely stronger, recall is above random and not above the matched baseline."""
    strength = np.where(np.arange(400) < 80, 1.0, 0.3).astype(np.float32)[:, None]
    pairs = all_pairs(80)[np.random.default_rng(0).permutation(80 * 79 // 2)[:800]]
    (row,) = recall_table(rows_of(400) * strength, {"strong": pairs}, draws=99).to_dict("records")
    assert row["recall_05"] > 0.4
    assert row["p_05"] == pytest.approx(0.01)
    assert row["recall_05"] == pytest.approx(row["matched_05"], abs=0.05)
    assert row["p_matched_05"] > 0.01


def test_matched_pairs_keep_the_partners_of_each_gene():
    """Ends are those of the known pairs, no pair is known or of a gene with itself; a full graph leaves none."""
    pairs = np.unique(np.sort(np.random.default_rng(0).integers(60, size=(300, 2)), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    drawn = matched_pairs(pairs, draws=40, rng=np.random.default_rng(0))
    assert drawn.shape == (40, len(pairs), 2)
    known = {tuple(p) for p in pairs.tolist()}
    flat = drawn.reshape(-1, 2)
    assert not any(tuple(p) in known for p in flat.tolist())
    assert (flat[:, 0] < flat[:, 1]).all()
    degree, kept = (np.bincount(x.ravel(), minlength=60) for x in (pairs, flat))
    assert stats.spearmanr(degree, kept).statistic > 0.9
    full = matched_pairs(all_pairs(3), draws=2, rng=np.random.default_rng(0))
    assert (full == -1).all()


def test_full_graph_has_no_matched_baseline():
    """Where every pair of genes is known there is nothing to match, and no number is made up."""
    (row,) = recall_table(rows_of(20), {"all": all_pairs(20)[:3]}, draws=5).to_dict("records")
    assert np.isfinite(row["random_05"])
    assert np.isnan(row["matched_05"]) or 0 <= row["matched_05"] <= 1


def test_too_few_genes_are_refused():
    """Recall among a handful of genes says nothing."""
    with pytest.raises(InputError, match="ten"):
        recall_table(rows_of(5), {})

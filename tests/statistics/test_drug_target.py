"""Average precision and ROC-AUC of drug targets by their definitions, baselines computed, and the signed signal."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explorer.errors import InputError
from explorer.statistics.drug_target import average_precision, drug_target_benchmark, roc_auc, target_signal


def test_average_precision_and_auc_by_hand():
    """Targets at ranks 1 and 3 of 4: AP = (1 + 2/3)/2, AUC = 3/4; all tied: AP the share of targets, AUC a half."""
    known, others = np.array([[4.0, 2.0]]), np.array([[3.0, 1.0]])
    assert average_precision(known, others) == pytest.approx([5 / 6])
    assert roc_auc(known, others) == pytest.approx([0.75])
    assert average_precision(known * 0, others * 0) == pytest.approx([0.5])
    assert roc_auc(known * 0, others * 0) == pytest.approx([0.5])


def test_a_perfect_map_is_perfect_and_chance_is_computed():
    """Targets with the largest |similarity| give AP and AUC 1, whichever the sign; shuffled scores give chance."""
    similarity = np.random.default_rng(0).uniform(-0.5, 0.5, (40, 30))
    similarity[np.arange(40), np.arange(40) % 30] = np.where(np.arange(40) % 2, 0.9, -0.9)
    genes = [f"G{i:02d}" for i in range(30)]
    compounds = [f"C{i:02d}" for i in range(40)]
    targets = pd.DataFrame({"compound": compounds, "gene": [genes[i % 30] for i in range(40)]})
    table = drug_target_benchmark(similarity, compounds, genes, targets=targets, seeds=20)
    assert len(table) == 40
    assert (table["targets"] == 1).all()
    assert (table["negatives"] == 20).all()
    assert table[["ap", "auc"]].to_numpy() == pytest.approx(1.0)
    assert table["random_auc"].mean() == pytest.approx(0.5, abs=0.04)
    assert table["random_ap"].mean() == pytest.approx(np.mean(1 / np.arange(1, 22)), abs=0.04)


def test_strongest_concentration_counts_and_missing_ones_do_not():
    """The score is the largest |similarity| of the concentrations that there are."""
    similarity = np.array([[0.1, 0.2, 0.3], [-0.9, 0.1, 0.2], [np.nan] * 3])
    targets = pd.DataFrame({"compound": ["x"], "gene": ["A"]})
    table = drug_target_benchmark(similarity, ["x", "x", "x"], ["A", "B", "C"], targets=targets, seeds=3)
    assert table.loc[0, ["targets", "negatives", "auc"]].tolist() == [1, 2, 1.0]


def test_potency_decides_what_is_a_target_a_negative_or_neither():
    """Up to 1 uM or unknown: target; up to 10: left out; above: as any other gene. The strongest of two counts."""
    targets = pd.DataFrame(
        {
            "compound": ["x"] * 6 + ["weak"],
            "gene": ["A", "B", "C", "D", "E", "E", "A"],
            "potency": [1.0, np.nan, 5.0, 50.0, 20.0, 0.1, 5.0],
        }
    )
    genes = list("ABCDEFG")
    table = drug_target_benchmark(np.ones((2, 7)), ["x", "weak"], genes, targets=targets, seeds=2)
    assert table["compound"].tolist() == ["x"]
    assert table.loc[0, ["targets", "negatives"]].tolist() == [3, 3]


def test_nothing_annotated_is_an_empty_table():
    """Compounds or genes that are not on the map leave nothing to measure, and that is no error."""
    none = pd.DataFrame({"compound": ["y"], "gene": ["Z"]})
    table = drug_target_benchmark(np.ones((1, 2)), ["x"], ["A", "B"], targets=none)
    assert table.empty
    assert "random_auc" in table


def test_signal_of_planted_targets():
    """Compounds that resemble their target: targets above others, small p; without, a p that is not."""
    rng = np.random.default_rng(0)
    similarity = rng.normal(0, 0.2, (60, 25))
    pairs = np.column_stack([np.arange(60), rng.integers(25, size=60)])
    chance = target_signal(similarity, pairs, permutations=499)
    similarity[pairs[:, 0], pairs[:, 1]] += 0.3
    found = target_signal(similarity, pairs, permutations=499)
    assert found.targets - found.others == pytest.approx(0.3, abs=0.06)
    assert found.p == found.p_percentile == pytest.approx(1 / 500)
    assert found.percentile > 0.75
    assert chance.p > 0.05
    assert chance.percentile == pytest.approx(0.5, abs=0.1)


def test_signal_needs_two_pairs():
    """One pair cannot be shuffled."""
    with pytest.raises(InputError, match="two compounds"):
        target_signal(np.ones((1, 3)), np.array([[0, 1]]))

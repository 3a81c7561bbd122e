"""Sentences, windows and evidence say what the numbers say, and nothing where there is nothing to say."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import plotly.utils

from explorer.components.safety import evidence_table, window_bar, window_words
from explorer.components.sentences import passing, responses


def text_of(component: object) -> str:
    return json.dumps(component, cls=plotly.utils.PlotlyJSONEncoder, ensure_ascii=False)


def neighbours(q: list[float], cosine: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"q": q, "cosine": cosine})


def test_passing_counts_by_sign():
    """Significant neighbours are counted with their sign; the total is there."""
    said = passing(neighbours([0.01, 0.05, 0.2], [0.5, -0.4, 0.1]), "genes")
    assert said == "2 of 3 genes pass q ≤ 0.05: 1 similar, 1 opposite. Ranked by |cosine|."


def test_passing_says_when_none_does_and_when_nothing_was_tested():
    """None is not silence, and a map without controls has no q."""
    assert "None of 2 genes" in passing(neighbours([0.3, 0.2], [0.1, 0.2]), "genes")
    assert "lowest 0.20" in passing(neighbours([0.3, 0.2], [0.1, 0.2]), "genes")
    assert "no q" in passing(neighbours([np.nan, np.nan], [0.1, 0.2]), "genes")


def test_responses_give_intervals_and_reasons():
    """A fitted gene has its interval, an open bound is called open, a refused one has its reason."""
    frame = pd.DataFrame(
        {
            "slug": ["A", "B"],
            "over_toxic": [False, False],
            "ec50": [0.0123, np.nan],
            "ec50_low": [np.nan, np.nan],
            "ec50_high": [0.03, np.nan],
            "status": ["fitted", "flat: no better than a constant"],
        }
    )
    said = responses(frame, {"A": "PSMB5", "B": "TP53"})
    assert said == "EC50 in µM (95 %): PSMB5 0.012 (open to 0.03) · none for TP53: flat"
    assert responses(frame.iloc[:0], {}) == ""


def test_windows_in_words():
    """Fold and both ends; at least where nothing was toxic; nothing where there is no effect."""
    window = {"effect": 0.01, "toxic": 0.25, "fold": 25.0, "at_least": False, "what": "on PSMB5", "by": "count"}
    assert window_words(window) == "Window 25× (0.01 → 0.25 µM)"
    assert "at least 1,000×" in window_words(window | {"toxic": None, "fold": 1000.0, "at_least": True})
    assert window_words(window | {"effect": None, "fold": None}) == ""


def test_the_bar_covers_every_concentration_once():
    """Stages follow each other and span all slots."""
    window = {"effect": 0.1, "toxic": 10.0, "fold": 100.0, "at_least": False, "what": "on X", "by": "proxy"}
    bar = window_bar([0.01, 0.1, 1.0, 10.0], window)
    assert [s.style["gridColumn"] for s in bar.children] == ["span 1", "span 2", "span 1"]
    assert bar.children[-1].children == "toxicity-like (proxy)"


def test_evidence_never_shows_a_zero_for_what_is_absent():
    """Without counts and controls each row says that it is absent and why."""
    row = {"relative_count": np.nan, "toxic": None, "score": np.nan, "score_limit": np.nan}
    table = text_of(evidence_table(row | {"magnitude": 3.0, "magnitude_limit": np.nan}))
    assert table.count("absent") == 3
    assert "no cell counts in this map" in table
    assert "k-icon-caution" not in table

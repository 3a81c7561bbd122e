"""Cosine, map score and rank: against plain numpy, with ties and empty backgrounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.maps.similarity import cosines
from explorer.statistics.significance import score_and_rank

VALUES = st.lists(st.floats(-1, 1).map(lambda x: round(x, 2) + 0.0), max_size=25)


def test_cosines_of_unit_rows_are_dot_products():
    """On unit rows the cosine is the dot product, and rounding never takes it beyond 1."""
    rows = np.random.default_rng(0).normal(size=(50, 7)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    np.testing.assert_allclose(cosines(rows, rows[3]), rows @ rows[3], atol=1e-7)
    assert cosines(rows * 1.001, rows[3]).max() == 1


def test_scores_and_ranks_of_a_known_background():
    """The strongest |cosine| has rank 1 and score 100 with its sign; ties in |cosine| go to the higher cosine."""
    frame = score_and_rank(np.array([0.5, -0.5, 0.1, -0.9]))
    assert frame["rank"].tolist() == [2, 3, 4, 1]
    assert frame["score"].tolist() == [75.0, -75.0, 25.0, -100.0]
    assert frame["n"].tolist() == [4] * 4


def test_equal_cosines_share_a_score_and_not_a_rank():
    """Equal values have one score, and ranks in the order of the map."""
    frame = score_and_rank(np.array([0.3, 0.3, 0.2]))
    assert frame["score"].tolist() == pytest.approx([100, 100, 100 / 3])
    assert frame["rank"].tolist() == [1, 2, 3]


def test_a_cosine_of_zero_has_score_zero():
    """Zero similarity is neither like nor unlike."""
    assert score_and_rank(np.array([0.0, 0.4]))["score"].tolist() == [0.0, 100.0]


def test_an_empty_background_gives_an_empty_table():
    """Nothing to compare with is no error."""
    frame = score_and_rank(np.array([]))
    assert frame.empty
    assert list(frame.columns) == ["cosine", "score", "rank", "n"]


@given(VALUES)
def test_scores_follow_ranks(values):
    """Ranks are 1 to n once each, a better rank never has a smaller |score|, and a score has the sign of its cosine."""
    frame = score_and_rank(np.array(values))
    assert sorted(frame["rank"]) == list(range(1, len(values) + 1))
    assert (frame.sort_values("rank")["cosine"].abs().diff().dropna() <= 0).all()
    assert (frame[frame["cosine"] != 0].sort_values("rank")["score"].abs().diff().dropna() <= 1e-12).all()
    assert (np.sign(frame["score"]) == np.sign(frame["cosine"])).all()
    assert frame["score"].abs().max() <= 100 if len(frame) else True

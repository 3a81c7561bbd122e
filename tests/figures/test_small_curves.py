"""Small curves: their numbers are those of the map, and names at their ends have room."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import atlas, queries
from explorer.errors import InputError
from explorer.figures.curve_marks import spread
from explorer.figures.small_curves import draw_small_curves, small_limits

ASKED = {"like": ["gene:CDK12", "gene:CCNK"], "avoid": ["gene:CDK13"], "reference": []}


@pytest.fixture(autouse=True)
def on_demo(opened, monkeypatch):
    """Ask the open maps of the session."""
    monkeypatch.setattr(atlas, "_current", opened)


def test_curves_are_similarities_to_the_queries():
    """To a sum as to a single gene; a query without terms has none; the band is that of all genes."""
    frame = queries.target_curves("demo", ["compound:indisulam"], **ASKED)
    assert set(frame["series"]) == {"like", "avoid", "band"}
    m = atlas.opened("demo").map
    for series in ("like", "avoid"):
        of_one = frame[frame["series"] == series]
        rows = [f"compound:indisulam@{c:g}" for c in of_one["concentration"]]
        expected = [queries.similarity_to("demo", p, ASKED[series]) for p in rows]
        np.testing.assert_allclose(of_one["cosine"], expected, atol=1e-6)
    at = m.features[queries.row("demo", "compound:indisulam@1")] @ m.features[m.gene_rows].T
    band = frame[(frame["series"] == "band") & (frame["concentration"] == 1)].set_index("part")["cosine"]
    np.testing.assert_allclose(band[["low", "high"]], np.percentile(at, [5, 95]), atol=1e-5)


def test_a_small_plot_names_its_lines_and_its_best_concentration():
    """Every line is named at its end, the best and the ends of the axis are ticks, and markup in a name is none."""
    frame = queries.target_curves("demo", ["compound:e7820"], **ASKED)
    names = {"like": "<i>CDK12</i> + <i>CCNK</i>", "avoid": "<i>CDK13</i>"}
    figure = draw_small_curves(frame, names=names, best=2.5, limits=small_limits(frame), dark=True)
    assert [a.text for a in figure.layout.annotations] == ["<b><i>CDK12</i> + <i>CCNK</i></b>", "<i>CDK13</i>"]
    ticks = list(figure.layout.xaxis.ticktext)
    assert {"2.5", "10", "0.0025"} <= set(ticks)
    assert any(t.name == "toxic by count" for t in figure.data)
    with pytest.raises(InputError, match="no curve"):
        draw_small_curves(frame.iloc[:0], names=names, best=1.0, limits=(-1, 1), dark=False)


def test_labels_keep_their_order_and_distance_within_the_axis():
    """Also where all lines end at the lower or the upper edge."""
    for ends in (
        {"a": 0.0, "b": 0.01, "c": -0.01},
        {"a": 1.0, "b": 0.995, "c": 0.99},
        {"a": -1.0, "b": -0.9, "c": 0.4},
    ):
        placed = spread(ends, gap=0.2, low=-1.0, high=1.0)
        heights = sorted(placed.values())
        assert np.diff(heights).min() >= 0.2 - 1e-9
        assert heights[0] >= -1
        assert heights[-1] <= 1
        assert sorted(ends, key=ends.get) == sorted(placed, key=placed.get)

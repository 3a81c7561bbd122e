"""Figures of the quality and set pages: what is drawn is what was measured, in both themes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explorer.figures.arms import draw_arms, genome_order
from explorer.figures.histogram import draw_histogram
from explorer.figures.recall import draw_recall
from explorer.figures.square import MOST_NAMES, draw_square
from explorer.statistics.gene_cosines import gene_cosines
from explorer.statistics.recall import ANCHORS

DARK = pytest.mark.parametrize("dark", [False, True])


def record(source: str, value: float, **more) -> dict:
    return {
        "source": source,
        "pairs": 100,
        "recall_05": value,
        "random_05": 0.1,
        "matched_05": 0.12,
        "p_05": 0.001,
    } | more


def recall(**ways) -> dict:
    return {"genes": 50, "anchors": ANCHORS, "comparable": ["CellProfiler", "OpenPhenom"], "draws": None, **ways}


@DARK
def test_recall_has_a_dot_a_source(dark):
    """The served rows are the full dot, plain cosine the open one; published figures only of sources that are shown."""
    found = recall(
        cosine=[record("HuMAP", 0.3), record("own", 0.2)], served=[record("own", 0.25), record("HuMAP", 0.35)]
    )
    figure = draw_recall(found, tail="05", dark=dark)
    at = {t.name: dict(zip(t.y, t.x, strict=True)) for t in figure.data if "published" not in t.name}
    assert at["this map"] == {"HuMAP": 0.35, "own": 0.25}
    assert at["by plain cosine"] == {"HuMAP": 0.3, "own": 0.2}
    published = [t for t in figure.data if "published" in t.name]
    assert [list(t.x) for t in published] == [[0.444], [0.352]]
    assert sum(t.showlegend is not False for t in published) == 1


def test_recall_of_the_other_tail_has_no_anchor():
    """Nothing was published for 10/90; a number that is absent is no dot."""
    figure = draw_recall(recall(cosine=[record("HuMAP", 0.3)]), tail="10", dark=False)
    assert not [t for t in figure.data if "published" in t.name]
    assert not any(len(t.x) for t in figure.data)


def test_names_of_sources_are_escaped():
    """A source called like markup is text."""
    figure = draw_recall(recall(cosine=[record("<b>x</b>", 0.3)]), tail="05", dark=False)
    assert "<b>x" not in str([t.hovertext for t in figure.data])


@DARK
def test_histogram_colours_the_tails(dark):
    """Six cut-offs with their cosine; bins beyond 1 % have the colour of their sign."""
    rows = np.random.default_rng(0).normal(size=(80, 20))
    found = gene_cosines((rows / np.linalg.norm(rows, axis=1)[:, None]).astype(np.float32))
    counts, edges = found.histogram(128)
    told = {"counts": counts.tolist(), "edges": edges.tolist(), "cutoffs": dict(found.cutoffs().presets)}
    figure = draw_histogram(told, dark=dark)
    assert len(figure.layout.shapes) == len(figure.layout.annotations) == 6
    assert len(set(figure.data[0].marker.color)) == 3


@DARK
def test_arms_stand_in_the_order_of_the_genome(dark):
    """1p before 2q before 10q before X; an arm above chance is filled."""
    frame = pd.DataFrame(
        {
            "arm": ["Xp", "10q", "2q", "1p"],
            "genes": 9,
            "pairs": 36,
            "within": 0.1,
            "between": 0.0,
            "probability": [0.5, 0.6, 0.4, 0.5],
            "p": [1, 0.01, 1, 1.0],
        }
    )
    figure = draw_arms(frame, dark=dark)
    assert list(figure.layout.xaxis.categoryarray) == ["1p", "2q", "10q", "Xp"]
    assert list(figure.data[1].x) == ["10q"]
    assert genome_order("weird") == (99, "weird")


@DARK
@pytest.mark.parametrize("k", [2, 40, MOST_NAMES + 1, 150])
def test_the_square_is_symmetric_about_zero(dark, k):
    """The scale has the same end on both sides, the diagonal is left out, names go where they do not fit."""
    values = np.random.default_rng(0).uniform(-0.44, 0.44, size=(k, k))
    figure = draw_square(values, names=[f"g{i}" for i in range(k)], dark=dark)
    heat = figure.data[0]
    assert heat.zmin == -heat.zmax
    assert np.isnan(np.diag(np.array(heat.z, dtype=float))).all()
    assert (figure.layout.xaxis.showticklabels is False) == (k > MOST_NAMES)

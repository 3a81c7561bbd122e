"""Figures of the Representations page: what is not known stays empty, names are text, the axis fits the numbers."""

from __future__ import annotations

import numpy as np

from explorer.figures.molecule import draw_distances, draw_strips
from explorer.figures.retrieval import draw_retrieval


def way(mean: float) -> dict:
    return {"way": "cells", "mean": mean, "low": mean - 0.02, "high": mean + 0.02, "by_chance": 0.03, "p": 0.005}


def test_atoms_of_separate_parts_have_no_distance():
    """An empty cell, and a scale that ends at the longest way."""
    figure = draw_distances([[0, None], [None, 0]], names=["Na1", "Cl2"], dark=False)
    assert np.isnan(np.array(figure.data[0].z, dtype=float)[0, 1])
    assert list(figure.layout.xaxis.ticktext) == ["Na1", "Cl2"]


def test_names_of_compounds_are_text():
    """Plotly would read markup in an annotation."""
    figure = draw_strips([[0.1, -0.2], [0.0, 0.1]], names=["<a href=x>b</a>", "& c"], dark=True)
    assert [a.text for a in figure.layout.annotations] == ["&lt;a href=x>b&lt;/a>", "&amp; c"]


def test_the_axis_ends_beyond_the_highest_interval():
    """Small numbers are not squeezed against 0, and none passes 1 by much."""
    for mean, end in ((0.1, 0.138), (0.97, 1.02)):
        figure = draw_retrieval([way(mean)], names={"cells": "Cells"}, dark=False)
        assert np.isclose(figure.layout.xaxis.range[1], end)
        assert figure.data[1].text == (f"{mean:.2f}",)

"""Curves: every part is drawn, labels are no markup, inactive points are open, and odd input is refused in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explorer.errors import InputError
from explorer.figures.curves import ROLES, Strip, draw_curves

LEVELS = (0.1, 1.0, 10.0)


def frame_of(genes: tuple[str, ...], *, levels: tuple[float, ...] = LEVELS, wells: bool = True) -> pd.DataFrame:
    rows = [("band", part, c, v) for part, v in (("low", -0.1), ("high", 0.1)) for c in levels]
    for i, gene in enumerate(genes):
        rows += [(gene, "mean", c, 0.2 + 0.1 * i + 0.01 * j) for j, c in enumerate(levels)]
        if wells:
            rows += [(gene, "well", c, 0.2) for c in levels for _ in range(4)] + [(gene, "control", np.nan, 0.0)] * 5
    return pd.DataFrame(rows, columns=["series", "part", "concentration", "cosine"])


def figure_of(genes=("AAA", "BBB"), *, strip=None, chosen=1.0, compound="drug", labels=None, **options):
    strip = strip or Strip(LEVELS, (False, True, True), (False, False, True))
    return draw_curves(
        frame_of(genes, levels=options.pop("levels", LEVELS), wells=options.pop("wells", True)),
        labels=labels or {g: g for g in genes},
        roles={g: list(ROLES)[i % len(ROLES)] for i, g in enumerate(genes)},
        strip=strip,
        chosen=chosen,
        compound=compound,
        dark=options.pop("dark", False),
    )


@pytest.mark.parametrize("dark", [False, True])
def test_all_parts_are_drawn(dark):
    """The band, the toxic range, and for each gene its wells, lines and points are there, in both themes."""
    figure = figure_of(dark=dark)
    names = [trace.name for trace in figure.data if trace.name]
    assert names == ["5–95 % of all genes", "toxic by count", "AAA", "BBB"]
    assert len(figure.data) == 2 + 4 * 2
    assert [a.text for a in figure.layout.annotations if "AAA" in a.text or "BBB" in a.text]


def test_the_axis_names_concentrations_and_controls():
    """Ticks are the concentrations as given, with the controls at the left, at log10 positions."""
    axis = figure_of().layout.xaxis
    assert axis.ticktext == ("control", "0.1", "1", "10")
    np.testing.assert_allclose(axis.tickvals[1:], [-1, 0, 1])
    assert axis.tickvals[0] < -1
    assert figure_of(wells=False).layout.xaxis.ticktext == ("0.1", "1", "10")


def test_points_that_are_not_active_are_open():
    """An inactive concentration has an open mark and says so; one that was not tested does not."""
    points = {t.name: t for t in figure_of().data}["AAA"]
    assert points.marker.symbol == ("circle-open", "circle", "circle")
    assert list(points.customdata) == ["0.1 µM, not active", "1 µM", "10 µM"]
    untested = figure_of(strip=Strip(LEVELS, (None,) * 3, (None,) * 3))
    assert {t.name: t for t in untested.data}["AAA"].marker.symbol == ("circle",) * 3
    assert "toxic by count" not in [t.name for t in untested.data]


def test_labels_are_text_and_not_markup():
    """A name from the data is never read as markup."""
    figure = figure_of(("x",), labels={"x": "<b>bold</b> & <a href='y'>z</a>"}, compound="<i>drug</i>")
    shown = [a.text for a in figure.layout.annotations] + [figure.layout.xaxis.title.text]
    shown += [t.hovertemplate for t in figure.data if t.hovertemplate]
    assert not any("<a" in text or "<b>bold" in text or "<i>drug" in text for text in shown)
    assert any("&lt;b>bold" in text for text in shown)


def test_end_labels_do_not_overlap():
    """Names at the end of lines that meet are pushed apart."""
    genes = tuple(f"G{i}" for i in range(6))
    frame = frame_of(genes)
    frame.loc[frame["part"] == "mean", "cosine"] = 0.3
    strip = Strip(LEVELS, (True,) * 3, (False,) * 3)
    figure = draw_curves(
        frame,
        labels={g: g for g in genes},
        roles=dict.fromkeys(genes, "other"),
        strip=strip,
        chosen=1.0,
        compound="drug",
        dark=False,
    )
    at = sorted(a.y for a in figure.layout.annotations if a.xref == "paper" and a.x == 1.005)
    low, high = figure.layout.yaxis.range
    assert np.diff(at).min() >= 0.05 * (high - low)


def test_one_concentration_is_drawn():
    """A single concentration makes points, and no error."""
    figure = figure_of(levels=(1.0,), strip=Strip((1.0,), (True,), (False,)))
    assert figure.layout.xaxis.ticktext == ("control", "1")


def test_the_chosen_concentration_is_marked():
    """A line and a label stand at the chosen concentration."""
    figure = figure_of(chosen=10.0)
    assert any(s.x0 == 1 for s in figure.layout.shapes)
    assert "<b>10 µM</b>" in [a.text for a in figure.layout.annotations]


@pytest.mark.parametrize("levels", [(0.0,), (np.nan,)])
def test_nothing_to_put_on_a_log_axis(levels):
    """Without a concentration above 0 there is no curve, and the message says so."""
    with pytest.raises(InputError, match="no concentration above 0"):
        figure_of(levels=levels, strip=Strip(levels, (True,), (False,)), chosen=1.0)


def test_a_concentration_of_zero_is_left_out():
    """Zero has no place on a log axis; the others are drawn."""
    figure = figure_of(levels=(0.0, 1.0), strip=Strip((0.0, 1.0), (False, True), (False, False)))
    assert figure.layout.xaxis.ticktext == ("control", "1")

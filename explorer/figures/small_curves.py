"""One compound of a target selection over its concentrations: its similarity to what is liked, avoided and compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.errors import InputError
from explorer.figures import words
from explorer.figures.curve_marks import Strip, band, beside, cosine_range, spread, toxic_range
from explorer.figures.theme import color, template

#: Colour, width and dash of the liked, the avoided and the reference: told apart by line as well as by colour.
LINES = {"like": ("ink", 2.2, "solid"), "avoid": ("muted", 1.6, "dash"), "reference": ("new", 1.8, "solid")}

#: Height of a label as a share of the axis; pixels of a letter, and those a plot has for its lines and their names.
_LABEL, _LETTER, _WIDE = 0.19, 6.6, 290


def draw_small_curves(
    frame: pd.DataFrame, *, names: Mapping[str, str], best: float, limits: tuple[float, float], dark: bool
) -> go.Figure:
    """Curves of one compound with their names at the ends; hollow where it is not active.

    Parameters
    ----------
    frame : DataFrame
        Rows of one compound in `queries.target_curves`.
    names : mapping
        Series to its name in Plotly's markup.
    best : float
        The concentration the compound is ranked at, uM; a dotted line.
    limits : (low, high)
        Ends of the cosine axis, as `small_limits` gives them for all the compounds of a row.

    Raises
    ------
    InputError
        Without any concentration above 0.
    """
    if frame.empty:
        raise InputError("no concentration above 0: there is no curve to draw")
    figure = go.Figure(layout={"template": template(dark=dark)})
    strip = _strip(frame)
    band(figure, frame, dark=dark)
    toxic_range(figure, strip, named=False, dark=dark)
    ends = {}
    for series, (tone, width, dash) in reversed(LINES.items()):
        of_one = frame[frame["series"] == series].sort_values("concentration")
        if of_one.empty:
            continue
        ends[series] = float(of_one["cosine"].iat[-1])
        line = {"color": color(tone, dark=dark), "width": width, "dash": dash}
        _line(figure, of_one, line, names[series], dots=series == "like")
    _labels(figure, ends, names, limits, dark=dark)
    if best > 0:
        figure.add_vline(x=np.log10(best), line={"color": color("ink", dark=dark), "width": 1.2, "dash": "dot"})
    room = _room(names[series] for series in ends)
    ticks = _ticks(strip.concentrations, best, wide=_WIDE - room)
    left, right = np.log10(strip.concentrations[0]), np.log10(strip.concentrations[-1])
    edge = 0.04 * max(right - left, 1.0)
    figure.update_xaxes(
        tickvals=np.log10(ticks), ticktext=[words.concentration(c) for c in ticks], showgrid=False, zeroline=False,
        tickangle=0, range=[left - edge, right + max(edge, 0.12 if any(strip.toxic) else 0)],
    )  # fmt: skip
    figure.update_yaxes(range=list(limits), nticks=4, zeroline=True, zerolinewidth=1)
    figure.update_layout(margin={"l": 34, "r": room, "t": 6, "b": 20})
    return figure


def small_limits(frame: pd.DataFrame) -> tuple[float, float]:
    """One cosine axis for all the compounds of a row, so that they compare."""
    low, high = cosine_range(frame)
    return max(low, min(-0.1, float(frame["cosine"].min()) - 0.05)), high


def _room(names: Iterable[str]) -> int:
    """Pixels beside the curves for the longest name; its markup does not count."""
    longest = max((len(re.sub("<[^>]*>", "", name)) for name in names), default=0)
    return min(max(14 + round(_LETTER * longest), 52), 132)


def _strip(frame: pd.DataFrame) -> Strip:
    at = frame.drop_duplicates("concentration").sort_values("concentration")
    return Strip(tuple(at["concentration"]), tuple(at["active"]), tuple(at["toxic"]))


def _line(figure: go.Figure, means: pd.DataFrame, line: dict, name: str, *, dots: bool) -> None:
    symbols = ["circle-open" if a is False else "circle" for a in means["active"]]
    figure.add_scatter(
        x=np.log10(means["concentration"].to_numpy()),
        y=means["cosine"],
        mode="lines+markers" if dots else "lines",
        line=line,
        marker={"size": 7, "color": line["color"], "symbol": symbols},
        customdata=[
            f"{words.concentration(c)} µM" + (", not active" if a is False else "") + (", toxic" if t is True else "")
            for c, a, t in zip(means["concentration"], means["active"], means["toxic"], strict=True)
        ],
        hovertemplate=f"{name} %{{y:.2f}}<br>%{{customdata}}<extra></extra>",
        name=name,
    )


def _labels(figure: go.Figure, ends: Mapping, names: Mapping, limits: tuple[float, float], *, dark: bool) -> None:
    low, high = limits
    half = _LABEL * (high - low) / 2
    for series, y in spread(ends, gap=2 * half, low=low + half, high=high - half).items():
        tone = color(LINES[series][0], dark=dark)
        text = f"<b>{names[series]}</b>" if series == "like" else names[series]
        beside(figure, y, text, font={"color": tone, "size": 11})


def _ticks(concentrations: tuple[float, ...], best: float, *, wide: int) -> list[float]:
    """Concentrations that are named on an axis of some pixels: the best, the last, the first, then what has room."""
    pixels = wide / max(np.log10(concentrations[-1] / concentrations[0]), 1e-9)
    half = {c: _LETTER * len(words.concentration(c)) / 2 + 2 for c in concentrations}
    wanted = [c for c in (best, concentrations[-1], concentrations[0]) if c in concentrations]
    kept: list[float] = []
    for c in [*wanted, *concentrations]:
        if c not in kept and all(pixels * abs(np.log10(c / k)) >= half[c] + half[k] for k in kept):
            kept.append(c)
    return sorted(kept)

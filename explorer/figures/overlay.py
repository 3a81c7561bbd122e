"""Several compounds on one log uM axis: how alike each is to one gene or compound, by concentration."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.errors import InputError
from explorer.figures import words
from explorer.figures.curve_marks import beside, escaped, spread
from explorer.figures.theme import color, template

#: Colour, symbol and dash of the first, second, ... compound: told apart by shape and line as well as by colour.
STYLES = (
    ("compound-edge", "diamond", "solid"),
    ("new", "circle", "dash"),
    ("accent", "square", "dot"),
    ("gene-text", "triangle-up", "dashdot"),
    ("ink", "triangle-down", "longdash"),
    ("muted", "cross", "longdashdot"),
)


def draw_overlay(
    frame: pd.DataFrame, *, against: str, similarity: words.Similarity = words.COSINE, dark: bool
) -> go.Figure:
    """One line a compound; hollow where it is not active, crossed where it is toxic by count.

    Parameters
    ----------
    frame : DataFrame
        `queries.by_concentration_against`.
    against : str
        What they are compared with, in Plotly's markup.

    Raises
    ------
    InputError
        Without any concentration above 0.
    """
    if frame.empty:
        raise InputError("no concentration above 0: there is no curve to draw")
    figure = go.Figure(layout={"template": template(dark=dark)})
    ends: list[tuple[float, str, str]] = []
    for (tone, symbol, dash), (_, of_one) in zip(STYLES, frame.groupby("entity", sort=False), strict=False):
        of_one, tone = of_one.sort_values("concentration"), color(tone, dark=dark)
        label = escaped(str(of_one["label"].iat[0])[:28])
        figure.add_scatter(
            x=np.log10(of_one["concentration"].to_numpy()),
            y=of_one["cosine"],
            mode="lines+markers",
            line={"color": tone, "width": 1.8, "dash": dash},
            marker={"size": 9, "color": tone, "symbol": [_symbol(symbol, r) for r in of_one.itertuples()]},
            customdata=[_said(r) for r in of_one.itertuples()],
            hovertemplate=f"{label} %{{customdata}}<br>{similarity.short} %{{y:.2f}}<extra></extra>",
            name=label,
        )
        ends.append((float(of_one["cosine"].iat[-1]), label, tone))
    low, high = min(-0.3, frame["cosine"].min() - 0.05), max(0.5, frame["cosine"].max() + 0.08)
    _labels(figure, ends, low=low, high=high)
    at = np.sort(frame["concentration"].unique())
    figure.update_xaxes(
        title="µM (log scale)", tickvals=np.log10(at), ticktext=[words.concentration(c) for c in at], showgrid=False,
        zeroline=False, range=[np.log10(at[0]) - 0.2, np.log10(at[-1]) + 0.2],
    )  # fmt: skip
    figure.update_yaxes(
        title=f"← opposite · {similarity.short} to {against} · similar →", range=[low, high], zeroline=True
    )
    figure.update_layout(margin={"l": 56, "r": 112, "t": 12, "b": 44})
    return figure


def _symbol(symbol: str, at: object) -> str:
    return "x" if at.toxic is True else f"{symbol}-open" if at.active is False else symbol


def _said(at: object) -> str:
    toxic = ", toxic by count" if at.toxic is True else ""
    active = ", not active" if at.active is False else ""
    return f"{words.concentration(at.concentration)} µM{active}{toxic}"


def _labels(figure: go.Figure, ends: list[tuple[float, str, str]], *, low: float, high: float) -> None:
    """Names at the right ends of the lines, pushed apart."""
    placed = spread({at: y for at, (y, _, _) in enumerate(ends)}, gap=(high - low) * 0.06, low=low, high=high)
    for at, y in placed.items():
        _, label, tone = ends[at]
        beside(figure, y, f"<b>{label}</b>", font={"color": tone, "size": 12})

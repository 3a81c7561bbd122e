"""Mean average precision of each representation as a point with its interval, beside what chance gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from explorer.figures import words
from explorer.figures.theme import color, template


def draw_retrieval(ways: Sequence[Mapping], *, names: Mapping[str, str], dark: bool) -> go.Figure:
    """One line a way.

    Parameters
    ----------
    ways : sequence of mapping
        As `queries.shared_targets`: `way`, `mean`, `low`, `high`, `by_chance`.
    names : mapping
        Way to its name.
    """
    figure = go.Figure(layout={"template": template(dark=dark)})
    at = list(range(len(ways)))
    means = [w["mean"] for w in ways]
    figure.add_scatter(
        x=[w["by_chance"] for w in ways],
        y=at,
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 16, "color": color("muted", dark=dark), "line": {"width": 2}},
        hovertext=[f"by chance {words.number(w['by_chance'], 3)}" for w in ways],
        hoverinfo="text",
    )
    figure.add_scatter(
        x=means,
        y=at,
        mode="markers+text",
        marker={"size": 11, "color": color("accent", dark=dark)},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [w["high"] - w["mean"] for w in ways],
            "arrayminus": [w["mean"] - w["low"] for w in ways],
            "thickness": 2,
            "width": 6,
            "color": color("accent", dark=dark),
        },
        text=[words.number(m, 2) for m in means],
        textposition="top center",
        textfont={"color": color("ink", dark=dark), "size": 13},
        hovertext=[
            f"{names[w['way']]}: {words.number(w['mean'], 3)}, 95 % {words.number(w['low'], 3)} to "
            f"{words.number(w['high'], 3)}"
            for w in ways
        ],
        hoverinfo="text",
    )
    ink = {"size": 13, "color": color("ink", dark=dark)}
    figure.update_yaxes(
        tickvals=at,
        ticktext=[names[w["way"]] for w in ways],
        tickfont=ink,
        range=[len(ways) - 0.4, -0.7],
        showgrid=False,
        zeroline=False,
        ticks="",
        automargin=True,
    )
    figure.update_xaxes(title="mean average precision of shared targets", range=[0, _end(ways)], zeroline=False)
    figure.update_layout(margin={"l": 8, "r": 12, "t": 8, "b": 42}, dragmode=False)
    return figure


def _end(ways: Sequence[Mapping]) -> float:
    """Where the axis ends: beyond the highest interval, at 1.02 at most."""
    return min(1.02, 1.15 * max((w["high"] for w in ways), default=1.0))

"""All pairs as one picture at any zoom: an image of the window that is looked at, with names or groups on its axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.figures import words
from explorer.figures.curve_marks import escaped
from explorer.figures.png import heat_png, limit_for, scale_colors
from explorer.figures.theme import GRAPH_CONFIG, color, template

HEAT_CONFIG = GRAPH_CONFIG | {"scrollZoom": True}
#: Names are written while so many fit.
MOST_NAMES = 44

#: Longest name of a group above the picture.
SHORT = 4

_NARROWEST = 0.022
_STEPS = 21


def draw_heatmap(
    window: pd.DataFrame,
    axis: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    rows: Sequence[int],
    columns: Sequence[int],
    about: str,
    dark: bool,
) -> go.Figure:
    """Draw a window of the heatmap in a figure that can be zoomed over the whole axis.

    Parameters
    ----------
    window, axis, groups : DataFrame
        As `queries.heatmap_window`, `heatmap_axis` and `heatmap_groups` give them.
    rows, columns : [first, past the last]
        Positions of the window.
    about : str
        Said in the corner, so that it is in every export.
    """
    limit = limit_for(window.to_numpy())
    figure = go.Figure(layout={"template": template(dark=dark)})
    figure.add_image(**image(window, rows, columns, limit=limit, dark=dark), hoverinfo="none", zsmooth=False)
    colors = [f"rgb{rgb}" for rgb in scale_colors(_STEPS, dark=dark)]
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="markers",
        hoverinfo="skip",
        marker={
            "color": [0],
            "cmin": -1,
            "cmax": 1,
            "colorscale": [[i / (_STEPS - 1), c] for i, c in enumerate(colors)],
            "colorbar": {"thickness": 12, "outlinewidth": 0, "ticks": "", "len": 0.7, **scale_words(limit)},
        },
    )
    n = len(axis)
    common = {"minallowed": -0.5, "maxallowed": n - 0.5, "showgrid": False, "zeroline": False, "constrain": "domain"}
    figure.update_xaxes(
        **common,
        range=[columns[0] - 0.5, columns[1] - 0.5],
        tickangle=-60,
        constraintoward="right",
        **ticks(axis, groups, *columns, longest=SHORT),
    )
    figure.update_yaxes(
        **common, range=[rows[1] - 0.5, rows[0] - 0.5], scaleanchor="x", autorange=False, **ticks(axis, groups, *rows)
    )
    line = {"color": color("ink", dark=dark), "width": 0.8}
    for g in groups.itertuples():
        if g.stop - g.start < n:
            a, b = g.start - 0.5, g.stop - 0.5
            figure.add_shape(type="rect", x0=a, x1=b, y0=a, y1=b, line=line, opacity=0.6)
    figure.add_annotation(
        text=escaped(about), x=1, y=-0.005, xref="paper", yref="paper", xanchor="right", yanchor="top", showarrow=False,
        font={"size": 10},
    )  # fmt: skip
    figure.update_layout(
        dragmode="zoom",
        modebar={"bgcolor": "rgba(0,0,0,0)"},
        margin={"l": 8, "r": 8, "t": 8, "b": 24},
        xaxis_side="top",
        uirevision=f"{n} {about}",
    )
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)
    return figure


def image(window: pd.DataFrame, rows: Sequence[int], columns: Sequence[int], *, limit: float, dark: bool) -> dict:
    """The picture of a window and where it lies; positions are those of the axis."""
    height, width = window.shape
    dx, dy = (columns[1] - columns[0]) / width, (rows[1] - rows[0]) / height
    return {
        "source": heat_png(window.to_numpy(), limit=limit, dark=dark),
        "x0": columns[0] - 0.5 + dx / 2,
        "dx": dx,
        "y0": rows[0] - 0.5 + dy / 2,
        "dy": dy,
    }


def scale_words(limit: float) -> dict:
    """Ends of the colour bar for a limit, in words."""
    texts = [f"{words.number(-limit, 2)}<br>opposite", "0", f"similar<br>{words.number(limit, 2)}"]
    return {"tickvals": [-1, 0, 1], "ticktext": texts}


def ticks(axis: pd.DataFrame, groups: pd.DataFrame, start: int, stop: int, *, longest: int = 99) -> dict:
    """Names of the perturbations where they fit, else of the groups that are wide enough and not too long to say."""
    if stop - start <= MOST_NAMES:
        part = axis.iloc[start:stop]
        return {"tickvals": np.arange(start, stop).tolist(), "ticktext": [row_name(r) for r in part.itertuples()]}
    low, high = groups["start"].clip(lower=start), groups["stop"].clip(upper=stop)
    wide = ((high - low) / (stop - start) >= _NARROWEST) & (groups["group"].str.len() <= longest)
    return {
        "tickvals": ((low + high - 1) / 2)[wide].tolist(),
        "ticktext": [escaped(str(g)) for g in groups["group"][wide]],
    }


def row_name(row: object) -> str:
    """A gene in italics, a compound with its concentration."""
    name = escaped(row.label)
    if row.entity.startswith("gene:"):
        return name if row.blinded else f"<i>{name}</i>"
    return name if row.concentration != row.concentration else f"{name} {row.concentration:.4g}"

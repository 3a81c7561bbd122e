"""A small square of similarities with its numbers: red similar, blue opposite, words at both ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import words
from explorer.figures.diverging import color_bar, colorscale, round_limit, text_color
from explorer.figures.theme import color, template


def draw_matrix(
    values: np.ndarray, *, names: Sequence[str], similarity: words.Similarity = words.COSINE, dark: bool
) -> go.Figure:
    """Every pair of some perturbations, in their order.

    Parameters
    ----------
    values : array, shape (k, k)
        Cosines; the diagonal is not read.
    names : sequence of str
        Names in Plotly's markup.
    similarity : Similarity
        What the values are called.
    """
    k = len(names)
    shown = np.array(values, dtype=float)
    np.fill_diagonal(shown, np.nan)
    limit = round_limit(shown)
    at = list(range(k))
    figure = go.Figure(layout={"template": template(dark=dark)})
    figure.add_heatmap(
        z=shown,
        x=at,
        y=at,
        zmin=-limit,
        zmax=limit,
        colorscale=colorscale(dark=dark),
        xgap=2,
        ygap=2,
        customdata=[[f"{a} and {b}" for b in names] for a in names],
        hovertemplate=f"%{{customdata}}: {similarity.short} %{{z:.2f}}<extra></extra>",
        hoverongaps=False,
        colorbar=color_bar(limit, len=0.72, y=-0.03, yanchor="top"),
    )
    for i in at:
        for j in at:
            tone = color("faint", dark=dark) if i == j else text_color(shown[i, j], limit, dark=dark)
            text = "itself" if i == j else words.cosine(shown[i, j])
            size = 11 if i == j else 14
            figure.add_annotation(x=j, y=i, text=text, showarrow=False, font={"size": size, "color": tone})
    ticks = {"tickvals": at, "ticktext": list(names), "showgrid": False, "zeroline": False, "ticks": ""}
    ink = {"size": 13, "color": color("ink", dark=dark)}
    figure.update_xaxes(ticks | {"side": "top", "tickfont": ink, "automargin": True, "range": [-0.5, k - 0.5]})
    figure.update_yaxes(ticks | {"autorange": False, "range": [k - 0.5, -0.5], "tickfont": ink, "automargin": True})
    figure.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 34}, dragmode=False)
    return figure

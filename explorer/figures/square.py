"""All pairs of the members of a set as a square of colours: red similar, blue opposite, words at both ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import words
from explorer.figures.diverging import color_bar, colorscale, round_limit
from explorer.figures.theme import template

#: Names are written while so many fit, and said on hover while there are so many.
MOST_NAMES, MOST_HOVERED = 60, 120


def draw_square(
    values: np.ndarray, *, names: Sequence[str], similarity: words.Similarity = words.COSINE, dark: bool
) -> go.Figure:
    """Every pair, in the order given.

    Parameters
    ----------
    values : array, shape (k, k)
        Cosines; the diagonal is not read.
    names : sequence of str
        In Plotly's markup.
    """
    k = len(names)
    shown = np.array(values, dtype=np.float32)
    np.fill_diagonal(shown, np.nan)
    limit = round_limit(shown)
    at = np.arange(k)
    figure = go.Figure(layout={"template": template(dark=dark)})
    figure.add_heatmap(
        z=shown,
        x=at,
        y=at,
        zmin=-limit,
        zmax=limit,
        colorscale=colorscale(dark=dark),
        xgap=1 if k <= MOST_NAMES else 0,
        ygap=1 if k <= MOST_NAMES else 0,
        hoverinfo="skip" if k > MOST_HOVERED else None,
        customdata=[[f"{a} and {b}" for b in names] for a in names] if k <= MOST_HOVERED else None,
        hovertemplate=f"%{{customdata}}: {similarity.short} %{{z:.2f}}<extra></extra>" if k <= MOST_HOVERED else None,
        hoverongaps=False,
        colorbar=color_bar(limit, len=0.8, y=-0.02, yanchor="top"),
    )
    axis = {"showgrid": False, "zeroline": False, "ticks": "", "constrain": "domain"}
    axis |= {"tickvals": at, "ticktext": list(names), "tickfont": {"size": 11 if k <= 30 else 9}}
    axis |= {} if k <= MOST_NAMES else {"showticklabels": False}
    figure.update_xaxes(axis | {"side": "top", "tickangle": -60, "range": [-0.5, k - 0.5], "automargin": True})
    figure.update_yaxes(axis | {"range": [k - 0.5, -0.5], "autorange": False, "scaleanchor": "x", "automargin": True})
    return figure.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 30}, dragmode=False)

"""Heatmap of a network, split along the diagonal: what the map measures below, what is known above."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.figures.theme import color, template

_LABELLED = 120
_ENDS = {"tickvals": [-1, 0, 1], "ticktext": ["opposite", "0", "similar"]}


def draw_network_heatmap(
    pairs: pd.DataFrame, labels: Sequence[str], *, sourced: bool, called: str = "cosine", dark: bool
) -> go.Figure:
    """Similarity in the lower triangle, on one symmetric scale; known pairs in the upper one.

    Parameters
    ----------
    pairs : DataFrame
        `i` < `j`, places in the order of `labels`, `cosine` and `known`.
    labels : sequence of str
    sourced : bool
        Whether relationships are loaded; without, the upper triangle stays empty.
    called : str
        What the similarity of the map is called.
    """
    n = len(labels)
    i, j = pairs["i"].to_numpy(dtype=int), pairs["j"].to_numpy(dtype=int)
    measured, known = np.full((n, n), np.nan, dtype=np.float32), np.full((n, n), np.nan, dtype=np.float32)
    measured[j, i] = pairs["cosine"].to_numpy().round(3)
    if sourced:
        known[i, j] = np.where(pairs["known"].to_numpy(dtype=bool), 1.0, np.nan)
    figure = go.Figure(layout={"template": template(dark=dark)})
    place, names = np.arange(n), _names(labels) if n <= _LABELLED else None
    scale = [[0, color("opposite", dark=dark)], [0.5, color("surface", dark=dark)], [1, color("similar", dark=dark)]]
    figure.add_heatmap(
        z=measured, x=place, y=place, zmin=-1, zmax=1, colorscale=scale, hoverongaps=False,
        colorbar={"title": {"text": called}, "thickness": 12} | _ENDS, customdata=names,
        hovertemplate=f"%{{customdata}}: {called} %{{z:.2f}}<extra></extra>",
    )  # fmt: skip
    if sourced:
        tone = color("known", dark=dark)
        figure.add_heatmap(
            z=known, x=place, y=place, colorscale=[[0, tone], [1, tone]], showscale=False, hoverongaps=False,
            hovertemplate="known pair: %{customdata}<extra></extra>", customdata=names,
        )  # fmt: skip
    ticks = {"tickvals": place, "ticktext": list(labels)} if n <= _LABELLED else {"showticklabels": False}
    ticks |= {"constrain": "domain", "tickfont": {"size": 10}, "automargin": True, "showgrid": False, "zeroline": False}
    figure.update_xaxes(**ticks, tickangle=-90)
    figure.update_yaxes(**ticks, autorange="reversed", scaleanchor="x")
    figure.update_layout(margin={"l": 70, "r": 12, "t": 12, "b": 70}, plot_bgcolor=color("raised", dark=dark))
    return figure


def _names(labels: Sequence[str]) -> list[list[str]]:
    return [[f"{a} and {b}" for b in labels] for a in labels]

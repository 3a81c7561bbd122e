"""A molecule as numbers: bonds between each two atoms, and learned embeddings as strips."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures.curve_marks import escaped
from explorer.figures.diverging import colorscale
from explorer.figures.theme import color, template


def draw_distances(bonds: Sequence[Sequence[float | None]], *, names: Sequence[str], dark: bool) -> go.Figure:
    """Bonds on the shortest way between each two atoms: the nearer, the darker.

    Parameters
    ----------
    bonds : shape (atoms, atoms)
        None between separate parts, which stays empty.
    names : sequence of str
        Of the atoms.
    """
    values = np.array(bonds, dtype=float)
    longest = int(np.nanmax(values))
    figure = go.Figure(layout={"template": template(dark=dark)})
    figure.add_heatmap(
        z=values,
        zmin=0,
        zmax=max(longest, 1),
        colorscale=[[0, color("accent", dark=dark)], [1, color("raised", dark=dark)]],
        customdata=[[f"{a} to {b}" for b in names] for a in names],
        hovertemplate="%{customdata}: %{z} bonds<extra></extra>",
        hoverongaps=False,
        colorbar={
            "title": {"text": "bonds", "side": "top", "font": {"size": 11}},
            "thickness": 10,
            "len": 0.9,
            "outlinewidth": 0,
            "tickfont": {"size": 11},
            "nticks": 4,
        },
    )
    every = 1 if len(names) <= 16 else 5 if len(names) <= 60 else 20
    at = list(range(0, len(names), every))
    ticks = {"tickvals": at, "ticktext": [names[i] for i in at], "showgrid": False, "zeroline": False, "ticks": ""}
    small = {"size": 10}
    figure.update_xaxes(ticks | {"side": "top", "tickfont": small, "tickangle": -90, "constrain": "domain"})
    figure.update_yaxes(ticks | {"autorange": "reversed", "tickfont": small, "scaleanchor": "x", "constrain": "domain"})
    figure.update_layout(margin={"l": 34, "r": 4, "t": 34, "b": 6}, dragmode=False)
    return figure


def draw_strips(vectors: Sequence[Sequence[float]], *, names: Sequence[str], dark: bool) -> go.Figure:
    """Embeddings one below the other, a column a number, each number against its mean over the compounds of the map."""
    values = np.array(vectors, dtype=float)
    limit = float(np.percentile(np.abs(values), 98)) or 1.0
    names = [escaped(name[:80]) for name in names]
    at = list(range(len(names)))
    figure = go.Figure(layout={"template": template(dark=dark)})
    figure.add_heatmap(
        z=values,
        y=at,
        zmin=-limit,
        zmax=limit,
        colorscale=colorscale(dark=dark),
        ygap=22,
        showscale=False,
        customdata=[[name] * values.shape[1] for name in names],
        hovertemplate="%{customdata}, number %{x}: %{z:.3f}<extra></extra>",
    )
    ink = {"size": 12, "color": color("ink", dark=dark)}
    figure.update_xaxes(visible=False)
    figure.update_yaxes(showticklabels=False, showgrid=False, zeroline=False, ticks="")
    for i, name in enumerate(names):
        figure.add_annotation(
            x=0, xref="paper", y=i - 0.5, text=name, showarrow=False, xanchor="left", yanchor="middle", font=ink
        )
    figure.update_yaxes(range=[len(names) - 0.55, -0.62], autorange=False)
    figure.update_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4}, dragmode=False)
    return figure

"""All gene-gene similarities of a map, with the cut-offs that leave 5 %, 1 % and 0.1 % of the pairs beyond them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from explorer.figures import words
from explorer.figures.theme import color, template

#: Preset to its words, and how high its label stands.
_LINES = {"loose": ("5 %", 0.99), "default": ("1 %", 0.88), "strict": ("0.1 %", 0.77)}
#: Room beyond the strictest cut-off, and the narrowest half axis.
_BEYOND, _NARROWEST = 1.5, 0.1


def draw_histogram(
    found: Mapping[str, object], *, similarity: words.Similarity = words.COSINE, dark: bool
) -> go.Figure:
    """Share of all pairs in each bin; pairs beyond the 1 % cut-offs are coloured by sign.

    Parameters
    ----------
    found : mapping
        `queries.cosine_histogram`, with counts.
    """
    counts, edges = np.asarray(found["counts"], dtype=float), np.asarray(found["edges"], dtype=float)
    middles, share = (edges[1:] + edges[:-1]) / 2, 100 * counts / counts.sum()
    low, high = found["cutoffs"]["default"]
    tones = np.where(middles > high, color("similar", dark=dark), color("faint", dark=dark))
    tones = np.where(middles < low, color("opposite", dark=dark), tones)
    limit = max(_NARROWEST, _BEYOND * max(abs(x) for x in found["cutoffs"]["strict"]))
    limit = min(limit, 1.0)
    seen = np.abs(middles) <= limit
    figure = go.Figure(layout={"template": template(dark=dark)})
    figure.add_bar(
        x=middles[seen],
        y=share[seen],
        marker={"color": tones[seen].tolist(), "line": {"width": 0}},
        hovertext=[
            f"{similarity.short} {words.cosine(x)}: {int(n):,} pairs, {words.number(s, 2)} %"
            for x, n, s in zip(middles[seen], counts[seen], share[seen], strict=True)
        ],
        hoverinfo="text",
    )
    for preset, (text, y) in _LINES.items():
        for side, x in zip(("right", "left"), found["cutoffs"][preset], strict=True):
            line = {"color": color("muted", dark=dark), "width": 1, "dash": "dot"}
            figure.add_shape(type="line", x0=x, x1=x, y0=0, y1=y, yref="paper", line=line)
            figure.add_annotation(
                text=f"{text}: {words.cosine(x)}",
                x=x,
                y=y,
                yref="paper",
                xanchor=side,
                yanchor="top",
                showarrow=False,
                font={"size": 11, "color": color("ink", dark=dark)},
            )
    figure.update_xaxes(title=f"opposite · {similarity.short} of two genes · similar", range=[-limit, limit])
    figure.update_yaxes(title="% of pairs", rangemode="tozero")
    return figure.update_layout(bargap=0, margin={"t": 8, "b": 40, "l": 52, "r": 12})

"""Structure x phenotype of the compounds beside one, or of pairs of them: Tanimoto across, cosine of the cells up."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd
import plotly.graph_objects as go

from explorer.figures import words
from explorer.figures.curve_marks import escaped
from explorer.figures.theme import color, template

#: Class to the corner its name stands in: x, y of the plot, and alignment.
_CORNERS = {
    "scaffold hop": (0.01, 0.99, "left", "top"),
    "analogue": (0.99, 0.99, "right", "top"),
    "cliff": (0.99, 0.02, "right", "bottom"),
    "unrelated": (0.01, 0.02, "left", "bottom"),
}
_NAMED = ("scaffold hop", "analogue", "cliff")
MOST_NAMED = 8


def draw_quadrant(
    frame: pd.DataFrame,
    *,
    alike: float,
    similarity: words.Similarity = words.COSINE,
    level: float | None = None,
    strong: Collection[str] = _NAMED,
    dark: bool,
) -> go.Figure:
    """Compounds by structure and by cells; the classes are named in their corners with their number.

    Parameters
    ----------
    frame : DataFrame
        `label`, `tanimoto`, `cosine`, `quadrant` (of `pair_class`), and `hover` (HTML), or `q` and `concentration`.
    alike : float
        Tanimoto similarity from which structures are called alike.
    similarity : words.Similarity
        What the similarity of the cells is called on this map.
    level : float, optional
        Similarity from which cells are called alike, where it is one for all points.
    strong : collection of str
        Classes that are drawn in full and named; the others are faint.
    """
    figure = go.Figure(layout={"template": template(dark=dark)})
    shown = frame[frame["quadrant"] != ""]
    full = shown["quadrant"].isin(strong)
    for chosen, opacity in ((~full, 0.35), (full, 1.0)):
        figure.add_trace(_points(shown[chosen], opacity, dark=dark))
    line = {"color": color("faint", dark=dark), "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=alike, x1=alike, y0=0, y1=1, yref="paper", line=line)
    if level is not None:
        figure.add_hline(y=level, line=line)
    figure.add_hline(y=0, line={"color": color("line-strong", dark=dark), "width": 1})
    for text, (x, y, horizontal, vertical) in _CORNERS.items():
        n = int((shown["quadrant"] == text).sum())
        figure.add_annotation(
            text=f"{text} {n}",
            x=x,
            y=y,
            xref="paper",
            yref="paper",
            xanchor=horizontal,
            yanchor=vertical,
            showarrow=False,
            font={"size": 12, "color": color("ink" if n else "muted", dark=dark)},
        )
    for named in _labels(shown[full], pairs="hover" in frame):
        right = named["tanimoto"] > 0.55 and "hover" in frame
        figure.add_annotation(
            text=escaped(named["label"]),
            x=named["tanimoto"],
            y=named["cosine"],
            xanchor="right" if right else "left",
            xshift=-6 if right else 6,
            showarrow=False,
            font={"size": 11, "color": color("ink", dark=dark)},
        )
    limit = max(0.4, float(shown["cosine"].abs().max()) * 1.15) if len(shown) else 0.4
    figure.update_xaxes(title="Tanimoto, structure", range=[-0.02, 1.02])
    figure.update_yaxes(title=f"opposite · {similarity.short} of cells · similar", range=[-limit, limit])
    return figure.update_layout(margin={"t": 8, "b": 40, "l": 56, "r": 12})


def _points(frame: pd.DataFrame, opacity: float, *, dark: bool) -> go.Scatter:
    return go.Scatter(
        x=frame["tanimoto"],
        y=frame["cosine"],
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 8,
            "color": color("compound", dark=dark),
            "line": {"width": 1, "color": color("compound-edge", dark=dark)},
            "opacity": opacity,
        },
        hovertext=frame["hover"] if "hover" in frame else [_hover(row) for row in frame.to_dict("records")],
        hoverinfo="text",
    )


def _hover(row: Mapping) -> str:
    at = f" at {words.concentration(row['concentration'])} µM" if row["concentration"] == row["concentration"] else ""
    cells = f"cells {words.cosine(row['cosine'])}{at}, q {words.q_value(row['q'])}"
    return f"<b>{escaped(row['label'])}</b><br>Tanimoto {words.cosine(row['tanimoto'])}<br>{cells}<br>{row['quadrant']}"


def _labels(frame: pd.DataFrame, *, pairs: bool) -> list[dict]:
    """The points to name: the strongest, none upon another; pairs have two names and take more room."""
    placed: list[dict] = []
    up, across = (0.09, 0.6) if pairs else (0.05, 0.22)
    for row in frame.sort_values("cosine", ascending=False).to_dict("records"):
        apart = all(
            abs(row["cosine"] - p["cosine"]) > up or abs(row["tanimoto"] - p["tanimoto"]) > across for p in placed
        )
        if apart and len(placed) < MOST_NAMED:
            placed.append(row)
    return placed

"""The map in two dimensions: each perturbation a point, genes round, compounds diamonds, without phenotype faint.

What is found is ringed and named by shapes and annotations (`found_marks`), which lie above the points and change
without them, so that 30,000 points are not sent again for a search.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.figures.found_marks import marks
from explorer.figures.map_scale import Scale
from explorer.figures.point_cloud import along, cloud, rgba, touchable
from explorer.figures.theme import GRAPH_CONFIG, color, template

#: Name, kind, blinded, shown in full. Those further down are drawn on top.
PARTS = (
    ("compound", "compound", None, False),
    ("gene", "gene", False, False),
    ("blinded gene", "gene", True, False),
    ("blinded gene", "gene", True, True),
    ("gene knockout", "gene", False, True),
    ("compound at a concentration", "compound", None, True),
)

_REMOVED = [b for b in GRAPH_CONFIG["modeBarButtonsToRemove"] if b not in ("select2d", "lasso2d")]
MAP_CONFIG = GRAPH_CONFIG | {"scrollZoom": True, "modeBarButtonsToRemove": _REMOVED}


def draw_map(
    points: pd.DataFrame,
    places: pd.DataFrame,
    scale: Scale,
    *,
    found: Sequence[str],
    axes: tuple[str, str],
    about: str,
    dark: bool,
    gl: bool,
) -> go.Figure:
    """Draw a map.

    Parameters
    ----------
    points, places : DataFrame
        As `queries.points` and `queries.projection` give them, in the order of the map.
    found : sequence of str
        Entities that are ringed and named.
    axes : two texts
        Titles of the axes, empty where positions along them mean nothing.
    about : str
        Said in the corner, so that it is in every export.
    gl : bool
        Draw by WebGL; without, as SVG, where points past some thousands are a picture (`reachable`).
    """
    figure = go.Figure(layout={"template": template(dark=dark)})
    draw = figure.add_scattergl if gl else figure.add_scatter
    x, y = (places[c].to_numpy(dtype=np.float32) for c in ("x", "y"))
    size = 4 if len(points) > 12_000 else 5 if len(points) > 4_000 else 6.5
    touched, beneath = reachable(points, found, gl=gl), []
    for (name, every), (_, kind, _, shown) in zip(parts(points, scale), PARTS, strict=True):
        rows = every[touched[every]]
        beneath.append((name, kind, shown, every[~touched[every]]))
        hollow = "blinded" in name
        draw(
            x=x[rows],
            y=y[rows],
            mode="markers",
            legendgroup=f"{name} {shown}",
            showlegend=False,
            customdata=rows.astype(np.int32),
            hoverinfo="none",
            marker={
                "symbol": ("circle-open" if hollow else "circle") if kind == "gene" else "diamond",
                "size": size + (1 if kind == "compound" else 0) - (0 if shown else 1),
                "opacity": 0.85 if shown else 0.45,
                **_color(name, kind, shown, rows, scale, dark=dark),
            },
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 0.12}},
        )
    figure.update_layout(images=_picture(x, y, beneath, scale, dark=dark))
    figure.update_layout(**marks(points, places, found, about=about, dark=dark))
    figure.add_traces(_legend(points, scale, dark=dark))
    if scale.values is not None:
        figure.update_layout(coloraxis=_color_axis(scale))
    return _framed(figure, axes=axes, above=1 < len(scale.ticks) < 6)


def reachable(points: pd.DataFrame, found: Sequence[str] = (), *, gl: bool) -> np.ndarray:
    """Points that answer to the pointer: all, or without WebGL what is found, and some of those with a phenotype."""
    spread = np.random.default_rng(0).random(len(points))
    first = 2 * points["shown"].to_numpy(dtype=bool) + 4 * points["entity"].isin(list(found)).to_numpy()
    return touchable(first + spread, gl=gl)


def _picture(x: np.ndarray, y: np.ndarray, beneath: list[tuple], scale: Scale, *, dark: bool) -> list[dict]:
    """The other points as a picture, in the order of `PARTS`."""
    rows = np.concatenate([r for *_, r in beneath]) if beneath else np.empty(0, dtype=int)
    tones = [_tones(name, kind, shown, r, scale, dark=dark) for name, kind, shown, r in beneath]
    return cloud(x[rows], y[rows], np.concatenate(tones)) if len(rows) else []


def _tones(name: str, kind: str, shown: bool, rows: np.ndarray, scale: Scale, *, dark: bool) -> np.ndarray:
    look = _color(name, kind, shown, rows, scale, dark=dark)["color"]
    if isinstance(look, str):
        return np.full((len(rows), 4), rgba(look, 0.85 if shown else 0.45), dtype=np.uint8)
    return along(look, scale.colors, low=scale.low, high=scale.high, opacity=0.85)


def parts(points: pd.DataFrame, scale: Scale) -> list[tuple[str, np.ndarray]]:
    """Rows of each of `PARTS`; a point whose value is not known fades, and every value that is known is shown."""
    known = np.ones(len(points), bool) if scale.values is None else np.isfinite(scale.values)
    shown = known & (points["shown"].to_numpy(dtype=bool) | scale.all_known)
    kind, blinded = points["kind"].to_numpy(), points["blinded"].to_numpy(dtype=bool)
    found = []
    for name, of_kind, is_blinded, is_shown in PARTS:
        keep = (kind == of_kind) & (shown == is_shown)
        found.append((name, np.flatnonzero(keep if is_blinded is None else keep & (blinded == is_blinded))))
    return found


def _legend(points: pd.DataFrame, scale: Scale, *, dark: bool) -> list[go.Scatter]:
    """What the marks mean and how many there are, those with a phenotype first."""
    entries = []
    for (name, rows), (_, kind, _, shown) in zip(parts(points, scale), PARTS, strict=True):
        tone = _color(name, kind, shown, rows, Scale(""), dark=dark) if scale.values is None or not shown else {}
        symbol = ("circle-open" if "blinded" in name else "circle") if kind == "gene" else "diamond"
        marker = {"color": color("ink", dark=dark), "symbol": symbol, "size": 9} | tone
        marker["opacity"] = 1 if shown else 0.6
        text = f"{name}{'' if shown else f', {scale.faded}'} ({len(rows):,})"
        one = go.Scatter(x=[None], y=[None], mode="markers", name=text, legendgroup=f"{name} {shown}", marker=marker)
        entries += [one] if len(rows) else []
    return entries[::-1]


def _color(name: str, kind: str, shown: bool, rows: np.ndarray, scale: Scale, *, dark: bool) -> dict:
    if not shown:
        return {"color": color("faint", dark=dark)}
    if scale.values is None:
        tone = color("blinded" if "blinded" in name else kind, dark=dark)
        edge = {"line": {"width": 0.6, "color": color("compound-edge", dark=dark)}} if kind == "compound" else {}
        return {"color": tone} | edge
    return {"color": scale.values[rows].astype(np.float32), "coloraxis": "coloraxis"}


def _color_axis(scale: Scale) -> dict:
    """One bar for all points: beside the picture for named groups, above it for a range."""
    groups = len(scale.ticks) > 5
    bar = {
        "title": {"text": scale.title, "side": "top"},
        "tickvals": [t for t, _ in scale.ticks],
        "ticktext": [w for _, w in scale.ticks],
        "thickness": 12,
        "outlinewidth": 0,
        "ticks": "",
    }
    above = {"orientation": "h", "len": 0.5, "x": 0.05, "xanchor": "left", "y": 1, "yanchor": "bottom", "ypad": 0}
    bar |= {"len": 0.9, "y": 0.5} if groups else above
    colors = [list(c) for c in scale.colors]
    limits = {"cmin": scale.low, "cmax": scale.high, "showscale": len(scale.ticks) > 1}
    return {**limits, "colorscale": colors, "colorbar": bar}


def _framed(figure: go.Figure, *, axes: tuple[str, str], above: bool) -> go.Figure:
    axis = {"showgrid": False, "zeroline": False, "showticklabels": False, "ticks": "", "showline": False}
    figure.update_xaxes(**axis, title=axes[0])
    figure.update_yaxes(**axis, title=axes[1], scaleanchor="x" if axes[1] else None)
    figure.update_layout(
        dragmode="pan",
        modebar={"bgcolor": "rgba(0,0,0,0)"},
        uirevision=" ".join(axes),
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": -0.01, "yanchor": "top", "itemsizing": "trace"},
        margin={"l": 8 if not axes[1] else 28, "r": 8, "t": 56 if above else 12, "b": 36},
    )
    return figure

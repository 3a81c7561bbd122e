"""Similarity to one query against similarity to another: genes and compounds, the wanted region as a box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.figures import words
from explorer.figures.diverging import color_bar, colorscale
from explorer.figures.point_cloud import MOST_SVG, along, cloud, rgba, touchable
from explorer.figures.scatter_labels import place_labels
from explorer.figures.theme import GRAPH_CONFIG, color, template

#: Marks by kind; the colour is kept for the reference.
SYMBOLS = {"gene": "circle", "compound": "diamond"}
SIZES = {"gene": 7.0, "compound": 8.0}
#: As every graph, but with lasso and box in its bar.
SELECT_CONFIG = GRAPH_CONFIG | {
    "modeBarButtonsToRemove": ["toImage", "sendChartToCloud", "sendDataToCloud", "autoScale2d", "toggleSpikelines"]
}


@dataclass(frozen=True)
class Names:
    """The queries of both axes and of the colour, in Plotly's markup; the colour may be without one.

    `similarity` is what the similarity of the map is called, in short.
    """

    like: str
    avoid: str
    reference: str | None = None
    similarity: str = "cosine"


def draw_scatter(
    frame: pd.DataFrame,
    *,
    names: Names,
    region: dict | None,
    named: Sequence[int] = (),
    pixels: tuple[float, float] = (420, 290),
    gl: bool = False,
    dark: bool,
) -> go.Figure:
    """Every candidate as a point on symmetric axes of one scale; faint where it cannot be relied on.

    Parameters
    ----------
    frame : DataFrame
        `queries.candidates`; each point carries its `row` of the map.
    names : Names
    region : dict or None
        `queries.wanted_region`; drawn as a box with its rule in words.
    gl : bool
        Draw very many points by WebGL; without, as SVG, where points past some thousands are a picture (`reachable`).
    pixels : (float, float)
        Width and height of the plot, as a guide to which names have room.
    named : sequence of int
        Rows of the map whose points get their name, the first ones first; those without room stay without.
    """
    figure, gl = go.Figure(layout={"template": template(dark=dark)}), gl and len(frame) > MOST_SVG
    span = _span(frame)
    figure.add_scatter(
        x=span, y=span, mode="lines", hoverinfo="skip",
        line={"color": color("line-strong", dark=dark), "width": 1, "dash": "dot"},
    )  # fmt: skip
    if region is not None:
        _box(figure, region, names, span=span, dark=dark)
    scale, known = reference_limit(frame), bool(frame["reference"].notna().any())
    sure = frame["reliable"].to_numpy(dtype=bool)
    touched = reachable(frame, named, gl=gl)
    figure.update_layout(images=_beneath(frame[~touched], scale if known else None, dark=dark))
    for reliable in (False, True):
        for kind in SYMBOLS:
            part = frame[touched & (sure == reliable) & (frame["kind"] == kind).to_numpy()]
            if len(part):
                figure.add_trace(_points(part, kind, known=known, gl=gl, dark=dark))
    ring = frame[frame["row"].isin(list(named)[: 1 if region else 0])]
    figure.add_scatter(
        x=ring["like"], y=ring["avoid"], mode="markers", hoverinfo="skip",
        marker={"size": 17, "symbol": "circle-open", "color": color("ink", dark=dark), "line": {"width": 1.6}},
    )  # fmt: skip
    kept = _kept_free(region, names, span=span, pixels=pixels) if region else []
    for label in place_labels(frame, named, span=span, pixels=pixels, kept=kept, lead=bool(region), dark=dark):
        figure.add_annotation(label)
    _corners(figure, names, span=span, dark=dark)
    _axes(figure, names, span=span, dark=dark)
    if names.reference is not None:
        _color_bar(figure, names.reference, scale=scale, dark=dark)
    return figure


def reachable(frame: pd.DataFrame, named: Sequence[int] = (), *, gl: bool) -> np.ndarray:
    """Points that answer to the pointer: all, or without WebGL the named ones and the reliable ones furthest out."""
    far = np.hypot(frame["like"].to_numpy(dtype=float), frame["avoid"].to_numpy(dtype=float))
    first = 2 * frame["reliable"].to_numpy(dtype=bool) + 4 * frame["row"].isin(list(named)).to_numpy()
    return touchable(far + first, gl=gl)


def _beneath(frame: pd.DataFrame, scale: float | None, *, dark: bool) -> list[dict]:
    """The other points as a picture, those that can be relied on last."""
    frame = frame.sort_values("reliable", kind="stable")
    tones = np.full((len(frame), 4), rgba(color("faint", dark=dark), 0.7), dtype=np.uint8)
    if scale is not None:
        stops = colorscale(dark=dark)
        tones = along(frame["reference"].to_numpy(), stops, low=-scale, high=scale, opacity=0.9)
    tones[~frame["reliable"].to_numpy(dtype=bool), 3] = 90
    return cloud(frame["like"].to_numpy(), frame["avoid"].to_numpy(), tones)


def _span(frame: pd.DataFrame) -> tuple[float, float]:
    """One range for both axes, so that a swap of the queries mirrors the plot: all points, and a little room."""
    values = frame[["like", "avoid"]].to_numpy()
    if not values.size:
        return -1.0, 1.0
    low, high = min(float(values.min()), -0.1), max(float(values.max()), 0.1)
    room = 0.05 * (high - low)
    return max(low - room, -1.05), min(high + room, 1.05)


def reference_limit(frame: pd.DataFrame) -> float:
    """End of the colour scale: the strongest of 1 in 200 points, so that one outlier does not wash out the others."""
    known = frame["reference"].abs().dropna()
    return max(round(float(known.quantile(0.995)), 2), 0.1) if len(known) else 1.0


def _points(frame: pd.DataFrame, kind: str, *, known: bool, gl: bool, dark: bool) -> go.Scatter | go.Scattergl:
    """Points of a kind that all can, or all cannot, be relied on."""
    faint = not frame["reliable"].iat[0]
    marker = {
        "symbol": SYMBOLS[kind],
        "size": 5.0 if faint else SIZES[kind],
        "opacity": 0.3 if faint else 1.0,
        "color": frame["reference"].to_numpy(dtype=np.float32) if known else color("faint", dark=dark),
        "line": {"width": 0 if faint else 0.7, "color": color("muted", dark=dark)},
    }
    return (go.Scattergl if gl else go.Scatter)(
        x=frame["like"].to_numpy(dtype=np.float32),
        y=frame["avoid"].to_numpy(dtype=np.float32),
        mode="markers",
        marker=marker | ({"coloraxis": "coloraxis"} if known else {}),
        customdata=frame["row"].tolist(),
        hoverinfo="none",
        selected={"marker": {"opacity": 1.0}},
        unselected={"marker": {"opacity": 0.12 if faint else 0.3}},
    )


def _box(figure: go.Figure, region: dict, names: Names, *, span: tuple[float, float], dark: bool) -> None:
    limit = span[1]
    cut, tau = region["cut"], min(region["tau"], limit, -span[0])
    tone = color("gene", dark=dark)
    figure.add_shape(
        type="rect", x0=cut, x1=limit, y0=-tau, y1=tau, layer="below",
        line={"color": tone, "width": 1.4}, fillcolor=color("gene-soft", dark=dark), opacity=0.75,
    )  # fmt: skip
    text = {
        "showarrow": False,
        "xanchor": "right",
        "x": limit,
        "xshift": -4,
        "font": {"size": 11},
    }
    ink = {"color": color("gene-text", dark=dark), "size": 12}
    figure.add_annotation(
        text | {"text": f"<b>Wanted: like {names.like}, not like {names.avoid}</b>", "font": ink},
        y=tau, yanchor="bottom",
    )  # fmt: skip
    cos = "cos" if names.similarity == "cosine" else names.similarity
    rule = f"{cos} ≥ {words.cosine(cut)} and |{cos}| < {words.cosine(region['tau'])}"
    figure.add_annotation(
        text | {"text": rule, "font": {"color": color("gene-text", dark=dark), "size": 11}}, y=-tau, yanchor="top"
    )


def _kept_free(
    region: dict, names: Names, *, span: tuple[float, float], pixels: tuple[float, float]
) -> list[tuple[float, float, float, float]]:
    """Where the title and the rule of the wanted region stand, as (left, right, low, high): no name goes there."""
    across, up = ((span[1] - span[0]) / side for side in pixels)
    tau = min(region["tau"], span[1], -span[0])
    width = 7 * len(f"Wanted: like {names.like}, not like {names.avoid}".replace("<i>", "").replace("</i>", ""))
    title = (span[1] - width * across, span[1], tau, tau + 18 * up)
    return [title, (span[1] - 140 * across, span[1], -tau - 16 * up, -tau)]


def _corners(figure: go.Figure, names: Names, *, span: tuple[float, float], dark: bool) -> None:
    """What each corner of the plot means, in words."""
    corners = (
        (0, 1, f"like {names.avoid} only"),
        (1, 1, "like both"),
        (0, 0, "opposite of both"),
        (1, 0, f"like {names.like}, opposite of {names.avoid}"),
    )
    for x, y, text in corners:
        figure.add_annotation(
            x=span[x], y=span[y], text=text, showarrow=False,
            xanchor="right" if x else "left", yanchor="top" if y else "bottom",
            xshift=-4 if x else 4, yshift=-3 if y else 3, font={"size": 11, "color": color("muted", dark=dark)},
        )  # fmt: skip


def _axes(figure: go.Figure, names: Names, *, span: tuple[float, float], dark: bool) -> None:
    wide = span[1] - span[0]
    step = 0.1 if wide < 0.8 else 0.2 if wide < 1.6 else 0.5
    common = {"range": list(span), "zeroline": True, "zerolinewidth": 1.4, "dtick": step, "tickformat": ".1f"}
    figure.update_xaxes(common | {"title": _title(names, names.like)})
    figure.update_yaxes(common | {"title": _title(names, names.avoid)})
    figure.update_layout(
        margin={"l": 54, "r": 30, "t": 52 if names.reference else 8, "b": 42, "autoexpand": False},
        dragmode="lasso",
        modebar={"orientation": "v", "bgcolor": "rgba(0,0,0,0)", "color": color("faint", dark=dark)},
        newselection={"line": {"dash": "dash", "width": 1.5}},
        uirevision=f"{names.like}|{names.avoid}",
    )


def _color_bar(figure: go.Figure, reference: str, *, scale: float, dark: bool) -> None:
    figure.update_layout(
        coloraxis={
            "cmin": -scale,
            "cmax": scale,
            "colorscale": colorscale(dark=dark),
            "colorbar": color_bar(
                scale,
                len=0.6,
                x=0.97,
                xanchor="right",
                y=1.02,
                yanchor="bottom",
                ticklabelposition="outside bottom",
                title={"text": f"colour: similarity to {reference}", "side": "top", "font": {"size": 11}},
            ),
        }
    )


def _title(names: Names, query: str) -> str:
    """Of an axis; plain cosine is called so."""
    return f"similarity to {query}" + (" (cosine)" if names.similarity == "cosine" else "")

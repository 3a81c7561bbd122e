"""Recall of known relationships as dots: this map, what chance gives, and what was published of another screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from explorer.figures import words
from explorer.figures.curve_marks import escaped
from explorer.figures.theme import color, template

#: Name of a series: marker, size, and whether it is of this map.
_MARKS = {
    "served": ("circle", 13),
    "cosine": ("circle-open", 13),
    "matched": ("line-ns-open", 15),
    "random": ("x-thin-open", 9),
}


def draw_recall(found: Mapping[str, object], *, tail: str, dark: bool) -> go.Figure:
    """One line a source, recall across.

    Parameters
    ----------
    found : mapping
        `queries.recall`: `cosine`, perhaps `served`, `anchors` and those of them that are `comparable`.
    tail : {"05", "10"}
        Anchors are published for "05" alone.
    """
    figure = go.Figure(layout={"template": template(dark=dark)})
    rows = found["cosine"]
    names = [str(r["source"]) for r in rows][::-1]
    if tail == "05":
        for who in found["comparable"]:
            of = found["anchors"][who]
            _add_anchor(figure, who, {s: of[s] for s in names if s in of}, dark=dark)
    for series in ("random", "matched"):
        _add(figure, series, [r.get(f"{series}_{tail}") for r in rows], rows, tail=tail, dark=dark)
    way = "served" if "served" in found else "cosine"
    if way == "served":
        _add(figure, "cosine", [r.get(f"recall_{tail}") for r in rows], rows, tail=tail, dark=dark)
    of_way = {str(r["source"]): r for r in found[way]}
    kept = [of_way.get(str(r["source"]), {}) for r in rows]
    _add(figure, "served", [r.get(f"recall_{tail}") for r in kept], kept, tail=tail, dark=dark)
    said = {"05": "outside the 5th and 95th percentile", "10": "outside the 10th and 90th percentile"}[tail]
    figure.update_xaxes(title=f"share of known pairs {said}", range=[0, _most(figure)], tickformat=".1f")
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=names,
        range=[-0.6, len(names) - 0.4],
        ticks="",
        gridcolor=color("line", dark=dark),
    )
    figure.update_yaxes(tickfont={"size": 13, "color": color("ink", dark=dark)}, automargin=True)
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 12}, "itemsizing": "trace"}
    return figure.update_layout(showlegend=True, legend=legend, margin={"t": 58, "b": 40, "l": 8, "r": 12})


_SAID = {"served": "this map", "cosine": "by plain cosine", "matched": "matched pairs", "random": "random pairs"}


def _add(figure: go.Figure, series: str, values: Sequence, rows: Sequence[Mapping], *, tail: str, dark: bool) -> None:
    symbol, size = _MARKS[series]
    tone = color("gene" if series in ("served", "cosine") else "muted", dark=dark)
    kept = [(str(r["source"]), v, r) for r, v in zip(rows, values, strict=True) if v is not None and "source" in r]
    figure.add_scatter(
        x=[v for _, v, _ in kept],
        y=[s for s, _, _ in kept],
        mode="markers",
        name=_SAID[series],
        marker={"symbol": symbol, "size": size, "color": tone, "line": {"width": 2, "color": tone}},
        hovertext=[_hover(_SAID[series], s, v, r, tail) for s, v, r in kept],
        hoverinfo="text",
    )


def _add_anchor(figure: go.Figure, who: str, of: Mapping[str, float], *, dark: bool) -> None:
    if not of:
        return
    figure.add_scatter(
        x=list(of.values()),
        y=list(of),
        mode="markers",
        name="published, RxRx3-core",
        legendgroup="anchors",
        showlegend=not any(t.legendgroup == "anchors" for t in figure.data),
        marker={"symbol": "diamond-open", "size": 8, "color": color("compound-edge", dark=dark)},
        hovertext=[f"<b>{escaped(who)}</b>, RxRx3-core<br>{s}: {words.number(v, 3)}" for s, v in of.items()],
        hoverinfo="text",
    )


def _hover(said: str, source: str, value: float, row: Mapping, tail: str) -> str:
    p = row.get(f"p_{tail}")
    more = f"<br>p {words.q_value(p)} against random pairs" if said == "this map" and isinstance(p, float) else ""
    return f"<b>{said}</b><br>{escaped(source)}, {row['pairs']:,} pairs: {words.number(value, 3)}{more}"


def _most(figure: go.Figure) -> float:
    return min(max([x for t in figure.data for x in t.x] + [0.2]) * 1.08, 1.02)

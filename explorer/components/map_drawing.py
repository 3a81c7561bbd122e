"""From what was asked of the map page to its figures."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import Patch

from explorer import queries
from explorer.components.map_words import axis_titles, provenance
from explorer.components.plotting import webgl
from explorer.components.similarity_name import similarity_name
from explorer.figures import map_scale
from explorer.figures.found_marks import marks
from explorer.figures.heatmap import SHORT, draw_heatmap, image, scale_words, ticks
from explorer.figures.map_scale import Scale
from explorer.figures.map_scatter import draw_map
from explorer.figures.png import limit_for


def map_figure(of_map: str, *, method: str, color: str, about: str, found: list[str], dark: bool) -> go.Figure:
    """The picture of a map."""
    points = queries.points(of_map)
    return draw_map(
        points,
        queries.projection(of_map, method),
        scale_of(of_map, points, color, about, dark=dark),
        found=found,
        axes=axis_titles(of_map, method),
        about=provenance(of_map),
        dark=dark,
        gl=webgl(),
    )


def scale_of(of_map: str, points: pd.DataFrame, color: str, about: str, *, dark: bool) -> Scale:
    """The scale of a colour; kind where what it should be about is not named yet."""
    if color == "kind" or (color in ("like", "set") and not about):
        return map_scale.kind_scale()
    if color == "set":
        found = queries.gene_set(of_map, about)
        member = (points["kind"] == "gene") & points["slug"].isin(found["on_map"])
        return map_scale.set_scale(member.to_numpy(), found["name"], dark=dark)
    values = queries.point_values(of_map, color, about)["value"].to_numpy()
    if color == "like":
        return map_scale.like_scale(values, queries.label(of_map, about), similarity=similarity_name(of_map), dark=dark)
    if color == "cluster":
        return map_scale.cluster_scale(values, queries.cluster_names(of_map))
    return (map_scale.activity_scale if color == "activity" else map_scale.toxicity_scale)(values, dark=dark)


def heat_figure(of_map: str, kind: str, order: str, *, rows: list[int], columns: list[int], dark: bool) -> go.Figure:
    """The heatmap, opened at a window."""
    return draw_heatmap(
        queries.heatmap_window(of_map, kind, order, rows=rows, columns=columns),
        queries.heatmap_axis(of_map, kind, order),
        queries.heatmap_groups(of_map, kind, order),
        rows=rows,
        columns=columns,
        about=provenance(of_map),
        dark=dark,
    )


def found_patch(of_map: str, *, method: str, found: list[str], dark: bool) -> Patch:
    """What changes in the picture when others are looked for: the marks above the points."""
    about = provenance(of_map)
    patch = Patch()
    for key, value in marks(
        queries.points(of_map), queries.projection(of_map, method), found, about=about, dark=dark
    ).items():
        patch["layout"][key] = value
    return patch


def heat_patch(of_map: str, kind: str, order: str, *, rows: list[int], columns: list[int], dark: bool) -> Patch:
    """What changes in the heatmap when another window is looked at: its picture, its words, not its axes' ranges."""
    window = queries.heatmap_window(of_map, kind, order, rows=rows, columns=columns)
    axis, groups = queries.heatmap_axis(of_map, kind, order), queries.heatmap_groups(of_map, kind, order)
    limit = limit_for(window.to_numpy())
    patch = Patch()
    for key, value in image(window, rows, columns, limit=limit, dark=dark).items():
        patch["data"][0][key] = value
    for key, value in scale_words(limit).items():
        patch["data"][1]["marker"]["colorbar"][key] = value
    for side, span, longest in (("xaxis", columns, SHORT), ("yaxis", rows, 99)):
        for key, value in ticks(axis, groups, *span, longest=longest).items():
            patch["layout"][side][key] = value
    return patch

"""Who is looked for on the map: a ring and a name, and a compound's way from its lowest to its highest concentration.

Shapes and annotations, not traces: those lie above points that are drawn by WebGL.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from explorer.figures.curve_marks import escaped
from explorer.figures.theme import color

#: Entities that are ringed, and compounds among them whose concentrations are joined.
MOST_FOUND, MOST_WAYS = 20, 5

_RADIUS = 8


def marks(points: pd.DataFrame, places: pd.DataFrame, found: Sequence[str], *, about: str, dark: bool) -> dict:
    """Shapes and annotations of a map's layout.

    Parameters
    ----------
    points, places : DataFrame
        As `queries.points` and `queries.projection` give them, in the order of the map.
    found : sequence of str
        Entities; those past `MOST_FOUND` are left out.
    about : str
        Said in the corner, so that it is in every export.
    """
    ink, surface = color("ink", dark=dark), color("surface", dark=dark)
    corner = {"x": 1, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "right", "yanchor": "top"}
    annotations: list[dict] = [{"text": escaped(about), "showarrow": False, "font": {"size": 10}, **corner}]
    shapes, ways = [], 0
    xy = places[["x", "y"]].to_numpy(dtype=float)
    entity, concentration = points["entity"].to_numpy(), points["concentration"].to_numpy(dtype=float)
    for one in found[:MOST_FOUND]:
        rows = np.flatnonzero(entity == one)
        rows = rows[np.argsort(concentration[rows], kind="stable")]
        if not len(rows):
            continue
        if len(rows) > 1 and ways < MOST_WAYS:
            ways += 1
            annotations += [_step(xy[a], xy[b], dark=dark) for a, b in pairwise(rows)]
        x, y = xy[rows[-1]].tolist()
        ring = {"x0": -_RADIUS, "x1": _RADIUS, "y0": -_RADIUS, "y1": _RADIUS, "line": {"color": ink, "width": 2}}
        shapes.append(
            {"type": "circle", "xsizemode": "pixel", "ysizemode": "pixel", "xanchor": x, "yanchor": y, **ring}
        )
        label = {"text": _name(points.iloc[rows[-1]]), "x": x, "y": y, "yshift": _RADIUS + 9, "showarrow": False}
        annotations.append(
            label | {"font": {"size": 13, "color": ink}, "bgcolor": surface, "opacity": 0.9, "borderpad": 1}
        )
    return {"shapes": shapes, "annotations": annotations}


def _step(start: np.ndarray, end: np.ndarray, *, dark: bool) -> dict:
    """An arrow from one concentration to the next."""
    (ax, ay), (x, y) = start.tolist(), end.tolist()
    places = {"x": x, "y": y, "ax": ax, "ay": ay, "axref": "x", "ayref": "y", "xref": "x", "yref": "y"}
    return {
        "text": "",
        "showarrow": True,
        "arrowhead": 2,
        "arrowsize": 1.2,
        "arrowwidth": 1.6,
        "arrowcolor": color("ink", dark=dark),
        **places,
    }


def _name(point: pd.Series) -> str:
    name = escaped(point["label"])
    if point["kind"] == "gene":
        return name if point["blinded"] else f"<i>{name}</i>"
    at = point["concentration"]
    return name if at != at else f"{name} {at:.4g} µM"

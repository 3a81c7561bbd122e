"""What the map page is asked by a browser: rows, choices and windows, each held against the map."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from explorer import atlas, queries
from explorer.components.asked import asked_map
from explorer.errors import InputError
from explorer.queries import MOST_PIXELS, edges

_PLACE = re.compile(r"(\d{1,6})-(\d{1,6})\.(\d{1,6})-(\d{1,6})", re.ASCII)


def asked_choice(value: object, choices: Sequence[str]) -> str:
    """One of the choices, the first where it is none of them."""
    return value if isinstance(value, str) and value in choices else choices[0]


def asked_rows(of_map: str, values: object) -> list[int]:
    """Rows of the map, ascending, each once; anything else is left out."""
    n = len(atlas.opened(of_map).map.features)
    given = values if isinstance(values, list) else []
    return sorted({v for v in given if isinstance(v, int) and not isinstance(v, bool) and 0 <= v < n})


def asked_entities(of_map: str, values: object, *, most: int) -> list[str]:
    """Ids of entities on the map, each once, at most `most`; others are left out."""
    given = [v for v in values if isinstance(v, str)] if isinstance(values, list) else []
    return [v for v in dict.fromkeys(given) if v in atlas.opened(of_map).entity_rows][:most]


def asked_span(values: object, *, n: int) -> list[int]:
    """A run of positions of an axis of `n`, at least one long; all of them where it is not one."""
    good = isinstance(values, list) and len(values) == 2 and all(type(v) is int for v in values)
    if not good or not -n <= values[0] < values[1] <= 2 * n:
        return [0, n]
    first = min(max(values[0], 0), n - 1)
    return [first, max(min(values[1], n), first + 1)]


def asked_page(page: object) -> str:
    """The map that the page's store names."""
    return asked_map(page.get("map") if isinstance(page, dict) else None)


def asked_heat(page: object) -> tuple[str, str, str]:
    """Map, kind and order that the page's store names.

    Raises
    ------
    InputError
        When the map has no such heatmap.
    """
    of_map = asked_page(page)
    kinds = queries.heatmap_kinds(of_map)
    if not kinds:
        raise InputError(f"map {of_map} has no pairs to show")
    kind = asked_choice(page.get("kind"), kinds)
    return of_map, kind, asked_choice(page.get("order"), queries.heatmap_orders(of_map, kind))


def asked_window(asked: tuple[str, str, str], view: object) -> dict[str, list[int]]:
    """`rows` and `columns` of a window of the heatmap that `asked_heat` names."""
    n, view = len(queries.heatmap_axis(*asked)), view if isinstance(view, dict) else {}
    return {side: asked_span(view.get(side), n=n) for side in ("rows", "columns")}


def asked_place(text: object, *, n: int) -> dict[str, list[int]]:
    """A window from an address, `first-last.first-last` counted from 1; the whole where it is not one."""
    match = _PLACE.fullmatch(text) if isinstance(text, str) else None
    a, b, c, d = (int(x) for x in match.groups()) if match else (1, n, 1, n)
    return {"rows": asked_span([a - 1, b], n=n), "columns": asked_span([c - 1, d], n=n)}


def around(position: int, *, n: int, beside: int = 20) -> dict[str, list[int]]:
    """The window round a position, on both sides."""
    first = max(min(position - beside, n - 2 * beside - 1), 0)
    span = [first, min(first + 2 * beside + 1, n)]
    return {"rows": span, "columns": span}


def asked_hover(of_map: str, hover: object) -> tuple[list[int], dict | None]:
    """The row under the mouse, and where the card goes."""
    point = hover if isinstance(hover, dict) else {}
    box = _box(point)
    return (asked_rows(of_map, [point.get("row")]) if box else []), box


def asked_cell(
    hover: object, *, n: int, rows: list[int], columns: list[int]
) -> tuple[dict[str, list[int]] | None, dict | None]:
    """The run of rows and of columns of the cell under the mouse in a window, and where the card goes."""
    point = _point(hover)
    box, spans = _box(point), {}
    for side, axis, (first, last) in (("rows", "y", rows), ("columns", "x", columns)):
        at = point.get(axis)
        if box is None or isinstance(at, bool) or not isinstance(at, int | float) or not -1 < at < n:
            return None, None
        found = edges(first, last, MOST_PIXELS)
        cell = int(
            np.clip(np.searchsorted(found, min(max(round(at), first), last - 1), "right") - 1, 0, len(found) - 2)
        )
        spans[side] = found[cell : cell + 2].tolist()
    return spans, box


def _point(hover: object) -> dict:
    points = hover.get("points") if isinstance(hover, dict) else None
    return points[0] if isinstance(points, list) and points and isinstance(points[0], dict) else {}


def _box(point: dict) -> dict | None:
    box = point.get("bbox")
    good = isinstance(box, dict) and all(
        type(box.get(k)) in (int, float) and abs(box[k]) < 1e5 for k in ("x0", "x1", "y0", "y1")
    )
    return {k: box[k] for k in ("x0", "x1", "y0", "y1")} if good else None

"""The point of a plot that is under the pointer: its row of the map, and where the card goes."""

from __future__ import annotations


def hovered_point(hovered: object) -> tuple[int | None, dict | None]:
    """Row of the map and box in pixels of the first hovered point that carries a row; (None, None) without one."""
    points = hovered.get("points") if isinstance(hovered, dict) else None
    for point in points if isinstance(points, list) else []:
        row = point.get("customdata") if isinstance(point, dict) else None
        row = row[0] if isinstance(row, list) and row else row
        box = _box(point.get("bbox")) if isinstance(point, dict) else None
        if isinstance(row, int) and not isinstance(row, bool) and box is not None:
            return row, box
    return None, None


def _box(given: object) -> dict | None:
    """The four numbers of a box, as far as they are numbers."""
    if not isinstance(given, dict):
        return None
    box = {k: given.get(k) for k in ("x0", "x1", "y0", "y1")}
    return box if all(isinstance(v, int | float) and not isinstance(v, bool) for v in box.values()) else None

"""Names of points where there is room for them: no two overlap, and none runs out of the plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from explorer.figures import words
from explorer.figures.curve_marks import escaped
from explorer.figures.theme import color

#: Size of a letter in pixels, as a rough guide to what overlaps.
_LETTER, _LINE = 6.8, 15.0
_SIDES = (("left", 9, 0), ("right", -9, 0), ("center", 0, 15), ("center", 0, -15))
_MOST = 14


def place_labels(
    frame: pd.DataFrame,
    rows: Sequence[int],
    *,
    span: tuple[float, float],
    pixels: tuple[float, float],
    kept: Sequence[tuple[float, float, float, float]],
    lead: bool,
    dark: bool,
) -> Iterator[dict]:
    """Annotations for the points of some rows of the map, earlier rows first, each where nothing else is in the way.

    `pixels` is the width and height of the plot, `kept` boxes (left, right, low, high) of other words,
    `lead` whether the first name is set bold.
    """
    across, up = ((span[1] - span[0]) / side for side in pixels)
    at = frame.drop_duplicates("row").set_index("row")
    corner, top = 130 * across, (span[1] - 22 * up, span[1])
    taken = [(span[1] - corner / 2, span[1], *top), (span[0], span[0] + corner, *top), *kept]
    corners = len(taken)
    for number, row in enumerate(dict.fromkeys(r for r in rows if r in at.index)):
        point = at.loc[row]
        text = point_name(point)
        width = len(_plain(point)) * _LETTER * across
        for anchor, dx, dy in _SIDES:
            x, y = point["like"] + dx * across, point["avoid"] + dy * up
            left = x - {"left": 0.0, "right": 1.0, "center": 0.5}[anchor] * width
            box = (left, left + width, y - _LINE * up / 2, y + _LINE * up / 2)
            if box[0] < span[0] or box[1] > span[1] or any(_overlap(box, other) for other in taken):
                continue
            taken.append(box)
            yield {
                "x": point["like"],
                "y": point["avoid"],
                "xshift": dx,
                "yshift": dy,
                "xanchor": anchor,
                "yanchor": "middle",
                "showarrow": False,
                "text": f"<b>{text}</b>" if lead and number == 0 else text,
                "font": {"size": 12, "color": color("ink", dark=dark)},
            }
            break
        if len(taken) >= _MOST + corners:
            return


def point_name(point: pd.Series) -> str:
    """The name of a point in Plotly's markup: genes italic, compounds with their concentration."""
    label = escaped(str(point["label"])[:40])
    if point["kind"] == "gene":
        return label if point["blinded"] else f"<i>{label}</i>"
    return label + _concentration(point)


def _plain(point: pd.Series) -> str:
    return str(point["label"])[:40] + (_concentration(point) if point["kind"] == "compound" else "")


def _concentration(point: pd.Series) -> str:
    value = point["concentration"]
    return "" if pd.isna(value) else f" {words.concentration(value)} µM"


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]

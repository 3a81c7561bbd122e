"""What stands outside the circle: arcs of groups with their names, and compounds; labels that would collide move.

All is geometry on plain numbers, so that the canvas and the printed figure are drawn from one answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Width of a 12 px italic symbol by letter, roughly that of Helvetica; what stands radially is centred by it.
_NARROW, _WIDE = set("1IJfijlrt.,-"), set("MWmw@")
#: From a gene to its name, and from the longest name to the arc.
NAME_GAP, ARC_GAP = 11.0, 12.0
#: How high and low labels may stand, as a share of their circle.
_REACH = 1.02
#: Angle between points of an arc.
_STEP = 0.045


@dataclass(frozen=True)
class Outer:
    """Something outside the ring: wanted at `angle`, `height` tall; placed at (`x`, `y`), its text to one side."""

    key: str
    angle: float
    height: float
    x: float = 0.0
    y: float = 0.0

    @property
    def right(self) -> bool:
        return self.x >= 0


def text_width(text: str, *, size: float = 12.0) -> float:
    """Width of a short text at a font size, within some 10 %."""
    units = sum(0.33 if c in _NARROW else 0.88 if c in _WIDE else 0.66 if c.isupper() else 0.56 for c in text)
    return units * size


def arc_angles(angles: np.ndarray, members: Sequence[int], step: float) -> tuple[float, float]:
    """First and last angle of a group whose members stand side by side, half a step beyond both ends."""
    return float(angles[list(members)].min() - step / 2), float(angles[list(members)].max() + step / 2)


def sector(first: float, last: float, inner: float, outer: float) -> np.ndarray:
    """Outline (points, 2) of a part of a ring between two angles from 12 o'clock clockwise."""
    turn = np.linspace(first, last, max(int(np.ceil((last - first) / _STEP)) + 1, 8))
    there = outer * np.column_stack([np.sin(turn), -np.cos(turn)])
    back = inner * np.column_stack([np.sin(turn[::-1]), -np.cos(turn[::-1])])
    return np.vstack([there, back])


def place_outside(items: Sequence[Outer], radius: float) -> list[Outer]:
    """Stand items around a circle at their angle, and push those that would overlap up or down, side by side.

    Parameters
    ----------
    items : sequence of Outer
    radius : float
        Of the circle on which they stand; none stands higher or lower than it unless they are too many.
    """
    placed = []
    for right in (True, False):
        side = [i for i in items if (np.sin(i.angle) >= 0) == right]
        side.sort(key=lambda i: -np.cos(i.angle))
        ys = _apart([-radius * np.cos(i.angle) for i in side], [i.height for i in side], reach=_REACH * radius)
        for item, y in zip(side, ys, strict=True):
            x = np.sqrt(max(radius**2 - min(abs(y), radius) ** 2, (0.1 * radius) ** 2))
            placed.append(Outer(item.key, item.angle, item.height, float(x if right else -x), float(y)))
    return placed


def _apart(wanted: Sequence[float], heights: Sequence[float], *, reach: float) -> np.ndarray:
    """Positions near those wanted (ascending), within reach of 0, at which boxes of these heights do not overlap.

    Neighbours that would overlap are pooled about the mean of where they want to be.
    """
    if not len(wanted):
        return np.array([])
    heights = np.array(heights, dtype=float)
    heights *= min(1.0, 2 * reach / max(heights.sum(), 1e-9))
    offsets = np.concatenate([[0], np.cumsum((heights[:-1] + heights[1:]) / 2)])
    blocks: list[list[float]] = []
    for free in np.array(wanted) - offsets:
        blocks.append([free, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            last, before = blocks.pop(), blocks.pop()
            n = before[1] + last[1]
            blocks.append([(before[0] * before[1] + last[0] * last[1]) / n, n])
    found = np.repeat([b[0] for b in blocks], [int(b[1]) for b in blocks]) + offsets
    found = np.maximum(found, offsets - reach + heights[0] / 2)
    return np.minimum(found, offsets - offsets[-1] + reach - heights[-1] / 2)

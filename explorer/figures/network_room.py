"""Where compounds and names of groups stand when there is no ring: in the nearest free place.

All is geometry on plain numbers, so that the canvas and the printed figure are drawn from one answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.figures.network_ring import text_width

#: Directions and distances that are tried around a gene, nearest first.
_TURNS, _DISTANCES = 16, (44.0, 66.0, 92.0, 124.0, 162.0, 206.0)
_ABOVE, _ASIDE, _HEIGHT = (26.0, 48.0, 70.0, 96.0), (0.0, 40.0, -40.0, 80.0, -80.0), 34.0


@dataclass(frozen=True)
class Box:
    """A rectangle on the canvas, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: Box) -> float:
        """Area that two boxes share."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        tall = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0.0) * max(tall, 0.0)


def gene_boxes(nodes: Sequence[Mapping]) -> list[Box]:
    """What genes with their names below them cover."""
    found = []
    for n in nodes:
        half = max(text_width(n["label"]) / 2, 8.0) + 2
        found.append(Box(n["x"] - half, n["y"] - 9, n["x"] + half, n["y"] + 24))
    return found


def compound_places(
    compounds: Sequence[Mapping], *, nodes: Sequence[Mapping], middles: Mapping[str, Sequence[float]]
) -> tuple[dict[str, tuple[float, float, bool]], list[Box]]:
    """A place near its gene for each compound, away from the middle, on top of nothing that stands there.

    Parameters
    ----------
    compounds : sequence of mappings
        `slug`, `gene`, `label`, `note`.
    nodes : sequence of mappings
        Genes: `slug`, `label`, `x`, `y`.
    middles : mapping
        Slug of a gene to the point that its compounds should be away from.

    Returns
    -------
    places : dict
        Slug to x, y and whether its text stands to the right.
    taken : list of Box
        All boxes, those of the genes first.
    """
    taken = gene_boxes(nodes)
    at = {n["slug"]: np.array([n["x"], n["y"]]) for n in nodes}
    places: dict[str, tuple[float, float, bool]] = {}
    for c in compounds:
        gene, out = at[c["gene"]], at[c["gene"]] - np.asarray(middles[c["gene"]], dtype=float)
        wide = 14 + max(text_width(c["label"], size=13.5), text_width(c["note"], size=11))
        turns = np.arctan2(out[1], out[0]) + np.pi * np.array([0, *_fan(_TURNS)])
        tried = [
            (x, y, right, _box(x, y, right, wide))
            for d in _DISTANCES
            for x, y in (gene + d * np.array([np.cos(t), np.sin(t)]) for t in turns)
            for right in ((True, False) if x >= gene[0] else (False, True))
        ]
        free = (one for one in tried if not any(one[3].covers(b) for b in taken))
        x, y, right, box = next(free, None) or min(tried, key=lambda one: sum(one[3].covers(b) for b in taken))
        places[c["slug"]] = (float(x), float(y), right)
        taken.append(box)
    return places, taken


def name_place(points: np.ndarray, text: str, note: str, taken: Sequence[Box]) -> tuple[tuple[float, float], Box]:
    """Where the two lines that name a group stand: above its genes (k, 2), or below or aside where that is taken."""
    x, top, bottom = float(points[:, 0].mean()), float(points[:, 1].min()), float(points[:, 1].max())
    half = max(text_width(text, size=13.5), text_width(note, size=11)) / 2 + 3
    ys = [top - d for d in _ABOVE] + [bottom + 18 + d for d in _ABOVE]
    tried = [(x + aside, y) for aside in _ASIDE for y in ys]
    boxes = [Box(a - half, b - _HEIGHT / 2, a + half, b + _HEIGHT / 2) for a, b in tried]
    covered = [sum(box.covers(other) for other in taken) for box in boxes]
    best = int(np.argmin(covered))
    (x, y), box = tried[best], boxes[best]
    return (round(x, 1), round(y, 1)), box


def _fan(n: int) -> list[float]:
    """Turns in units of pi, to both sides in turn, ever further from straight on."""
    steps = 2 * np.arange(1, n // 2 + 1) / n
    return [s for step in steps for s in (float(step), -float(step))]


def _box(x: float, y: float, right: bool, wide: float) -> Box:
    return Box(x - 10, y - 17, x + wide, y + 17) if right else Box(x - wide, y - 17, x + 10, y + 17)

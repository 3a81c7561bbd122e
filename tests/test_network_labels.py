"""On the networks of the stories, with compounds: how many names, notes and marks lie on one another."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from explorer import atlas
from explorer.components.network_drawn import network_of, scene_of
from explorer.components.network_view import read_view
from explorer.figures.network_ring import text_width
from explorer.queries.story_breast_cancer import TERM
from explorer.queries.story_ras import NAMES

BREAST, RAS = {"set": TERM}, {"genes": ",".join(NAMES)}
#: With as many compounds as a story ever shows, and with many more.
NETWORKS = [
    BREAST | {"lay": "circle", "cpd": "20"}, BREAST | {"lay": "force", "cpd": "5"},
    BREAST | {"lay": "force", "cpd": "20"}, BREAST | {"lay": "grouped", "cpd": "20"},
    BREAST | {"plus": "KRAS", "lay": "grouped", "cpd": "20"}, RAS | {"lay": "force", "cpd": "20"},
]  # fmt: skip


def rectangle(x: float, y: float, *, wide: float, tall: float, turn: float = 0.0) -> np.ndarray:
    """Corners (4, 2) of a rectangle about a point, turned by an angle in radians."""
    corners = np.array([[-wide, -tall], [wide, -tall], [wide, tall], [-wide, tall]]) / 2
    c, s = np.cos(turn), np.sin(turn)
    return corners @ np.array([[c, s], [-s, c]]) + [x, y]


def overlap(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two turned rectangles share more than an edge: no side of either has all of the other beyond it."""
    for corners in (one, other):
        for side in np.diff(corners[:3], axis=0):
            normal = side / np.linalg.norm(side)
            a, b = one @ normal, other @ normal
            if min(a.max(), b.max()) - max(a.min(), b.min()) <= 0.5:
                return False
    return True


def boxes(scene: dict) -> list[tuple[str, np.ndarray]]:
    """What covers the canvas: owner and corners, of names of genes, of compounds with both lines, and of groups."""
    found = []
    for g in scene["genes"]:
        wide, radial = text_width(g["label"]), g["turn"] is not None
        x, y = (g["x"] + g["text_x"], g["y"] + g["text_y"]) if radial else (g["x"], g["y"] + 17)
        found.append((g["slug"], rectangle(x, y, wide=wide, tall=11, turn=g["turn"] or 0.0)))
        found.append((g["slug"], rectangle(g["x"], g["y"], wide=12, tall=12)))
    for c in scene["compounds"]:
        sign = 1 if c["right"] else -1
        for dy, text, size in ((-7, c["label"], 13), (8, c["note"], 11)):
            wide = text_width(text, size=size)
            found.append((c["slug"], rectangle(c["x"] + sign * (12 + wide / 2), c["y"] + dy, wide=wide, tall=size)))
        found.append((c["slug"], rectangle(c["x"], c["y"], wide=14, tall=14)))
    for t in scene["texts"]:
        wide = text_width(t["text"], size=13 if t["strong"] else 11)
        x = t["x"] + {True: wide / 2, False: -wide / 2, None: 0.0}[t["right"]]
        found.append((f"group {t['group']}", rectangle(x, t["y"], wide=wide, tall=12)))
    return found


def overlaps(view: dict) -> list[tuple[str, str]]:
    """Pairs of owners of which something lies on something of the other, once each; two genes do not count here."""
    found = read_view("demo", view)
    scene = scene_of(found, network_of(found))
    genes, pairs = {g["slug"] for g in scene["genes"]}, set()
    for (a, one), (b, other) in combinations(boxes(scene), 2):
        if a != b and not {a, b} <= genes and overlap(one, other):
            pairs.add((a, b))
    return sorted(pairs)


@pytest.mark.parametrize("view", NETWORKS, ids=lambda v: "-".join(v[k][:12] for k in sorted(v)))
def test_compounds_and_groups_lie_on_no_name(opened, monkeypatch, view):
    """Neither a compound, its note nor the name of a group lies on a gene's name or mark, or on one another."""
    monkeypatch.setattr(atlas, "_current", opened)
    assert overlaps(view) == []


def test_what_lies_on_one_another_is_seen():
    """The measure finds two turned rectangles that cross, and lets two that only touch be."""
    one = rectangle(0, 0, wide=10, tall=2)
    assert overlap(one, rectangle(0, 0, wide=10, tall=2, turn=np.pi / 2))
    assert not overlap(one, rectangle(10, 0, wide=10, tall=2))
    assert not overlap(one, rectangle(6, 5, wide=6, tall=2, turn=np.pi / 4))

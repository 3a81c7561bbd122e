"""Small pictures of the stories: valid SVG without scripts, in both themes, whatever the map calls its genes."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from explorer.figures.theme import color
from explorer.figures.thumbnail_parts import spread
from explorer.figures.thumbnails import draw_thumbnail
from tests.odd_maps import PAYLOADS

NAN = float("nan")


def network(labels: list[str], *, compounds: bool) -> dict:
    """A network as `queries.network` answers, every text of it from outside."""
    nodes = [
        {
            "slug": f"g{i}",
            "label": t,
            "blinded": i == 1,
            "active": i != 2,
            "x": 10.0 * i,
            "y": 7.0 * (i % 3),
            "angle": i,
        }
        for i, t in enumerate(labels)
    ]
    edge = {"cosine": 0.5, "same_arm": False}
    found = {"slug": "c", "gene": "g0", "cosine": 0.5, "q": None, "concentration": 1.0, "role": "", "targets": []}
    return {
        "layout": "force" if compounds else "circle",
        "radius": 150.0,
        "nodes": nodes,
        "edges": [{"a": "g0", "b": "g1"} | edge, {"a": "g0", "b": "g2"} | edge | {"cosine": -0.4}],
        "dotted": [],
        "groups": [
            {"group": 0, "genes": ["g0", "g1", "g2"], "labels": labels[:3], "name": labels[0], "q": 0.1, "hits": 2}
        ],
        "compounds": [found | {"label": t, "slug": f"c{i}"} for i, t in enumerate(labels[:4])] if compounds else [],
    }


def pictures(labels: list[str]) -> list[dict]:
    lines = [
        {"label": t, "role": r, "values": [0.1, NAN, 0.4]} for t, r in zip(labels, ("target", "new"), strict=False)
    ]
    band = [[-0.1, -0.1, -0.2], [0.1, 0.2, NAN]]
    marked = [
        {"label": labels[0], "x": 0.6, "y": 0.0, "role": "found"},
        {"label": labels[1], "x": 0.6, "y": 0.5, "role": "both"},
    ]
    return [
        {"kind": "circle", "network": network(labels, compounds=False), "centre": {"kind": "set", "label": labels[0]}},
        {"kind": "force", "network": network(labels, compounds=True), "centre": None},
        {"kind": "curves", "concentrations": [0.1, 1, 10], "toxic": [False, False, True], "band": band, "lines": lines},
        {"kind": "scatter", "points": [[0.1, 0.1], [-0.2, 0.3]], "wanted": [[0.5, 0.0, "compound"], [0.4, 0.1, "gene"]],
         "marked": marked, "cut": 0.3, "tau": 0.2, "axes": labels[:2]},
    ]  # fmt: skip


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("kind", range(4))
def test_a_picture_is_svg_and_its_text_is_text(kind, dark):
    """Names that attack, surrogates and control characters: the drawing parses, and holds drawing elements alone."""
    values = pictures([*PAYLOADS, "\ud800half", "bell\x07"])[kind]
    svg = draw_thumbnail(values | {"says": PAYLOADS[1]}, dark=dark)
    root = ElementTree.fromstring(svg.encode("utf-8"))
    tags = {e.tag.rpartition("}")[2] for e in root.iter()}
    assert tags <= {"svg", "title", "g", "path", "circle", "rect", "text", "tspan", "polyline", "polygon"}
    attributes = {a for e in root.iter() for a in e.attrib}
    assert not {a for a in attributes if a.lower().startswith("on") or "href" in a.lower() or a == "style"}
    assert "nan" not in svg.lower().replace("nanum", "")
    assert color("ink", dark=dark) in svg or color("muted", dark=dark) in svg


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["breast-cancer", "bortezomib", "cdk13", "ras"])
def test_pictures_are_served(client, name, theme):
    """Each story of the demo has a picture by its address, small enough to load at once."""
    answer = client.get(f"/thumbnail/{name}.svg?theme={theme}")
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert 500 < len(answer.data) < 60_000
    assert re.search(rb'viewBox="0 0 \d+ \d+"', answer.data)


@pytest.mark.parametrize("address", ["nothing.svg", "ras.svg?map=nowhere", "ras.svg?map=compounds-only", "%00.svg"])
def test_no_picture_is_no_error(client, address):
    """An unknown story or map, and a story that a map cannot tell, is not found."""
    assert client.get(f"/thumbnail/{address}").status_code == 404


def test_names_keep_their_distance():
    """Places are at least a gap apart, in their order, and within the limits where there is room."""
    places = spread([5, 5, 5, 90], gap=10, low=0, high=60)
    assert sorted(places) == places
    assert all(b - a >= 10 for a, b in pairwise(places))
    assert places[-1] <= 60

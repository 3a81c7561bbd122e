"""A network as shapes at places: what the canvas and the printed figure are both drawn from.

Everything is in canvas units with y downwards; nothing here has a colour.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from explorer.figures import words
from explorer.figures.network_ring import (
    ARC_GAP,
    NAME_GAP,
    Outer,
    arc_angles,
    place_outside,
    sector,
    text_width,
)
from explorer.figures.network_room import Box, compound_places, name_place

#: Arcs are drawn for groups of at least so many genes.
SMALLEST_GROUP = 3
_ARC_WIDTH, _LABEL_GAP = 2.4, 22.0
_GROUP_HEIGHT, _COMPOUND_HEIGHT = 38.0, 36.0
_LONGEST_NAME = 32


def scene(
    network: Mapping, *, centre: Mapping | None = None, added: Collection[str] = (), marked: Collection[str] = ()
) -> dict[str, list[dict]]:
    """Shapes of a network.

    Parameters
    ----------
    network : mapping
        The answer of `queries.network`.
    centre : mapping, optional
        What stands in the middle of a circle: `label`, `note`, `kind` ("set" or "compound"), and for a compound
        `spokes`, slug to cosine. Every gene gets a spoke to a set.
    added, marked : collections of slugs
        Genes that were not asked for; genes that are the query.

    Returns
    -------
    dict of lists
        `genes`, `compounds`, `edges`, `dotted`, `spokes`, `links` (compound to gene), `sectors`, `texts`, `centre`.
    """
    ring = network["layout"] == "circle"
    places = {n["slug"]: (n["x"], n["y"]) for n in network["nodes"]}
    genes = [
        n | {"added": n["slug"] in added, "marked": n["slug"] in marked} | (_radial(n) if ring else {"turn": None})
        for n in network["nodes"]
    ]
    reach = max((text_width(n["label"]) for n in network["nodes"]), default=0.0)
    arc = network["radius"] + NAME_GAP + reach + ARC_GAP
    groups = [g for g in network["groups"] if len(g["genes"]) >= SMALLEST_GROUP]
    outside = _outside(network, groups, arc) if ring else {}
    compounds = _around(network, outside) if ring else []
    taken: list[Box] = []
    if not ring:
        compounds, taken = _free(network, places)
    return {
        "genes": genes,
        "compounds": compounds,
        "edges": [e | _bend(places[e["a"]], places[e["b"]], ring, network["radius"]) for e in network["edges"]],
        "dotted": [e | _bend(places[e["a"]], places[e["b"]], ring, network["radius"]) for e in network["dotted"]],
        "spokes": _spokes(centre, places, added) if ring and centre else [],
        "links": [{"compound": c["slug"], "gene": c["gene"], "cosine": c["cosine"], "q": c["q"]} for c in compounds],
        "sectors": _sectors(network, groups, arc) if ring else [],
        "texts": _group_texts(groups, outside) if ring else _group_names(groups, places, taken),
        "centre": [dict(centre)] if ring and centre else [],
    }


def group_note(group: Mapping) -> str:
    """What stands under the name of a group: how many of its genes the set explains, and q."""
    n = len(group["genes"])
    if group["name"] is None:
        return words.plural(n, "gene")
    return f"{group['hits']} of {n}, q {words.power(group['q'])}"


def group_name(group: Mapping) -> str:
    """The set that a group is enriched in, shortened; else its first genes."""
    if group["name"] is None:
        return ", ".join(group["labels"][:2]) + (" …" if len(group["labels"]) > 2 else "")
    if len(group["name"]) <= _LONGEST_NAME:
        return group["name"]
    short = group["name"][:_LONGEST_NAME].rsplit(" ", 1)[0]
    return re.sub(r"(\s+(and|of|in|by|the)|[ ,;:(-])+$", "", short) + " …"


def _radial(node: Mapping) -> dict:
    """Where the name of a gene on the circle stands and how it is turned so that it is never upside down."""
    angle = node["angle"]
    out = np.array([np.sin(angle), -np.cos(angle)])
    middle = out * (NAME_GAP + text_width(node["label"]) / 2)
    turn = angle - np.pi / 2
    turn = turn if out[0] >= 0 else turn - np.pi
    turn = float((turn + np.pi) % (2 * np.pi) - np.pi)
    return {"turn": round(turn, 4), "text_x": round(float(middle[0]), 1), "text_y": round(float(middle[1]), 1)}


def _bend(one: Sequence[float], other: Sequence[float], ring: bool, radius: float) -> dict:
    """The control point of a chord that bends towards the middle, so that near neighbours' chords are seen."""
    if not ring:
        return {"bend": None}
    a, b = np.array(one), np.array(other)
    chord, middle = b - a, (a + b) / 2
    length = float(np.linalg.norm(chord)) or 1.0
    depth = min(2 * (16 + 0.2 * length), 0.82 * float(np.linalg.norm(middle)))
    normal = np.array([-chord[1], chord[0]]) / length
    side = 1.0 if normal @ -middle > 0 else -1.0
    control = middle + normal * side * depth
    return {"bend": round(side * depth, 1), "control": (round(float(control[0]), 1), round(float(control[1]), 1))}


def _outside(network: Mapping, groups: Sequence[Mapping], arc: float) -> dict[str, Outer]:
    angle = {n["slug"]: n["angle"] for n in network["nodes"]}
    items = [Outer(f"g{g['group']}", _middle([angle[s] for s in g["genes"]]), _GROUP_HEIGHT) for g in groups]
    items += [
        Outer(f"c{c['slug']}", angle[c["gene"]] + 1e-3 * i, _COMPOUND_HEIGHT)
        for i, c in enumerate(network["compounds"])
    ]
    return {o.key: o for o in place_outside(items, arc + _LABEL_GAP)}


def _middle(angles: Sequence[float]) -> float:
    return (min(angles) + max(angles)) / 2


def _around(network: Mapping, outside: Mapping[str, Outer]) -> list[dict]:
    """Compounds outside the ring."""
    spots = {c["slug"]: outside[f"c{c['slug']}"] for c in network["compounds"]}
    return [_placed(c, spots[c["slug"]].x, spots[c["slug"]].y, spots[c["slug"]].right) for c in network["compounds"]]


def _free(network: Mapping, places: Mapping) -> tuple[list[dict], list[Box]]:
    """Compounds in free places near their genes, and what is taken after that."""
    noted = [c | {"note": _note(c)} for c in network["compounds"]]
    spots, taken = compound_places(noted, nodes=network["nodes"], middles=_middles(network, places))
    return [_placed(c, *spots[c["slug"]]) for c in noted], taken


def _placed(compound: Mapping, x: float, y: float, right: bool) -> dict:
    return dict(compound) | {"x": round(x, 1), "y": round(y, 1), "note": _note(compound), "right": bool(right)}


def _note(compound: Mapping) -> str:
    at = "" if compound["concentration"] is None else f" at {words.concentration(compound['concentration'])} µM"
    more = {
        "target not in set": f"; {', '.join(compound['targets'][:2])}, not in set",
        "no target on record": "; no target on record",
    }
    return words.cosine(compound["cosine"]) + at + more.get(compound["role"], "")


def _middles(network: Mapping, places: Mapping) -> dict[str, np.ndarray]:
    """What each gene is at the edge of: its group, or everything where nothing is grouped on the canvas."""
    whole = np.array(list(places.values())).mean(axis=0) if places else np.zeros(2)
    found = dict.fromkeys(places, whole)
    if network["layout"] == "grouped":
        for g in network["groups"]:
            found |= dict.fromkeys(g["genes"], np.array([places[s] for s in g["genes"]]).mean(axis=0))
    return found


def _spokes(centre: Mapping, places: Mapping, added: Collection[str]) -> list[dict]:
    by_cosine = centre.get("spokes") or {}
    if centre["kind"] == "compound":
        return [{"gene": s, "cosine": v} for s, v in by_cosine.items() if s in places]
    return [{"gene": s, "cosine": None} for s in places if s not in added]


def _sectors(network: Mapping, groups: Sequence[Mapping], arc: float) -> list[dict]:
    angles = np.array([n["angle"] for n in network["nodes"]])
    place = {n["slug"]: i for i, n in enumerate(network["nodes"])}
    step = float(np.diff(np.sort(angles)).min()) if len(angles) > 1 else 0.1
    found = []
    for g in groups:
        first, last = arc_angles(angles, [place[s] for s in g["genes"]], step)
        inner = network["radius"] - 12
        shade = sector(first, last, inner, arc - 4).round(1).tolist()
        line = sector(first, last, arc, arc + _ARC_WIDTH).round(1).tolist()
        found.append({"group": g["group"], "shade": shade, "line": line})
    return found


def _group_texts(groups: Sequence[Mapping], outside: Mapping[str, Outer]) -> list[dict]:
    found = []
    for g in groups:
        spot = outside[f"g{g['group']}"]
        side = {"x": round(spot.x, 1), "right": spot.right, "group": g["group"]}
        found.append(side | {"text": group_name(g), "y": round(spot.y - 7, 1), "strong": True})
        found.append(side | {"text": group_note(g), "y": round(spot.y + 8, 1), "strong": False})
    return found


def _group_names(groups: Sequence[Mapping], places: Mapping, taken: Sequence[Box]) -> list[dict]:
    """Names above the genes of a group, or where else they have room."""
    found, boxes = [], list(taken)
    for g in groups:
        there = np.array([places[s] for s in g["genes"]])
        (x, y), box = name_place(there, group_name(g), group_note(g), boxes)
        boxes.append(box)
        side = {"x": x, "right": None, "group": g["group"]}
        found.append(side | {"text": group_name(g), "y": round(y - 7, 1), "strong": True})
        found.append(side | {"text": group_note(g), "y": round(y + 8, 1), "strong": False})
    return found

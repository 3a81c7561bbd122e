"""Small networks: a disease term in the middle of its genes, and a pathway with compounds beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.figures.network_scene import SMALLEST_GROUP, group_name, scene
from explorer.figures.theme import color
from explorer.figures.thumbnail_parts import HEIGHT, WIDTH, label, picture, short, spread, wide

#: Names beside a ring, characters of one line of them, and edges that a small picture can hold, in all and of a gene.
_NAMES, _LINE, _MOST_EDGES, _OF_A_GENE = 5, 17, 150, 2
_LINE_HEIGHT = 12.0


def circle(values: Mapping, *, dark: bool) -> str:
    """Genes on a ring, gold spokes to the term, similar and opposite edges, names of groups outside."""
    shapes = scene(values["network"], centre=values["centre"])
    reach = HEIGHT / 2 - 7
    k, cx, cy = reach / values["network"]["radius"], WIDTH / 2, HEIGHT / 2
    at = {g["slug"]: (cx + k * g["x"], cy + k * g["y"]) for g in shapes["genes"]}
    spokes = "".join(f"M{cx} {cy}L{at[s['gene']][0]:.1f} {at[s['gene']][1]:.1f}" for s in shapes["spokes"])
    gold = color("set", dark=dark)
    body = [f'<path d="{spokes}" fill="none" stroke="{gold}" stroke-width="0.7" stroke-opacity="0.5"/>']
    for e in shapes["edges"][-_MOST_EDGES:]:
        (ax, ay), (bx, by) = at[e["a"]], at[e["b"]]
        mx, my = cx + k * e["control"][0], cy + k * e["control"][1]
        path = f"M{ax:.1f} {ay:.1f}Q{mx:.1f} {my:.1f} {bx:.1f} {by:.1f}"
        faint = ' stroke-opacity="0.4"' if e["same_arm"] or e["cosine"] < 0 else ""
        body.append(f'<path d="{path}" fill="none" {_stroke(e["cosine"], 1.1, dark=dark)}{faint}/>')
    body += [_gene(*at[g["slug"]], g, 2.1, dark=dark) for g in shapes["genes"]]
    ground = color("surface", dark=dark)
    body.append(f'<circle cx="{cx}" cy="{cy}" r="7" fill="{ground}" stroke="{gold}" stroke-width="2"/>')
    return picture([*body, *_groups(values["network"], at, reach, dark=dark)], says=values["says"])


def force(values: Mapping, *, dark: bool) -> str:
    """Genes where springs put them, each with its name, and compounds in a column beside them."""
    network = values["network"]
    shapes = scene(network)
    compounds = shapes["compounds"]
    room = max((wide(short(c["label"], 14)) for c in compounds), default=0.0) + 34 if compounds else 0.0
    xs, ys = ([g[a] for g in shapes["genes"]] for a in "xy")
    x, y = _fit(xs, 34, WIDTH - 30 - room), _fit(ys, 16, HEIGHT - 16)
    at = {g["slug"]: (x(g["x"]), y(g["y"])) for g in shapes["genes"]}
    body = []
    for e in _strongest(shapes["edges"]):
        (ax, ay), (bx, by) = at[e["a"]], at[e["b"]]
        path = f"M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}"
        strength = 0.5 + 3.2 * max(abs(e["cosine"]) - 0.3, 0.0)
        body.append(f'<path d="{path}" fill="none" {_stroke(e["cosine"], strength, dark=dark)}/>')
    body += _beside(compounds, at, WIDTH - room + 10, dark=dark)
    body += [_gene(*at[g["slug"]], g, 4.2, dark=dark) for g in shapes["genes"]]
    body += [_name(g, at, dark=dark) for g in shapes["genes"]]
    return picture(body, says=values["says"])


def _strongest(edges: Sequence[Mapping]) -> list[Mapping]:
    """The strongest edges of each gene, in the order given: all of a dense network would be one blot."""
    left, kept = {e[side]: _OF_A_GENE for e in edges for side in "ab"}, []
    for e in sorted(edges, key=lambda e: -abs(e["cosine"])):
        if left[e["a"]] or left[e["b"]]:
            kept.append(e)
            left |= {e[side]: max(left[e[side]] - 1, 0) for side in "ab"}
    return kept[::-1]


def _beside(compounds: Sequence[Mapping], at: Mapping, x: float, *, dark: bool) -> list[str]:
    """Compounds as diamonds at the heights of their genes, hollow without a target on record."""
    wanted = [at[c["gene"]][1] for c in compounds]
    places = spread(wanted, gap=20.0, low=14.0, high=HEIGHT - 14)
    links, marks = [], []
    for c, y in zip(compounds, places, strict=True):
        gx, gy = at[c["gene"]]
        links.append(f'<path d="M{gx:.1f} {gy:.1f}L{x:.1f} {y:.1f}" {_stroke(c["cosine"], 1.2, dark=dark)}/>')
        bare = not c["targets"]
        edge = color("compound-edge", dark=dark)
        fill = color("surface", dark=dark) if bare else color("compound", dark=dark)
        marks.append(f'<path d="M{x:.1f} {y - 5.5:.1f}l5.5 5.5l-5.5 5.5l-5.5 -5.5z" fill="{fill}" stroke="{edge}"/>')
        marks.append(label(x + 10, y + 3.7, short(c["label"], 14), "ink", dark=dark))
    return links + marks


def _name(gene: Mapping, at: Mapping, *, dark: bool) -> str:
    """The name of a gene, above it in the upper half and below it in the lower one."""
    x, y = at[gene["slug"]]
    style = "" if gene["blinded"] else "i"
    below = y > HEIGHT / 2
    return label(
        x, y + 14 if below else y - 7, short(gene["label"], 11), "ink", dark=dark, anchor="middle", style=style + "h"
    )


def _gene(x: float, y: float, gene: Mapping, radius: float, *, dark: bool) -> str:
    if gene["active"] and not gene["blinded"]:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{color("gene", dark=dark)}"/>'
    if gene["blinded"]:
        ground = color("surface", dark=dark)
        edge = color("blinded", dark=dark)
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{ground}" stroke="{edge}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{0.75 * radius:.1f}" fill="{color("faint", dark=dark)}"/>'


def _stroke(cosine: float, width: float, *, dark: bool) -> str:
    if cosine < 0:
        tone = color("map-edge-opposite", dark=dark)
        return f'stroke="{tone}" stroke-width="{width:.1f}" stroke-dasharray="3 2"'
    return f'stroke="{color("map-edge-similar", dark=dark)}" stroke-width="{width:.1f}"'


def _groups(network: Mapping, at: Mapping, reach: float, *, dark: bool) -> list[str]:
    """Names of the largest groups that have one, left and right of the ring, none over another."""
    cx, cy = WIDTH / 2, HEIGHT / 2
    sides: dict[bool, list[tuple[float, list[str]]]] = {True: [], False: []}
    named = [g for g in network["groups"] if g["name"]]
    for group in (named or [g for g in network["groups"] if len(g["genes"]) >= SMALLEST_GROUP])[:_NAMES]:
        x, y = (sum(at[s][i] for s in group["genes"]) / len(group["genes"]) for i in (0, 1))
        length = ((x - cx) ** 2 + (y - cy) ** 2) ** 0.5 or 1.0
        sides[x >= cx].append((cy + (reach + 4) * (y - cy) / length, _wrapped(group_name(group))))
    found = []
    for right, names in sides.items():
        gap = _LINE_HEIGHT * max((len(lines) for _, lines in names), default=1) + 5
        places = spread([y for y, _ in names], gap=gap, low=14.0, high=HEIGHT - gap + 8)
        for place, (_, lines) in zip(places, names, strict=True):
            nearest = min((abs(place + _LINE_HEIGHT * i - cy) for i in range(len(lines))), default=0.0)
            half = max(reach**2 - nearest**2, 0.0) ** 0.5
            x = cx + (half + 12) * (1 if right else -1)
            anchor = "start" if right else "end"
            found += [
                label(x, place + 3 + _LINE_HEIGHT * i, line, "muted", dark=dark, anchor=anchor)
                for i, line in enumerate(lines)
            ]
    return found


def _wrapped(text: str) -> list[str]:
    """A name on one or two lines."""
    first, rest = "", text.split()
    while rest and (not first or len(f"{first} {rest[0]}") <= _LINE):
        first = f"{first} {rest.pop(0)}".strip()
    lines = [short(first, _LINE), short(" ".join(rest), _LINE)]
    return [line for line in lines if line]


def _fit(values: Sequence[float], start: float, end: float) -> object:
    low, high = min(values, default=0.0), max(values, default=0.0)
    return lambda v: start + (end - start) * ((v - low) / (high - low) if high > low else 0.5)

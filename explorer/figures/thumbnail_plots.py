"""Small plots: similarity by concentration over the band of all genes, and what mimics one gene but not another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from explorer.figures import words
from explorer.figures.theme import color
from explorer.figures.thumbnail_parts import HEIGHT, WIDTH, clean, label, picture, short, spread

#: Role of a curve: colour of its line, colour of its name.
_ROLES = {"target": ("gene", "gene-text"), "known": ("muted", "muted"), "new": ("new", "new")}
_LEFT, _RIGHT, _TOP, _BOTTOM = 30.0, 86.0, 8.0, 24.0


def curves(values: Mapping, *, dark: bool) -> str:
    """Curves with their names at the ends; what is toxic lies on a caution ground."""
    x = _scale(np.log10(values["concentrations"]), _LEFT + 4, WIDTH - _RIGHT)
    every = [v for line in values["lines"] for v in line["values"]] + values["band"][0] + values["band"][1]
    top = max(0.2, *(v for v in every if v == v))
    y = _scale([min(0.0, *(v for v in every if v == v)), 1.16 * top], HEIGHT - _BOTTOM, _TOP)
    at = [x(c) for c in np.log10(values["concentrations"])]
    return picture(
        [
            *_toxic(values, at, dark=dark),
            _band(values["band"], at, y, dark=dark),
            *_grid(values, at, y, top, dark=dark),
            *(_line(line, at, y, dark=dark) for line in values["lines"]),
            *_names(values, y, dark=dark),
        ],
        says=values["says"],
    )


def scatter(values: Mapping, *, dark: bool) -> str:
    """Similarity to both genes; the wanted region is a box."""
    marks = [*values["points"], *([w[0], w[1]] for w in values["wanted"])]
    marks += [[m["x"], m["y"]] for m in values["marked"]]
    xs, ys = (np.array([m[i] for m in marks] + [edge]) for i, edge in ((0, values["cut"]), (1, values["tau"])))
    left, right, bottom = 26.0, WIDTH - 8, HEIGHT - 18
    x = _scale([xs.min(), xs.max() * 1.12], left + 5, right)
    y = _scale([min(ys.min(), -values["tau"]), ys.max() * 1.1], bottom - 5, 10.0)
    box = f'x="{x(values["cut"]):.1f}" y="{y(values["tau"]):.1f}" width="{right - x(values["cut"]):.1f}"'
    box += f' height="{y(-values["tau"]) - y(values["tau"]):.1f}"'
    edge, ground = color("gene", dark=dark), color("gene-soft", dark=dark)
    axis = f'stroke="{color("line-strong", dark=dark)}"'
    like, avoid = (clean(short(a, 12)) for a in values["axes"])
    muted = color("muted", dark=dark)
    body = [
        f'<path d="M{left} 8V{bottom}H{right}" fill="none" {axis}/>',
        f'<rect {box} rx="2" fill="{ground}" stroke="{edge}"/>',
        f'<g fill="none" stroke="{color("faint", dark=dark)}" stroke-width="0.9">',
        *(f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="1.7"/>' for a, b in values["points"]),
        "</g>",
        *(_wanted(x(a), y(b), kind, dark=dark) for a, b, kind in values["wanted"]),
        *(_marked(m, x, y, dark=dark) for m in values["marked"]),
        f'<text x="{right}" y="{HEIGHT - 5}" text-anchor="end" fill="{muted}">like <tspan font-style="italic">{like}'
        "</tspan> →</text>",
        f'<text x="14" y="8" text-anchor="end" transform="rotate(-90 14 8)" fill="{muted}">like '
        f'<tspan font-style="italic">{avoid}</tspan> →</text>',
    ]
    return picture(body, says=values["says"])


def _scale(values: Sequence[float], start: float, end: float) -> object:
    low, high = float(np.min(values)), float(np.max(values))
    return lambda v: start + (end - start) * ((float(v) - low) / (high - low) if high > low else 0.5)


def _toxic(values: Mapping, at: Sequence[float], *, dark: bool) -> list[str]:
    """The ground of the concentrations from the first toxic one on."""
    if not any(values["toxic"]):
        return []
    first = values["toxic"].index(True)
    start = (at[first - 1] + at[first]) / 2 if first else at[0] - 4
    wide, high = WIDTH - _RIGHT + 4 - start, HEIGHT - _BOTTOM - _TOP + 8
    box = f'x="{start:.1f}" y="{_TOP - 4}" width="{wide:.1f}" height="{high}"'
    name = label(WIDTH - _RIGHT, _TOP + 6, "toxic", "caution-text", dark=dark, anchor="end")
    return [f'<rect {box} fill="{color("caution-soft", dark=dark)}"/>', name]


def _band(band: Sequence[Sequence[float]], at: Sequence[float], y: object, *, dark: bool) -> str:
    low, high = ([f"{a:.1f},{y(v):.1f}" for a, v in zip(at, side, strict=True) if v == v] for side in band)
    points = " ".join([*low, *reversed(high)])
    return f'<polygon points="{points}" fill="{color("band", dark=dark)}" stroke="none"/>'


def _grid(values: Mapping, at: Sequence[float], y: object, top: float, *, dark: bool) -> list[str]:
    """Two values of the similarity, and as many concentrations as there is room for."""
    high = np.floor(10 * top) / 10
    found = []
    for value in (0.0, high):
        stroke = f'stroke="{color("line", dark=dark)}"'
        found.append(f'<path d="M{_LEFT} {y(value):.1f}H{WIDTH - _RIGHT + 4}" {stroke}/>')
        found.append(label(_LEFT - 5, y(value) + 3.5, f"{value:.1f}", "muted", dark=dark, anchor="end"))
    last = -100.0
    for a, c in zip(at, values["concentrations"], strict=True):
        if a - last >= 40:
            found.append(label(a, HEIGHT - 7, words.concentration(c), "muted", dark=dark, anchor="middle"))
            last = a
    return [*found, label(WIDTH - _RIGHT + 26, HEIGHT - 7, "µM", "muted", dark=dark)]


def _line(line: Mapping, at: Sequence[float], y: object, *, dark: bool) -> str:
    points = [(a, y(v)) for a, v in zip(at, line["values"], strict=True) if v == v]
    tone = color(_ROLES[line["role"]][0], dark=dark)
    path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
    dots = "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2.2"/>' for a, b in points)
    return f'<polyline points="{path}" fill="none" stroke="{tone}" stroke-width="1.8"/><g fill="{tone}">{dots}</g>'


def _names(values: Mapping, y: object, *, dark: bool) -> list[str]:
    """Names at the ends of the lines, apart from each other, and that of the band."""
    ends = [next((v for v in reversed(line["values"]) if v == v), 0.0) for line in values["lines"]]
    last = values["band"][1][-1] if values["band"][1][-1] == values["band"][1][-1] else 0.0
    wanted = [y(v) + 3.5 for v in ends] + [y(last / 2) + 3.5]
    places = spread(wanted, gap=13.5, low=_TOP + 6, high=HEIGHT - _BOTTOM + 3)
    x = WIDTH - _RIGHT + 10
    found = [
        label(x, p, short(line["label"], 9) + (" new" if line["role"] == "new" else ""), _ROLES[line["role"]][1],
              dark=dark, style="ib" if line["role"] != "known" else "i")
        for line, p in zip(values["lines"], places, strict=False)
    ]  # fmt: skip
    return [*found, label(x, places[-1], "90 % of genes", "muted", dark=dark)]


def _wanted(x: float, y: float, kind: str, *, dark: bool) -> str:
    if kind == "gene":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color("gene", dark=dark)}"/>'
    fill = f'fill="{color("compound", dark=dark)}" stroke="{color("compound-edge", dark=dark)}"'
    return f'<path d="M{x:.1f} {y - 4:.1f}l4 4l-4 4l-4 -4z" {fill}/>'


def _marked(mark: Mapping, x: object, y: object, *, dark: bool) -> str:
    """The gene that is found, ringed; and the one that is like both, left out."""
    a, b, name = x(mark["x"]), y(mark["y"]), short(mark["label"], 12)
    if mark["role"] == "both":
        said = label(a - 8, b + 3.5, f"{name}: like both", "muted", dark=dark, anchor="end")
        return f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{color("muted", dark=dark)}"/>{said}'
    ring = f'fill="none" stroke="{color("ink", dark=dark)}" stroke-width="1.6"'
    left = a + 9 + 7 * len(name) > WIDTH - 8
    side = {"anchor": "end"} if left else {}
    said = label(a - 9 if left else a + 9, b + 3.5, name, "ink", dark=dark, style="ib", **side)
    dot = f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.4" fill="{color("gene", dark=dark)}"/>'
    return f'{dot}<circle cx="{a:.1f}" cy="{b:.1f}" r="5.8" {ring}/>{said}'

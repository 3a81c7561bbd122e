"""The network as a printed figure: SVG of the canvas's shapes, with legend, rule and provenance inside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape

from explorer.figures.network_elements import edge_width
from explorer.figures.network_ring import text_width
from explorer.figures.theme import FONT, color

_MARGIN, _HEAD, _LEGEND = 28.0, 66.0, 22.0


def network_svg(
    scene: Mapping,
    *,
    title: str,
    answer: str,
    foot: Sequence[str],
    highlight: Collection[str] = (),
    sourced: bool,
    dark: bool,
) -> str:
    """SVG text of a network.

    Parameters
    ----------
    scene : mapping
        From `network_scene.scene`.
    title, answer : str
        The two lines on top.
    foot : sequence of str
        Lines below: rule with cut-offs and n, map with build, citation, and that it is simulated.
    highlight : collection of slugs
        Genes that are ringed and named in bold.
    sourced : bool
        Whether relationships are loaded.
    dark : bool
    """

    def tone(name: str) -> str:
        return color(name, dark=dark)

    left, top, right, bottom = _bounds(scene)
    width, height = right - left + 2 * _MARGIN, bottom - top + 2 * _MARGIN + _HEAD + _LEGEND * (len(foot) + 2)
    width = max(width, 780.0)
    shift = (width - (right - left)) / 2 - left
    at = {g["slug"]: g for g in scene["genes"]}
    body = [*_sectors(scene, tone), *_spokes(scene, at, tone)]
    body += [_edge(e, at, tone, dotted=True) for e in scene["dotted"]]
    body += [_edge(e, at, tone, dotted=False) for e in scene["edges"]]
    body += _links(scene, at, tone) + [_gene(g, tone, bold=g["slug"] in highlight) for g in scene["genes"]]
    body += _compounds(scene, tone) + _texts(scene, tone) + [_centre(c, tone) for c in scene["centre"]]
    head = [
        _text(_MARGIN, 34, title, tone("ink"), size=20, weight=700),
        _text(_MARGIN, 54, answer, tone("muted"), size=13),
    ]
    low = _HEAD + bottom - top + 2 * _MARGIN
    below = _legend(scene, low + 4, tone, sourced=sourced)
    below += [_text(_MARGIN, low + 34 + _LEGEND * 0.8 * i, line, tone("muted"), size=11) for i, line in enumerate(foot)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
            f'height="{height:.0f}" font-family="{escape(FONT.replace(chr(34), ""), quote=True)}" font-size="12">',
            f"<title>{escape(title)}</title><desc>{escape(' '.join(foot))}</desc>",
            f'<rect width="100%" height="100%" fill="{tone("surface")}"/>',
            *head,
            f'<g transform="translate({shift:.1f} {_HEAD + _MARGIN - top:.1f})">',
            *body,
            "</g>",
            *below,
            "</svg>",
        ]
    )


def _bounds(scene: Mapping) -> tuple[float, float, float, float]:
    xs, ys = [0.0], [0.0]
    for g in scene["genes"]:
        reach = text_width(g["label"]) + 14
        xs += [g["x"] - reach, g["x"] + reach]
        ys += [g["y"] - reach, g["y"] + reach]
    for t in scene["texts"]:
        wide = text_width(t["text"], size=13)
        xs += [t["x"] - (0 if t["right"] else wide), t["x"] + (wide if t["right"] is not False else 0)]
        ys += [t["y"] - 12, t["y"] + 12]
    for c in scene["compounds"]:
        wide = max(text_width(c["note"], size=11), text_width(c["label"], size=13)) + 16
        xs.append(c["x"] + wide if c["right"] else c["x"] - wide)
        ys += [c["y"] - 18, c["y"] + 18]
    for s in scene["sectors"]:
        xs += [p[0] for p in s["line"]]
        ys += [p[1] for p in s["line"]]
    return min(xs), min(ys), max(xs), max(ys)


def _sectors(scene: Mapping, tone: object) -> list[str]:
    def outline(points: list, fill: str) -> str:
        return f'<polygon points="{" ".join(f"{x},{y}" for x, y in points)}" fill="{fill}"/>'

    return [o for s in scene["sectors"] for o in (outline(s["shade"], tone("sector")), outline(s["line"], tone("ink")))]


def _spokes(scene: Mapping, at: Mapping, tone: object) -> list[str]:
    found = []
    for s in scene["spokes"]:
        g = at[s["gene"]]
        if s["cosine"] is None:
            style = f'stroke="{tone("set")}" stroke-width="1" stroke-opacity="0.4"'
        else:
            style = _stroke(s["cosine"], tone, edge_width(s["cosine"]) * 0.7)
        found.append(f'<line x1="0" y1="0" x2="{g["x"]}" y2="{g["y"]}" {style}/>')
    return found


def _edge(edge: Mapping, at: Mapping, tone: object, *, dotted: bool) -> str:
    a, b = at[edge["a"]], at[edge["b"]]
    if dotted:
        style = f'stroke="{tone("known")}" stroke-width="1" stroke-dasharray="1 3" stroke-opacity="0.5"'
    else:
        style = _stroke(edge["cosine"], tone, edge_width(edge["cosine"])) + (
            ' stroke-opacity="0.35"' if edge["same_arm"] else ""
        )
    cx, cy = edge["control"] if edge["bend"] is not None else ((a["x"] + b["x"]) / 2, (a["y"] + b["y"]) / 2)
    line = f'<path d="M{a["x"]} {a["y"]}Q{cx} {cy} {b["x"]} {b["y"]}" fill="none" {style}/>'
    return line + (_bar(a, b, (cx, cy), tone) if edge["same_arm"] and not dotted else "")


def _bar(a: Mapping, b: Mapping, control: tuple[float, float], tone: object) -> str:
    """The caution bar across the middle of a same-arm edge."""
    x, y = (a["x"] + 2 * control[0] + b["x"]) / 4, (a["y"] + 2 * control[1] + b["y"]) / 4
    dx, dy = b["x"] - a["x"], b["y"] - a["y"]
    n = (dx * dx + dy * dy) ** 0.5 or 1.0
    px, py = -dy / n * 5, dx / n * 5
    ends = f'x1="{x - px:.1f}" y1="{y - py:.1f}" x2="{x + px:.1f}" y2="{y + py:.1f}"'
    return f'<line {ends} stroke="{tone("caution")}" stroke-width="2"/>'


def _links(scene: Mapping, at: Mapping, tone: object) -> list[str]:
    by = {c["slug"]: c for c in scene["compounds"]}
    found = []
    for e in scene["links"]:
        c, g = by[e["compound"]], at[e["gene"]]
        style = _stroke(e["cosine"], tone, edge_width(e["cosine"]) * 0.7)
        found.append(f'<line x1="{c["x"]}" y1="{c["y"]}" x2="{g["x"]}" y2="{g["y"]}" {style}/>')
    return found


def _stroke(cosine: float, tone: object, width: float) -> str:
    if cosine >= 0:
        return f'stroke="{tone("map-edge-similar")}" stroke-width="{width:.2f}"'
    return f'stroke="{tone("map-edge-opposite")}" stroke-width="{width:.2f}" stroke-dasharray="6 4"'


def _gene(gene: Mapping, tone: object, *, bold: bool) -> str:
    marked = bold or gene["marked"]
    ring = tone("ink") if marked else tone("new") if gene["added"] else tone("blinded") if gene["blinded"] else "none"
    fill = tone("surface") if gene["blinded"] else tone("gene") if gene["active"] else tone("faint")
    radius = 6 if gene["active"] else 4
    dot = f'<circle cx="{gene["x"]}" cy="{gene["y"]}" r="{radius}" fill="{fill}" stroke="{ring}" stroke-width="2"/>'
    ink = tone("ink") if gene["active"] else tone("muted")
    italic = not gene["blinded"]
    if gene["turn"] is None:
        return dot + _text(
            gene["x"], gene["y"] + 18, gene["label"], ink, anchor="middle", italic=italic, weight=700 if bold else 400
        )
    x, y = gene["x"] + gene["text_x"], gene["y"] + gene["text_y"]
    turn = f"rotate({gene['turn'] * 57.29578:.1f} {x:.1f} {y:.1f})"
    return dot + _text(
        x, y + 4, gene["label"], ink, anchor="middle", italic=italic, weight=700 if marked else 400, turn=turn
    )


def _compounds(scene: Mapping, tone: object) -> list[str]:
    found = []
    for c in scene["compounds"]:
        x, y, hollow = c["x"], c["y"], c["role"] == "no target on record"
        shape = f"M{x} {y - 8}L{x + 8} {y}L{x} {y + 8}L{x - 8} {y}Z"
        fill, line = (tone("surface"), tone("compound")) if hollow else (tone("compound"), tone("compound-edge"))
        found.append(f'<path d="{shape}" fill="{fill}" stroke="{line}" stroke-width="1.5"/>')
        side = {"anchor": "start" if c["right"] else "end"}
        tx = x + (12 if c["right"] else -12)
        found.append(_text(tx, y - 3, c["label"], tone("ink"), size=13, weight=700, **side))
        found.append(_text(tx, y + 12, c["note"], tone("muted"), size=11, **side))
    return found


def _texts(scene: Mapping, tone: object) -> list[str]:
    anchor = {True: "start", False: "end", None: "middle"}
    strong = {True: {"size": 13, "weight": 700}, False: {"size": 11}}
    tones = {True: tone("ink"), False: tone("muted")}
    return [
        _text(t["x"], t["y"] + 4, t["text"], tones[t["strong"]], anchor=anchor[t["right"]], **strong[t["strong"]])
        for t in scene["texts"]
    ]


def _centre(centre: Mapping, tone: object) -> str:
    line = tone("set") if centre["kind"] == "set" else tone("compound")
    words = centre["label"].split()
    rows = [" ".join(words[i : i + 2]) for i in range(0, min(len(words), 6), 2)]
    rows += [centre["note"]] if centre.get("note") else []
    shape = f'<circle r="47" fill="{tone("surface")}" stroke="{line}" stroke-width="2.4"/>'
    top = -7.5 * (len(rows) - 1) + 4
    return shape + "".join(
        _text(0, top + 15 * i, r, tone("ink"), anchor="middle", weight=600, size=11) for i, r in enumerate(rows)
    )


def _legend(scene: Mapping, y: float, tone: object, *, sourced: bool) -> list[str]:
    items = [("similar, width by cosine", "map-edge-similar", ""), ("opposite", "map-edge-opposite", "6 4")]
    items += [("known, not recovered", "known", "1 3")] if sourced else []
    items += [("in the set", "set", "")] if any(s["cosine"] is None for s in scene["spokes"]) else []
    found, x = [], _MARGIN
    dots = [("gene, active", "gene"), ("gene, no phenotype", "faint")]
    dots += [("compound (hollow: no target on record)", "compound")] if scene["compounds"] else []
    for text, name in dots:
        found.append(
            f'<circle cx="{x + 5}" cy="{y}" r="4.5" fill="{tone(name)}"/>'
            + _text(x + 14, y + 4, text, tone("ink"), size=11)
        )
        x += 30 + text_width(text, size=11)
    for text, name, dash in items:
        ends = f'x1="{x}" y1="{y}" x2="{x + 22}" y2="{y}"'
        line = f'<line {ends} stroke="{tone(name)}" stroke-width="2.5" stroke-dasharray="{dash}"/>'
        found.append(line + _text(x + 28, y + 4, text, tone("ink"), size=11))
        x += 44 + text_width(text, size=11)
    if any(e["same_arm"] for e in scene["edges"]):
        found.append(
            f'<line x1="{x + 4}" y1="{y - 6}" x2="{x + 4}" y2="{y + 6}" stroke="{tone("caution")}" stroke-width="2"/>'
        )
        found.append(_text(x + 12, y + 4, "same arm, dimmed", tone("ink"), size=11))
    return found


def _text(
    x: float, y: float, text: str, fill: str, *, size: int = 12, weight: int = 400, anchor: str = "start",
    italic: bool = False, turn: str = "",
) -> str:  # fmt: skip
    more = (' font-style="italic"' if italic else "") + (f' transform="{turn}"' if turn else "")
    more += f' font-weight="{weight}"' if weight != 400 else ""
    more += f' text-anchor="{anchor}"' if anchor != "start" else ""
    clean = escape("".join(c for c in text if c.isprintable()))
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}"{more}>{clean}</text>'

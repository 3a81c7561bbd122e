"""The marks of a printed network: sectors, edges, genes, compounds and texts as SVG, from the shapes of a scene."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape

from explorer.figures.network_elements import edge_width
from explorer.figures.network_ring import text_width


def draw_body(scene: Mapping, tone: object, *, highlight: Collection[str] = ()) -> list[str]:
    """Everything of a scene, what lies below first; `tone` is the name of a token to its colour."""
    at = {g["slug"]: g for g in scene["genes"]}
    drawn = [*_sectors(scene, tone), *_spokes(scene, at, tone)]
    drawn += [_edge(e, at, tone, dotted=True) for e in scene["dotted"]]
    drawn += [_edge(e, at, tone, dotted=False) for e in scene["edges"]]
    drawn += _links(scene, at, tone) + [_gene(g, tone, bold=g["slug"] in highlight) for g in scene["genes"]]
    return drawn + _compounds(scene, tone) + _texts(scene, tone) + [_centre(c, tone) for c in scene["centre"]]


def bounds(scene: Mapping) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a scene with its names, in its own units."""
    xs, ys = [0.0], [0.0]
    for g in scene["genes"]:
        reach = text_width(g["label"])
        wide, tall = (reach / 2, 24) if g["turn"] is None else (reach + 14, reach + 14)
        xs += [g["x"] - wide, g["x"] + wide]
        ys += [g["y"] - tall, g["y"] + tall]
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
        return dot + draw_text(
            gene["x"], gene["y"] + 18, gene["label"], ink, anchor="middle", italic=italic, weight=700 if bold else 400
        )
    x, y = gene["x"] + gene["text_x"], gene["y"] + gene["text_y"]
    turn = f"rotate({gene['turn'] * 57.29578:.1f} {x:.1f} {y:.1f})"
    return dot + draw_text(
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
        found.append(draw_text(tx, y - 3, c["label"], tone("ink"), size=13, weight=700, **side))
        found.append(draw_text(tx, y + 12, c["note"], tone("muted"), size=11, **side))
    return found


def _texts(scene: Mapping, tone: object) -> list[str]:
    anchor = {True: "start", False: "end", None: "middle"}
    strong = {True: {"size": 13, "weight": 700}, False: {"size": 11}}
    tones = {True: tone("ink"), False: tone("muted")}
    return [
        draw_text(t["x"], t["y"] + 4, t["text"], tones[t["strong"]], anchor=anchor[t["right"]], **strong[t["strong"]])
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
        draw_text(0, top + 15 * i, r, tone("ink"), anchor="middle", weight=600, size=11) for i, r in enumerate(rows)
    )


def draw_text(
    x: float, y: float, text: str, fill: str, *, size: int = 12, weight: int = 400, anchor: str = "start",
    italic: bool = False, turn: str = "",
) -> str:  # fmt: skip
    """One line of text; what cannot be printed is left out."""
    more = (' font-style="italic"' if italic else "") + (f' transform="{turn}"' if turn else "")
    more += f' font-weight="{weight}"' if weight != 400 else ""
    more += f' text-anchor="{anchor}"' if anchor != "start" else ""
    clean = escape("".join(c for c in text if c.isprintable()))
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}"{more}>{clean}</text>'

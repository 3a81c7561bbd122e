"""The network as a printed figure: SVG of the canvas's shapes, with legend, rule and provenance inside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape

from explorer.figures.network_marks import bounds, draw_body, draw_text
from explorer.figures.network_ring import text_width
from explorer.figures.theme import FONT, color

_MARGIN, _HEAD, _LEGEND = 28.0, 66.0, 22.0
_FAMILY = escape(FONT.replace('"', ""), quote=True)
_SAME_ARM = "same arm, dimmed"


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

    left, top, right, bottom = bounds(scene)
    width, height = right - left + 2 * _MARGIN, bottom - top + 2 * _MARGIN + _HEAD + _LEGEND * (len(foot) + 2)
    below, reach = _legend(scene, _HEAD + bottom - top + 2 * _MARGIN + 4, tone, sourced=sourced)
    wide = [text_width(title, size=20), text_width(answer, size=13), *(text_width(line, size=11) for line in foot)]
    width = max(width, reach, *(w + 2 * _MARGIN for w in wide))
    shift = (width - (right - left)) / 2 - left
    body = draw_body(scene, tone, highlight=highlight)
    head = [
        draw_text(_MARGIN, 34, title, tone("ink"), size=20, weight=700),
        draw_text(_MARGIN, 54, answer, tone("muted"), size=13),
    ]
    low = _HEAD + bottom - top + 2 * _MARGIN
    below += [
        draw_text(_MARGIN, low + 34 + _LEGEND * 0.8 * i, line, tone("muted"), size=11) for i, line in enumerate(foot)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
            f'height="{height:.0f}" font-family="{_FAMILY}" font-size="12">',
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


def network_picture(scene: Mapping, *, says: str, dark: bool) -> str:
    """SVG text of the canvas alone, on a transparent ground, for a tile that has its own title and legend."""

    def tone(name: str) -> str:
        return color(name, dark=dark)

    left, top, right, bottom = bounds(scene)
    box = f"{left - 4:.0f} {top - 4:.0f} {right - left + 8:.0f} {bottom - top + 8:.0f}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="{_FAMILY}" font-size="12">'
    return "\n".join([head, f"<title>{escape(says)}</title>", *draw_body(scene, tone), "</svg>"])


def _legend(scene: Mapping, y: float, tone: object, *, sourced: bool) -> tuple[list[str], float]:
    """What the marks mean, on one line, and how far to the right it reaches."""
    items = [("similar, width by strength", "map-edge-similar", ""), ("opposite", "map-edge-opposite", "6 4")]
    items += [("known, not recovered", "known", "1 3")] if sourced else []
    items += [("in the set", "set", "")] if any(s["cosine"] is None for s in scene["spokes"]) else []
    found, x = [], _MARGIN
    dots = [("gene, active", "gene"), ("gene, no phenotype", "faint")]
    dots += [("compound (hollow: no target on record)", "compound")] if scene["compounds"] else []
    for text, name in dots:
        found.append(
            f'<circle cx="{x + 5}" cy="{y}" r="4.5" fill="{tone(name)}"/>'
            + draw_text(x + 14, y + 4, text, tone("ink"), size=11)
        )
        x += 30 + text_width(text, size=11)
    for text, name, dash in items:
        ends = f'x1="{x}" y1="{y}" x2="{x + 22}" y2="{y}"'
        line = f'<line {ends} stroke="{tone(name)}" stroke-width="2.5" stroke-dasharray="{dash}"/>'
        found.append(line + draw_text(x + 28, y + 4, text, tone("ink"), size=11))
        x += 44 + text_width(text, size=11)
    if any(e["same_arm"] for e in scene["edges"]):
        found.append(
            f'<line x1="{x + 4}" y1="{y - 6}" x2="{x + 4}" y2="{y + 6}" stroke="{tone("caution")}" stroke-width="2"/>'
        )
        found.append(draw_text(x + 12, y + 4, _SAME_ARM, tone("ink"), size=11))
        x += 28 + text_width(_SAME_ARM, size=11)
    return found, x - 16 + _MARGIN

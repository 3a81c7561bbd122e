"""What all small pictures share: their size, text that is escaped, and the frame around them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from explorer.figures.theme import FONT, color

#: Units of the canvas; a card shows it at about this many pixels.
WIDTH, HEIGHT = 320.0, 132.0
#: Mean width of a character, as a part of the font size.
_CHARACTER = 0.54
_FAMILY = escape(FONT.replace('"', ""), quote=True)


def picture(body: Sequence[str], *, says: str) -> str:
    """An SVG of the card's size on a transparent ground; `says` is what it shows, for those who do not see it."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img"'
    head += f' font-family="{_FAMILY}" font-size="10.5"><title>{clean(says)}</title>'
    return "\n".join([head, *body, "</svg>"])


def label(x: float, y: float, text: str, tone: str, *, dark: bool, anchor: str = "start", style: str = "") -> str:
    """One line of text in a colour of the theme; `style` holds `i` italics, `b` bold, `h` a halo."""
    font = ' font-style="italic"' * ("i" in style) + ' font-weight="700"' * ("b" in style)
    if "h" in style:
        font += (
            f' stroke="{color("surface", dark=dark)}" stroke-width="2.6" paint-order="stroke" stroke-linejoin="round"'
        )
    fill = color(tone, dark=dark)
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"{font}>{clean(text)}</text>'


def clean(text: str) -> str:
    """Text that cannot be markup: escaped, without control characters and without halves of surrogate pairs."""
    kept = "".join(c for c in text if c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF)
    return escape(kept, quote=True)


def short(text: str, most: int) -> str:
    """At most so many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def wide(text: str, *, size: float = 10.5) -> float:
    """About how wide a text is."""
    return _CHARACTER * size * len(text)


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Places as near as they can be to those that are wanted, at least `gap` apart and between two limits."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    places = [0.0] * len(wanted)
    below = low
    for i in order:
        places[i] = max(wanted[i], below)
        below = places[i] + gap
    above = high
    for i in reversed(order):
        places[i] = min(places[i], above)
        above = places[i] - gap
    return places

"""One value against its null: grey bars of what control wells give by chance, and a line where the value lies."""

from __future__ import annotations

import math
from collections.abc import Mapping

from explorer.figures import words
from explorer.figures.theme import FONT, color
from explorer.figures.thumbnail_parts import clean, label, short, wide

#: Units of the canvas; a tile shows it at about this many pixels.
WIDTH, HEIGHT = 264.0, 78.0
_EDGE, _TOP, _BASE = 6.0, 19.0, 61.0
_NAME_SIZE, _TICK_SIZE = 12.0, 11.0
#: Room on both sides of null and value, as a share of what they span, and how many ticks there are at most.
_PAD, _TICKS = 0.04, 5


def null_picture(found: Mapping, *, name: str, italic: bool, active: bool, digits: int, says: str, dark: bool) -> str:
    """An SVG of one statistic.

    Parameters
    ----------
    found : mapping
        `value`, and `counts` between `edges`, as `queries.control_draws` has them.
    name : str
        Whose value it is, `italic` where it is a gene symbol.
    active : bool
        What did not pass the gate has a dashed line without a foot.
    digits : int
        Decimals of the value.
    says : str
        What is shown, for those who do not see it.
    """
    low, high = min(found["edges"][0], found["value"]), max(found["edges"][-1], found["value"])
    pad = _PAD * ((high - low) or 1.0)
    low, high = low - pad, high + pad

    def x(value: float) -> float:
        return _EDGE + (WIDTH - 2 * _EDGE) * (value - low) / (high - low)

    family = clean(FONT.replace('"', ""))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img"'
            f' font-family="{family}" font-size="{_TICK_SIZE:.0f}"><title>{clean(says)}</title>',
            *_bars(found, x, dark=dark),
            f'<path d="M{_EDGE} {_BASE}H{WIDTH - _EDGE}" stroke="{color("line-strong", dark=dark)}"/>',
            *_ticks(low, high, x, dark=dark),
            *_mark(x(found["value"]), active=active, dark=dark),
            _name(x(found["value"]), name, words.number(found["value"], digits), italic=italic, dark=dark),
            "</svg>",
        ]
    )


def _bars(found: Mapping, x: object, *, dark: bool) -> list[str]:
    """The null; the tallest bar fills the height, and a bar of any draw can be seen."""
    most = max(found["counts"]) or 1
    path = ""
    for left, right, n in zip(found["edges"], found["edges"][1:], found["counts"], strict=False):
        if n:
            top = _BASE - max((_BASE - _TOP - 3) * n / most, 0.8)
            path += f"M{x(left):.1f} {_BASE}V{top:.1f}H{x(right):.1f}V{_BASE}Z"
    return [f'<path d="{path}" fill="{color("line-strong", dark=dark)}"/>']


def _ticks(low: float, high: float, x: object, *, dark: bool) -> list[str]:
    """Round numbers under the axis."""
    rough = (high - low) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= rough)
    decimals = max(-math.floor(math.log10(step) + 1e-9), 0)
    parts = []
    for i in range(math.ceil(low / step), math.floor(high / step) + 1):
        text = words.number(i * step, decimals)
        half = wide(text, size=_TICK_SIZE) / 2
        at = min(max(x(i * step), half), WIDTH - half)
        parts.append(f'<path d="M{x(i * step):.1f} {_BASE}v3" stroke="{color("line-strong", dark=dark)}"/>')
        parts.append(label(at, HEIGHT - 3, text, "muted", dark=dark, anchor="middle"))
    return parts


def _mark(at: float, *, active: bool, dark: bool) -> list[str]:
    tone = color("gene" if active else "muted", dark=dark)
    dashes = "" if active else ' stroke-dasharray="4 3"'
    return [f'<path d="M{at:.1f} {_TOP}V{_BASE}" stroke="{tone}" stroke-width="3"{dashes}/>']


def _name(at: float, name: str, value: str, *, italic: bool, dark: bool) -> str:
    """Name and number over the line, within the canvas."""
    name = short(name, 18)
    half = wide(f"{name} {value}", size=_NAME_SIZE) / 2 + 4
    slanted = ' font-style="italic"' * italic
    return (
        f'<text x="{min(max(at, half), WIDTH - half):.1f}" y="13" text-anchor="middle" font-weight="700" '
        f'font-size="{_NAME_SIZE:.0f}" fill="{color("ink", dark=dark)}"><tspan{slanted}>{clean(name)}</tspan> '
        f"{clean(value)}</text>"
    )

"""Opposite to similar as colours: red and blue on one symmetric scale with words at both ends."""

from __future__ import annotations

from explorer.figures import words
from explorer.figures.theme import color

#: What a cosine of 0 looks like: white in the light, the ground of bands in the dark, so that strong values stand out.
_ZERO = ("#f7f7f7", "#3a414d")


def colorscale(*, dark: bool) -> list[list]:
    """A Plotly colour scale over [-limit, limit]."""
    return [[0.0, color("opposite", dark=dark)], [0.5, _ZERO[int(dark)]], [1.0, color("similar", dark=dark)]]


def ends(limit: float) -> tuple[list[float], list[str]]:
    """Ticks of a symmetric colour bar, and their words."""
    return [-limit, 0.0, limit], [f"{words.cosine(-limit)} opposite", "0", f"similar {words.cosine(limit)}"]


def text_color(value: float, limit: float, *, dark: bool) -> str:
    """A colour in which a number can be read on the colour of its value."""
    strong = abs(value) / max(limit, 1e-9) > 0.55
    if dark:
        return "#14171c" if strong else "#eef1f5"
    return "#ffffff" if strong else "#14171c"

"""Opposite to similar as colours: red and blue on one symmetric scale with words at both ends."""

from __future__ import annotations

import numpy as np

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


def round_limit(values: np.ndarray) -> float:
    """End of the scale: the strongest value, up to the next tenth, so that ends are round and never exaggerate."""
    strongest = float(np.max(np.abs(values[np.isfinite(values)]), initial=0.0))
    return float(min(max(np.ceil(strongest * 10) / 10, 0.3), 1.0))


def color_bar(limit: float, **place: object) -> dict:
    """A thin colour bar that lies flat, with words at both ends; `place` says where, and how long."""
    ticks, said = ends(limit)
    look = {"orientation": "h", "thickness": 9, "outlinewidth": 0, "tickfont": {"size": 11}, "ticks": ""}
    return look | {"tickvals": ticks, "ticktext": said} | place


def text_color(value: float, limit: float, *, dark: bool) -> str:
    """A colour in which a number can be read on the colour of its value."""
    strong = abs(value) / max(limit, 1e-9) > 0.55
    if dark:
        return "#14171c" if strong else "#eef1f5"
    return "#ffffff" if strong else "#14171c"

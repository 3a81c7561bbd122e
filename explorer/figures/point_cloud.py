"""Very many points as one picture in a figure, where only SVG can be drawn: some thousands answer to the pointer.

A browser takes half a minute to make 30,000 elements of SVG; a picture of the same points is some 100 kB, and there at
once. By WebGL every point is drawn and answers, so this is for installations without it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer.figures.png import points_png

#: Points that are drawn one by one as SVG.
MOST_SVG = 4_000

_PIXELS, _DOT = 1_000, 3


def touchable(priority: np.ndarray, *, gl: bool) -> np.ndarray:
    """Which points are drawn one by one: all by WebGL, else the `MOST_SVG` with the highest priority.

    Parameters
    ----------
    priority : float array, shape (n,)
    gl : bool
        Whether points are drawn by WebGL.

    Returns
    -------
    bool array, shape (n,)
    """
    keep = np.ones(len(priority), dtype=bool)
    if not gl and len(priority) > MOST_SVG:
        keep[np.argsort(-priority, kind="stable")[MOST_SVG:]] = False
    return keep


def cloud(x: np.ndarray, y: np.ndarray, tones: np.ndarray) -> list[dict]:
    """Points as an image of the layout, in the units of both axes; no image without points.

    Parameters
    ----------
    x, y : float array, shape (n,)
    tones : uint8 array, shape (n, 4)
        Red, green, blue and opacity of each; later points lie on earlier ones.
    """
    if not len(x):
        return []
    (left, right), (low, high) = (_span(v) for v in (x, y))
    across = np.rint((x - left) / (right - left) * (_PIXELS - 1)).astype(int)
    down = np.rint((high - y) / (high - low) * (_PIXELS - 1)).astype(int)
    pixels = np.zeros((_PIXELS, _PIXELS, 4), dtype=np.uint8)
    for i in range(_DOT):
        for j in range(_DOT):
            pixels[np.minimum(down + i, _PIXELS - 1), np.minimum(across + j, _PIXELS - 1)] = tones
    place = {"x": left, "y": high, "sizex": right - left, "sizey": high - low, "xref": "x", "yref": "y"}
    return [{"source": points_png(pixels), "sizing": "stretch", "layer": "below", **place}]


def rgba(color: str, opacity: float) -> tuple[int, int, int, int]:
    """A colour `#rrggbb` with its opacity, 0..1, as four bytes."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue, round(255 * opacity)


def along(values: np.ndarray, colors: Sequence[Sequence], *, low: float, high: float, opacity: float) -> np.ndarray:
    """The colour of each value on a scale of (position 0..1, `#rrggbb`) stops, uint8 of (n, 4); NaN: its middle."""
    stops, ends = [c[0] for c in colors], np.array([rgba(c[1], opacity) for c in colors], dtype=float)
    at = np.nan_to_num((np.asarray(values, dtype=float) - low) / max(high - low, 1e-12), nan=0.5)
    return np.stack([np.rint(np.interp(at, stops, ends[:, k])) for k in range(4)], axis=1).astype(np.uint8)


def _span(values: np.ndarray) -> tuple[float, float]:
    low, high = float(np.min(values)), float(np.max(values))
    return (low, high) if high > low else (low - 0.5, high + 0.5)

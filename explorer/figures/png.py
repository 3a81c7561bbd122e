"""Numbers as a picture of few bytes: a PNG with a palette, as a data URI, so that no matrix is sent as numbers."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np

from explorer.figures.theme import color

#: Steps of the scale; an odd number, so that 0 has its own.
STEPS = 63
#: Symmetric limits that a scale may have.
LIMITS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)

_INDEXED, _WITH_OPACITY = 3, 6
_ZERO = ((247, 247, 247), (34, 38, 46))
_SELF = ((120, 126, 134), (140, 148, 158))


def heat_png(values: np.ndarray, *, limit: float, dark: bool) -> str:
    """Cosines as an indexed PNG: blue opposite, red similar, grey where a row meets itself.

    Parameters
    ----------
    values : float array, shape (rows, columns)
        NaN where there is no pair.
    limit : float
        The strongest colour stands for this value and beyond.
    """
    scaled = np.clip(np.nan_to_num(values, nan=0.0) / limit, -1, 1)
    index = np.rint((scaled + 1) * ((STEPS - 1) / 2)).astype(np.uint8)
    index[np.isnan(values)] = STEPS
    palette = np.array([*scale_colors(STEPS, dark=dark), _SELF[dark]], dtype=np.uint8)
    height, width = index.shape
    lines = np.zeros((height, width + 1), dtype=np.uint8)
    lines[:, 1:] = index
    return _png(lines, _chunk(b"PLTE", palette.tobytes()), width=width, color_type=_INDEXED)


def points_png(pixels: np.ndarray) -> str:
    """A picture that is mostly empty: uint8, shape (rows, columns, 4), the last red, green, blue and opacity."""
    height, width, _ = pixels.shape
    lines = np.zeros((height, 1 + 4 * width), dtype=np.uint8)
    lines[:, 1:] = pixels.reshape(height, -1)
    return _png(lines, b"", width=width, color_type=_WITH_OPACITY)


def scale_colors(steps: int, *, dark: bool) -> list[tuple[int, int, int]]:
    """`steps` colours from opposite over zero to similar."""
    ends = [_rgb(color(name, dark=dark)) for name in ("opposite", "similar")]
    zero = np.array(_ZERO[dark])
    found = []
    for t in np.linspace(-1, 1, steps):
        end = np.array(ends[int(t > 0)])
        found.append(tuple(int(v) for v in np.rint(zero + (end - zero) * abs(t) ** 0.85)))
    return found


def limit_for(values: np.ndarray) -> float:
    """The smallest limit that 99 % of the values stay within."""
    known = np.abs(values[np.isfinite(values)])
    strong = float(np.quantile(known, 0.99)) if known.size else 1.0
    return next((limit for limit in LIMITS if strong <= limit), LIMITS[-1])


def _png(lines: np.ndarray, palette: bytes, *, width: int, color_type: int) -> str:
    """Rows of bytes, each behind its filter's 0, as a data URI."""
    head = struct.pack(">IIBBBBB", width, len(lines), 8, color_type, 0, 0, 0)
    body = [_chunk(b"IHDR", head), palette, _chunk(b"IDAT", zlib.compress(lines.tobytes(), 1)), _chunk(b"IEND", b"")]
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(body)).decode()


def _rgb(text: str) -> tuple[int, int, int]:
    return tuple(int(text[i : i + 2], 16) for i in (1, 3, 5))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

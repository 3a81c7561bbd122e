"""Heatmap pictures are read back as what was drawn, within half a step of the scale."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
import pytest

from explorer.figures.png import LIMITS, STEPS, heat_png, limit_for, scale_colors


def decoded(uri: str) -> np.ndarray:
    """Palette indices of a PNG of this module, its checksums checked."""
    png = base64.b64decode(uri.partition(",")[2])
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, parts = 8, {}
    while at < len(png):
        (length,), name = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        body = png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (zlib.crc32(name + body),)
        parts[name], at = body, at + 12 + length
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    lines = np.frombuffer(zlib.decompress(parts[b"IDAT"]), dtype=np.uint8).reshape(height, width + 1)
    assert (lines[:, 0] == 0).all()
    assert len(parts[b"PLTE"]) == 3 * (STEPS + 1)
    return lines[:, 1:]


def test_values_are_their_step_of_the_scale():
    """Every value is drawn by the nearest step, values beyond the limit by the last, missing ones by the grey."""
    values = np.random.default_rng(0).uniform(-0.5, 0.5, size=(7, 11))
    values[2, 3], values[0, 0], values[0, 1], values[0, 2] = np.nan, 9, -9, 0
    index = decoded(heat_png(values, limit=0.4, dark=False))
    assert (index[2, 3], index[0, 0], index[0, 1], index[0, 2]) == (STEPS, STEPS - 1, 0, STEPS // 2)
    drawn = index / ((STEPS - 1) / 2) - 1
    inside = np.isfinite(values) & (np.abs(values) <= 0.4)
    np.testing.assert_allclose(drawn[inside] * 0.4, values[inside], atol=0.4 / (STEPS - 1) + 1e-9)


@pytest.mark.parametrize("dark", [True, False])
def test_the_scale_is_symmetric_about_a_neutral_middle(dark):
    """Blue at one end, red at the other, grey in the middle."""
    colors = scale_colors(STEPS, dark=dark)
    (low_r, _, low_b), (high_r, _, high_b) = colors[0], colors[-1]
    assert low_b > low_r
    assert high_r > high_b
    assert max(colors[STEPS // 2]) - min(colors[STEPS // 2]) < 16


def test_limits_hold_the_values():
    """The limit holds 99 % of the values and is one of a few; nothing to show has a limit too."""
    assert limit_for(np.full((9, 9), 0.17)) == 0.2
    assert limit_for(np.array([[np.nan]])) in LIMITS
    assert limit_for(np.array([[5.0]])) == LIMITS[-1]

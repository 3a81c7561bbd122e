"""Points beyond what SVG can draw become a picture at the same place, and WebGL draws all of them."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
import pandas as pd

from explorer.figures.point_cloud import MOST_SVG, along, cloud, touchable
from explorer.figures.scatter import Names, draw_scatter, reachable

N = MOST_SVG + 3_000


def candidates(n: int = N) -> pd.DataFrame:
    """Made-up candidates, every third of which cannot be relied on."""
    rng = np.random.default_rng(0)
    like, avoid = rng.uniform(-0.5, 0.5, size=(2, n))
    kind = np.where(np.arange(n) % 2, "gene", "compound")
    return pd.DataFrame(
        {"row": np.arange(n), "like": like, "avoid": avoid, "reference": np.nan, "kind": kind, "label": "x"}
    ).assign(entity=[f"e{i}" for i in range(n)], reliable=np.arange(n) % 3 > 0, concentration=np.nan, blinded=False)


def pixels(image: dict) -> np.ndarray:
    """What the PNG of a cloud holds."""
    raw = base64.b64decode(image["source"].partition(",")[2])
    width, height = struct.unpack(">II", raw[16:24])
    at = raw.index(b"IDAT")
    lines = zlib.decompress(raw[at + 4 : at + 4 + struct.unpack(">I", raw[at - 4 : at])[0]])
    return np.frombuffer(lines, np.uint8).reshape(height, -1)[:, 1:].reshape(height, width, 4)


def test_webgl_draws_every_point() -> None:
    """By WebGL all points can be touched and nothing is a picture."""
    frame = candidates()
    figure = draw_scatter(frame, names=Names("A", "B"), region=None, dark=False, gl=True)
    assert sum(len(t.customdata) for t in figure.data if t.customdata is not None) == N
    assert not figure.layout.images
    assert {t.type for t in figure.data if t.customdata is not None} == {"scattergl"}


def test_without_webgl_the_reliable_ones_furthest_out_answer() -> None:
    """As SVG, no more points are elements than a browser can bear: named ones, then those that can be relied on."""
    frame = candidates()
    named = [0]  # not reliable
    kept = reachable(frame, named, gl=False)
    assert kept.sum() == MOST_SVG
    assert kept[0]
    assert frame["reliable"][kept].mean() > 0.99
    figure = draw_scatter(frame, names=Names("A", "B"), region=None, named=named, dark=False)
    assert sum(len(t.customdata) for t in figure.data if t.customdata is not None) == MOST_SVG
    assert len(figure.layout.images) == 1


def test_few_points_are_never_a_picture() -> None:
    """Up to the limit every point is an element."""
    assert touchable(np.zeros(MOST_SVG), gl=False).all()
    assert not draw_scatter(candidates(60), names=Names("A", "B"), region=None, dark=True).layout.images


def test_points_of_the_picture_lie_where_they_belong() -> None:
    """The image spans the points in units of the axes, with the highest at its top."""
    tones = np.array([[1, 2, 3, 255], [4, 5, 6, 255]], dtype=np.uint8)
    [image] = cloud(np.array([2.0, 4.0]), np.array([10.0, 30.0]), tones)
    assert (image["x"], image["y"], image["sizex"], image["sizey"]) == (2.0, 30.0, 2.0, 20.0)
    drawn = pixels(image)
    assert drawn[-1, 0].tolist() == [1, 2, 3, 255]
    assert drawn[0, -1].tolist() == [4, 5, 6, 255]
    assert drawn[0, 0].tolist() == [0, 0, 0, 0]
    assert cloud(np.array([]), np.array([]), tones[:0]) == []


def test_colours_along_a_scale() -> None:
    """Values beyond a scale have the colour of its end, and those that are not known that of its middle."""
    stops = [[0.0, "#000000"], [1.0, "#ffffff"]]
    found = along(np.array([-9.0, 0.0, 9.0, np.nan]), stops, low=-1, high=1, opacity=1)
    assert found[:, 0].tolist() == [0, 128, 255, 128]
    assert (found[:, 3] == 255).all()

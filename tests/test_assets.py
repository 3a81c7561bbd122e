"""`keyhole assets`: the pinned script is the one that fits the installed plotly, and no other is taken."""

from __future__ import annotations

import re
from pathlib import Path

import plotly
import pytest

from explorer.commands.assets import VERSION, unpacked
from explorer.errors import InputError
from explorer.figures.map_scatter import MAP_CONFIG
from explorer.figures.theme import GRAPH_CONFIG


def test_the_pinned_version_is_that_of_plotly():
    """The strict bundle replaces the one that plotly.py carries, so both are of one version."""
    bundle = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    head = bundle.read_text(encoding="utf-8")[:500]
    assert re.search(r"plotly\.js v([\d.]+)", head)[1] == VERSION


def test_another_package_is_refused(tmp_path):
    """A file that is not the pinned package is not unpacked."""
    file = tmp_path / "package.tgz"
    file.write_bytes(b"something else")
    with pytest.raises(InputError, match="not the pinned package"):
        unpacked(file)


def test_the_map_sends_nothing_elsewhere():
    """The map's buttons add the lasso and the box, and none that uploads a chart."""
    removed = set(GRAPH_CONFIG["modeBarButtonsToRemove"]) - set(MAP_CONFIG["modeBarButtonsToRemove"])
    assert removed == {"select2d", "lasso2d"}
    assert MAP_CONFIG["showSendToCloud"] is False

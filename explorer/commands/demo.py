"""`keyhole demo`: simulate the demo screen and build its map, always by the same recipe."""

from __future__ import annotations

import argparse
from pathlib import Path

from explorer.atlas import DEMO
from explorer.commands.build import build_and_report
from explorer.commands.progress import ProgressLine
from explorer.datasets.demo import simulate_demo
from explorer.datasets.demo_truth import write_truth
from explorer.maps.build import Provenance, Recipe, build_map
from explorer.maps.map_folder import prune

RECIPE = Recipe(align="tvn", aggregate="mean")
PROVENANCE = Provenance(
    "demo",
    "Simulated demo screen: real gene and compound names, invented measurements",
    licence="MIT",
    citation="Keyhole; the measurements are simulated",
    simulated=True,
)


def run(asked: argparse.Namespace) -> int:
    """Rebuild the demo; the one that comes with Keyhole also gets its truth file, and loses older builds."""
    root = Path(asked.out) if asked.out else DEMO
    progress = ProgressLine(silent=asked.json)

    def make() -> None:
        progress("simulating", 0, None)
        build = build_map(simulate_demo(), root, recipe=RECIPE, provenance=PROVENANCE, progress=progress)
        prune(root, keep=build)
        if root == DEMO:
            write_truth(root.parent / "truth.json")

    build_and_report(make, root=root, progress=progress, as_json=asked.json)
    return 0

"""`keyhole demo`: simulate the demo screen and build its map, always by the same recipe."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from explorer.annotations.biology import BESIDE_MAP
from explorer.annotations.demo_annotations import write_demo_annotations
from explorer.atlas import DEMO
from explorer.chemistry.admet_file import PREDICTIONS
from explorer.commands.build import build_and_report
from explorer.commands.progress import ProgressLine
from explorer.datasets.demo import simulate_demo
from explorer.datasets.demo_truth import demo_truth, write_truth
from explorer.maps.build import Provenance, Recipe, build_map
from explorer.maps.entities import BLINDED
from explorer.maps.map_folder import prune

RECIPE = Recipe(align="tvn", aggregate="mean")
PROVENANCE = Provenance(
    "demo",
    "Simulated demo screen: real gene and compound names, invented measurements",
    licence="MIT",
    citation="Keyhole; the measurements are simulated",
    simulated=True,
)


#: Weight in a module from which a gene counts as one of it, and the module that is no complex or pathway.
_MEMBER, _KILL = 0.5, "kill"


def run(asked: argparse.Namespace) -> int:
    """Rebuild the demo; the one that comes with Keyhole also gets its truth file, and loses older builds.

    What is known beside it is kept, or written anew from the wheel; another folder gets a copy, and one of what
    `keyhole chem` computed.
    """
    root = Path(asked.out) if asked.out else DEMO
    progress = ProgressLine(silent=asked.json)

    def make() -> None:
        progress("simulating", 0, None)
        build = build_map(simulate_demo(), root, recipe=RECIPE, provenance=PROVENANCE, progress=progress)
        prune(root, keep=build)
        if root == DEMO:
            write_truth(root.parent / "truth.json")
        if asked.relationships:
            named = {"genes": named_genes(), "modules": planted_modules()}
            write_demo_annotations(root / BESIDE_MAP, Path(asked.relationships), **named)
        elif root != DEMO and (DEMO / BESIDE_MAP).is_dir():
            shutil.copytree(DEMO / BESIDE_MAP, root / BESIDE_MAP, dirs_exist_ok=True)
        if root != DEMO:
            kept = PREDICTIONS.parent  # of chemistry: predictions and embeddings, without locks
            shutil.copytree(DEMO / kept, root / kept, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))

    build_and_report(make, root=root, progress=progress, as_json=asked.json)
    return 0


def named_genes() -> list[str]:
    """Symbols of the genes of the demo that are not blinded."""
    return [symbol for symbol in demo_truth()["genes"] if not BLINDED.fullmatch(symbol)]


def planted_modules() -> dict[str, tuple[str, list[str]]]:
    """Module to its name and its genes, those of the modules of a family included."""
    modules = demo_truth()["modules"]
    members = {key: {g for g, w in m["genes"].items() if w >= _MEMBER} for key, m in modules.items()}
    found = {}
    for key, module in modules.items():
        family = [other for other, m in modules.items() if m["parent"] == key]
        genes = [g for g in set().union(*(members[k] for k in [key, *family])) if not BLINDED.fullmatch(g)]
        if genes and key != _KILL:
            found[key] = (module["name"].removesuffix(" (family)"), sorted(genes))
    return found

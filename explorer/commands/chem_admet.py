"""`keyhole chem admet`: predict the endpoints of ADMET-AI for the structures of a map, and keep them beside it."""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime

import pandas as pd

from explorer.atlas import map_path
from explorer.chemistry.admet import load_forward, versions
from explorer.chemistry.admet_file import PREDICTIONS
from explorer.chemistry.admet_run import complete
from explorer.chemistry.approved_drugs import approved_fingerprints
from explorer.chemistry.endpoints import CITATION, LICENCE, MODEL
from explorer.commands.progress import ProgressLine
from explorer.commands.report import facts, print_json
from explorer.errors import InputError
from explorer.maps.perturbation_map import CURRENT, PerturbationMap, open_map


def run(asked: argparse.Namespace) -> int:
    """Predict what is not there yet; without the optional packages, without a map root or structures: `InputError`."""
    m, made_by = open_map(map_path(asked.map)), versions()
    root = m.folder.parent
    if not (root / CURRENT).is_symlink():
        raise InputError(f"{m.folder} is one build without a map folder around it; name the folder that was built into")
    structures, unreadable = structures_of(m)
    if structures.empty:
        raise InputError(f"{root}: no compound of this map has a structure that can be read, so none can be predicted")
    drugs = approved_fingerprints()
    about = {"model": MODEL, "versions": made_by, "licence": LICENCE, "citation": CITATION, "drugs": len(drugs)}
    about |= {"date": datetime.now(UTC).date().isoformat()}
    progress, began = ProgressLine(silent=asked.json), time.monotonic()
    try:
        frame, before = complete(
            root, structures, forward=load_forward, drugs=lambda: drugs, about=about, progress=progress
        )
    finally:
        progress.clear()
    refused = frame.loc[frame["refused"] != "", ["smiles", "refused"]]
    found = {
        "file": str(root / PREDICTIONS),
        "predicted": len(frame) - len(refused),
        "refused": refused.to_dict("records"),
        "unreadable": unreadable,
        "there_before": before,
        "approved_drugs": len(drugs),
        "versions": made_by,
        "seconds": round(time.monotonic() - began, 1),
    }
    print_json(found) if asked.json else print(_said(found))
    return 0


def structures_of(m: PerturbationMap) -> tuple[pd.DataFrame, int]:
    """Structures of the compounds of a map, each SMILES once, and how many cannot be read."""
    e = m.entities[m.entities["kind"] == "compound"]
    readable = e[e["inchikey"].notna() & e["smiles"].notna()]
    given = int(e["smiles"].fillna("").ne("").sum())
    return readable.drop_duplicates("smiles")[["inchikey", "smiles"]].reset_index(drop=True), given - len(readable)


def _said(found: dict) -> str:
    before = f", {found['there_before']:,} of them there before" if found["there_before"] else ""
    unreadable = f"; {found['unreadable']:,} cannot be read and have none" if found["unreadable"] else ""
    rows = [
        ("predicted", f"{found['predicted']:,} structures{before}{unreadable}"),
        *(("refused", f"{one['smiles'][:80]}: {one['refused']}") for one in found["refused"]),
        ("compared", f"each with {found['approved_drugs']:,} approved drugs"),
        ("made by", ", ".join(f"{name} {v}" for name, v in found["versions"].items())),
        ("written", f"{found['file']} in {found['seconds']:.1f} s; pages read it when the map is opened again"),
    ]
    return facts(rows)

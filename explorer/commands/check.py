"""`keyhole check`: is a map whole, is every vector usable, do the tables agree, and how much of it is active."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
import pandas as pd

from explorer.atlas import map_path
from explorer.commands.asking import ask, counts, told
from explorer.commands.report import facts, print_json
from explorer.errors import MapError
from explorer.maps.perturbation_map import REBUILD, PerturbationMap, open_map

_UNIT = 1e-3
_HALF_UNIT = 1e-2  # rows kept as float16
_BLOCK = 16_384


def run(asked: argparse.Namespace) -> int:
    """Verify a map; a damaged one is a `MapError`, which ends with exit code 3."""
    m = open_map(map_path(asked.map))
    problems = list(damage(m))
    if problems:
        raise MapError(f"{m.folder}: {'; '.join(problems)}; {REBUILD}")
    found = counts(ask(asked.map)) | {"folder": str(m.folder), "sound": True, "files": sorted(m.manifest["files"])}
    if asked.json:
        print_json(found)
    else:
        verified = f"{len(found['files'])} files by SHA-256, {len(m.features):,} unit vectors, tables consistent"
        print(facts([("sound", verified), *told(found)]))
    return 0


def damage(m: PerturbationMap) -> Iterator[str]:
    """What is wrong inside a map whose files are as they were written, one phrase each."""
    p, e = m.perturbations, m.entities
    if m.features.shape[1] != m.manifest.get("dimensions"):
        yield f"features.npy has {m.features.shape[1]} dimensions, map.json says {m.manifest.get('dimensions')}"
    yield from _vectors("features.npy", m.features, tolerance=_UNIT)
    if p["perturbation"].duplicated().any():
        yield "a perturbation is listed twice in perturbations.parquet"
    if e["entity"].duplicated().any() or e.duplicated(["kind", "slug"]).any():
        yield "an entity is listed twice in entities.parquet"
    if set(p["entity"]) != set(e["entity"]):
        yield "perturbations.parquet and entities.parquet hold different genes or compounds"
    if not set(p["kind"]) <= {"gene", "compound"}:
        yield "perturbations.parquet holds a kind that is neither gene nor compound"
    if (p["concentration"] < 0).any() or np.isinf(p["concentration"].to_numpy(float)).any():
        yield "perturbations.parquet holds a concentration that is negative or infinite"
    if m.wells is not None and m.well_features is not None:
        yield from _wells(m.wells, m.well_features, m)
    if m.control_features is not None and m.control_features.shape[1] != m.features.shape[1]:
        yield f"control_features.npy has {m.control_features.shape[1]} dimensions, features.npy {m.features.shape[1]}"
    if m.control_features is not None and not np.isfinite(m.control_features).all():
        yield "control_features.npy holds values that are not finite"


def _wells(wells: pd.DataFrame, features: np.ndarray, m: PerturbationMap) -> Iterator[str]:
    if features.shape[1] != m.features.shape[1]:
        yield f"well_features.npy has {features.shape[1]} dimensions, features.npy {m.features.shape[1]}"
    rows = wells["row"].to_numpy()
    if len(rows) and not (rows.min() >= 0 and rows.max() < len(m.perturbations)):
        yield "wells.parquet points to rows that are not in the map"
    yield from _vectors("well_features.npy", features, tolerance=_HALF_UNIT, zero=True)


def _vectors(name: str, features: np.ndarray, *, tolerance: float, zero: bool = False) -> Iterator[str]:
    """Rows that are not finite or not of length 1, read in blocks; a well that equals the controls may be zero."""
    bad = 0
    for start in range(0, len(features), _BLOCK):
        block = np.asarray(features[start : start + _BLOCK], dtype=np.float64)
        finite = np.isfinite(block).all(axis=1)
        lengths = np.linalg.norm(np.where(finite[:, None], block, 0), axis=1)
        sound = finite & ((np.abs(lengths - 1) <= tolerance) | (zero & (lengths == 0)))
        bad += int((~sound).sum())
    if bad:
        yield f"{name} has {bad:,} rows that are not finite vectors of length 1"

"""`keyhole check`: is a map whole, is every vector usable, do the tables agree, how much is active, how good is it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
import pandas as pd

from explorer.annotations.relationships import read_relationships
from explorer.atlas import map_path
from explorer.commands.asking import ask, counts, told
from explorer.commands.quality_report import store, text
from explorer.commands.report import facts, print_json
from explorer.errors import MapError
from explorer.maps.perturbation_map import REBUILD, PerturbationMap, open_map
from explorer.maps.quality import quality

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
    measured = quality(m, () if asked.relationships is None else read_relationships(asked.relationships))
    stored = store(m, measured)
    if asked.json:
        print_json(found | {"quality": measured, "stored": None if stored is None else str(stored)})
    else:
        vectors = f"{len(m.features):,} {'unit' if has_unit_rows(m) else 'served'} vectors"
        verified = f"{len(found['files'])} files by SHA-256, {vectors}, tables consistent"
        where = "nowhere: the map has no root that can be written" if stored is None else str(stored)
        print(facts([("sound", verified), *told(found), ("stored", where)]))
        print(f"\n{text(measured)}")
    return 0


def has_unit_rows(m: PerturbationMap) -> bool:
    """Whether served rows are of length 1; where they are centred or weighted they are no longer than that."""
    return m.relation is None or not (m.relation.setting.centred or m.relation.setting.weighting)


def damage(m: PerturbationMap) -> Iterator[str]:
    """What is wrong inside a map whose files are as they were written, one phrase each."""
    p, e = m.perturbations, m.entities
    if m.features.shape[1] != m.manifest.get("dimensions"):
        yield f"features.npy has {m.features.shape[1]} dimensions, map.json says {m.manifest.get('dimensions')}"
    yield from _vectors("features.npy", m.features, tolerance=_UNIT, shorter=not has_unit_rows(m))
    if m.cosine_features is not None:
        yield from _vectors("cosine_features.npy", m.cosine_features, tolerance=_UNIT)
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
    yield from _vectors("well_features.npy", features, tolerance=_HALF_UNIT, zero=True, shorter=not has_unit_rows(m))


def _vectors(
    name: str, features: np.ndarray, *, tolerance: float, zero: bool = False, shorter: bool = False
) -> Iterator[str]:
    """Rows that are not finite or not of length 1, read in blocks; a well that equals the controls may be zero.

    With `shorter` they may have any length up to 1.
    """
    bad = 0
    for start in range(0, len(features), _BLOCK):
        block = np.asarray(features[start : start + _BLOCK], dtype=np.float64)
        finite = np.isfinite(block).all(axis=1)
        lengths = np.linalg.norm(np.where(finite[:, None], block, 0), axis=1)
        sound = finite & ((np.abs(lengths - 1) <= tolerance) | (zero & (lengths == 0)) | (shorter & (lengths <= 1)))
        bad += int((~sound).sum())
    if bad:
        yield f"{name} has {bad:,} rows that are not finite vectors of length 1{' or less' if shorter else ''}"

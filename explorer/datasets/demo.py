"""The demo screen: wells of a simulated perturbation screen with known biology planted in them.

No real screen may be shipped with an explorer, and a first look must not need a download. The simulation goes through
the ordinary `Profiles` and the ordinary build, so it also checks them: what is planted is in `demo_truth`.

A well is `offset + scale_e (signal + arm + kill + noise) D_e + shift_e + plate`, with e its experiment: the noise is
white plus a few strong technical directions, and D_e a mild linear distortion, so that alignment has work to do.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from explorer.datasets.demo_directions import Effects, planted_effects
from explorer.datasets.demo_layout import demo_layout
from explorer.datasets.demo_truth import DUPLICATED, SOURCE, DemoSource, read_source
from explorer.datasets.profiles import Profiles, ReadReport, entities_frame, metadata_frame, validate

DIMENSIONS = 128
SEED = 20261122

NOTE = "Simulated demo screen: not experimental data. Real gene and compound names, invented measurements."

_TECHNICAL = 8  # strong directions of noise common to all experiments
_TECHNICAL_SD = 17.0
_OFFSET_SD = 3.0
_SHIFT_SD = 0.2
_PLATE_SD = 0.08
_DISTORTION = 0.15
_CELLS = 900.0


def simulate_demo(*, seed: int = SEED, source: Path = SOURCE) -> Profiles:
    """Simulate the demo screen: about 20,000 wells of knockouts, compounds and controls.

    Parameters
    ----------
    seed : int
        Same seed, same values (to float32 rounding).
    source : Path
        Folder of the source tables.

    Returns
    -------
    Profiles
        Features of shape (wells, 128), raw: not aligned.

    Raises
    ------
    InputError
        If a source table is absent or lacks a column.
    """
    tables = read_source(source)
    layout = demo_layout(tables, rng=_generator(seed, 0))
    effects = planted_effects(tables, DIMENSIONS, rng=_generator(seed, 1))
    rng = _generator(seed, 2)
    signal = _signal(layout, tables, effects, rng)
    features = _measure(signal, layout, _generator(seed, 3))
    twins = np.flatnonzero((layout["label"] == DUPLICATED).to_numpy())[:2]
    features[twins[1]] = features[twins[0]]
    counts = _cell_counts(layout, effects, rng)
    metadata = metadata_frame(**{name: layout[name] for name in layout if name != "perturbation"}, cell_count=counts)
    files = sorted(Path(source).glob("*.csv"))
    report = ReadReport(
        sources=tuple({"file": file.name, "bytes": file.stat().st_size} for file in files),
        rows=len(metadata),
        notes=(NOTE, f"Simulated with seed {seed}; what was planted is in data/demo/truth.json."),
    )
    return validate(Profiles(features=features, metadata=metadata, entities=_entities(tables), report=report))


def _generator(seed: int, part: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64([seed, part]))


def _signal(layout: pd.DataFrame, tables: DemoSource, effects: Effects, rng: np.random.Generator) -> np.ndarray:
    """Planted effect of each well, with guides and wells that work better or worse."""
    codes = effects.index.get_indexer(layout["perturbation"])
    penetrance = np.exp(0.12 * rng.standard_normal(len(layout)))
    guides = layout["guide"].cat.codes.to_numpy()
    n_guides = len(layout["guide"].cat.categories)
    potency = np.clip(1 + 0.12 * rng.standard_normal(n_guides), 0.7, 1.25)
    weak = tables.genes.loc[tables.genes["weak_guide"] != ""]
    names = weak["symbol"] + "_guide_" + weak["weak_guide"]
    potency[layout["guide"].cat.categories.get_indexer(names)] = 0.1
    off_target = rng.standard_normal((n_guides, DIMENSIONS), dtype=np.float32) * (1.3 / np.sqrt(DIMENSIONS))
    has_effect = np.linalg.norm(effects.vectors, axis=1) > 0
    penetrance[guides >= 0] *= potency[guides[guides >= 0]]
    planted = np.where(codes[:, None] >= 0, effects.vectors[codes], 0).astype(np.float32)
    signal = planted * penetrance[:, None].astype(np.float32)
    active_guide = (guides >= 0) & (codes >= 0) & has_effect[codes]
    signal[active_guide] += off_target[guides[active_guide]]
    return signal


def _measure(signal: np.ndarray, layout: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Add noise, then what differs between experiments and plates."""
    wells, d = signal.shape
    technical = rng.standard_normal((_TECHNICAL, d)) / np.sqrt(d)
    noise = rng.standard_normal((wells, d), dtype=np.float32)
    factors = rng.standard_normal((wells, _TECHNICAL)) * _TECHNICAL_SD
    rows = signal + noise + (factors @ technical).astype(np.float32)
    offset = _OFFSET_SD * rng.standard_normal(d)
    experiments = layout["experiment"].cat.codes.to_numpy()
    for code in range(len(layout["experiment"].cat.categories)):
        distortion = np.eye(d) + rng.standard_normal((d, d)) * (_DISTORTION / np.sqrt(d))
        scale, shift = np.exp(0.12 * rng.standard_normal()), _SHIFT_SD * rng.standard_normal(d)
        members = np.flatnonzero(experiments == code)
        rows[members] = (scale * (rows[members] @ distortion) + offset + shift).astype(np.float32)
    plates = layout.groupby(["experiment", "plate"], observed=True, sort=False).ngroup().to_numpy()
    rows += (_PLATE_SD * rng.standard_normal((plates.max() + 1, d)))[plates].astype(np.float32)
    return np.ascontiguousarray(rows, dtype=np.float32)


def _cell_counts(layout: pd.DataFrame, effects: Effects, rng: np.random.Generator) -> np.ndarray:
    plates = layout.groupby(["experiment", "plate"], observed=True, sort=False).ngroup().to_numpy()
    seeding = _CELLS * np.exp(0.05 * rng.standard_normal(plates.max() + 1))[plates]
    codes = effects.index.get_indexer(layout["perturbation"])
    viability = np.where(codes >= 0, effects.viability[codes], 1.0)
    return np.round(seeding * viability * np.exp(0.09 * rng.standard_normal(len(layout)))).astype(np.float32)


def _entities(tables: DemoSource) -> pd.DataFrame:
    genes = [
        {
            "kind": "gene",
            "label": row.symbol,
            "identifier": row.entrez,
            "synonyms": _parts(row.synonyms),
            "name": row.name,
            "arm": row.arm,
        }
        for row in tables.genes.itertuples(index=False)
    ]
    compounds = [
        {
            "kind": "compound",
            "label": row.name,
            "synonyms": _parts(row.synonyms),
            "smiles": row.smiles,
            "targets": _parts(row.targets),
            "mechanism": row.mechanism,
        }
        for row in tables.compounds.itertuples(index=False)
    ]
    return entities_frame(genes + compounds)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)

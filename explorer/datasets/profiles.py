"""Profiles: what every loader returns and every map is built from, one row a well.

A loader reads its source in blocks and hands each block to a `ProfilesWriter` (writer.py), which keeps the float32
features in one array of known size, drops rows that cannot be used, and counts each dropped row by its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from explorer.errors import InputError

KINDS = ("gene", "compound", "control")

#: Canonical metadata, one row a well, in the order of the features.
METADATA_COLUMNS = {
    "well": "identifier of the row in its source",
    "experiment": "batch the well was run in",
    "plate": "plate within the experiment",
    "kind": "gene, compound or control",
    "label": "gene symbol, blinded id, compound name, or name of the control",
    "guide": "guide of a knockout, empty where unknown",
    "concentration": "uM, NaN for knockouts and where a data set has none",
    "cell_count": "cells in the well, NaN where not counted",
}

#: What is known of each gene and compound, one row an entity; only `kind` and `label` are required.
ENTITY_COLUMNS = {
    "kind": "gene or compound",
    "label": "as in the metadata",
    "identifier": "id in the source (Entrez, JCP2022, BRD), empty where none",
    "synonyms": "tuple of other names",
    "smiles": "structure as the source writes it, CXSMILES tail included",
    "targets": "tuple of annotated target gene symbols, the main one first where the source names one",
    "mechanism": "mechanism of action in the source's words",
    "name": "full name of a gene",
    "arm": "chromosome arm of a gene, such as 17q",
}

#: Stage, how much of it is done, and of how much: None where that is not known, `REMARK` for a sentence, not a stage.
Progress = Callable[[str, int, int | None], None]
REMARK = -1


def silent(stage: str, done: int, total: int | None) -> None:
    """A progress callback that says nothing."""


@dataclass(frozen=True)
class ReadReport:
    """What a loader read and what it left out.

    Attributes
    ----------
    sources : tuple of dict
        `{"file": name, "bytes": size}` for each file read.
    rows : int
        Rows found in the source.
    dropped : dict
        Reason to number of rows left out for it; reasons are whole phrases ("not in the metadata").
    notes : tuple of str
        Sentences about what was assumed or repaired, shown with the map.
    """

    sources: tuple[dict, ...] = ()
    rows: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profiles:
    """Wells of a screen: features, canonical metadata, what is known of the entities, and what was dropped.

    Attributes
    ----------
    features : float32 array, shape (wells, dimensions)
        Finite, and no row is all zero.
    metadata : DataFrame, length wells
        The columns of `METADATA_COLUMNS`.
    entities : DataFrame
        The columns of `ENTITY_COLUMNS`, one row for each gene and compound.
    report : ReadReport
    """

    features: np.ndarray
    metadata: pd.DataFrame
    entities: pd.DataFrame
    report: ReadReport


def metadata_frame(
    *,
    well: Sequence[str],
    kind: Sequence[str],
    label: Sequence[str],
    experiment: Sequence[str] | None = None,
    plate: Sequence[str] | None = None,
    guide: Sequence[str] | None = None,
    concentration: np.ndarray | None = None,
    cell_count: np.ndarray | None = None,
) -> pd.DataFrame:
    """Columns in the canonical order and types; those not given are missing throughout."""
    rows = len(well)

    def text(values: Sequence[str] | None) -> pd.Categorical:
        if values is None:
            return pd.Categorical.from_codes(np.full(rows, -1, dtype=np.int8), categories=pd.Index([], dtype=object))
        return pd.Categorical(values)

    def number(values: np.ndarray | None, dtype: type) -> np.ndarray:
        return np.full(rows, np.nan, dtype=dtype) if values is None else np.asarray(values, dtype=dtype)

    return pd.DataFrame(
        {
            "well": pd.array(well, dtype="string[pyarrow]"),
            "experiment": text(experiment),
            "plate": text(plate),
            "kind": pd.Categorical(kind, categories=list(KINDS)),
            "label": text(label),
            "guide": text(guide),
            "concentration": number(concentration, np.float64),
            "cell_count": number(cell_count, np.float32),
        }
    )


def entities_frame(rows: Sequence[dict]) -> pd.DataFrame:
    """One row an entity from `{"kind", "label", ...}`; text that is not given is empty, lists are empty tuples."""
    empty = {"identifier": "", "synonyms": (), "smiles": "", "targets": (), "mechanism": "", "name": "", "arm": ""}
    return pd.DataFrame([{**empty, **row} for row in rows], columns=list(ENTITY_COLUMNS), dtype=object)


def validate(profiles: Profiles) -> Profiles:
    """Return the profiles if they keep every promise of this module, or say which one they break.

    Raises
    ------
    InputError
        Lengths or types that differ, an unknown kind, a missing label, a negative concentration, features that are
        not finite or all zero, an entity that is missing or listed twice, or no row but controls.
    """
    features, metadata, entities = profiles.features, profiles.metadata, profiles.entities
    _require(features.ndim == 2 and features.shape[1] > 0, "the features are not a table of rows by dimensions")
    _require(features.dtype == np.float32, f"the features are {features.dtype}, not float32")
    _require(len(metadata) == len(features), f"{len(features):,} rows of features, {len(metadata):,} of metadata")
    _require(list(metadata.columns) == list(METADATA_COLUMNS), f"the metadata has columns {list(metadata.columns)}")
    _require(list(entities.columns) == list(ENTITY_COLUMNS), f"the entities have columns {list(entities.columns)}")
    _require(metadata["kind"].isin(KINDS).all(), f"a row is none of {', '.join(KINDS)}")
    _require(metadata["label"].notna().all(), "a row has no label")
    concentration = metadata["concentration"].to_numpy()
    _require(concentration.dtype == np.float64, "the concentrations are not float64")
    _require(
        not (concentration < 0).any() and not np.isinf(concentration).any(), "a concentration is not a number >= 0"
    )
    for start in range(0, len(features), 8192):
        block = features[start : start + 8192]
        _require(bool(np.isfinite(block).all()), f"a feature is NaN or infinite after row {start:,}")
        _require(bool(block.any(axis=1).all()), f"all features are zero in a row after {start:,}")
    present = metadata.loc[metadata["kind"] != "control", ["kind", "label"]].drop_duplicates().astype(object)
    if present.empty:
        raise InputError("Every row is a control: name the gene or compound column, or fewer controls.")
    keys = pd.MultiIndex.from_frame(entities[["kind", "label"]])
    _require(keys.is_unique, "an entity is listed twice")
    _require(pd.MultiIndex.from_frame(present).isin(keys).all(), "a gene or compound of the metadata is no entity")
    return profiles


def _require(holds: bool, problem: str) -> None:
    if not holds:
        raise InputError(f"The profiles cannot be used: {problem}.")

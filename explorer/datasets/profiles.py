"""Profiles: what every loader returns and every map is built from, one row a well.

A loader reads its source in blocks and hands each block to a `ProfilesWriter`, which keeps the float32 features in one
array of known size, drops rows that cannot be used, and counts each dropped row by its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

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
    "targets": "tuple of annotated target gene symbols",
    "mechanism": "mechanism of action in the source's words",
}

Progress = Callable[[str, int, int | None], None]


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

"""How near a structure is to the approved drugs that come with ADMET-AI: a hint whether its models know its kind.

The file of drugs is read where the package is installed and never copied: only one number a compound is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from explorer.chemistry.admet import installed_at
from explorer.chemistry.fingerprints import morgan, tanimoto


def approved_fingerprints() -> np.ndarray:
    """Morgan bits of the approved drugs of the installed package that can be read, shape (drugs, 32); none without."""
    file = installed_at() / "resources" / "data" / "drugbank_approved.csv"
    try:
        smiles = pd.read_csv(file, usecols=["smiles"], dtype=str)["smiles"].fillna("")
    except (OSError, ValueError):
        return morgan([])
    bits = morgan(smiles.tolist())
    return bits[bits.any(axis=1)]


def nearest(smiles: Sequence[str | None], drugs: np.ndarray) -> np.ndarray:
    """Tanimoto similarity of each structure to its nearest drug, float32; NaN without a structure or without drugs."""
    if not len(drugs):
        return np.full(len(smiles), np.nan, dtype=np.float32)
    found = [np.max(tanimoto(bits, drugs)) for bits in morgan(smiles)]
    return np.array(found, dtype=np.float32)

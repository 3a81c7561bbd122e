"""Predictions without the model: numbers that depend on the molecule alone, so that a row in the wrong place shows."""

import numpy as np
from rdkit.Chem import Descriptors

from explorer.chemistry.admet_file import COLUMNS
from explorer.chemistry.endpoints import ENDPOINTS, PROBABILITY

ABOUT = {"versions": {"admet-ai": "0.0"}, "date": "2026-01-02", "licence": "MIT", "citation": "made up", "drugs": 3}


def made_forward(molecules):
    """A number per molecule and endpoint: probabilities from the weight, values the weight itself."""
    weight = np.array([Descriptors.MolWt(m) for m in molecules])
    columns = [(weight % 100) / 100 if e.kind == PROBABILITY else weight for e in ENDPOINTS]
    return np.stack(columns, axis=1)


def made_rows(frame, smiles):
    """What `predict` gives, as rows of a file."""
    return frame.assign(smiles=list(smiles), nearest=np.float32(0.25))[list(COLUMNS)]

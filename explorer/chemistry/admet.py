"""ADMET-AI predictions of structures, by a direct pass through the checkpoints that its package ships.

The package's own `predict` builds a trainer per call, is not safe in threads, prints, and drops what it cannot read, so
that rows no longer line up. Here every structure that is asked for has its row, with a reason where it is refused.
torch and chemprop are imported only when a model is loaded, which the command line does and the web app never.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from rdkit import Chem

from explorer.chemistry.endpoints import KEYS
from explorer.chemistry.structures import read_smiles
from explorer.errors import InputError

#: Largest molecule that is asked for: beyond it none of the training sets has anything to say, and time grows.
MAX_HEAVY_ATOMS = 150
MISSING = (
    "ADMET-AI is not installed; bring it with `pip install -e '.[admet]'` in the folder of Keyhole (the README says "
    "how to get torch without CUDA), then run this again"
)
PACKAGES = ("admet-ai", "chemprop", "torch", "rdkit")

#: Molecules to float array of shape (molecules, 41), in the order of `KEYS`.
Forward = Callable[[Sequence[Chem.Mol]], np.ndarray]


def predict(smiles: Sequence[str | None], forward: Forward) -> pd.DataFrame:
    """Predictions of structures, one row each in the order given.

    Returns
    -------
    DataFrame
        `refused`: why there is no prediction, else empty; then a float32 column an endpoint (`KEYS`), NaN where
        refused.

    Source: Swanson et al. 2024, doi:10.1093/bioinformatics/btae416.
    """
    molecules = [read_smiles(s) if s else None for s in smiles]
    refused = [refusal(m) for m in molecules]
    values = np.full((len(molecules), len(KEYS)), np.nan, dtype=np.float32)
    asked = [i for i, why in enumerate(refused) if not why]
    if asked:
        for i, found in zip(asked, _answers([molecules[i] for i in asked], forward), strict=True):
            if np.isfinite(found).all():
                values[i] = found
            else:
                refused[i] = "the model gave no number for it"
    return pd.DataFrame({"refused": refused} | {key: values[:, k] for k, key in enumerate(KEYS)})


def refusal(molecule: Chem.Mol | None) -> str:
    """Why a molecule is not asked about, empty where it is."""
    if molecule is None:
        return "its structure cannot be read"
    if molecule.GetNumHeavyAtoms() > MAX_HEAVY_ATOMS:
        return f"{molecule.GetNumHeavyAtoms():,} heavy atoms, more than the {MAX_HEAVY_ATOMS} that are asked for"
    numbers = {atom.GetAtomicNum() for atom in molecule.GetAtoms()}
    if 0 in numbers:
        return "part of its structure is left open"
    return "" if 6 in numbers else "no carbon: the models were trained on organic molecules"


def versions() -> dict[str, str]:
    """Versions of the packages that predictions rest on.

    Raises
    ------
    InputError
        Saying what to install.
    """
    if any(importlib.util.find_spec(name) is None for name in ("admet_ai", "chemprop", "torch")):
        raise InputError(MISSING)
    return {name: version(name) for name in PACKAGES}


def load_forward() -> Forward:
    """The ensemble of the installed package, on one thread of this process.

    The checkpoints are read as the package's own code reads them, and are as trusted as that code.

    Raises
    ------
    InputError
        Without the package, or where its models are not those that are known here.
    """
    versions()
    with warnings.catch_warnings():  # what the libraries deprecate in each other is nothing the user can act on
        warnings.simplefilter("ignore")
        import torch
        from chemprop.data import MoleculeDatapoint, MoleculeDataset
        from chemprop.data.collate import collate_batch

        torch.set_num_threads(1)
        ensembles = _ensembles(installed_at() / "resources" / "models")

    def forward(molecules: Sequence[Chem.Mol]) -> np.ndarray:
        dataset = MoleculeDataset([MoleculeDatapoint(mol=m) for m in molecules])
        batch = collate_batch([dataset[i] for i in range(len(dataset))])
        found: dict[str, np.ndarray] = {}
        with torch.inference_mode():
            for names, models in ensembles:
                mean = torch.stack([m(batch.bmg, batch.V_d, batch.X_d) for m in models]).mean(dim=0).numpy()
                found |= {name: mean[:, i] for i, name in enumerate(names)}
        return np.stack([found[key] for key in KEYS], axis=1)

    return forward


def installed_at() -> Path:
    """The folder of the installed package, found without importing it."""
    spec = importlib.util.find_spec("admet_ai")
    if spec is None or not spec.submodule_search_locations:
        raise InputError(MISSING)
    return Path(next(iter(spec.submodule_search_locations)))


def _ensembles(folder: Path) -> list[tuple[list[str], list]]:
    """Endpoints and models of each ensemble, which together have exactly the endpoints of the registry."""
    from chemprop.models import load_model
    from chemprop.models.utils import load_output_columns

    ensembles = []
    for files in filter(None, (sorted(one.glob("**/*.pt")) for one in sorted(folder.glob("*")))):
        ensembles.append((list(load_output_columns(files[0])), [load_model(f).eval() for f in files]))
    if sorted(name for names, _ in ensembles for name in names) != sorted(KEYS):
        raise InputError(f"the models in {folder} are not those of admet-ai 2.0.1; install that version")
    return ensembles


def _answers(molecules: Sequence[Chem.Mol], forward: Forward) -> np.ndarray:
    """Predictions of molecules; where they fail together each is asked alone, and one that fails gets NaN."""
    try:
        return forward(molecules)
    except (RuntimeError, ValueError, IndexError, TypeError):
        if len(molecules) == 1:
            return np.full((1, len(KEYS)), np.nan)
        return np.concatenate([_answers([one], forward) for one in molecules])

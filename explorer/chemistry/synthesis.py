"""How hard a molecule is to make: the synthetic accessibility score that RDKit carries in its contributed folder.

The formula is RDKit's own file, loaded where it lies. Only its table of 705,292 fragments is kept otherwise: two sorted
arrays of 8 MB, read in a third of a second, in the place of a dictionary of 100 MB.
"""

from __future__ import annotations

import gzip
import importlib.util
import pickle
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
from rdkit import Chem, RDConfig

#: The ends of the score, in the words of its authors.
EASIEST, HARDEST = 1.0, 10.0
_FOLDER = Path(RDConfig.RDContribDir) / "SA_Score"


def accessibility(molecule: Chem.Mol) -> float:
    """Synthetic accessibility of a molecule, 1 (easy to make) to 10 (hard); NaN where RDKit came without the score.

    Source: Ertl and Schuffenhauer 2009, doi:10.1186/1758-2946-1-8, as RDKit has it (another penalty for macrocycles,
    and a correction for symmetry that the paper does not have).
    """
    scorer = _scorer()
    score = scorer.calculateScore(molecule) if scorer else None
    return float("nan") if score is None else float(score)


class _Fragments:
    """Contributions of fragments by their Morgan number; `get` is what the scorer asks of a dictionary."""

    def __init__(self, groups: list[list[float]]):
        sizes = [len(g) - 1 for g in groups]
        numbers = np.array([n for g in groups for n in g[1:]], dtype=np.uint32)
        order = np.argsort(numbers, kind="stable")
        self._numbers = numbers[order]
        self._scores = np.repeat([g[0] for g in groups], sizes)[order]

    def get(self, number: int, otherwise: float) -> float:
        at = int(np.searchsorted(self._numbers, np.uint32(number)))
        found = at < len(self._numbers) and self._numbers[at] == number
        return float(self._scores[at]) if found else otherwise


@cache
def _scorer() -> ModuleType | None:
    """RDKit's scorer with its table of fragments; None where the contributed folder was not installed."""
    code, table = _FOLDER / "sascorer.py", _FOLDER / "fpscores.pkl.gz"
    if not (code.is_file() and table.is_file()):
        return None
    spec = importlib.util.spec_from_file_location("rdkit_sascorer", code)
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    scorer._fscores = _Fragments(pickle.loads(gzip.decompress(table.read_bytes())))
    return scorer

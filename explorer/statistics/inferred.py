"""What a molecule that is not on the map might look like: the consensus of its nearest neighbours that are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.statistics.consistency import unit

#: Below this Tanimoto similarity (ECFP4) a neighbour says nothing about a molecule.
LEAST_TANIMOTO = 0.3
MOST_NEIGHBOURS = 5


@dataclass(frozen=True, eq=False)
class Inferred:
    """A consensus of neighbours.

    Attributes
    ----------
    vector : array (d,)
        Unit mean of the neighbours' rows, weighted by their Tanimoto similarity.
    used : int array (k,)
        Positions of the neighbours, nearest first.
    agreement : float
        Mean pairwise cosine of the neighbours; NaN for one alone.
    """

    vector: np.ndarray
    used: np.ndarray
    agreement: float


def infer(rows: np.ndarray, tanimoto: np.ndarray, usable: np.ndarray) -> Inferred | None:
    """Consensus phenotype of the structurally nearest perturbations, or None where none is near enough.

    Parameters
    ----------
    rows : array (n, d)
        Unit rows, one a compound.
    tanimoto : array (n,)
        Structural similarity of the molecule to each compound; NaN where it has no structure.
    usable : bool array (n,)
        Compounds with a phenotype that can be relied on.
    """
    near = np.flatnonzero(usable & (np.nan_to_num(tanimoto, nan=-1.0) >= LEAST_TANIMOTO))
    near = near[np.argsort(-tanimoto[near], kind="stable")][:MOST_NEIGHBOURS]
    if not len(near):
        return None
    kept = np.asarray(rows[near], dtype=np.float64)
    mean = unit((kept * tanimoto[near, None]).sum(axis=0)[None])[0]
    pairs = (kept @ kept.T)[np.triu_indices(len(near), 1)]
    return Inferred(mean, near, float(pairs.mean()) if len(pairs) else float("nan"))

"""Morgan fingerprints as packed bits, and Tanimoto similarity of one molecule to many by counting them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator

from explorer.chemistry.structures import read_smiles

BITS = 2048
RADIUS = 2
_GENERATOR = rdFingerprintGenerator.GetMorganGenerator(radius=RADIUS, fpSize=BITS)


def morgan(smiles: Sequence[str | None]) -> np.ndarray:
    """Morgan fingerprints (radius 2, 2,048 bits: ECFP4), uint64 array of shape (molecules, 32).

    A structure that is missing or cannot be read has no bit set, which no readable molecule has.
    Source: Rogers and Hahn 2010, doi:10.1021/ci100050t.
    """
    packed = np.zeros((len(smiles), BITS // 64), dtype=np.uint64)
    for i, text in enumerate(smiles):
        molecule = read_smiles(text) if text else None
        if molecule is not None:
            packed[i] = bits_of(molecule)
    return packed


def bits_of(molecule: Chem.Mol) -> np.ndarray:
    """The fingerprint of one molecule, uint64 array of shape (32,)."""
    return np.packbits(_GENERATOR.GetFingerprintAsNumPy(molecule), bitorder="little").view(np.uint64)


def tanimoto(query: np.ndarray, fingerprints: np.ndarray) -> np.ndarray:
    """Tanimoto similarity of `query` (32,) to each row of `fingerprints` (n, 32); NaN where either has no bits."""
    both = np.bitwise_count(fingerprints & query).sum(axis=1, dtype=np.int64)
    either = np.bitwise_count(fingerprints | query).sum(axis=1, dtype=np.int64)
    known = np.bitwise_count(fingerprints).sum(axis=1, dtype=np.int64) > 0
    known &= bool(query.any())
    return np.divide(both, either, out=np.full(len(fingerprints), np.nan), where=known & (either > 0))

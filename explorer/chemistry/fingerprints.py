"""Morgan fingerprints as packed bits, and Tanimoto similarity of one molecule to many by counting them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator

from explorer.chemistry.structures import read_smiles

BITS = 2048
RADIUS = 2
_BLOCK = 2048
#: Every other byte of a word; and the factor by which its four lanes of 16 bits are added into the highest.
_EVEN, _ADD = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0001000100010001)
_GENERATOR = rdFingerprintGenerator.GetMorganGenerator(radius=RADIUS, fpSize=BITS)
_NEAREST = rdFingerprintGenerator.GetMorganGenerator(radius=1, includeRedundantEnvironments=True)


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


def differing_atoms(smiles: str, other: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Atoms of each of two molecules whose nearest surroundings the other does not have, as numbered in its SMILES.

    Surroundings are the atom and its neighbours (Morgan environments of radius 1), so the neighbours of what differs
    are among them. Nothing where a structure cannot be read.
    """
    molecules = [read_smiles(s) for s in (smiles, other)]
    if any(m is None for m in molecules):
        return (), ()
    one, two = (_environments(m) for m in molecules)
    return tuple(tuple(i for i, e in enumerate(a) if e not in set(b)) for a, b in ((one, two), (two, one)))


def _environments(molecule: Chem.Mol) -> list[int]:
    """The Morgan environment of the largest radius up to 1 at each atom."""
    told = rdFingerprintGenerator.AdditionalOutput()
    told.AllocateAtomToBits()
    _NEAREST.GetSparseFingerprint(molecule, additionalOutput=told)
    return [bits[-1] for bits in told.GetAtomToBits()]


def bit_counts(fingerprints: np.ndarray) -> np.ndarray:
    """Bits that are set in each row, int64 array of shape (n,)."""
    return _common(np.full(BITS // 64, ~np.uint64(0)), fingerprints)


def tanimoto(query: np.ndarray, fingerprints: np.ndarray, *, counts: np.ndarray | None = None) -> np.ndarray:
    """Tanimoto similarity of `query` (32,) to each row of `fingerprints` (n, 32); NaN where either has no bits.

    `counts` are their `bit_counts`, which saves half of the time where many queries are asked.
    """
    both = _common(query, fingerprints)
    known = bit_counts(fingerprints) if counts is None else counts
    either = known + int(np.bitwise_count(query).sum()) - both
    shown = (known > 0) & bool(query.any())
    return np.divide(both, either, out=np.full(len(fingerprints), np.nan), where=shown)


def _common(query: np.ndarray, fingerprints: np.ndarray) -> np.ndarray:
    """Bits that each row has in common with the query.

    Rows are taken in blocks that stay in the processor's cache. The 32 counts of a row, a byte of at most 64 each, are
    added as words of eight: two and two, neighbouring bytes into lanes of 16 bits, the lanes by one multiplication.
    """
    common = np.empty(len(fingerprints), dtype=np.int64)
    block = np.empty((min(_BLOCK, len(fingerprints)), BITS // 64), dtype=np.uint64)
    counts = np.empty(block.shape, dtype=np.uint8)
    for at in range(0, len(fingerprints), _BLOCK):
        rows = fingerprints[at : at + _BLOCK]
        here = counts[: len(rows)]
        np.bitwise_count(np.bitwise_and(rows, query, out=block[: len(rows)]), out=here)
        words = here.view(np.uint64)
        halves = words[:, :2] + words[:, 2:]
        lanes = (halves & _EVEN) + ((halves >> np.uint64(8)) & _EVEN)
        common[at : at + len(rows)] = ((lanes[:, 0] + lanes[:, 1]) * _ADD) >> np.uint64(48)
    return common

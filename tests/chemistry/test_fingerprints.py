"""Fingerprints and Tanimoto similarity against RDKit's own."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

from explorer.chemistry.fingerprints import bit_counts, morgan, tanimoto

SMILES = [
    "CC(=O)Oc1ccccc1C(=O)O",
    "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
    "CC(C)C[C@H](NC(=O)[C@H](Cc1ccccc1)NC(=O)c1cnccn1)B(O)O",
    "OC(=O)c1ccccc1O",
    "CCO",
    "C",
]


def test_tanimoto_equals_rdkit():
    """Counting packed bits gives RDKit's Tanimoto similarity for every pair."""
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    theirs = [generator.GetFingerprint(Chem.MolFromSmiles(s)) for s in SMILES]
    ours = morgan(SMILES)
    assert ours.shape == (len(SMILES), 32)
    for query, print_ in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(
            tanimoto(query, ours), DataStructs.BulkTanimotoSimilarity(print_, theirs), atol=1e-12
        )


@given(st.integers(0, 5_000), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.02, 0.5, 1.0]))
@settings(max_examples=30)
def test_bits_are_counted_right_at_any_density_and_number(n, seed, density):
    """Against numpy's own unpacked bits: none set, all set, and more rows than a block."""
    rng = np.random.default_rng(seed)
    unpacked = rng.random((n, 2048)) < density
    packed = np.packbits(unpacked, axis=1).view(np.uint64)
    query = rng.random(2048) < max(density, 0.1)
    both = (unpacked & query).sum(axis=1)
    either = (unpacked | query).sum(axis=1)
    expected = np.where(unpacked.any(axis=1), both / either, np.nan)
    found = tanimoto(np.packbits(query).view(np.uint64), packed)
    np.testing.assert_allclose(found, expected)
    np.testing.assert_array_equal(bit_counts(packed), unpacked.sum(axis=1))


def test_structures_that_are_missing_are_like_nothing():
    """None, empty and unreadable structures have no bits and similarity NaN, not 0 and not 1, also to each other."""
    prints = morgan([None, "", "not a molecule", "CCO"])
    assert (prints[:3] == 0).all()
    np.testing.assert_array_equal(tanimoto(prints[3], prints), [np.nan, np.nan, np.nan, 1])
    assert np.isnan(tanimoto(prints[0], prints)).all()


def test_no_molecules():
    """An empty list is answered with empty arrays."""
    assert morgan([]).shape == (0, 32)
    assert tanimoto(morgan(["CCO"])[0], morgan([])).shape == (0,)

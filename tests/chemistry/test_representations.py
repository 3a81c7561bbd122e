"""One molecule in several notations: all mean the same molecule, and the marks stand on the right atoms."""

from __future__ import annotations

import numpy as np
import pytest
from rdkit import Chem

from explorer.chemistry.fingerprints import bits_of
from explorer.chemistry.representations import (
    atom_names,
    bits,
    distances,
    draw_tokens,
    token_ground,
    token_numbers,
    tokens,
    vocabulary,
    written,
)

BORTEZOMIB = "CC(C)C[C@H](NC(=O)[C@H](Cc1ccccc1)NC(=O)c1cnccn1)B(O)O"
ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"


def test_every_spelling_is_the_same_molecule():
    """All SMILES but the flat one have the InChIKey that is listed; each spelling stands once."""
    ways = dict(written(BORTEZOMIB))
    assert len(set(ways.values())) == len(ways) == 9
    for way, text in ways.items():
        if way in ("InChI", "InChIKey", "without stereo"):
            continue
        assert Chem.MolToInchiKey(Chem.MolFromSmiles(text)) == ways["InChIKey"]
    assert ways["without stereo"] == Chem.CanonSmiles(ways["without stereo"])
    assert "@" not in ways["without stereo"]
    assert written(BORTEZOMIB) == written(BORTEZOMIB)
    assert written("no molecule") == []


def test_bits_are_those_of_the_fingerprint_and_stand_on_their_atoms():
    """The numbers are the set bits; a bit of radius r marks exactly the atoms within r bonds of its centres."""
    found = bits(BORTEZOMIB)
    molecule = Chem.MolFromSmiles(BORTEZOMIB)
    on = np.flatnonzero(np.unpackbits(bits_of(molecule).view(np.uint8), bitorder="little"))
    assert sorted(b.number for b in found) == on.tolist()
    away = Chem.GetDistanceMatrix(molecule)
    for bit in found:
        near = {i for c in bit.centres for i in range(len(away)) if away[c][i] <= bit.radius}
        assert set(bit.atoms) <= near
        if bit.radius == 0:
            assert set(bit.atoms) == set(bit.centres)
    assert [b.radius for b in found] == sorted((b.radius for b in found), reverse=True)
    assert bits("no molecule") == []


def test_atoms_of_one_kind_have_one_token():
    """The six carbons of a phenyl ring: five alike and the one that is bound; numbers begin with the commonest."""
    of_atom = tokens("Cc1ccccc1")
    assert len({t for t, _ in of_atom}) == 3
    assert token_numbers("Cc1ccccc1") == [2, 3, 1, 1, 1, 1, 1]
    assert dict(of_atom)[of_atom[2][0]] == "C, 2 heavy neighbours, 1 H, in a ring"
    assert tokens("no molecule") == token_numbers("no molecule") == []


def test_the_vocabulary_counts_molecules_not_atoms():
    """Toluene and aspirin share the ring carbon, which each has several times."""
    found = vocabulary(["Cc1ccccc1", ASPIRIN])
    assert found[0][2] == 2
    assert sum(text == "C, 2 heavy neighbours, 1 H, in a ring" for _, text, _ in found) == 1


def test_distances_are_bonds_and_separate_parts_have_none():
    """Symmetric, 0 on the diagonal, neighbours at 1; a salt is two parts."""
    found = distances(ASPIRIN)
    assert np.array_equal(found, found.T)
    assert not found.diagonal().any()
    assert (found == 1).sum() == 2 * Chem.MolFromSmiles(ASPIRIN).GetNumBonds()
    assert np.isnan(distances("[Na+].[Cl-]")[0, 1])
    assert distances("no molecule") is None
    assert atom_names("CN") == ["C1", "N2"]


@pytest.mark.parametrize("dark", [False, True])
def test_tokens_are_drawn_with_their_numbers_on_grounds_that_can_be_read_on(dark: bool):
    """A number beside each atom, so that colour is never alone; contrast with the ink at least 4.5."""
    svg = draw_tokens(ASPIRIN, width=300, height=200, dark=dark)
    assert svg.count("note") >= 13 or "class='note'" in svg
    for number in range(1, 30):
        levels = np.array(token_ground(number, dark=dark))
        linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
        ground = float(linear @ [0.2126, 0.7152, 0.0722])
        contrast = (0.85 + 0.05) / (ground + 0.05) if dark else (ground + 0.05) / (0.008 + 0.05)
        assert contrast >= 4.5
    assert draw_tokens("no molecule", width=300, height=200, dark=dark) is None

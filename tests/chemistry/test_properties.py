"""Calculated properties: known values of known molecules."""

from __future__ import annotations

import pytest

from explorer.chemistry.properties import PROPERTIES, properties


def test_aspirin():
    """Aspirin weighs 180.2 Da, has 1 donor, 3 acceptors, 63.6 Å² of polar surface; QED lies between 0 and 1."""
    found = properties("CC(=O)Oc1ccccc1C(=O)O")
    assert found["MW"] == pytest.approx(180.16, abs=0.01)
    assert found["TPSA"] == pytest.approx(63.6, abs=0.1)
    assert (found["HBD"], found["HBA"]) == (1, 3)
    assert 0 < found["QED"] < 1


def test_every_property_is_a_number_with_a_source():
    """Each property has a value for every molecule, also a salt, and says where its formula comes from."""
    for smiles in ("C", "[Na+].[Cl-]", "CC=CC |t:1|"):
        found = properties(smiles)
        assert list(found) == [p.label for p in PROPERTIES]
        assert all(isinstance(v, float) for v in found.values())
    assert all(p.source for p in PROPERTIES)


def test_no_structure():
    """What cannot be read has no properties."""
    assert properties("not a molecule") is None
    assert properties("") is None

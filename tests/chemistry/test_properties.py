"""Calculated properties: known values of known molecules."""

from __future__ import annotations

import math

import pytest
from rdkit import Chem

from explorer.chemistry import synthesis
from explorer.chemistry.properties import PROPERTIES, properties
from explorer.chemistry.synthesis import EASIEST, HARDEST, accessibility


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


PACLITAXEL = (
    "CC(=O)O[C@H]1C(=O)[C@]2(C)[C@@H](O)C[C@H]3OC[C@@]3(OC(C)=O)[C@H]2[C@H](OC(=O)c2ccccc2)[C@]2(O)C[C@H]"
    "(OC(=O)[C@H](O)[C@@H](NC(=O)c3ccccc3)c3ccccc3)C(C)=C1C2(C)C"
)


def test_what_is_easy_to_make_scores_low_and_what_is_hard_high():
    """Aspirin is easy, paclitaxel is hard, and no molecule leaves the range of 1 to 10."""
    aspirin, paclitaxel = (properties(s)["SA score"] for s in ("CC(=O)Oc1ccccc1C(=O)O", PACLITAXEL))
    assert EASIEST < aspirin < 2 < 5 < paclitaxel < HARDEST
    for smiles in ("C", "[Na+].[Cl-]", "C1CCCCCCCCCCC1", "C" * 300, "[C@H](F)(Cl)Br"):
        assert EASIEST <= properties(smiles)["SA score"] <= HARDEST


def test_the_table_of_fragments_gives_what_the_dictionary_of_rdkit_gives():
    """The score is the same to the last digit as by the way RDKit's own file reads its table."""
    ours = synthesis._scorer()
    molecules = [Chem.MolFromSmiles(s) for s in (PACLITAXEL, "CC(=O)Oc1ccccc1C(=O)O", "CCN1CCOCC1", "[Xe]")]
    scores = [accessibility(m) for m in molecules]
    kept = ours._fscores
    try:
        ours.readFragmentScores()
        assert [ours.calculateScore(m) for m in molecules] == scores
    finally:
        ours._fscores = kept


def test_without_the_contributed_folder_there_is_no_score(monkeypatch, tmp_path):
    """An RDKit that came without it gives NaN, which pages write as n/a, and no other property is lost."""
    monkeypatch.setattr(synthesis, "_FOLDER", tmp_path)
    synthesis._scorer.cache_clear()
    try:
        found = properties("CCO")
        assert math.isnan(found["SA score"])
        assert found["MW"] == pytest.approx(46.07, abs=0.01)
    finally:
        synthesis._scorer.cache_clear()

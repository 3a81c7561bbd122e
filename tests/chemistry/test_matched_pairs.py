"""Matched pairs: known ones are found with their change and its atoms, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from explorer.chemistry.fingerprints import differing_atoms
from explorer.chemistry.matched_pairs import MOST_CHANGED, STAYS, matched_pairs

GROUPS = ("C", "O", "Cl", "F", "N", "OC", "C(F)(F)F", "C#N", "CC", "NC(C)=O")
CORES = ("c1ccc2ncccc2c1", "c1ccc(-c2ccccc2)cc1", "C1CCC(C2CCCCC2)CC1")


def atoms_written(smiles: str, atoms: tuple[int, ...]) -> list[str]:
    molecule = Chem.MolFromSmiles(smiles)
    return [molecule.GetAtomWithIdx(i).GetSymbol() for i in atoms]


@pytest.mark.parametrize(
    ("first", "second", "change"),
    [
        ("Clc1ccccc1", "COc1ccccc1", "*Cl>>*OC"),
        ("c1ccccc1", "Fc1ccccc1", "*[H]>>*F"),
        ("C[C@H](O)c1ccccc1", "C[C@@H](O)c1ccccc1", "stereo"),
        ("Cn1cccc1", "c1cc[nH]c1", "*C>>*[H]"),
        ("[Na+].[O-]C(=O)c1ccccc1Cl", "[O-]C(=O)c1ccccc1Br.[K+]", "*Cl>>*Br"),
        ("CC(=O)Nc1ccc(O)cc1", "CCC(=O)Nc1ccc(O)cc1", "*[H]>>*C"),
    ],
)
def test_a_small_change_is_named(first, second, change):
    """One group for another, hydrogen among them, at any place; stereo alone; salts by their largest part."""
    [pair] = matched_pairs([first, second])
    assert (pair.first, pair.second, pair.change) == (0, 1, change)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Clc1ccc(Cl)cc1", "Fc1ccc(F)cc1"),
        ("c1ccccc1", "c1ccncc1"),
        ("Cc1ccccc1", "CCCCCCCCc1ccccc1"),
        ("CCO", "CCO"),
        ("", "CCO"),
        ("not a molecule", "CC("),
        ("C" * 301, "C" * 302),
    ],
)
def test_what_is_no_matched_pair(first, second):
    """Two changed groups, a changed ring, a group too large for what stays, the same twice, and what is no molecule."""
    pairs = matched_pairs([first, second])
    assert [p.change for p in pairs] in ([], ["stereo"])
    assert not pairs or first == second


def test_the_smallest_change_counts_and_its_atoms_are_named():
    """Of all ways to write a pair the one with the smallest group is kept; atoms are those of the SMILES as given."""
    smiles = ["O=C(Nc1ccccc1)c1ccc(Cl)nc1", "COc1ccc(C(=O)Nc2ccccc2)cn1"]
    [pair] = matched_pairs(smiles)
    assert pair.change == "*Cl>>*OC"
    assert atoms_written(smiles[0], pair.first_atoms) == ["Cl"]
    assert sorted(atoms_written(smiles[1], pair.second_atoms)) == ["C", "O"]
    assert pair.stays == 15


@settings(max_examples=150)
@given(st.sampled_from(CORES), st.lists(st.sampled_from(GROUPS), min_size=2, max_size=6, unique=True), st.data())
def test_every_two_of_a_series_are_a_pair(core, groups, data):
    """A core with any groups at one place: each two are a pair, within the limits, in either order."""
    at = data.draw(st.sampled_from([a.GetIdx() for a in Chem.MolFromSmiles(core).GetAtoms() if a.GetTotalNumHs()]))
    series = []
    for group in groups:
        joined = Chem.RWMol(Chem.CombineMols(Chem.MolFromSmiles(core), Chem.MolFromSmiles(group)))
        joined.AddBond(at, Chem.MolFromSmiles(core).GetNumAtoms(), Chem.BondType.SINGLE)
        Chem.SanitizeMol(joined)
        series.append(Chem.MolToSmiles(joined))
    pairs = matched_pairs(series)
    assert {(p.first, p.second) for p in pairs} == {(i, j) for j in range(len(series)) for i in range(j)}
    for p in pairs:
        assert max(len(p.first_atoms), len(p.second_atoms)) <= MOST_CHANGED
        assert p.stays >= STAYS * max(len(p.first_atoms), len(p.second_atoms), 1)
    turned = {(len(series) - 1 - p.second, len(series) - 1 - p.first) for p in matched_pairs(series[::-1])}
    assert turned == {(p.first, p.second) for p in pairs}


def test_nothing_in_nothing_out():
    """No molecule, one molecule, and missing ones."""
    assert matched_pairs([]) == ()
    assert matched_pairs(["CCO", None]) == ()


def test_differing_atoms_are_those_whose_neighbours_differ():
    """Para-chloro against para-fluoro: the halogen and the carbon it is on; the same molecule differs nowhere."""
    first, second = differing_atoms("Clc1ccc(C)cc1", "Fc1ccc(C)cc1")
    assert atoms_written("Clc1ccc(C)cc1", first) == ["Cl", "C"]
    assert len(second) == 2
    assert differing_atoms("CCO", "OCC") == ((), ())
    assert differing_atoms("CC(", "CCO") == ((), ())

"""Murcko scaffolds, and what two structures share: by hand for small molecules, and on the demo map."""

import pytest

from explorer import queries
from explorer.chemistry.scaffolds import Scaffold, scaffold_of
from explorer.chemistry.structures import draw_svg, read_smiles


@pytest.mark.parametrize(
    ("smiles", "plain", "generic"),
    [
        ("CCc1ccccc1", "c1ccccc1", "C1CCCCC1"),
        ("O=C(Nc1ccccn1)c1ccccc1", "O=C(Nc1ccccn1)c1ccccc1", "C1CCC(CCC2CCCCC2)CC1"),
        ("C[C@H]1CC[C@@H](c2ccccc2)O1", "c1ccc(C2CCCO2)cc1", "C1CCC(C2CCCC2)CC1"),
    ],
)
def test_scaffolds_are_those_made_by_hand(smiles, plain, generic):
    """Side chains go, linkers stay; the generic one has carbon alone, and no exocyclic atom."""
    assert scaffold_of(smiles) == Scaffold(plain, generic)


@pytest.mark.parametrize("smiles", ["CCO", "", "CC(", "C" * 3_000])
def test_without_a_ring_there_is_no_scaffold(smiles):
    """Chains, and what cannot be read."""
    assert scaffold_of(smiles) is None


def test_compounds_that_share_a_scaffold_are_counted(client):
    """Erlotinib has the bare quinazoline aniline; counts are those of the whole map; a chain has none."""
    frame = queries.scaffolds("demo").set_index("slug")
    assert read_smiles(frame.at["erlotinib", "scaffold"]).GetNumAtoms() == 17
    counts = frame["scaffold"].map(frame["scaffold"].value_counts())
    assert (frame["sharing"] == counts).all()
    assert (frame["sharing_framework"] >= frame["sharing"]).all()
    assert "metformin" not in frame.index


def test_hits_keep_their_rows_and_order(client):
    """Scaffolds are added to the hits, and no hit is lost or doubled."""
    hits = queries.structure_hits("demo", "c1ccc(Nc2ncnc3ccccc23)cc1", "sub", 0.4)
    assert queries.with_scaffolds("demo", hits)["slug"].tolist() == hits["slug"].tolist()


def test_a_map_without_structures_has_no_scaffolds(client):
    """An empty frame with the same columns."""
    assert queries.scaffolds("no-structures").empty


def test_what_two_inhibitors_share_is_their_quinazoline_aniline(client):
    """Erlotinib and gefitinib: the common part holds the 17 atoms of the core; shared and differing make the whole."""
    told = queries.common_structure("demo", "compound:erlotinib", "compound:gefitinib")
    assert told["atoms"] >= 17
    assert 0 < told["tanimoto"] < 1
    assert told["why"] is None
    for shared, differing, n in zip(told["shared"], told["differing"], told["heavy"], strict=True):
        assert len(shared) == told["atoms"]
        assert sorted(shared + differing) == list(range(n))
    same = queries.common_structure("demo", "compound:erlotinib", "compound:erlotinib")
    assert (same["tanimoto"], same["differing"]) == (1.0, [[], []])


def test_shared_and_differing_atoms_stand_on_two_grounds(client):
    """Both are drawn; numbers that are no atoms are passed over."""
    plain = draw_svg("CCO", width=100, height=80, dark=False)
    both = draw_svg("CCO", width=100, height=80, dark=False, marked=[0, 1, 99], differing=[2, -1])
    assert len(both) > len(plain)
    assert both.count("#99DDC1") > 0
    assert both.count("#F9CC8C") > 0
    answer = client.get("/structure/erlotinib.svg?atoms=1,2&differing=3,zzz,-1,99999999")
    assert answer.status_code == 200

"""Structure search against the demo map: what is found, what is inferred, and what is refused."""

import numpy as np
import pytest

from explorer import queries
from explorer.errors import InputError
from explorer.statistics.inferred import infer
from explorer.statistics.structure_phenotype import pair_class

BORTEZOMIB = "CC(C)C[C@H](NC(=O)[C@H](Cc1ccccc1)NC(=O)c1cnccn1)B(O)O"
QUINAZOLINE_ANILINE = "c1ccc(Nc2ncnc3ccccc23)cc1"


def test_the_exact_structure_is_the_compound(client):
    """Bortezomib, however its SMILES is written, is bortezomib."""
    assert queries.typed_structure("demo", BORTEZOMIB)["slug"] == "bortezomib"
    assert queries.structure_hits("demo", f" {BORTEZOMIB} |c:1|", "exact", 0.4)["slug"].tolist() == ["bortezomib"]


def test_similar_structures_come_nearest_first_and_no_analogue_is_invented(client):
    """At 0.5 bortezomib finds itself alone: its class is near by cells, not by structure (walk W2)."""
    found = queries.structure_hits("demo", BORTEZOMIB, "sim", 0.5)
    assert found["slug"].tolist()[0] == "bortezomib"
    assert "carfilzomib" not in set(found["slug"])
    wide = queries.structure_hits("demo", BORTEZOMIB, "sim", 0.2)
    assert (np.diff(wide["tanimoto"]) <= 0).all()
    cells = wide.set_index("slug").loc["carfilzomib"]
    assert cells["cosine"] > 0.4
    assert cells["q"] <= 0.05


def test_a_pattern_finds_the_kinase_inhibitors_that_hold_it(client):
    """The quinazoline aniline of the EGFR inhibitors is found in them (walk W7)."""
    assert {"erlotinib", "gefitinib", "lapatinib"} <= set(
        queries.structure_hits("demo", QUINAZOLINE_ANILINE, "sub", 0.4)["slug"]
    )


def test_the_class_of_bortezomib_lies_in_scaffold_hop(client):
    """Proteasome inhibitors of other structure look like bortezomib and are called scaffold hops (walk W2)."""
    classes = queries.structure_phenotype("demo", "compound:bortezomib@0.1").set_index("slug")["quadrant"]
    assert {classes[c] for c in ("carfilzomib", "ixazomib", "delanzomib", "mg-132")} == {"scaffold hop"}
    assert "bortezomib" not in classes


def test_a_pair_is_named_by_structure_and_cells():
    """Each corner has its name; a compound without a phenotype or a structure has no corner."""
    tanimoto = np.array([0.8, 0.2, 0.8, 0.2, 0.8, np.nan])
    similar = np.array([True, True, False, False, True, True])
    reliable = np.array([True, True, True, True, False, True])
    found = pair_class(tanimoto, similar, reliable).tolist()
    assert found == ["analogue", "scaffold hop", "cliff", "unrelated", "no phenotype", ""]


def test_what_is_inferred_comes_from_near_structures_and_is_refused_below_the_limit(client):
    """A boronic acid near ixazomib is inferred to look like losing the proteasome; ethanol is like nothing here."""
    told = queries.inferred_genes("demo", "OB(O)[C@@H](CC(C)C)NC=O")
    assert all(n["tanimoto"] >= 0.3 for n in told["neighbours"])
    assert told["genes"][0]["label"].startswith("PSM")
    assert queries.inferred_genes("demo", "CCO")["neighbours"] == []


def test_a_consensus_weighs_by_structure_and_passes_over_what_cannot_be_relied_on():
    """Two equal neighbours at right angles meet half way; an unreliable or missing one has no part."""
    rows = np.eye(4)
    told = infer(rows, np.array([0.5, 0.5, 0.9, np.nan]), np.array([True, True, False, True]))
    assert told.used.tolist() == [0, 1]
    assert told.vector == pytest.approx([2**-0.5, 2**-0.5, 0, 0])
    assert told.agreement == pytest.approx(0)
    assert infer(rows, np.full(4, 0.29), np.ones(4, dtype=bool)) is None


@pytest.mark.parametrize("smiles", ["CC(", "", "CСО", "C" * 3_000])
def test_what_cannot_be_read_is_refused(client, smiles):
    """A bad structure is an `InputError`, in every mode."""
    for mode in ("sim", "sub", "exact"):
        with pytest.raises(InputError):
            queries.structure_hits("demo", smiles, mode, 0.4)


def test_the_page_says_why_nothing_was_found_and_what_to_do(render):
    """At a limit that nothing reaches, the nearest is named and a lower limit offered; a bad SMILES has its place."""
    none = render("/structure?smiles=OB(O)C&t=0.95")
    assert "No compound reaches a Tanimoto similarity of 0.95" in none
    assert "near character 3" in render("/structure?smiles=CC(")
    assert "Find structures" in render("/structure?mode=zzz&t=-1")


def test_drawings_of_typed_structures_are_answered_or_refused(client):
    """`/depict.svg` draws, or says in a line why it does not."""
    assert client.get("/depict.svg?smiles=CCO").mimetype == "image/svg+xml"
    refused = client.get("/depict.svg?smiles=CC(")
    assert refused.status_code == 400
    assert b"near character 3" in refused.data
    assert client.get("/structure/bortezomib.svg?smarts=OBO").mimetype == "image/svg+xml"

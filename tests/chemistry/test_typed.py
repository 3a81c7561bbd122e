"""A structure is told from a name, and the first mistake in it has its place."""

from __future__ import annotations

import time

import pytest

from explorer import atlas
from explorer.chemistry.typed import looks_like_smiles, mistake


@pytest.mark.parametrize(
    "text",
    ["CC(=O)O", "c1ccccc1", "CC=CC |t:1|", "[Na+].[Cl-]", "CC(", "C[CH", "C#N", "CCN1CCOCC1", " C=C ", "C%12CC%12"],
)
def test_a_structure_is_recognised(text):
    """Bonds, branches, brackets, closed rings or a CXSMILES tail; also where it has a mistake."""
    assert looks_like_smiles(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "KRAS",
        "CCNC",
        "CCNB1IP1",
        "C1S",
        "F11",
        "NOS1",
        "(+)-JQ1",
        "PD-0325901",
        "breast cancer",
        "CСО(=O)",
        "CD3(E)",
        "10",
    ],
)
def test_a_name_is_no_structure(text):
    """Symbols made of the letters of atoms, names with brackets and look-alike letters stay names."""
    assert not looks_like_smiles(text)


@pytest.mark.parametrize(
    ("text", "position"),
    [("CC(", 3), ("CC)C", 3), ("C[CH", 2), ("C1CC", 2), ("C()C", 3), ("CC=", 3), ("C==C", 3), ("CXC", 2), ("(C)", 1)],
)
def test_a_mistake_has_its_place(text, position):
    """The position counts from 1."""
    assert mistake(text)[1] == position


def test_no_structure_of_the_map_has_a_mistake(opened):
    """Everything that RDKit read at build passes."""
    smiles = [s for s in atlas.Atlas(opened.maps).maps["demo"].map.entities["smiles"] if s]
    assert len(smiles) > 100
    assert not [s for s in smiles if mistake(s) or not looks_like_smiles(s)]


@pytest.mark.parametrize("text", ["[C]" * 5000 + "X", "(" * 20_000, "[" * 20_000, "C(" * 9000, "C1" * 9000 + "é"])
def test_hostile_texts_take_no_time(text):
    """No text makes the recognition slow."""
    start = time.perf_counter()
    looks_like_smiles(text)
    assert time.perf_counter() - start < 0.5

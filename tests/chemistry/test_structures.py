"""Reading structures: CXSMILES tails keep stereo, what is no molecule is refused, nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdkit import Chem

from explorer.chemistry.structures import MAX_SMILES, draw_svg, inchikey, read_smiles


def canonical(smiles: str) -> str | None:
    molecule = read_smiles(smiles)
    return None if molecule is None else Chem.MolToSmiles(molecule)


@pytest.mark.parametrize(
    ("smiles", "same_as"),
    [
        ("CCO", "CCO"),
        ("CC=CC |t:1|", "C/C=C/C"),
        ("CC=CC |c:1|", "C/C=C\\C"),
        ("  CC=CC |t:1|", "C/C=C/C"),
        ("CCO |c:1,13,t:16|", "CCO"),
        ("CC=CC |t:1", "C/C=C/C"),
        ("CC=CC|t:1|", "CC=CC"),
        ("CCO |unknown:3|", "CCO"),
        ("CCO ethanol", "CCO"),
        ("[Na+].[Cl-]", "[Na+].[Cl-]"),
    ],
)
def test_structures_as_sources_write_them(smiles, same_as):
    """A CXSMILES tail sets stereo where it can be read, and is left out where it cannot."""
    assert canonical(smiles) == Chem.CanonSmiles(same_as)


@pytest.mark.parametrize(
    "smiles",
    [
        "",
        "   ",
        "not a molecule",
        "C(C",
        "c1ccc",
        "CСО",
        "C\u200bC",
        "CC\nO",
        "CC\x00O",
        "|t:1|",
        "C" * (MAX_SMILES + 1),
        "[Xx]",
        "C(C)(C)(C)(C)C",
    ],
)
def test_what_is_no_molecule(smiles):
    """Empty text, other scripts (Cyrillic letters look Latin), control characters and wrong valence give None."""
    assert read_smiles(smiles) is None
    assert inchikey(smiles) is None
    assert draw_svg(smiles, width=100, height=100, dark=False) is None


@given(st.text(alphabet="CNOcn()[]=#123|:t+-@ .", max_size=30))
def test_no_text_raises(smiles):
    """Whatever the text, there is a molecule with an atom or None."""
    molecule = read_smiles(smiles)
    assert molecule is None or molecule.GetNumAtoms() > 0


@pytest.mark.parametrize(
    ("smiles", "key"),
    [
        ("CC(=O)Oc1ccccc1C(=O)O", "BSYNRYMUTXBXSQ-UHFFFAOYSA-N"),
        ("OC(=O)c1ccccc1OC(C)=O", "BSYNRYMUTXBXSQ-UHFFFAOYSA-N"),
        ("CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "RYYVLZVUVIJVGH-UHFFFAOYSA-N"),
        ("CCO |c:9|", "LFQSCWFLJHTTHZ-UHFFFAOYSA-N"),
    ],
)
def test_inchikeys(smiles, key):
    """The published InChIKeys of aspirin (in two spellings), caffeine and ethanol."""
    assert inchikey(smiles) == key


@pytest.mark.parametrize("dark", [False, True])
def test_drawings(dark):
    """A drawing is an SVG of the size asked for, with no ground of its own."""
    svg = draw_svg("CC(=O)Oc1ccccc1C(=O)O", width=220, height=150, dark=dark)
    assert "width='220px'" in svg
    assert "height='150px'" in svg
    assert "<rect" not in svg


def test_a_polymer_is_not_drawn():
    """Beyond 300 heavy atoms there is a molecule, but no drawing that takes minutes."""
    chain = "C" * 400
    assert read_smiles(chain) is not None
    assert draw_svg(chain, width=100, height=100, dark=False) is None

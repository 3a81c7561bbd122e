"""The hand-checked reference compounds: every structure reads, and gives the InChIKey that was checked."""

from __future__ import annotations

import pandas as pd
import pytest

from explorer.chemistry.fingerprints import morgan
from explorer.chemistry.structures import draw_svg, inchikey


@pytest.fixture(scope="module")
def reference(real_data):
    path = real_data.parent / "reference" / "compounds.csv"
    if not path.is_file():
        pytest.skip(f"the reference compounds are not at {path}")
    return pd.read_csv(path)


def test_all_reference_structures_have_their_inchikey(reference):
    """All 486 structures read, and their InChIKeys equal those of the table."""
    assert len(reference) == 486
    wrong = [row.name for row in reference.itertuples(index=False) if inchikey(row.smiles) != row.inchikey]
    assert wrong == []


def test_all_reference_structures_have_bits_and_a_drawing(reference):
    """Every structure has a fingerprint and can be drawn."""
    assert (morgan(reference["smiles"].tolist()) != 0).any(axis=1).all()
    assert all(draw_svg(s, width=200, height=150, dark=False) for s in reference["smiles"])

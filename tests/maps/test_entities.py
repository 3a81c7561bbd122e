"""Entities: ids that are safe in a URL and unique, and what is known of each gene and compound."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.datasets.profiles import entities_frame
from explorer.maps.entities import entity_table, perturbation_id, perturbation_ids, slug

SAFE = re.compile(r"[A-Za-z0-9.+-]+")


def table_of(*pairs: tuple[str, str], known: tuple[dict, ...] = ()) -> pd.DataFrame:
    return entity_table(entities_frame(known), pd.DataFrame(pairs, columns=["kind", "label"]))


@pytest.mark.parametrize(
    ("label", "kind", "expected"),
    [
        ("CDK12", "gene", "CDK12"),
        ("C9orf72", "gene", "C9orf72"),
        ("HLA-A", "gene", "HLA-A"),
        ("Bortezomib", "compound", "bortezomib"),
        ("PD-0325901", "compound", "pd-0325901"),
        ("Dactolisib (BEZ235", "compound", "dactolisib-bez235"),
        ("(+)-JQ1", "compound", "+-jq1"),
        ("Ångström µ-drug", "compound", "angstrom-drug"),
        ("../../etc/passwd", "compound", "etc-passwd"),
        ("лекарство", "compound", "unnamed"),
        ("...", "compound", "unnamed"),
    ],
)
def test_slugs(label, kind, expected):
    """Gene symbols keep their case, compound names become lower-case ASCII, and nothing else is left."""
    assert slug(label, kind=kind) == expected


@given(st.text(max_size=30), st.sampled_from(["gene", "compound"]))
def test_any_label_gives_a_safe_slug(label, kind):
    """A slug is never empty, holds only letters, digits, dots, pluses and dashes, and is no path."""
    made = slug(label, kind=kind)
    assert SAFE.fullmatch(made)
    assert not made.startswith(".")


@given(st.lists(st.text(alphabet="aAbB -µ2", min_size=1, max_size=4), min_size=1, max_size=12, unique=True))
def test_slugs_are_unique_whatever_their_case(labels):
    """However alike labels are, no two entities of a kind share a slug, not even in another case."""
    table = table_of(*(("gene", label) for label in labels))
    assert len(table) == len(labels)
    assert table["slug"].str.casefold().is_unique
    assert table["entity"].is_unique


def test_equal_slugs_are_numbered():
    """Labels that become one slug get -2, -3 in the order of labels; a gene and a compound may share theirs."""
    table = table_of(("compound", "Drug A"), ("compound", "drug a"), ("compound", "drug-a"), ("gene", "drug-a"))
    assert table["entity"].tolist() == ["gene:drug-a", "compound:drug-a", "compound:drug-a-2", "compound:drug-a-3"]


@pytest.mark.parametrize(
    ("label", "blinded"),
    [
        ("RXRX3-43938", True),
        ("RXRX3-1", True),
        ("RXRX3", False),
        ("RXRX3-", False),
        ("RXRX3-12a", False),
        ("xRXRX3-1", False),
    ],
)
def test_blinded_genes(label, blinded):
    """A gene is blinded where its whole label is RXRX3- and digits."""
    assert table_of(("gene", label))["blinded"].tolist() == [blinded]


def test_what_is_known_is_joined():
    """Structure, synonyms and targets come from the loader; a structure that cannot be read has no InChIKey."""
    known = (
        {
            "kind": "compound",
            "label": "aspirin",
            "smiles": "CC(=O)Oc1ccccc1C(=O)O",
            "synonyms": ("ASA",),
            "targets": ("PTGS2",),
        },
        {"kind": "compound", "label": "broken", "smiles": "not a molecule"},
        {"kind": "compound", "label": "absent", "smiles": "C"},
    )
    table = table_of(("compound", "aspirin"), ("compound", "broken"), ("gene", "KRAS"), known=known).set_index("label")
    assert table.index.tolist() == ["KRAS", "aspirin", "broken"]
    assert table.loc["aspirin", "inchikey"] == "BSYNRYMUTXBXSQ-UHFFFAOYSA-N"
    assert table.loc["aspirin", "synonyms"] == ("ASA",)
    assert table.loc["aspirin", "targets"] == ("PTGS2",)
    assert table.loc["broken", "inchikey"] is None
    assert table.loc["KRAS", "smiles"] is None
    assert table.loc["KRAS", "targets"] == ()


@pytest.mark.parametrize(
    ("concentration", "expected"),
    [
        (0.0025, "compound:a@0.0025"),
        (1.0, "compound:a@1"),
        (10, "compound:a@10"),
        (0.1 + 0.2, "compound:a@0.3"),
        (np.nan, "compound:a"),
    ],
)
def test_perturbation_ids(concentration, expected):
    """The id of a perturbation is its entity, with the concentration as people write it."""
    assert perturbation_id("compound:a", concentration) == expected


def test_perturbation_ids_are_unique():
    """Concentrations alike in six digits get all their digits; the others stay short."""
    ids = perturbation_ids(pd.Series(["compound:a"] * 3), pd.Series([0.1, 0.1 + 1e-9, 0.2]))
    assert ids == ["compound:a@0.1", "compound:a@0.100000001", "compound:a@0.2"]

"""Side by side: pairs are symmetric, shared neighbours do not depend on the order, and maps are matched by name."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import atlas, queries
from explorer.atlas import open_atlas

THREE = ["gene:CDK12", "gene:CDK13", "gene:RBM39"]


@pytest.fixture(autouse=True)
def on_demo(demo, odd, monkeypatch):
    """The demo twice, as two maps that share every name, and two that lack something."""
    monkeypatch.setattr(atlas, "_current", open_atlas([demo, demo, odd["no-controls"], odd["compounds-only"]]))


def test_planted_pairs():
    """CDK12 is like RBM39 and CDK13, which are not like each other; q tells them apart."""
    pairs = queries.compared_pairs("demo", THREE).set_index(["a", "b"])
    assert pairs.at[(0, 2), "cosine"] > 0.4
    assert pairs.at[(0, 2), "q"] <= 0.01
    assert pairs.at[(0, 1), "q"] <= 0.01
    assert abs(pairs.at[(1, 2), "cosine"]) < 0.1
    assert pairs.at[(1, 2), "q"] > 0.2


def test_pairs_do_not_depend_on_the_order():
    """The same pair has the same cosine, p and q whichever comes first."""
    forward, back = (queries.compared_pairs("demo", order) for order in (THREE, THREE[::-1]))
    for column in ("cosine", "p", "q"):
        one = {frozenset((p.a, p.b)): getattr(p, column) for p in forward.itertuples()}
        other = {frozenset((2 - p.a, 2 - p.b)): getattr(p, column) for p in back.itertuples()}
        assert one == pytest.approx(other)


def test_pairs_of_compounds_have_a_tanimoto():
    """Only two structures have one; without controls there is no q."""
    chosen = ["gene:RBM39", "compound:indisulam@1", "compound:e7820@2.5"]
    assert queries.compared_pairs("demo", chosen)["tanimoto"].notna().tolist() == [False, False, True]
    assert queries.compared_pairs("no-controls", ["gene:KRAS", "gene:BRAF"])["q"].isna().all()


def test_shared_neighbours_are_the_nearest_of_each():
    """Each has as many near as were asked for, none of them compared; counts add up; the order does not matter."""
    frame = queries.shared_neighbours("demo", THREE, kind="gene", nearest=15)
    near = frame[[f"near_{i}" for i in (1, 2, 3)]]
    assert near.sum().tolist() == [15, 15, 15]
    assert (near.sum(axis=1) == frame["shared"]).all()
    assert frame["shared"].is_monotonic_decreasing
    assert not frame["label"].isin(["CDK12", "CDK13", "RBM39"]).any()
    assert frame.iloc[0]["label"] == "CCNK"
    turned = queries.shared_neighbours("demo", THREE[::-1], kind="gene", nearest=15)
    assert turned["label"].tolist() == frame["label"].tolist()
    np.testing.assert_allclose(turned["cosine_1"], frame["cosine_3"])


def test_neighbours_of_compounds_leave_out_their_own_concentrations():
    """A compound is no neighbour of itself, and each compound is listed once."""
    frame = queries.shared_neighbours("demo", ["compound:indisulam@1", "gene:RBM39"], kind="compound")
    assert frame["slug"].is_unique
    assert not frame["label"].eq("indisulam").any()


def test_curves_against_a_gene_are_those_of_its_rows():
    """Cosine at every concentration, in order; the target on record is offered to draw against."""
    frame = queries.by_concentration_against("demo", ["compound:indisulam"], "gene:RBM39")
    assert frame["concentration"].is_monotonic_increasing
    m = atlas.opened("demo").map
    rows = m.rows_of_entity["compound:indisulam"]
    np.testing.assert_allclose(
        frame["cosine"], m.features[rows] @ m.features[queries.row("demo", "gene:RBM39")], atol=1e-6
    )
    assert queries.curve_references("demo", ["compound:indisulam@1", "compound:thz531@1"])[0] == "gene:RBM39"
    two = ["compound:alpha@1", "compound:beta@1"]
    assert queries.curve_references("compounds-only", two) == two


def test_a_map_beside_itself_agrees_with_itself():
    """All neighbours are shared; random lists would share few; an absent name is said by None."""
    found = queries.across_maps("demo", "demo-2", perturbation="gene:CDK12")
    assert found["both"] == found["nearest"] == len(found["rows"])
    assert found["expected"] < 2
    assert found["rows"][0]["label"] == "CCNK"
    assert queries.across_maps("demo", "no-controls", perturbation="gene:CDK12") is None
    assert not queries.has_label("no-controls", queries.described("demo", "gene:CDK12"))


def test_the_record_of_pairs():
    """Genes by relationships, a compound by its targets, two compounds by those they share."""
    links = queries.pair_links("demo", ["gene:CDK12", "gene:RBM39", "compound:indisulam@1", "compound:e7820@2.5"])
    tones = [tone for _, tone, _ in links]
    assert tones == ["weak", "plain", "plain", "known", "known", "known"]

"""What pages say of the demo map: the planted stories come out, and what cannot be said is not."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import atlas, queries
from explorer.atlas import open_atlas


@pytest.fixture(autouse=True)
def on_demo(demo, odd, monkeypatch):
    """Ask the demo map, and the odd one without controls."""
    monkeypatch.setattr(atlas, "_current", open_atlas([demo, odd["no-controls"]]))


def test_bortezomib_finds_the_proteasome_then_snrpd3():
    """Where it opens, its nearest genes are proteasome subunits, SNRPD3 is within 20, and its target passes q."""
    at = queries.best_concentration("demo", "compound:bortezomib")["perturbation"]
    genes = queries.similar_genes("demo", at)
    assert genes["label"].head(8).str.startswith("PSM").all()
    assert "SNRPD3" in genes["label"].head(20).tolist()
    target = queries.best_target("demo", "compound:bortezomib")
    assert target["label"] == "PSMB5"
    assert target["rank"] <= 10
    assert target["q"] <= 0.01


def test_carfilzomib_is_nearest_to_bortezomib_and_another_structure():
    """The nearest compound by phenotype has a Tanimoto below 0.5: a scaffold hop."""
    at = queries.best_concentration("demo", "compound:bortezomib")["perturbation"]
    nearest = queries.similar_compounds("demo", at).iloc[0]
    assert nearest["label"] == "carfilzomib"
    assert nearest["tanimoto"] < 0.5
    assert nearest["q"] <= 0.01


def test_rbm39_is_like_cdk12_and_not_like_cdk13():
    """CCNK and RBM39 lead the neighbours of CDK12; RBM39 is no neighbour of CDK13."""
    twelve = queries.similar_genes("demo", "gene:CDK12").set_index("label")
    thirteen = queries.similar_genes("demo", "gene:CDK13").set_index("label")
    assert set(twelve.index[:2]) == {"CCNK", "RBM39"}
    assert (twelve.loc[["CCNK", "RBM39"], "q"] <= 0.05).all()
    assert abs(thirteen.loc["RBM39", "cosine"]) < 0.2
    assert thirteen.loc["CCNK", "cosine"] > thirteen.loc["RBM39", "cosine"]


@pytest.mark.parametrize(
    ("compound", "effect", "toxic", "fold", "at_least"),
    [("bortezomib", 0.01, 0.25, 25, False), ("trametinib", 0.01, None, 1000, True)],
)
def test_windows_of_planted_compounds(compound, effect, toxic, fold, at_least):
    """From the planted effect on the target to the planted toxic concentration, or at least to the highest tested."""
    window = queries.safe_window("demo", f"compound:{compound}")
    assert window["effect"] == pytest.approx(effect)
    assert window["toxic"] == (None if toxic is None else pytest.approx(toxic))
    assert window["fold"] == pytest.approx(fold)
    assert window["at_least"] is at_least
    assert window["by"] == "count"


def test_the_proxy_leaves_the_compounds_own_complex_out():
    """On-target bortezomib (0.1 uM) looks like losing the proteasome and is still not called toxic by the proxy."""
    evidence = queries.toxicity("demo", "compound:bortezomib").set_index("concentration")
    assert evidence.loc[0.1, "flagged"] is False
    assert evidence.loc[1.0, "flagged"] is True
    assert evidence.loc[1.0, "score"] > evidence.loc[1.0, "score_limit"]


def test_without_controls_nothing_is_tested():
    """q and the proxy are empty where no noise can be drawn, and there is no window to speak of."""
    m = atlas.opened("no-controls").map
    query = m.perturbations["perturbation"].iloc[0]
    assert queries.similar_genes("no-controls", query)["q"].isna().all()
    compound = m.entities.loc[m.entities["kind"] == "compound", "entity"].iloc[0]
    evidence = queries.toxicity("no-controls", compound)
    assert evidence["score_limit"].isna().all()
    assert queries.safe_window("no-controls", compound)["fold"] is None


def test_ec50_is_refused_with_a_reason_or_lies_in_the_tested_range():
    """A fitted EC50 is within the tested concentrations; every other gene has its reason and no number."""
    fits = queries.responses("demo", "compound:trametinib", ["MAP2K1", "MAP2K2", "RAF1", "PLK1"])
    fitted = fits["status"] == "fitted"
    assert fits["ec50"].notna().eq(fitted).all()
    assert fits.loc[fitted, "ec50"].between(0.0025, 10).all()
    assert fits.set_index("slug").loc["MAP2K1", "status"] == "fitted"
    assert fits.set_index("slug").loc["PLK1", "status"].startswith("flat")


def test_a_null_is_drawn_once_and_the_same_again():
    """The same size and seed give the same noise, so q does not change between workers."""
    frame = queries.similar_genes("demo", "gene:BRCA1")
    again = queries.similar_genes("demo", "gene:BRCA1")
    np.testing.assert_array_equal(frame["p"], again["p"])


def test_the_effect_of_a_window_is_that_of_all_genes():
    """Passing over concentrations where the target's own p decides gives the window that testing every gene gives."""
    e = atlas.opened("demo").map.entities
    for entity in e.loc[(e["kind"] == "compound") & e["targets"].map(len).gt(0), "entity"].iloc[::6]:
        target, found = queries.best_target("demo", entity), queries.safe_window("demo", entity)
        frame = queries.by_concentration("demo", entity)
        below = frame[frame["active"].eq(True) & ~(frame["concentration"] >= (found["toxic"] or np.inf))]
        effect = (below["concentration"].min(), "any phenotype") if len(below) else (None, "")
        for at in below.itertuples() if target else ():
            gene = queries.similar_genes("demo", at.perturbation).set_index("slug").loc[target["slug"]]
            if gene["q"] <= 0.05 and gene["cosine"] > 0:
                effect = at.concentration, f"on {target['label']}"
                break
        assert (found["effect"], found["what"]) == effect

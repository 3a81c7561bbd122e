"""Off-targets beside a compound: each says what is known of it and a target, and nothing is new without sources."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explorer import atlas, queries
from explorer.atlas import open_atlas
from explorer.pages import compound as page
from explorer.queries import links

BORTEZOMIB = "compound:bortezomib"


@pytest.fixture(autouse=True)
def on_demo(monkeypatch):
    """Ask the demo map as it comes, with the relationships beside it."""
    monkeypatch.setattr(atlas, "_current", open_atlas(["demo"]))


@pytest.fixture
def beside(on_demo):
    """Genes beside bortezomib at 0.1 uM on the demo."""
    return queries.genes_beside("demo", BORTEZOMIB, "compound:bortezomib@0.1")


def test_every_gene_that_passes_has_a_link(beside):
    """Targets, known, co-listed and new; a gene that does not pass is never new."""
    assert beside.loc[beside["passes"], "link"].notna().all()
    assert set(beside["link"].dropna()) <= {"target", "known", "co-listed, weak", "new", "blinded"}
    assert beside.loc[~beside["passes"], "link"].ne("new").all()
    by_label = beside.set_index("label")
    assert by_label.at["PSMB5", "link"] == "target"
    assert by_label.at["PSMB3", "link"] == "known"
    assert by_label.at["PSMB3", "sources"]
    assert by_label.at["SNRPD3", "link"] == "new"


def test_the_best_new_gene_is_the_strongest_similar_one(beside):
    """The card names the first similar gene that passes and is in no loaded source."""
    best = queries.best_new("demo", BORTEZOMIB)
    new = beside[(beside["link"] == "new") & (beside["cosine"] > 0)]
    assert best["told"]
    assert best["gene"]["label"] == new["label"].iat[0] == "SNRPD3"
    assert best["new"] == len(new)


def test_without_sources_nothing_is_new(monkeypatch):
    """No relationships loaded: the link says so, and the card names another gene without calling it new."""
    monkeypatch.setattr(links, "known_sources", lambda of_map: [])
    genes = queries.genes_beside("demo", BORTEZOMIB, "compound:bortezomib@0.1")
    assert set(genes["link"].dropna()) == {"target", "no relationships loaded"}
    assert queries.best_new("demo", BORTEZOMIB)["told"] is False


def test_only_large_sets_are_weak(monkeypatch):
    """A pair that only a set of more than 100 members lists is co-listed, with its size; a listed pair is known."""

    def related(of_map, genes, targets):
        pairs = [("PSMB3", "PSMB5", "co-listed, weak", "Large", 139.0, "share a set of 139")]
        pairs += [("PSMA4", "PSMB5", "known", "Pairs", np.nan, "listed as a pair")]
        return pd.DataFrame(pairs, columns=["a", "b", "relation", "sources", "size", "evidence"])

    monkeypatch.setattr(links, "relations_to", related)
    genes = queries.genes_beside("demo", BORTEZOMIB, "compound:bortezomib@0.1").set_index("label")
    assert genes.loc["PSMB3", ["link", "sources", "size"]].tolist() == ["co-listed, weak", "Large", 139.0]
    assert genes.loc["PSMA4", ["link", "evidence"]].tolist() == ["known", "listed as a pair"]
    assert genes.at["PSMB7", "link"] == "new"


def test_a_compound_without_a_target_has_no_link():
    """Nothing can be known to go with no target: the link is none, never new."""
    entities = atlas.opened("demo").map.entities
    bare = entities[(entities["kind"] == "compound") & (entities["targets"].map(len) == 0)]["entity"]
    for entity in bare.head(5):
        at = queries.best_concentration("demo", entity)["perturbation"]
        assert set(queries.genes_beside("demo", entity, at)["link"].dropna()) <= {"none"}


def test_rank_and_score_at_the_highest_concentration_that_is_not_toxic(beside):
    """They are those of the table at that concentration, which lies just below the toxic one."""
    safe = queries.highest_safe("demo", BORTEZOMIB)
    window = queries.safe_window("demo", BORTEZOMIB)
    tested = queries.by_concentration("demo", BORTEZOMIB)["concentration"]
    assert safe["toxic"] == window["toxic"]
    assert safe["concentration"] == tested[tested < window["toxic"]].max()
    there = queries.similar_genes("demo", safe["perturbation"]).set_index("slug")
    mine = beside.set_index("slug")
    assert (mine["safe_rank"] == there["rank"].reindex(mine.index)).all()
    assert np.allclose(mine["safe_score"], there["score"].reindex(mine.index))


def test_opposite_genes_have_a_tab():
    """Similar and opposite rows are the two parts of all rows, and carry link and rank below toxicity for the CSV."""
    parts = {
        s: page.gene_rows("demo", BORTEZOMIB, "compound:bortezomib@0.1", sign=s) for s in ("similar", "opposite", "all")
    }
    assert len(parts["similar"]) + len(parts["opposite"]) == len(parts["all"])
    assert all(row["cosine"] < 0 for row in parts["opposite"])
    assert all(row["cosine"] >= 0 for row in parts["similar"])
    assert {"link", "sources", "size", "evidence", "safe_rank", "safe_score"} <= parts["all"][0].keys()


def test_targets_are_listed_with_their_rank():
    """Every annotated target is told, best rank first, those that are not on the map last."""
    found = queries.targets_at("demo", "compound:carfilzomib", "compound:carfilzomib@0.1")
    on_map = found[found["on_map"]]
    assert on_map["rank"].is_monotonic_increasing
    assert on_map["rank"].notna().all()
    assert found.loc[~found["on_map"], "rank"].isna().all()


def test_cutoffs_leave_the_share_they_name():
    """1 % of the gene pairs of the map lie beyond each default cut-off, 5 % and 0.1 % beyond the others."""
    m = atlas.opened("demo").map
    rows = np.asarray(m.features[m.gene_rows])
    cosines = (rows @ rows.T)[np.triu_indices(len(rows), 1)]
    found = queries.cutoffs("demo")
    assert found["pairs"] == len(cosines)
    for name, share in (("loose", 0.05), ("default", 0.01), ("strict", 0.001)):
        low, high = found["presets"][name]
        assert (cosines > high).mean() == pytest.approx(share, abs=share / 20)
        assert (cosines < low).mean() == pytest.approx(share, abs=share / 20)

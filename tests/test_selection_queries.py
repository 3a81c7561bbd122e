"""Target selection: the planted case comes out, order and sign behave, and what is asked wrongly is refused."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import atlas, queries
from explorer.atlas import open_atlas
from explorer.errors import InputError, UnknownEntity

LIKE, AVOID, REFERENCE = ["gene:CDK12"], ["gene:CDK13"], ["gene:RBM39"]


@pytest.fixture(autouse=True)
def on_demo(demo, odd, monkeypatch):
    """Ask the demo map, and odd ones that lack something."""
    kept = ("no-controls", "genes-only", "compounds-only", "lone", "no-concentrations")
    monkeypatch.setattr(atlas, "_current", open_atlas([demo, *(odd[k] for k in kept)]))


@pytest.fixture
def asked():
    frame = queries.candidates("demo", LIKE, AVOID, reference=REFERENCE)
    return frame, queries.wanted_region(frame)


def best(asked):
    return queries.with_q("demo", queries.ranked(*asked), LIKE)


# ---- the planted case ----


def test_rbm39_is_first_to_mimic_cdk12_and_avoid_cdk13(asked):
    """Over genes and compounds together, with q; and it lies in the region."""
    first = best(asked).iloc[0]
    assert first["label"] == "RBM39"
    assert first["rank"] == 1
    assert first["wanted"]
    assert first["q"] <= 0.05
    assert first["reference"] == pytest.approx(1, abs=1e-5)


def test_ccnk_is_near_cdk12_and_left_out_for_being_like_both(asked):
    """Its subunit CCNK has the highest cosine of all genes, and no rank."""
    genes = best(asked)[lambda f: f["kind"] == "gene"]
    nearest = genes.loc[genes["like"].idxmax()]
    assert nearest["label"] == "CCNK"
    assert np.isnan(nearest["rank"])
    assert not nearest["wanted"]


def test_degraders_of_rbm39_lead_the_compounds(asked):
    """The first three compounds of the region are like RBM39, not toxic where they are listed."""
    compounds = best(asked)[lambda f: (f["kind"] == "compound") & f["wanted"]].head(3)
    assert (compounds["reference"] > 0.5).all()
    assert not compounds["toxic"].eq(True).any()
    assert (compounds["q"] <= 0.05).all()


def test_the_record_of_cdk12_and_rbm39_is_weak_and_that_of_ccnk_known(asked):
    """Members of the spliceosome are listed together, which says little; a cyclin and its kinase are known."""
    frame = best(asked)
    links = queries.candidate_links("demo", frame, LIKE).set_index(frame["label"])
    assert links.at["RBM39", "tone"] == "weak"
    assert "139" in links.at["RBM39", "why"]
    assert links.at["CCNK", "tone"] == "known"
    blinded = frame["blinded"].astype(bool).to_numpy()
    assert set(links["tone"][blinded]) == {"plain"}


def test_no_gene_is_called_new_at_noise_level(asked):
    """New takes relationships that are loaded, and a similarity that passes q."""
    frame = best(asked)
    links = queries.candidate_links("demo", frame, LIKE)
    assert (frame.loc[(links["tone"] == "new").to_numpy(), "q"] <= 0.05).all()
    lone = queries.candidates("genes-only", ["gene:KRAS"], ["gene:BRAF"], reference=[])
    assert "new" not in queries.candidate_links("genes-only", lone, ["gene:KRAS"])["tone"].tolist()


# ---- properties ----


def test_swapping_like_and_not_turns_the_sign():
    """The difference is anti-symmetric, the cosines swap places, and the same candidates remain."""
    one = queries.candidates("demo", LIKE, AVOID, reference=[]).set_index("perturbation")
    other = queries.candidates("demo", AVOID, LIKE, reference=[]).set_index("perturbation")
    np.testing.assert_allclose(one["difference"], -other["difference"].loc[one.index], atol=1e-6)
    np.testing.assert_allclose(one["like"], other["avoid"].loc[one.index], atol=1e-6)


def test_the_order_of_terms_does_not_matter():
    """A + B - C is one direction, however it is written; a single term is its own row."""
    terms = ["gene:CDK12", "gene:CCNK", "-gene:CDK13"]
    np.testing.assert_allclose(
        queries.query_vector("demo", terms), queries.query_vector("demo", terms[::-1]), atol=1e-6
    )
    row = atlas.opened("demo").map.features[queries.row("demo", "gene:CDK12")]
    np.testing.assert_allclose(queries.query_vector("demo", LIKE), row, atol=1e-6)


def test_what_is_asked_for_is_left_out(asked):
    """Neither query is its own candidate; a compound leaves at all its concentrations; the reference stays."""
    assert not asked[0]["label"].isin(["CDK12", "CDK13"]).any()
    assert asked[0]["label"].eq("RBM39").any()
    frame = queries.candidates("demo", ["compound:indisulam@1"], AVOID, reference=[])
    assert not frame["label"].eq("indisulam").any()


def test_a_compound_is_listed_once_where_it_can_be_relied_on(asked):
    """One row an entity; every ranked one is allowed, active and, as a compound, not toxic."""
    frame = queries.ranked(*asked)
    assert frame["entity"].is_unique
    assert set(frame["entity"]) == set(asked[0]["entity"])
    ranked = frame[frame["rank"].notna()]
    assert ranked["reliable"].all()
    assert (ranked["avoid"].abs() < asked[1]["tau"]).all()
    assert ranked["difference"].is_monotonic_decreasing
    assert ranked["rank"].tolist() == list(range(1, len(ranked) + 1))


def test_the_region_follows_its_cut_offs(asked):
    """The cut-off leaves the asked share of genes above it; tau is the map's unless it is given."""
    frame, region = asked
    genes = frame[frame["kind"] == "gene"]
    assert (genes["like"] >= region["cut"]).mean() == pytest.approx(0.01, abs=0.003)
    assert region["tau"] == region["usual"] == pytest.approx(0.75 * region["cut"], abs=0.006)
    given = queries.wanted_region(frame, percent=5, tau=0.3)
    assert given["tau"] == 0.3
    assert given["cut"] < region["cut"]
    wider = queries.ranked(frame, queries.wanted_region(frame, tau=0.9))
    assert wider["rank"].notna().sum() > queries.ranked(frame, region)["rank"].notna().sum()


def test_noise_seldom_lands_in_the_region(asked):
    """The null of the region is a small share, and there is none without control wells."""
    cuts = {k: asked[1][k] for k in ("cut", "tau")}
    assert 0 <= queries.by_noise("demo", LIKE, AVOID, **cuts) < 0.05
    assert queries.by_noise("no-controls", ["gene:KRAS"], ["gene:BRAF"], cut=0.2, tau=0.1) is None


def test_composite_queries_have_their_own_null():
    """p of a sum is tested as well; p never is 0."""
    like = ["gene:CDK12", "gene:CCNK"]
    frame = queries.candidates("demo", like, AVOID, reference=[])
    found = queries.with_q("demo", queries.ranked(frame, queries.wanted_region(frame)), like)
    tested = found[found["reliable"]]
    assert tested["p"].between(1e-6, 1).all()
    assert found.iloc[:2]["label"].eq("RBM39").any()


def test_windows_agree_with_activity_and_count():
    """From the lowest active concentration below the toxic one; nothing is invented where nothing is known."""
    frame = queries.windows("demo").set_index("entity")
    at = queries.by_concentration("demo", "compound:bortezomib")
    toxic = at.loc[at["toxic"].eq(True), "concentration"].min()
    assert frame.at["compound:bortezomib", "toxic"] == toxic
    effect = frame.at["compound:bortezomib", "effect"]
    assert effect == at.loc[at["active"].eq(True) & (at["concentration"] < toxic), "concentration"].min()
    assert queries.windows("genes-only").empty
    assert queries.windows("no-concentrations").empty


# ---- terms ----


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("CDK12", "gene:CDK12"),
        ("cdk12", "gene:CDK12"),
        ("gene:CDK12", "gene:CDK12"),
        ("compound:indisulam@1", "compound:indisulam@1"),
        ("indisulam@2.5", "compound:indisulam@2.5"),
        (" velcade @ 0.1", "compound:bortezomib@0.1"),
    ],
)
def test_a_term_is_found_however_it_is_written(written, means):
    """Kind, case, synonym and concentration may be given or not."""
    assert queries.find_perturbation("demo", written)["perturbation"] == means


@pytest.mark.parametrize(
    "written",
    ["", "xyzzy", "gene:indisulam", "indisulam@7", "indisulam@-1", "indisulam@nan", "@", "compound:", "\ud800"],
)
def test_a_term_that_is_not_there_is_refused(written):
    """Never the nearest instead, never the last row."""
    with pytest.raises(UnknownEntity):
        queries.find_perturbation("demo", written)


def test_terms_carry_their_sign():
    """A minus in front subtracts, typed or as a real minus sign; nothing behind it is an error."""
    assert queries.signed("-CDK13") == queries.signed("\N{MINUS SIGN}CDK13") == (-1, "CDK13")
    assert queries.signed("CDK13") == (1, "CDK13")
    with pytest.raises(InputError, match="name"):
        queries.signed("-")


def test_cancelling_terms_are_refused():
    """A - A leaves no direction."""
    with pytest.raises(InputError, match="cancel"):
        queries.query_vector("demo", ["gene:CDK12", "-gene:CDK12"])


def test_suggestions_offer_concentrations():
    """A gene as it is, a compound at its concentrations when few match, each described."""
    offered = queries.suggest_perturbations("demo", "indisul")
    assert {o["label"] for o in offered} == {"indisulam"}
    assert len({o["concentration"] for o in offered}) == 8
    assert queries.suggest_perturbations("demo", "CDK12")[0]["perturbation"] == "gene:CDK12"
    assert all(o["perturbation"] in atlas.opened("demo").map.row_of for o in queries.suggest_perturbations("demo", "k"))


def test_examples_are_on_the_map():
    """Each example can be asked; the talk's case only where its genes are."""
    for key in atlas.current().maps:
        for example in queries.selection_examples(key):
            frame = queries.candidates(key, example["like"], example["avoid"], reference=example["reference"])
            assert len(frame) or key == "lone"
    assert queries.selection_examples("demo")[0]["reference"] == REFERENCE
    assert all(not e["reference"] for e in queries.selection_examples("genes-only"))

"""The questions of pages and command line, on a map small enough to know every answer by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from explorer import atlas, queries
from explorer.atlas import Atlas, OpenMap, open_atlas
from explorer.datasets.profiles import entities_frame
from explorer.errors import InputError, UnknownEntity
from explorer.maps.entities import entity_table, perturbation_ids
from explorer.maps.map_folder import save_map

ASPIRIN, SALICYLATE = "CC(=O)Oc1ccccc1C(=O)O", "OC(=O)c1ccccc1O"
KNOWN = (
    {"kind": "gene", "label": "AAA", "synonyms": ("alpha", "shared"), "arm": "1p"},
    {"kind": "gene", "label": "BBB", "synonyms": ("shared",)},
    {"kind": "compound", "label": "Drug", "smiles": ASPIRIN, "targets": ("AAA", "BBB", "NOTHERE")},
    {"kind": "compound", "label": "Quiet", "smiles": SALICYLATE, "targets": ("AAA",)},
    {"kind": "compound", "label": "Other", "smiles": ""},
    {"kind": "compound", "label": "Plain"},
)

# kind, label, concentration, cosine with AAA, axis of the rest, active, relative count
ROWS = [
    ("gene", "AAA", np.nan, 1.0, 1, True, np.nan),
    ("gene", "BBB", np.nan, 0.8, 1, True, np.nan),
    ("gene", "CCC", np.nan, -0.8, 2, True, np.nan),
    ("gene", "DDD", np.nan, 0.8, 2, False, np.nan),
    ("gene", "RXRX3-1", np.nan, 0.0, 3, None, np.nan),
    ("compound", "Drug", 0.1, 0.95, 3, False, 1.0),
    ("compound", "Drug", 1.0, 0.6, 3, True, 0.9),
    ("compound", "Drug", 10.0, 0.9, 3, True, 0.2),
    ("compound", "Other", 0.1, -0.7, 3, True, np.nan),
    ("compound", "Other", 1.0, 0.1, 3, True, np.nan),
    ("compound", "Plain", np.nan, 0.5, 3, None, np.nan),
    ("compound", "Quiet", 0.1, 0.2, 3, False, 1.0),
    ("compound", "Quiet", 1.0, -0.3, 3, False, 1.0),
]


def save(root, *, tested: bool = True, kinds=("gene", "compound"), name: str = "small"):
    """The map of `ROWS`: its perturbations sit at a known cosine to AAA."""
    rows = [r for r in ROWS if r[0] in kinds]
    features = np.zeros((len(rows), 4), dtype=np.float32)
    for vector, (_, _, _, cosine, axis, _, _) in zip(features, rows, strict=True):
        vector[0], vector[axis] = cosine, math.sqrt(1 - cosine**2)
    p = pd.DataFrame(rows, columns=["kind", "label", "concentration", "cosine", "axis", "active", "relative_count"])
    entities = entity_table(entities_frame(KNOWN), p)
    ids = entities.set_index(["kind", "label"])["entity"]
    p["entity"] = ids.loc[list(zip(p["kind"], p["label"], strict=True))].array
    p["perturbation"] = perturbation_ids(p["entity"], p["concentration"])
    p["consistency"] = np.linspace(0.1, 0.9, len(p))
    p = p.assign(n_wells=4, magnitude=1.0, p=0.01, p_magnitude=0.01, q=0.01)
    p["toxic"] = (p["relative_count"] < 0.5).astype(object).where(p["relative_count"].notna(), None)
    p["active"] = p["active"].astype(object) if tested else None
    compound = np.flatnonzero(p["kind"] == "compound")
    wells = pd.DataFrame({"row": np.repeat(compound, 2).astype(np.int32)})
    wells = wells.assign(plate="1", experiment="e", cell_count=1.0)
    kept = np.repeat(features[compound], 2, axis=0)
    controls = pd.DataFrame({"experiment": ["e"] * 3, "plate": "1", "label": "DMSO", "gene": True, "compound": True})
    manifest = {
        "name": name,
        "simulated": True,
        "recipe": {"null_draws": 10, "seed": 0},
        "spread": {"gene": 1, "compound": 1},
        "control_wells_used": 3 if tested else 0,
    }
    columns = ["perturbation", "entity", "label", "kind", "concentration", "n_wells", "consistency", "magnitude"]
    columns += ["p", "p_magnitude", "q", "active", "relative_count", "toxic"]
    root.mkdir()
    return save_map(
        root,
        manifest=manifest,
        features=features,
        perturbations=p[columns],
        entities=entities,
        well_features=kept,
        wells=wells,
        control_features=2 * np.eye(4, dtype=np.float32)[[3, 3, 3]],
        controls=controls,
    )


@pytest.fixture(scope="module")
def maps(tmp_path_factory) -> Atlas:
    folder = tmp_path_factory.mktemp("maps")
    roots = [
        save(folder / "small"),
        save(folder / "untested", tested=False, name="untested"),
        save(folder / "compounds", kinds=("compound",), name="compounds"),
        save(folder / "genes", kinds=("gene",), name="genes"),
    ]
    return open_atlas(roots)


@pytest.fixture(autouse=True)
def small(maps, monkeypatch) -> OpenMap:
    """The small map, open for the time of a test."""
    monkeypatch.setattr(atlas, "_current", maps)
    return maps.maps["small"]


def test_a_gene_is_not_its_own_neighbour():
    """A gene is left out of its own list and background; all other genes are in both."""
    found = queries.similar_genes("small", "gene:AAA")
    assert set(found["slug"]) == {"BBB", "CCC", "DDD", "RXRX3-1"}
    assert (found["n"] == 4).all()


def test_a_compound_is_compared_with_all_genes():
    """The background of a compound is every gene."""
    found = queries.similar_genes("small", "compound:drug@1")
    assert len(found) == 5
    assert found["slug"].iat[0] == "RXRX3-1" or found["cosine"].abs().iat[0] == found["cosine"].abs().max()


def test_scores_and_ranks_with_ties():
    """Ties in |cosine| share a score and go to the higher cosine; equal cosines keep the order of the map."""
    found = queries.similar_genes("small", "gene:AAA").set_index("slug")
    assert found.index.tolist() == ["BBB", "DDD", "CCC", "RXRX3-1"]
    assert found["rank"].tolist() == [1, 2, 3, 4]
    assert found["score"].tolist() == [100, 100, -100, 0]
    np.testing.assert_allclose(found["cosine"], [0.8, 0.8, -0.8, 0], atol=1e-6)
    assert found["arm"].isna().all()


def test_a_compound_stands_at_its_best_reliable_concentration():
    """Active and not toxic comes before stronger: Drug at 1 uM (0.60), not at 10 (toxic) or 0.1 (not active)."""
    found = queries.similar_compounds("small", "gene:AAA").set_index("slug")
    assert found.index.tolist() == ["other", "drug", "plain", "quiet"]
    assert found["concentration"].tolist()[:2] == [0.1, 1.0]
    np.testing.assert_allclose(found["cosine"], [-0.7, 0.6, 0.5, -0.3], atol=1e-6)
    assert found["reliable"].tolist() == [True, True, False, False]
    assert found["rank"].tolist()[:2] == [1, 2]
    assert found["rank"].isna().tolist() == [False, False, True, True]
    assert (found["n"] == 2).all()


def test_a_compound_is_not_its_own_neighbour():
    """No concentration of a compound is among its own neighbours, and structures are compared where both are known."""
    found = queries.similar_compounds("small", "compound:drug@1").set_index("slug")
    assert "drug" not in found.index
    assert 0 < found.loc["quiet", "tanimoto"] < 1
    assert found["tanimoto"].isna().tolist() == [s != "quiet" for s in found.index]


def test_untested_maps_rank_all_that_is_not_toxic():
    """Where nothing was tested, every concentration that is not toxic counts."""
    found = queries.similar_compounds("untested", "gene:AAA").set_index("slug")
    assert found["reliable"].all()
    assert found.loc["drug", "concentration"] == 0.1
    assert found["rank"].tolist() == [1, 2, 3, 4]


def test_concentrations_of_an_entity_ascend():
    """Concentrations ascend; toxic is below half the count of controls, and unknown where not counted."""
    drug = queries.by_concentration("small", "compound:drug")
    assert drug["concentration"].tolist() == [0.1, 1.0, 10.0]
    assert drug["toxic"].tolist() == [False, False, True]
    assert queries.by_concentration("small", "compound:other")["toxic"].tolist() == [None, None]
    assert len(queries.by_concentration("small", "gene:AAA")) == 1


def test_targets_that_are_on_the_map():
    """Each target on the map is listed at each concentration; one that is not there is left out."""
    found = queries.targets("small", "compound:drug")
    assert sorted(zip(found["concentration"], found["slug"], strict=True)) == [
        (c, g) for c in (0.1, 1.0, 10.0) for g in ("AAA", "BBB")
    ]
    assert queries.targets("small", "compound:other").empty


@pytest.mark.parametrize(
    ("of_map", "entity", "perturbation", "why"),
    [
        ("small", "compound:drug", "compound:drug@1", "where its target AAA is strongest"),
        ("small", "compound:other", "compound:other@1", "where it is most like or unlike another perturbation"),
        ("small", "compound:quiet", "compound:quiet@1", "no concentration is active"),
        ("small", "compound:plain", "compound:plain", "activity is not tested"),
        ("untested", "compound:drug", "compound:drug@0.1", "where its target AAA is strongest"),
        ("compounds", "compound:drug", "compound:drug@1", "where it is most like or unlike another perturbation"),
    ],
)
def test_best_concentrations_and_their_reasons(of_map, entity, perturbation, why):
    """A compound opens where its target, else any perturbation, is strongest among reliable concentrations."""
    best = queries.best_concentration(of_map, entity)
    assert best["perturbation"] == perturbation
    assert why in best["why"]


def test_curves_have_all_parts():
    """Means, wells and controls of each gene, and the band between the 5th and 95th percentile of all genes."""
    frame = queries.curves("small", "compound:drug", ["AAA", "BBB"])
    counts = frame.groupby(["series", "part"]).size().to_dict()
    assert counts == {
        ("AAA", "mean"): 3, ("BBB", "mean"): 3, ("AAA", "well"): 6, ("BBB", "well"): 6,
        ("AAA", "control"): 3, ("BBB", "control"): 3, ("band", "low"): 3, ("band", "high"): 3,
    }  # fmt: skip
    means = frame[(frame["series"] == "AAA") & (frame["part"] == "mean")]
    np.testing.assert_allclose(means["cosine"], [0.95, 0.6, 0.9], atol=1e-6)
    wells = frame[(frame["series"] == "AAA") & (frame["part"] == "well")].groupby("concentration")["cosine"].mean()
    np.testing.assert_allclose(wells, [0.95, 0.6, 0.9], atol=1e-3)
    assert frame.loc[frame["part"] == "control", "concentration"].isna().all()
    genes = [queries.similar_genes("small", f"compound:drug@{c}")["cosine"] for c in ("0.1", "1", "10")]
    for part, level in (("low", 5), ("high", 95)):
        band = frame.loc[frame["part"] == part, "cosine"]
        np.testing.assert_allclose(band, [np.percentile(g, level) for g in genes], atol=1e-6)


def test_curves_without_genes_or_wells(small):
    """Without genes to draw there is the band alone."""
    assert set(queries.curves("small", "compound:drug", [])["series"]) == {"band"}


def test_sparklines():
    """Sparklines are the cosines of the curves, rounded, in order of concentration."""
    assert queries.gene_profiles("small", "compound:drug", ["AAA"]) == {"AAA": [0.95, 0.6, 0.9]}
    assert queries.compound_profiles("small", "gene:AAA", ["drug", "plain"]) == {
        "drug": [0.95, 0.6, 0.9],
        "plain": [0.5],
    }


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "gene:",
        "gene:ZZZ",
        "compound:drug",
        "compound:drug@2",
        "compound:drug@1.0",
        "-1",
        "nan",
        "NaN",
        "12",
        "gene:aaa",
    ],
)
def test_ids_that_are_not_on_the_map(asked):
    """Only an exact id has a row: nothing near it, no number, no negative index and no NaN."""
    for query in (queries.row, queries.similar_genes, queries.similar_compounds):
        with pytest.raises(UnknownEntity, match="is not a perturbation of this map"):
            query("small", asked)


@pytest.mark.parametrize("asked", [-1, 0, 3.0, math.nan, None, np.float64("nan")])
def test_values_that_are_no_id(asked):
    """A number, NaN or None never returns the last gene, or any."""
    with pytest.raises((UnknownEntity, TypeError, ValueError)):
        queries.similar_genes("small", asked)


def test_unknown_maps_are_refused():
    """A map that is not open is named, with those that are."""
    with pytest.raises(InputError, match="unknown map 'nope'; choose from small, untested, compounds, genes"):
        queries.summary("nope")


def test_names_resolve_to_entities():
    """A slug, label or alias resolves; a name of several or of none is refused with candidates."""
    assert queries.resolve("small", "alpha", kind="gene")["entity"] == "gene:AAA"
    assert queries.resolve("small", "DRUG", kind="compound")["smiles"] == ASPIRIN
    with pytest.raises(UnknownEntity, match="means several") as several:
        queries.resolve("small", "shared", kind="gene")
    assert several.value.closest == (("AAA", "AAA"), ("BBB", "BBB"))
    with pytest.raises(UnknownEntity, match="is not on this map") as none:
        queries.resolve("small", "Drugg", kind="compound")
    assert none.value.closest == (("drug", "Drug"),)


def test_summary_counts_what_is_there():
    """Counts of genes, blinded genes, compounds, structures and tested perturbations."""
    s = queries.summary("small")
    assert (s["genes"], s["blinded"], s["compounds"], s["structures"], s["perturbations"]) == (5, 1, 4, 2, 13)
    assert s["activity"] == {"gene": {"n": 4, "active": 3}, "compound": {"n": 7, "active": 4}}
    assert s["concentrations"] == [0.1, 1.0, 10.0]
    assert s["absent"] == []


@pytest.mark.parametrize(
    ("of_map", "told"),
    [
        ("untested", ["No control wells"]),
        ("compounds", ["No gene knockouts"]),
        ("genes", ["No compounds"]),
    ],
)
def test_what_is_absent_is_said(of_map, told):
    """What a map lacks is said, one sentence each."""
    absent = queries.absences(of_map)
    assert [a.split(":")[0] for a in absent] == told


def test_strongest_pairs_are_mutual_named_and_active():
    """Pairs are each other's nearest, both named and active, listed once; the blinded and inactive are left out."""
    pairs = queries.strongest_pairs("small", "gene")
    assert pairs[["a", "b"]].to_numpy().tolist() == [["AAA", "BBB"]]
    assert pairs["cosine"].iat[0] == pytest.approx(0.8, abs=1e-6)
    assert queries.strongest_pairs("compounds", "gene").empty


def test_examples_exist():
    """Every example is on the map, also where it has genes or compounds alone."""
    for of_map in ("small", "untested", "compounds", "genes"):
        for example in queries.home_examples(of_map):
            path, view = example["opens"]
            _, kind, *slug = path.split("/")
            assert slug or view
            assert not slug or queries.resolve(of_map, slug[0], kind=kind)["slug"] == slug[0]


@pytest.mark.parametrize(("concentration", "place"), [(0.1, 0), (10.0, 2), (2.0, -1), (math.nan, -1), (-1.0, -1)])
def test_place_of_a_concentration(concentration, place):
    """A concentration that a compound does not have has no place."""
    assert queries.place("small", "drug", concentration) == place


def test_chemistry_needs_a_structure():
    """Properties for a compound with a structure, None without."""
    assert queries.chemistry("small", "compound:drug")["MW"] == pytest.approx(180.16, abs=0.01)
    assert queries.chemistry("small", "compound:plain") is None

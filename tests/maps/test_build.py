"""From profiles to the parts of a map: every number against plain numpy, and what must hold of any screen."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.datasets.profiles import Profiles, ReadReport
from explorer.errors import InputError
from explorer.maps import wells as wells_module
from explorer.maps.build import Provenance, Recipe, build_map, map_parts
from explorer.maps.perturbation_map import open_map
from tests.made_profiles import made_profiles, random_screen

ABOUT = Provenance("small", "a small screen", licence="none", citation="nobody", simulated=True)
RECIPE = Recipe(null_draws=50)


def parts_of(profiles: Profiles, **recipe) -> dict:
    return map_parts(profiles, recipe=replace(RECIPE, **recipe), provenance=ABOUT)


def wells_of(profiles: Profiles, perturbation: pd.Series) -> np.ndarray:
    """Rows of the profiles that a perturbation stands for."""
    m, c = profiles.metadata, perturbation["concentration"]
    same = (m["concentration"] == c) | (m["concentration"].isna() & np.isnan(c))
    return np.flatnonzero((m["kind"] == perturbation["kind"]) & (m["label"] == perturbation["label"]) & same)


def shuffled(profiles: Profiles, seed: int) -> Profiles:
    order = np.random.default_rng(seed).permutation(len(profiles.features))
    metadata = profiles.metadata.iloc[order].reset_index(drop=True)
    return replace(profiles, features=profiles.features[order], metadata=metadata)


def unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("how", ["mean", "median"])
@pytest.mark.parametrize("block", [1, 5, 4096])
def test_vectors_are_unit_means_or_medians_of_their_wells(monkeypatch, how, block):
    """Each vector is the mean or median of its wells at length 1, whatever the size of the blocks."""
    monkeypatch.setattr(wells_module, "BLOCK", block)
    profiles = random_screen(0)
    parts = parts_of(profiles, aggregate=how)
    assert parts["features"].dtype == np.float32
    for vector, (_, p) in zip(parts["features"], parts["perturbations"].iterrows(), strict=True):
        wells = profiles.features[wells_of(profiles, p)].astype(float)
        expected = getattr(np, how)(wells, axis=0)
        np.testing.assert_allclose(vector, unit(expected), atol=1e-6)
        assert p["n_wells"] == len(wells)
        assert p["magnitude"] == pytest.approx(np.linalg.norm(expected), rel=1e-5)


def test_guides_count_equally_where_asked():
    """By guide, a guide of one well weighs as much as a guide of three; without, each well weighs alike."""
    guides = ["a", "b", "b", "b"]
    wells = [{"kind": "gene", "label": "KRAS", "guide": g} for g in guides]
    features = np.array([[4, 0], [0, 1], [0, 2], [0, 3]])
    by_guide = parts_of(made_profiles(wells, features), by_guide=True)["features"][0]
    by_well = parts_of(made_profiles(wells, features))["features"][0]
    np.testing.assert_allclose(by_guide, unit(np.array([2, 1])), atol=1e-6)
    np.testing.assert_allclose(by_well, unit(np.array([1, 1.5])), atol=1e-6)


def test_activity_is_unknown_without_controls():
    """Without controls nothing is tested: p and q are NaN and `active` is None, never False."""
    parts = parts_of(random_screen(1, controls=0))
    assert parts["manifest"]["control_wells_used"] == 0
    assert parts["perturbations"][["p", "p_magnitude", "q"]].isna().all(axis=None)
    assert parts["perturbations"]["active"].tolist() == [None] * len(parts["perturbations"])
    assert parts["perturbations"]["consistency"].notna().all()
    assert (parts["wells"]["row"] >= 0).all()


def test_activity_tells_planted_effects_from_none():
    """Strong planted directions are active; wells drawn like controls are tested and are not."""
    rng = np.random.default_rng(4)
    kinds = [("gene", "STRONG")] * 6 + [("gene", "NOTHING")] * 6 + [("control", "DMSO")] * 40
    features = rng.normal(size=(52, 8))
    features[:6] += 8
    parts = parts_of(made_profiles([{"kind": k, "label": x} for k, x in kinds], features), null_draws=500)
    assert dict(zip(parts["perturbations"]["label"], parts["perturbations"]["active"], strict=True)) == {
        "STRONG": True,
        "NOTHING": False,
    }


def test_counts_are_relative_to_the_controls_of_the_plate():
    """The relative count is the median over wells of count over the plate's median control; uncounted gives NaN."""
    wells = [
        {"kind": "gene", "label": "KRAS", "plate": "1", "cell_count": 50},
        {"kind": "gene", "label": "KRAS", "plate": "2", "cell_count": 50},
        {"kind": "gene", "label": "KRAS", "plate": "2", "cell_count": 150},
        {"kind": "gene", "label": "BRAF", "plate": "3", "cell_count": 50},
        *({"kind": "control", "label": "DMSO", "plate": "1", "cell_count": c} for c in (80, 100, 900)),
        {"kind": "control", "label": "DMSO", "plate": "2", "cell_count": 200},
        {"kind": "control", "label": "DMSO", "plate": "3"},
    ]
    parts = parts_of(made_profiles(wells, np.random.default_rng(0).normal(size=(len(wells), 3))))
    counts = dict(zip(parts["perturbations"]["label"], parts["perturbations"]["relative_count"], strict=True))
    assert counts["KRAS"] == pytest.approx(np.median([0.5, 0.25, 0.75]))
    assert np.isnan(counts["BRAF"])


def test_the_same_plate_name_in_another_experiment_is_another_plate():
    """Plates are told apart by experiment and name, since most screens number plates anew in each experiment."""
    wells = [
        {"kind": kind, "label": kind, "experiment": e, "plate": "1", "cell_count": count}
        for e, kind, count in (("a", "gene", 10), ("a", "control", 10), ("b", "gene", 10), ("b", "control", 1000))
    ]
    parts = parts_of(made_profiles(wells, np.eye(4)))
    assert parts["perturbations"]["relative_count"].tolist() == pytest.approx([np.median([1, 0.01])])


def test_kept_wells_line_up_with_perturbations():
    """Each kept well is a compound's, at length 1, and points to the vector of its own compound and concentration."""
    profiles = random_screen(2)
    parts = parts_of(profiles)
    wells, kept = parts["wells"], parts["well_features"]
    assert kept.dtype == np.float16
    assert len(wells) == len(kept)
    assert list(wells.columns) == ["row", "plate", "experiment", "cell_count"]
    for row, p in parts["perturbations"].iterrows():
        if p["kind"] == "gene":
            assert not (wells["row"] == row).any()
            continue
        source = wells_of(profiles, p)
        mine = np.flatnonzero(wells["row"] == row)
        expected = np.array([unit(x) for x in profiles.features[source].astype(float)])
        np.testing.assert_allclose(kept[mine].astype(float), expected, atol=2e-3)
        assert wells["cell_count"].iloc[mine].tolist() == profiles.metadata["cell_count"].iloc[source].tolist()
    assert (wells["row"] >= 0).all()


def test_wells_of_a_perturbation_without_direction_are_left_out_and_counted():
    """Wells that cancel have no vector: the perturbation goes, the report counts it, and other rows keep in step."""
    wells = [{"kind": "compound", "label": x, "concentration": 1.0} for x in ("aaa", "aaa", "bbb", "bbb")]
    wells.append({"kind": "control", "label": "DMSO"})
    parts = parts_of(made_profiles(wells, [[1, 2], [-1, -2], [3, 0], [5, 0], [0, 7]]))
    assert parts["perturbations"]["perturbation"].tolist() == ["compound:bbb@1"]
    assert parts["entities"]["label"].tolist() == ["bbb"]
    assert parts["wells"]["row"].tolist() == [0, 0]
    np.testing.assert_allclose(parts["well_features"], [[1, 0], [1, 0]])
    np.testing.assert_allclose(parts["control_features"], [[0, 7]])
    assert parts["manifest"]["source"]["dropped"] == {"perturbation whose vector is zero after alignment": 1}


def test_nothing_left_is_an_error_with_a_remedy():
    """Where every vector is zero the build says what to check."""
    wells = [{"kind": "gene", "label": "KRAS"}] * 2
    with pytest.raises(InputError, match="no perturbation has a vector after alignment; check --control and --align"):
        parts_of(made_profiles(wells, [[1, 2], [-1, -2]]))


def test_control_sample_is_bounded_and_even(monkeypatch):
    """At most `KEPT_CONTROLS` controls are kept, as many of each experiment, and each says what was run beside it."""
    monkeypatch.setattr(wells_module, "KEPT_CONTROLS", 8)
    wells = [{"kind": "gene", "label": "KRAS", "experiment": "genes"}] * 3
    wells += [{"kind": "compound", "label": "aaa", "concentration": 1.0, "experiment": "compounds"}] * 3
    wells += [{"kind": "control", "label": "DMSO", "experiment": e} for e in ("genes", "compounds") for _ in range(30)]
    profiles = made_profiles(wells, np.random.default_rng(0).normal(size=(66, 4)))
    parts = parts_of(profiles)
    kept = parts["controls"]
    assert kept["experiment"].value_counts().to_dict() == {"genes": 4, "compounds": 4}
    assert (kept["gene"] == (kept["experiment"] == "genes")).all()
    assert (kept["compound"] == (kept["experiment"] == "compounds")).all()
    controls = profiles.features[(profiles.metadata["kind"] == "control").to_numpy()]
    distance = np.abs(parts["control_features"].astype(float)[:, None] - controls[None]).max(axis=2).min(axis=1)
    assert (distance < 2e-3).all()


def test_empty_controls_are_preferred():
    """Where a screen has EMPTY_control, other controls set no scale: moving them changes nothing but their count."""
    wells = [{"kind": "gene", "label": "KRAS", "experiment": "e"}] * 3
    wells += [
        {"kind": "control", "label": x, "experiment": "e"}
        for x in ("EMPTY_control", "CRISPR_control")
        for _ in range(9)
    ]
    features = np.random.default_rng(0).normal(size=(21, 4))
    first = parts_of(made_profiles(wells, features), align="centerscale")
    features[12:] *= 100
    second = parts_of(made_profiles(wells, features), align="centerscale")
    np.testing.assert_array_equal(first["features"], second["features"])
    assert first["manifest"]["control_wells_used"] == 9
    assert first["manifest"]["controls"] == {"EMPTY_control": 9, "CRISPR_control": 9}


def test_concentrations_make_perturbations_and_ids():
    """One perturbation a concentration, in ascending order; without one the entity itself is the perturbation."""
    wells = [{"kind": "compound", "label": "Drug A", "concentration": c} for c in (10.0, 0.0025, np.nan, 1.0, 1.0)]
    wells.append({"kind": "gene", "label": "KRAS"})
    parts = parts_of(made_profiles(wells, np.random.default_rng(0).normal(size=(6, 3))))
    assert parts["perturbations"]["perturbation"].tolist() == [
        "gene:KRAS",
        "compound:drug-a@0.0025",
        "compound:drug-a@1",
        "compound:drug-a@10",
        "compound:drug-a",
    ]
    assert parts["perturbations"]["n_wells"].tolist() == [1, 1, 2, 1, 1]


def test_concentrations_that_differ_little_stay_apart():
    """Concentrations that differ are never given one id, however little they differ."""
    wells = [{"kind": "compound", "label": "aaa", "concentration": c} for c in (0.1, 0.1 + 1e-9, 0.1 + 2e-9)]
    ids = parts_of(made_profiles(wells, np.eye(3)))["perturbations"]["perturbation"]
    assert ids.is_unique


def test_one_well_has_no_consistency_and_is_not_tested():
    """A single replicate agrees with nothing: consistency, p and q are NaN, `active` is None."""
    wells = [{"kind": "gene", "label": "KRAS"}] + [{"kind": "control", "label": "DMSO"}] * 30
    parts = parts_of(made_profiles(wells, np.random.default_rng(0).normal(size=(31, 4))))
    only = parts["perturbations"].iloc[0]
    assert np.isnan([only["consistency"], only["p"], only["q"]]).all()
    assert only["active"] is None


def test_a_batch_without_controls_is_named():
    """Alignment needs controls in each batch; the message names the batch that has none and what would do."""
    wells = [{"kind": "gene", "label": "KRAS", "experiment": e} for e in ("with", "without")]
    wells += [{"kind": "control", "label": "DMSO", "experiment": "with"}] * 5
    with pytest.raises(InputError, match=r"without.*--align none"):
        parts_of(made_profiles(wells, np.random.default_rng(0).normal(size=(7, 3))), align="centerscale")


def test_manifest_tells_where_a_map_comes_from(tmp_path):
    """The manifest holds hashes, the simulated flag, recipe, counts, and the read report with what was dropped."""
    report = ReadReport(({"file": "wells.csv", "bytes": 12},), 60, {"no label": 3}, ("Something was assumed.",))
    profiles = replace(random_screen(3), report=report)
    folder = build_map(profiles, tmp_path / "map", recipe=RECIPE, provenance=ABOUT)
    manifest = open_map(folder).manifest
    assert manifest["simulated"] is True
    assert (manifest["name"], manifest["licence"], manifest["citation"]) == ("small", "none", "nobody")
    assert manifest["recipe"] == {"align": "none", "aggregate": "mean", "by_guide": False, "seed": 0, "null_draws": 50}
    assert manifest["source"] == {
        "files": [{"file": "wells.csv", "bytes": 12}],
        "rows": 60,
        "dropped": {"no label": 3},
        "notes": ["Something was assumed."],
    }
    assert (manifest["wells"], manifest["experiments"], manifest["plates"]) == (60, 2, 2)
    assert manifest["controls"] == {"DMSO": 20}
    assert all(len(f["sha256"]) == 64 and f["bytes"] > 0 for f in manifest["files"].values())


def test_progress_is_told_in_order():
    """Every stage is announced, and the wells that are done never fall and end at all of them."""
    calls = []
    map_parts(random_screen(0), recipe=RECIPE, provenance=ABOUT, progress=lambda *call: calls.append(call))
    assert list(dict.fromkeys(c[0] for c in calls)) == [
        "fitting the alignment",
        "aligning controls that are held out",
        "aligning and aggregating",
        "testing for activity",
        "drawing the map",
    ]
    done = [c[1] for c in calls if c[0] == "aligning and aggregating"]
    assert done == sorted(done)
    assert done[-1] == 40


def test_the_profiles_are_not_edited():
    """A build leaves features and metadata as they were."""
    profiles = random_screen(5)
    features, metadata = profiles.features.copy(), profiles.metadata.copy()
    parts_of(profiles, align="pca-cs")
    np.testing.assert_array_equal(profiles.features, features)
    pd.testing.assert_frame_equal(profiles.metadata, metadata)


SCREENS = {
    "seed": st.integers(0, 2**16),
    "genes": st.integers(0, 5),
    "compounds": st.integers(1, 4),
    "replicates": st.integers(1, 5),
    "concentrations": st.sampled_from([(np.nan,), (1.0,), (0.01, 0.1, 10.0), (np.nan, 1.0)]),
    "align": st.sampled_from(["none", "robust", "centerscale", "pca-cs", "tvn"]),
}


@settings(max_examples=40)
@given(**SCREENS)
def test_any_screen_gives_a_sound_map(seed, genes, compounds, replicates, concentrations, align):
    """Of any screen: unit rows, unique ids, every entity with its rows, and the same map in any order of wells."""
    sizes = {"genes": genes, "compounds": compounds, "replicates": replicates, "concentrations": concentrations}
    profiles = random_screen(seed, **sizes)
    parts = parts_of(profiles, align=align)
    perturbations, entities = parts["perturbations"], parts["entities"]
    np.testing.assert_allclose(np.linalg.norm(parts["features"], axis=1), 1, atol=1e-5)
    assert perturbations["perturbation"].is_unique
    assert entities["entity"].is_unique
    assert set(perturbations["entity"]) == set(entities["entity"])
    assert len(perturbations) == genes + compounds * len(concentrations)
    assert (perturbations["n_wells"] == replicates).all()
    assert parts["wells"]["row"].between(-1, len(perturbations) - 1).all()

    again = parts_of(shuffled(profiles, seed + 1), align=align)
    assert again["perturbations"]["perturbation"].tolist() == perturbations["perturbation"].tolist()
    np.testing.assert_allclose(np.abs(again["features"]), np.abs(parts["features"]), atol=1e-3)
    np.testing.assert_allclose(again["perturbations"]["consistency"], perturbations["consistency"], atol=1e-3)


@settings(max_examples=10)
@given(seed=st.integers(0, 2**16))
def test_the_same_profiles_give_the_same_build(seed):
    """The same profiles by the same recipe are the same build; another seed of the nulls is another recipe."""
    profiles = random_screen(seed)
    with tempfile.TemporaryDirectory() as folder:
        first = build_map(profiles, Path(folder) / "one", recipe=RECIPE, provenance=ABOUT)
        second = build_map(profiles, Path(folder) / "two", recipe=RECIPE, provenance=ABOUT)
        other = build_map(profiles, Path(folder) / "two", recipe=replace(RECIPE, seed=1), provenance=ABOUT)
        assert first.name == second.name != other.name

"""The gate of a build: energy distance from five wells on, and single wells of a compound tested all together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from explorer.datasets.profiles import Profiles, ReadReport, entities_frame, metadata_frame, validate
from explorer.maps.build import Provenance, Recipe, build_map, map_parts
from explorer.maps.gate import POOLED
from explorer.maps.map_folder import publish, save_map
from explorer.maps.perturbation_map import open_map
from explorer.statistics.energy_distance import energy_distances, reference

RECIPE = Recipe(align="none", null_draws=999)
ABOUT = Provenance("gate", "simulated", simulated=True)
LEVELS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


def screen(*, compounds=30, working=6, genes=12, controls=240, dimensions=20, seed=0):
    """Compounds of one well at each of six levels, `working` of which do something; genes of 4, 5 or 8 wells."""
    rng = np.random.default_rng(seed)
    names = [f"drug {i:02d}" for i in range(compounds)]
    wells = [("compound", name, level) for name in names for level in LEVELS]
    wells += [("gene", f"G{i:02d}", np.nan) for i in range(genes) for _ in range((4, 5, 8)[i % 3])]
    wells += [("control", "DMSO", np.nan)] * controls
    kinds, labels, levels = (np.array(column) for column in zip(*wells, strict=True))
    rows = rng.normal(size=(len(wells), dimensions))
    effects = dict(zip(names[:working], rng.normal(size=(working, dimensions)), strict=True))
    effects |= {f"G{i:02d}": rng.normal(size=dimensions) for i in range(genes // 2)}
    rows += np.array([effects.get(label, np.zeros(dimensions)) for label in labels]) * 1.5
    metadata = metadata_frame(
        well=[str(i) for i in range(len(wells))],
        kind=kinds,
        label=labels,
        concentration=levels.astype(float),
        experiment=np.where(np.arange(len(wells)) % 2, "e1", "e2"),
        plate=np.full(len(wells), "p1"),
    )
    entities = entities_frame(
        [{"kind": k, "label": n} for k, n in sorted({(k, n) for k, n, _ in wells}) if k != "control"]
    )
    return validate(Profiles(rows.astype(np.float32), metadata, entities, ReadReport((), len(wells), {}, ())))


@pytest.fixture(scope="module")
def parts():
    return map_parts(screen(), recipe=RECIPE, provenance=ABOUT)


def test_energy_distance_is_measured_from_five_wells_on(parts):
    """Five wells have a distance and a p, fewer have neither."""
    p = parts["perturbations"]
    few = p["n_wells"] < 5
    assert few.any()
    assert p.loc[few, ["energy_distance", "p_energy"]].isna().all(axis=None)
    assert p.loc[~few, ["energy_distance", "p_energy"]].notna().all(axis=None)
    assert p.loc[~few, "p_energy"].between(1 / 1000, 1).all()


def test_energy_distance_is_that_of_the_aligned_wells(parts):
    """What the build measures in blocks is what the function gives for the wells of one gene and the same controls."""
    profiles = screen()
    controls = profiles.features[(profiles.metadata["kind"] == "control").to_numpy()].astype(np.float16)
    wells = profiles.features[(profiles.metadata["label"] == "G02").to_numpy()]
    to = reference(controls, seed=RECIPE.seed)
    expected = energy_distances(wells, np.zeros(len(wells), dtype=int), to)[0]
    p = parts["perturbations"].set_index("label")
    assert p.at["G02", "energy_distance"] == pytest.approx(expected, rel=1e-5)


def test_energy_distance_tells_genes_that_do_something(parts):
    """All genes with an effect pass p <= .01, and no other does."""
    p = parts["perturbations"]
    tested = p[p["p_energy"].notna()]
    works = tested["label"].isin([f"G{i:02d}" for i in range(6)])
    assert (tested.loc[works, "p_energy"] <= 0.01).all()
    assert (tested.loc[~works, "p_energy"] > 0.01).all()


def test_single_wells_of_a_compound_are_tested_all_together(parts):
    """No concentration can be tested, but every compound is: the working ones are active, few others are."""
    p, e = parts["perturbations"], parts["entities"]
    assert p.loc[p["kind"] == "compound", "active"].isna().all()
    compounds = e[e["kind"] == "compound"].set_index("label")
    assert (compounds["pooled_wells"] == len(LEVELS)).all()
    works = compounds.index.isin([f"drug {i:02d}" for i in range(6)])
    assert compounds.loc[works, "pooled_active"].eq(True).all()
    assert compounds.loc[~works, "pooled_active"].eq(True).mean() <= 0.1
    assert e.loc[e["kind"] == "gene", list(POOLED)].isna().all(axis=None)


def test_compounds_that_do_nothing_are_called_so():
    """Of twenty screens without any effect, at most three find an active compound."""
    called = []
    for seed in range(20):
        made = map_parts(screen(working=0, genes=0, seed=100 + seed), recipe=RECIPE, provenance=ABOUT)
        called.append(made["entities"]["pooled_active"].eq(True).any())
    assert np.mean(called) <= 0.15


def test_replicated_concentrations_need_no_pooling():
    """Where every concentration has several wells, nothing is pooled."""
    profiles = screen()
    metadata = profiles.metadata.assign(
        concentration=profiles.metadata["concentration"].where(profiles.metadata["kind"] != "compound", 1.0)
    )
    made = map_parts(replace(profiles, metadata=metadata), recipe=RECIPE, provenance=ABOUT)
    assert made["entities"][list(POOLED)].isna().all(axis=None)
    assert made["perturbations"]["active"].notna().all()


def test_a_map_of_an_earlier_build_opens_without_the_new_columns(tmp_path, parts):
    """Columns that earlier builds did not write read as missing; a folder is not made unreadable by them."""
    older = parts | {
        "perturbations": parts["perturbations"].drop(columns=["energy_distance", "p_energy"]),
        "entities": parts["entities"].drop(columns=list(POOLED)),
    }
    publish(tmp_path, save_map(tmp_path, **older))
    m = open_map(tmp_path)
    assert m.perturbations[["energy_distance", "p_energy"]].isna().all(axis=None)
    assert m.entities[list(POOLED)].isna().all(axis=None)
    assert m.perturbations["p"].equals(pd.Series(parts["perturbations"]["p"], name="p"))


def test_without_controls_nothing_is_tested(tmp_path):
    """No controls: no energy distance, no pooled test, and the map is built all the same."""
    m = open_map(build_map(screen(controls=0), tmp_path / "m", recipe=RECIPE, provenance=ABOUT))
    assert m.perturbations[["energy_distance", "p_energy", "p"]].isna().all(axis=None)
    assert m.entities[list(POOLED)].isna().all(axis=None)

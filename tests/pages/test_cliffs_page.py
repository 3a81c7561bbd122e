"""Pairs of compounds: planted cliffs, analogues and hops get their names; and the page of them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from explorer import atlas, queries
from explorer.atlas import open_atlas
from explorer.components.pair_table import pair_rows
from explorer.datasets.profiles import Profiles, ReadReport, entities_frame, metadata_frame, validate
from explorer.maps.build import Provenance, Recipe, build_map

#: Compounds of the made map: name, structure, and the direction of their cells.
PLANTED = {
    "chloro": ("Clc1ccc2ncccc2c1", 0),
    "fluoro": ("Fc1ccc2ncccc2c1", 0),
    "steroid": ("CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O", 0),
    "anilide": ("O=C(Nc1ccccc1)c1ccc(Cl)nc1", 1),
    "ether": ("COc1ccc(C(=O)Nc2ccccc2)cn1", 2),
    "silent": ("Fc1ccc(C(=O)Nc2ccccc2)cn1", None),
}
OTHERS = (
    "CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "OCC1OC(O)C(O)C(O)C1O", "CC(C)Cc1ccc(C(C)C(=O)O)cc1", "O=C1CCC(=O)N1Br",
    "CN(C)CCC=C1c2ccccc2CCc2ccccc21", "NS(=O)(=O)c1cc2c(cc1Cl)NCNS2(=O)=O", "C1CN2CCN1CC2", "CCCCCCCCCCCC(=O)O",
)  # fmt: skip
DIMENSIONS, REPLICATES = 24, 4


@pytest.fixture(scope="module")
def made(tmp_path_factory, demo, odd):
    """An atlas with the demo, the made map and maps that lack something."""
    rng = np.random.default_rng(0)
    compounds = PLANTED | {f"other {i}": (s, 3 + i) for i, s in enumerate(OTHERS)}
    directions = np.linalg.qr(rng.normal(size=(DIMENSIONS, DIMENSIONS)))[0]
    wells = [(name, at) for name in compounds for at in (1.0, 10.0) for _ in range(REPLICATES)]
    planted = [
        np.zeros(DIMENSIONS) if compounds[n][1] is None else (6 if at > 1 else 4) * directions[compounds[n][1]]
        for n, at in wells
    ]
    controls = 40
    n = len(wells) + controls
    features = np.vstack([planted, np.zeros((controls, DIMENSIONS))]) + rng.normal(size=(n, DIMENSIONS))
    metadata = metadata_frame(
        well=[str(i) for i in range(n)],
        kind=["compound"] * len(wells) + ["control"] * controls,
        label=[name for name, _ in wells] + ["DMSO"] * controls,
        experiment=["one"] * n,
        plate=["one"] * n,
        guide=[None] * n,
        concentration=np.array([at for _, at in wells] + [np.nan] * controls),
        cell_count=np.full(n, 500.0),
    )
    entities = [{"kind": "compound", "label": c, "smiles": s} for c, (s, _) in compounds.items()]
    report = ReadReport(sources=(), rows=n, dropped={}, notes=())
    profiles = validate(Profiles(features.astype(np.float32), metadata, entities_frame(entities), report))
    root = tmp_path_factory.mktemp("pairs") / "map"
    build_map(profiles, root, recipe=Recipe(align="none", null_draws=500), provenance=Provenance("pairs", "Made pairs"))
    return open_atlas(
        [demo, root, *(odd[k] for k in ("no-structures", "genes-only", "lone", "no-controls", "hostile"))]
    )


@pytest.fixture(autouse=True)
def _use(made, monkeypatch):
    monkeypatch.setattr(atlas, "_current", made)


def classes(frame) -> dict[frozenset, str]:
    return {frozenset((r.label_a, r.label_b)): r.quadrant for r in frame.itertuples()}


def test_planted_pairs_get_their_names():
    """Same change, same cells: analogue; same change, other cells: cliff; no phenotype: neither."""
    found = queries.close_pairs("pairs")
    named = classes(found)
    assert named[frozenset(("chloro", "fluoro"))] == "analogue"
    assert named[frozenset(("anilide", "ether"))] == "cliff"
    assert named[frozenset(("anilide", "silent"))] == "no phenotype"
    assert {k for k, v in named.items() if v == "cliff"} == {frozenset(("anilide", "ether"))}
    cliff = found.iloc[0]
    assert {cliff["change"]} <= {"*Cl>>*OC", "*OC>>*Cl"}
    assert cliff["atoms_a"]
    assert cliff["cosine"] < 0.3 < found[found["quadrant"] == "analogue"]["cosine"].min()
    assert (cliff["n_a"], cliff["n_b"]) == (REPLICATES, REPLICATES)


def test_a_planted_hop_is_found_and_close_pairs_are_no_hops():
    """The steroid with the cells of the chloroquinoline; never two that are close by structure."""
    hops = classes(queries.hop_pairs("pairs"))
    assert frozenset(("chloro", "steroid")) in hops
    assert set(hops.values()) == {"scaffold hop"}
    assert not hops.keys() & classes(queries.close_pairs("pairs")).keys()
    assert len(queries.hop_pairs("pairs", 1)) == 1


def test_the_null_is_that_of_all_pairs_of_active_compounds():
    """13 of 14 compounds are active; 95 % of their 78 pairs are less alike than the limit."""
    null = queries.pair_null("pairs")
    assert (null["compounds"], null["pairs"]) == (13, 78)
    assert null["chance"] is True
    told = queries.selection_pairs("pairs", ["chloro", "fluoro", "anilide", "ether"])
    assert len(told) == 6
    assert ((told["share"] <= 0.05) == (told["cosine"] >= null["limit"])).all()


def test_a_selection_is_all_its_pairs_and_no_more():
    """Each two once; unknown names, repeats and what is beyond the limit are left out; none and one have no pair."""
    frame = queries.selection_pairs("demo", ["bortezomib", "carfilzomib", "ixazomib", "bortezomib", "nobody"])
    assert len(frame) == 3
    assert set(frame["quadrant"]) == {"scaffold hop"}, "the class of bortezomib lies in scaffold hop"
    everyone = [r.slug for r in atlas.opened("demo").map.entities.itertuples() if r.kind == "compound"]
    most = queries.MOST_COMPOUNDS
    assert len(queries.selection_pairs("demo", everyone)) == most * (most - 1) // 2
    assert queries.selection_pairs("demo", []).empty
    assert queries.selection_pairs("demo", ["bortezomib"]).empty


def test_the_cosine_of_a_pair_is_the_highest_over_its_reliable_concentrations():
    """Counted by hand for two compounds of the demo."""
    frame = queries.selection_pairs("demo", ["erlotinib", "gefitinib"]).iloc[0]
    m = atlas.opened("demo").map
    at = {}
    for compound in ("erlotinib", "gefitinib"):
        told = queries.by_concentration("demo", f"compound:{compound}")
        usable = told[told["active"].eq(True) & ~told["toxic"].eq(True)]
        at[compound] = m.features[[m.row_of[p] for p in usable["perturbation"]]]
    assert frame["cosine"] == pytest.approx(float((at["erlotinib"] @ at["gefitinib"].T).max()), abs=1e-5)


@pytest.mark.parametrize("of_map", ["no-structures", "genes-only", "lone", "no-controls", "hostile"])
def test_maps_that_lack_something_have_frames_all_the_same(of_map):
    """Empty or small, with every column, and a limit that is a number."""
    for frame in (queries.close_pairs(of_map), queries.hop_pairs(of_map), queries.selection_pairs(of_map, ["alpha"])):
        assert "quadrant" in frame
        json.dumps(pair_rows(frame, of_map=of_map), allow_nan=False)
    assert np.isfinite(queries.pair_null(of_map)["limit"])


def test_rows_carry_drawings_with_the_change_and_a_comparison_at_its_concentrations():
    """Both ends are drawn with their group marked, and the link opens the two where they are most alike."""
    rows = pair_rows(queries.close_pairs("pairs").head(1), of_map="pairs")
    assert "differing=" in rows[0]["drawn_a"]
    assert "/structure/" in rows[0]["drawn_b"]
    assert "e=compound:" in rows[0]["compare"]
    assert "@" in rows[0]["compare"]


@pytest.fixture
def page(render, opened, monkeypatch):
    monkeypatch.setattr(atlas, "_current", opened)
    return render


def test_the_page_says_its_null_its_definition_and_its_source(page):
    """What alike means here, what random pairs have, and whose matched pairs these are."""
    text = page("/cliffs")
    for part in ("95 % of all", "pairs of the", "doi:10.1021/ci900450m", "Small change, other phenotype"):
        assert part in text


def test_a_selection_by_any_names(page):
    """Slugs, other names and lists in any spelling; what is no compound is said to be left out."""
    assert "All pairs of 3 compounds" in page("/cliffs?compounds=bortezomib,carfilzomib,ixazomib")
    both = page("/cliffs?compounds=velcade,MLN9708,KRAS,xyzzy")
    assert "left out: no compound of this map" in both
    assert "a pair needs two" in page("/cliffs?compounds=xyzzy")


@pytest.mark.parametrize(
    "query", ["show=zzz", "show=%00", "compounds=%ff%00,,-1", "show=hops&compounds=,,", "map=lone"]
)
def test_junk_gets_a_page(page, query):
    """An unknown view is said, and nothing that is asked costs the page."""
    assert "Structure × phenotype" in page(f"/cliffs?{query}")


def test_where_activity_is_not_tested_a_cliff_is_doubted(page):
    """A map without controls cannot tell a compound that does nothing; one with controls needs no such caution."""
    doubt = "a cliff may only mean that one of the two does nothing"
    assert doubt in page("/cliffs?map=no-controls")
    assert doubt not in page("/cliffs")


def test_one_structure_under_two_names_is_no_change(made):
    """Two compounds of one InChIKey are said to be the same structure, not stereoisomers."""
    frame = queries.close_pairs("no-controls")
    same = frame[frame["tanimoto"] == 1]
    assert set(same["change"]) <= {"same structure"}


def test_a_map_without_structures_says_so(page):
    """No empty plot: why, in a line."""
    assert "has no structures" in page("/cliffs?map=no-structures")


@pytest.mark.parametrize(
    "address",
    [
        "/compare?e=compound:bortezomib,compound:carfilzomib",
        "/structure?smiles=c1ccc(Nc2ncnc3ccccc23)cc1&mode=sub",
    ],
)
def test_selections_lead_there(page, address):
    """Compare and the hits of a structure search offer the pairs of their compounds."""
    text = page(address)
    assert "Structure × phenotype of" in text
    assert "/cliffs?compounds=" in text

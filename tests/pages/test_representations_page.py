"""The Representations page: four notations of one compound, who is nearest by each, what finds targets; honest gaps."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from explorer import atlas, queries
from explorer.atlas import OpenMap
from explorer.chemistry.embeddings import BESIDE_MAP
from tests.pages.test_targets_page import ask, words_of
from tests.test_structure import fill, page

BORTEZOMIB = "/representations?e=compound:bortezomib"
STORE = {"map": "demo", "entity": "compound:bortezomib"}
BIT = "..representations-bit-drawn.children...representations-bit-said.children.."


def store_of(found: list[dict]) -> dict:
    return next(c["props"]["data"] for c in found if c["props"].get("id") == "representations-page")


def test_the_page_goes_from_a_string_to_learned_numbers(render):
    """All four notations, the lists, the benchmark and the published facts, in this order, with n and null."""
    text = words_of(render(BORTEZOMIB))
    order = ["1 · A string", "2 · Bits", "3 · A graph", "4 · Learned numbers", "Who is nearest, by each"]
    order += ["All compounds, by each", "Which one finds shared targets", "22 tasks"]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    assert "CC(C)C[C@H](NC(=O)[C@H](Cc1ccccc1)NC(=O)c1cnccn1)B(O)O" in text
    assert "GXJABQQUPOEUTA-RDJZCZTQSA-N" in text
    assert "512 numbers for 156 of 156 compounds" in text
    assert "81 compounds ask, 125 with a target answer" in text
    assert "targets shuffled among compounds 199 times" in text


def test_simulated_cells_are_called_that_beside_their_number(render):
    """The demo's cells find targets because the simulation put them there."""
    text = words_of(render(BORTEZOMIB))
    assert "cells simulated" in text
    assert "says how the simulation was made, nothing of biology" in text


def test_without_an_address_the_compound_is_chosen_by_a_rule(client):
    """The one that most others share a target with; said nowhere else, so the rule stands in the query."""
    frame = queries.compared_compounds("demo")
    targets = {s: set(t.split("|")) - {""} for s, t in zip(frame["slug"], frame["targets"], strict=True)}
    chosen = store_of(page(client, "/representations"))["entity"].partition(":")[2]
    company = {s: sum(bool(t & other) for x, other in targets.items() if x != s) for s, t in targets.items()}
    assert company[chosen] == max(company.values())


@pytest.mark.parametrize(
    ("asked", "entity", "says"),
    [
        ("velcade", "compound:bortezomib", ""),
        ("compound:bortezomib@0.025", "compound:bortezomib", ""),
        ("CDK12", None, "CDK12 is a gene, which has no structure."),
        ("xyzzy", None, "'xyzzy' is not on this map"),
        ("%ED%A0%80", None, "is not on this map"),
    ],
)
def test_names_are_resolved_and_what_cannot_be_shown_is_said(client, asked, entity, says):
    """Other names and concentrations lead to the compound; a gene or a stranger to the usual one, said."""
    found = page(client, f"/representations?e={asked}")
    usual = f"compound:{queries.example_compound('demo')}"
    assert store_of(found)["entity"] == (entity or usual)
    assert says in json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize("address", [BORTEZOMIB, "/representations?e=compound:caffeine", "/representations"])
def test_every_figure_and_table_of_it_is_filled(client, address):
    """Each callback of the page answers."""
    fill(client, page(client, address))


def test_a_bit_is_drawn_on_its_atoms(client):
    """The picture marks the atoms of the bit that is chosen, and the words tell how common it is."""
    bit = queries.molecule_views("demo", "compound:bortezomib")["bits"][0]
    asked = [("representations-bit", "value", str(bit["number"]))]
    answer = ask(client, BIT, asked, [("representations-page", "data", STORE)])
    text = answer.get_data(as_text=True)
    assert "atoms=" + ",".join(map(str, bit["atoms"])) in text.replace("%2C", ",")
    assert f"Set in {bit['compounds']} of the 156 compounds" in text


@pytest.mark.parametrize("value", [None, -1, "1e9", "999999", [], {"a": 1}, "\ud800", True])
def test_a_bit_that_is_none_is_refused(client, value):
    """Whatever comes back from the browser: 400, never a traceback."""
    answer = ask(client, BIT, [("representations-bit", "value", value)], [("representations-page", "data", STORE)])
    assert answer.status_code == 400


@pytest.mark.parametrize("store", [None, 3, {}, {"map": "demo"}, STORE | {"entity": "gene:CDK12"}, STORE | {"map": -1}])
def test_a_store_that_the_page_did_not_write_is_refused(client, store):
    """Map and compound are looked up whole."""
    asked = [("representations-page", "data", store), ("theme", "data", "light")]
    assert ask(client, "representations-bonds.figure", asked).status_code == 400


@pytest.mark.parametrize("key", ["no-structures", "genes-only", "lone", "compounds-only", "no-controls", "hostile"])
def test_maps_without_structures_or_compounds_have_a_page_too(client, render, key):
    """Nothing is drawn that is not there, and the tile says why."""
    text = words_of(render(f"/representations?map={key}"))
    assert "keyhole chem embed" in text
    assert "none is ranked" in text
    fill(client, page(client, f"/representations?map={key}"))
    if key in ("no-structures", "genes-only"):
        assert "nothing to write in other ways" in text


def test_without_embeddings_the_rest_stands_and_the_tile_says_what_adds_them(render, monkeypatch, opened):
    """The same map, its table gone: two ways instead of three."""
    bare = replace(opened.maps["demo"])
    monkeypatch.setattr(OpenMap, "learned", atlas.Learned(), raising=False)
    monkeypatch.setitem(opened.maps, "demo", bare)
    text = words_of(render(BORTEZOMIB))
    assert "This map has no learned embeddings yet." in text
    assert queries.representations("demo") == ["fingerprint", "cells"]
    assert "fingerprint and cells share" in text
    assert "MiniMol and" not in text


def test_a_table_that_cannot_be_used_is_a_sentence_not_a_crash(render, monkeypatch, opened):
    """On this page and on the Data page."""
    monkeypatch.setattr(OpenMap, "learned", atlas.Learned((), ("MolE.csv, row 3: name is empty",)), raising=False)
    monkeypatch.setitem(opened.maps, "demo", replace(opened.maps["demo"]))
    assert "MolE.csv, row 3: name is empty" in words_of(render(BORTEZOMIB))
    assert "MolE.csv, row 3: name is empty" in words_of(render("/data"))


def test_other_pages_lead_here_and_the_data_page_says_where_the_numbers_come_from(render):
    """From the compound, from Structure, from Help; model, licence and library versions in Data."""
    assert "/representations?e=compound:bortezomib" in render("/compound/bortezomib")
    assert "/representations" in render("/structure")
    assert "Representations" in words_of(render("/help"))
    text = words_of(render("/data"))
    for part in ("Learned embeddings", "MiniMol v1", "arXiv:2404.14986", "MIT", "onnxruntime", "rdkit"):
        assert part in text


def test_the_structure_route_draws_tokens(client):
    """A drawing of its own, in both themes."""
    light, dark = (client.get(f"/structure/bortezomib.svg?tokens=1&theme={t}") for t in ("light", "dark"))
    assert light.status_code == dark.status_code == 200
    assert light.data != dark.data != client.get("/structure/bortezomib.svg?theme=dark").data


def test_the_demo_ships_embeddings_of_all_its_compounds(opened):
    """Every compound with a structure has 512 numbers, none is unknown."""
    [table] = opened.maps["demo"].learned.tables
    compounds = opened.maps["demo"].map.entities["kind"].eq("compound").to_numpy()
    assert (Path(atlas.DEMO) / BESIDE_MAP / "minimol.parquet").stat().st_size < 1_000_000
    assert table.there[compounds].all()
    assert table.vectors.shape[1] == 512
    assert not table.unknown

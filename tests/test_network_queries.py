"""Networks of the demo: planted modules stand together, thresholds move no gene, counts add up, files carry all."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from explorer import atlas, queries
from explorer.components.network_drawn import canvas, network_of, scene_of
from explorer.components.network_view import read_view
from explorer.errors import KeyholeError
from explorer.figures.network_ring import Outer, place_outside, text_width
from explorer.figures.network_style import stylesheet

BREAST = {"set": "hpo:HP:0003002"}
HR = ("BRCA1", "BARD1", "PALB2", "BRCA2", "RAD51", "RAD51C", "RAD51D", "XRCC3", "BRIP1", "RAD54L")
RULES = ("loose", "default", "strict", "cosine", "q")


@pytest.fixture(autouse=True)
def on_demo(opened, monkeypatch):
    """Ask the open maps of the session."""
    monkeypatch.setattr(atlas, "_current", opened)


@pytest.fixture(scope="module")
def truth():
    """What is planted."""
    return json.loads((atlas.DEMO.parent / "truth.json").read_text())


def breast(**options) -> dict:
    genes = queries.gene_set("demo", "hpo:HP:0003002")["on_map"]
    return queries.network("demo", genes, **options)


def test_planted_modules_fall_together_on_the_ring():
    """Homologous recombination, mismatch repair and succinate dehydrogenase are each one run of neighbours."""
    ring = sorted(breast()["nodes"], key=lambda n: n["angle"])
    labels = [n["label"] for n in ring]
    for module in (("MSH2", "MSH6", "MLH1", "PMS2", "PMS1"), ("SDHB", "SDHC", "SDHD"), HR):
        places = np.sort([labels.index(g) for g in module])
        gaps = np.diff([*places, places[0] + len(labels)])
        assert len(labels) - gaps.max() == len(module) - 1, module


def test_brca1_is_similar_to_bard1_and_pairs_of_17q_are_marked():
    """The known pair is an edge on two arms; unannotated 17q pairs are marked and go when the arm is hidden."""
    shown = {frozenset((e["a"], e["b"])): e for e in breast()["edges"]}
    pair = shown[frozenset(("BRCA1", "BARD1"))]
    assert pair["cosine"] > 0.3
    assert (pair["same_arm"], pair["relation"]) == (False, "known")
    marked = [e for e in shown.values() if e["same_arm"]]
    assert len(marked) > 10
    hidden = breast(arm="hide")
    assert hidden["counts"]["why"]["arm"] == len(marked)
    assert frozenset(("BRCA1", "BARD1")) in {frozenset((e["a"], e["b"])) for e in hidden["edges"]}


@pytest.mark.parametrize("layout", ["circle", "force", "grouped"])
def test_positions_do_not_depend_on_what_is_displayed(layout):
    """Every rule, filter and cap leaves every gene where it is."""
    views = [breast(rule=r, layout=layout) for r in RULES]
    views += [breast(sign="opposite", arm="only", evidence="new", most=3, compounds=5, layout=layout)]
    places = [[(n["slug"], n["x"], n["y"]) for n in v["nodes"]] for v in views]
    assert all(p == places[0] for p in places)


@pytest.mark.parametrize("rule", RULES)
def test_counts_add_up(rule):
    """Shown and reasons are all pairs; signs are all that is shown; known, new and the rest are too."""
    network = breast(rule=rule)
    c = network["counts"]
    assert c["shown"] + sum(c["why"].values()) == c["pairs"] == 71 * 70 / 2
    assert c["similar"] + c["opposite"] == c["shown"] == len(network["edges"])
    assert c["hidden"] == c["pairs"] - c["shown"] - c["why"]["weak"]
    assert c["known"] + c["new"] <= c["shown"]


def test_the_scorecard_beats_random_sets():
    """Breast carcinoma: more known pairs than 97.5 % of random sets of as many genes."""
    card = breast()["recovery"]
    assert card["recovered"] > card["random_high"] > card["random_mean"]
    assert card["p"] < 0.01


@pytest.mark.parametrize("hidden", [{}, {"most": 5}, {"sign": "opposite"}, {"arm": "hide"}, {"evidence": "new"}])
def test_missed_is_what_the_map_does_not_recover(hidden):
    """A known pair that passes is not missed because a filter or the number of edges leaves it out."""
    around = queries.neighbourhood("demo", "gene:PSMB5")
    network = queries.network("demo", around, **hidden)
    card = network["recovery"]
    assert 0 < network["counts"]["dotted"] == card["known"] - card["recovered"] < card["recovered"]


def test_the_picture_of_a_neighbourhood_has_room_for_names():
    """Twelve genes and the query, in a box wider than tall, none on the name of another."""
    nodes = queries.neighbourhood_picture("demo", "CDK12")["nodes"]
    assert nodes[0]["slug"] == "CDK12"
    places = np.array([[n["x"], n["y"]] for n in nodes])
    assert len(places) == 1 + queries.PICTURED
    assert np.ptp(places[:, 0]) > np.ptp(places[:, 1])
    apart = np.abs(places[:, None] - places[None])[np.triu_indices(len(places), 1)]
    assert ((apart > [57, 0]) | (apart > [0, 29])).any(axis=1).all()


@pytest.mark.parametrize("near", ["CDK12", "KRAS", "PSMB5"])
def test_nothing_is_cut_off_the_printed_figure(client, near):
    """Title, answer, legend and foot end within its width."""
    root = ET.fromstring(client.get(f"/export/network.svg?near=gene:{near}&lay=force&cpd=4").text)
    texts = [t for t in root if t.tag.endswith("text")]
    ends = [float(t.get("x")) + text_width(t.text, size=float(t.get("font-size"))) for t in texts]
    assert len(texts) > 6
    assert max(ends) <= float(root.get("width"))


def test_blinded_pairs_are_neither_known_nor_new():
    """A blinded gene is drawn, and nothing is said of what is known of it."""
    e = atlas.opened("demo").map.entities
    blinded = e.loc[e["blinded"], "slug"].head(20).tolist()
    network = queries.network("demo", [*blinded, "KRAS"], rule="loose", evidence="new")
    assert not network["edges"]
    assert queries.network("demo", blinded, rule="loose")["counts"]["new"] == 0


def test_compounds_are_planted_ones_at_their_gene(truth):
    """MEK inhibitors stand at a MEK gene, candidates have no target, and each was compared where it does not kill."""
    genes = ["KRAS", "BRAF", "RAF1", "MAP2K1", "MAP2K2", "SHOC2", "PTPN11", "SOS1", "GRB2"]
    found = queries.network("demo", genes, compounds=10)["compounds"]
    by = {c["label"]: c for c in found}
    assert {"trametinib", "selumetinib"} <= by.keys()
    assert by["trametinib"]["gene"] in {"MAP2K1", "MAP2K2"}
    candidates = {c["label"] for c in found if c["role"] == "no target on record"}
    assert candidates
    assert all(not by[c]["targets"] for c in candidates)
    assert all(c["q"] <= 0.05 for c in found)


def test_neighbourhoods_begin_with_the_query_and_leave_out_the_inactive():
    """24 genes around KRAS, itself first; around a compound only genes."""
    found = queries.neighbourhood("demo", "gene:KRAS")
    assert (found[0], len(found)) == ("KRAS", 25)
    assert len(queries.neighbourhood("demo", "compound:trametinib@1")) == 24
    assert not set(queries.nearest_genes("demo", "KRAS", found)) & set(found)


@pytest.mark.parametrize("key", ["no-controls", "genes-only"])
def test_maps_that_lack_things_have_networks_too(key):
    """No controls: no p and no q rule; no compounds: none attached; each is drawn."""
    e = atlas.opened(key).map.entities
    genes = ",".join(e.loc[e["kind"] == "gene", "slug"].head(8))
    view = read_view(key, {"genes": genes, "rule": "q", "cpd": "5", "pct": "5"})
    network = network_of(view)
    assert canvas(view, network)
    if key == "no-controls":
        assert view.options["rule"] == "default"
        assert "no q" in view.said[0]
        assert network["draws"] == 0


JUNK_VIEWS = (
    {"pct": "0"}, {"pct": "-1"}, {"pct": "NaN"}, {"pct": "1e9"}, {"rule": "x"}, {"cut": "0.4,-0.4"}, {"cut": "a,b"},
    {"cut": "1,2,3"}, {"sign": "up"}, {"known": "-1"}, {"arm": "\x00"}, {"lay": "9" * 500}, {"cpd": "-1"},
    {"cpd": "9" * 400}, {"cpd": "٣"}, {"most": "0"}, {"most": "1e3"},
)  # fmt: skip


@pytest.mark.parametrize("junk", JUNK_VIEWS)
def test_a_value_that_cannot_be_used_is_replaced_and_said(junk):
    """Defaults stand in, one sentence says so, and the clean query does not carry it on."""
    view = read_view("demo", BREAST | junk)
    assert view.said
    assert network_of(view)["counts"]["pairs"] == 2485
    assert not set(junk) & set(view.query)


@pytest.mark.parametrize("what", [{"set": "nope"}, {"near": "gene:NOPE"}, {"near": "x"}, {"near": "compound:"}])
def test_what_is_not_on_the_map_is_refused_in_words(what):
    """An unknown set or entity is an error with a sentence."""
    with pytest.raises(KeyholeError):
        read_view("demo", what)


def test_files_carry_the_network_and_where_it_comes_from(client):
    """All formats by URL: they parse, and hold rule, build and the simulated note."""
    query = "set=hpo:HP:0003002&cpd=5&arm=hide"
    for kind in ("svg", "graphml", "cyjs", "csv"):
        answer = client.get(f"/export/network.{kind}?{query}")
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        for said in ("not experimental data", "strongest 1 %", "same-arm pairs hidden", atlas.opened("demo").map.build):
            assert said in text, (kind, said)
        if kind in {"svg", "graphml"}:
            ET.fromstring(text)


@pytest.mark.parametrize(
    "address",
    ["network.svg", "network.svg?set=x", "network.pdf?genes=A,B", "network.csv?genes=KRAS", "network.svg?map=no"],
)
def test_files_of_nothing_are_refused(client, address):
    """No network, no file: 404 or 400, never 500."""
    assert client.get(f"/export/{address}").status_code in {400, 404}


def test_labels_outside_the_ring_do_not_overlap():
    """Whatever angles, labels of one side are at least their height apart and inside the reach."""
    rng = np.random.default_rng(0)
    items = [Outer(str(i), a, 36.0) for i, a in enumerate(rng.uniform(0, 0.6, 12))]
    placed = [p for p in place_outside(items, 340.0) if p.right]
    assert np.diff(sorted(p.y for p in placed)).min() >= 36 - 1e-6
    assert max(abs(p.y) for p in placed) <= 340 * 1.03


def test_the_stylesheet_takes_its_colours_from_the_theme():
    """Both themes have the same rules and different colours."""
    light, dark = stylesheet(dark=False), stylesheet(dark=True)
    assert [r["selector"] for r in light] == [r["selector"] for r in dark]
    assert light != dark


def test_elements_hold_no_markup_and_unique_ids():
    """The canvas gets every gene once, each edge between nodes that are there."""
    view = read_view("demo", BREAST | {"cpd": "6", "plus": "KRAS"})
    elements = canvas(view, network_of(view))
    ids = [e["data"]["id"] for e in elements]
    assert len(ids) == len(set(ids))
    ends = [e["data"][k] for e in elements for k in ("source", "target") if k in e["data"]]
    assert set(ends) <= set(ids)
    assert len(scene_of(view, network_of(view))["genes"]) == 76

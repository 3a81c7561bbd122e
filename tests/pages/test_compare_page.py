"""The Compare page: two to six in the order they were asked for, an answer in words, and honest absences."""

from __future__ import annotations

import pytest

from explorer import queries
from tests.pages.test_targets_page import ask, words_of
from tests.test_structure import fill, page

THREE = "/compare?e=gene:CDK12,gene:CDK13,gene:RBM39"
STORE = {
    "map": "demo", "perturbations": ["gene:CDK12", "compound:indisulam@1"], "against": None, "kind": "gene",
    "other": None,
}  # fmt: skip
CURVES = '..compare-curves.figure...{"index":"compare-curves","type":"plotted"}.data..'


def store_of(found: list[dict]) -> dict:
    return next(c["props"]["data"] for c in found if c["props"].get("id") == "compare-page")


def test_the_answer_is_under_the_title(render):
    """Most and least alike with q, and how many pairs are beyond noise."""
    text = words_of(render(THREE))
    assert "CDK12  and  RBM39  are the most alike: cosine 0.54, q <0.001" in text
    assert "CDK13  and  RBM39  the least alike: cosine 0.04" in text
    assert "2 of 3 pairs pass q ≤ 0.05" in text


def test_the_order_is_that_of_the_address(client):
    """Names, cases and kinds may vary; the order stays, and the same one counts once."""
    found = page(client, "/compare?e=rbm39,gene:CDK12,CDK12,compound:indisulam@1,velcade")
    best = queries.best_concentration("demo", "compound:bortezomib")["perturbation"]
    assert store_of(found)["perturbations"] == ["gene:RBM39", "gene:CDK12", "compound:indisulam@1", best]


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ("e=CDK12,xyzzy,CDK13", "'xyzzy' is not on this map; it is left out."),
        ("e=CDK12,CDK13,RBM39,CCNK,PSMB5,PLK1,KRAS,BRAF", "8 were asked for; the first 6 are shown."),
        ("e=CDK12,CDK13&of=protein", "is not on this map"),
        ("e=CDK12,indisulam@1&g=nothing", "the curves are drawn against another"),
        ("e=CDK12,CDK13&maps=demo,nowhere", "Map 'nowhere' is not open here."),
        ("e=CDK12,indisulam@7", "was not tested at 7 µM"),
    ],
)
def test_what_cannot_be_used_is_said(render, view, says):
    """Left out or replaced, and said at the top of the page."""
    assert says in words_of(render(f"/compare?{view}"))


def test_fewer_than_two_lead_on(render):
    """None: examples of the map; one: its nearest to compare it with."""
    assert "Pick genes or compounds" in render("/compare")
    text = render("/compare?e=CDK12")
    assert "with what?" in text
    assert "gene:CDK12,gene:CCNK" in text


def test_compounds_have_structures_curves_and_windows(client, render):
    """Side by side, with properties; genes alone have none of these."""
    text = render("/compare?e=compound:indisulam@1,compound:e7820")
    for part in ("/structure/indisulam.svg", "/structure/e7820.svg", "compare-curves", "compare-windows", "cLogP"):
        assert part in text
    assert "compare-curves" not in render(THREE)
    answer = ask(client, "compare-windows.children", [("compare-page", "data", STORE)])
    assert "indisulam" in answer.get_data(as_text=True)


def test_two_maps_are_matched_by_name(render):
    """Another open map is offered only where it has the name, and similarities are said not to compare."""
    assert "maps=" in render("/compare?e=gene:KRAS,gene:BRAF&map=no-controls")
    text = words_of(render("/compare?e=gene:KRAS,gene:BRAF&map=no-controls&maps=no-controls,genes-only"))
    assert "Similarities of different maps do not compare" in text
    assert "names that are on both" in text


def test_it_draws_on_every_odd_map(client, opened):
    """Whatever a map lacks: each draws and fills."""
    for key, one in opened.maps.items():
        ids = one.map.perturbations["perturbation"].tolist()
        found = page(client, f"/compare?e={ids[0]},{ids[-1]},{ids[len(ids) // 2]}&map={key}")
        assert not [c for c in found if "k-message" in str(c["props"].get("className"))], key
        fill(client, found)
        store, theme = store_of(found), ("theme", "data", "dark")
        choice = next((c["props"]["value"] for c in found if c["props"].get("id") == "compare-against"), None)
        state = [("compare-page", "data", store)]
        drawn = ask(client, CURVES, [("compare-against", "value", choice), theme], state)
        assert drawn.status_code in {200, 204, 400}, key


@pytest.mark.parametrize(
    "broken",
    [
        {"perturbations": []}, {"perturbations": ["gene:CDK12"]}, {"perturbations": ["gene:CDK12"] * 2},
        {"perturbations": ["gene:CDK12", "-gene:CDK13"]}, {"perturbations": "gene:CDK12"}, {"kind": "map"},
        {"against": "gene:-1"}, {"against": []}, {"other": "nowhere"}, {"map": None}, {"perturbations": [None, {}]},
        {"perturbations": ["gene:CDK12", "gene:nothing"]},
    ],
)  # fmt: skip
def test_a_store_that_the_page_did_not_write_is_refused(client, broken):
    """With a sentence and 400, never a traceback."""
    inputs = [("compare-page", "data", STORE | broken), ("theme", "data", "light")]
    answer = ask(client, "compare-scatter.figure", inputs)
    assert answer.status_code == 400
    assert answer.get_data(as_text=True).strip()


def test_the_curves_are_saved_with_what_they_are_compared_with(client, opened):
    """One row a compound and concentration, with wells, activity and toxicity; the head has map and build."""
    found = page(client, "/compare?e=compound:indisulam,compound:e7820,gene:RBM39")
    against, theme = ("compare-against", "value", "gene:RBM39"), ("theme", "data", "light")
    answer = ask(client, CURVES, [against, theme], [("compare-page", "data", store_of(found))]).json["response"]
    saved = next(v["data"] for k, v in answer.items() if "plotted" in k)
    assert {r["label"] for r in saved} == {"indisulam", "E7820"}
    assert {r["compared_with"] for r in saved} == {"RBM39"}
    assert len(saved) == len({(r["entity"], r["concentration"]) for r in saved})
    assert all(r["n_wells"] > 0 and r["active"] in (True, False) and r["toxic"] in (True, False) for r in saved)
    [button] = [c["props"] for c in found if "plot-csv" in str(c["props"].get("id"))]
    assert f"build {opened.maps['demo'].map.build}" in button["data-head"]

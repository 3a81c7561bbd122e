"""The Targets page: a sentence from any address, an answer in words, and callbacks that refuse junk."""

from __future__ import annotations

import json

import pytest

from explorer import queries
from tests.test_structure import components, fill, page

QUERY = "/targets?like=CDK12&not=CDK13&ref=RBM39"


def words_of(rendered: str) -> str:
    """The text of a page, in reading order."""
    found: list[str] = []

    def read(node: object) -> None:
        if isinstance(node, str):
            found.append(node)
        elif isinstance(node, list):
            for one in node:
                read(one)
        elif isinstance(node, dict) and "props" in node:
            read(node["props"].get("children"))

    read(json.loads(rendered))
    return " ".join(found)


def ask(client, output: str, inputs: list[tuple], state: list[tuple] = ()) -> object:
    """One callback, as the browser would ask for it."""
    outputs = [dict(zip(("id", "property"), o.rsplit(".", 1), strict=True)) for o in output.strip(".").split("...")]
    for one in outputs:
        one["id"] = json.loads(one["id"]) if one["id"].startswith("{") else one["id"]
    body = {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": [{"id": i, "property": p, "value": v} for i, p, v in inputs],
        "state": [{"id": i, "property": p, "value": v} for i, p, v in state],
        "changedPropIds": [f"{inputs[0][0]}.{inputs[0][1]}"],
    }
    return client.post("/_dash-update-component", json=body)


STORE = {
    "map": "demo", "like": ["gene:CDK12"], "avoid": ["gene:CDK13"], "reference": ["gene:RBM39"],
    "tau": None, "percent": 1.0, "kind": "all",
}  # fmt: skip
FILL = (
    '..{"index":"targets-list","type":"table"}.rowData...targets-answer.children...targets-tools.children'
    "...targets-picked-words.children.."
)


def filled(client, store=STORE, picked=()):
    return ask(client, FILL, [("targets-page", "data", store), ("targets-picked", "data", list(picked))])


def test_the_answer_is_under_the_title(client):
    """First of how many, both cosines, q, the weak record with its evidence, and the share of noise."""
    answer = filled(client).json["response"]
    said = words_of(json.dumps(answer["targets-answer"]["children"]))
    assert said.startswith("RBM39  is first  of 716 genes and 156 compounds")
    for part in ("(q 0.025)", "Spliceosome of 139 members", "lie in the region", "CCNK  is left out: like both"):
        assert part in said, said


def test_the_list_has_n_a_for_what_does_not_apply(client):
    """A knockout has no toxic concentration and no window, never 0; compounds have both where cells were counted."""
    rows = next(v["rowData"] for k, v in filled(client).json["response"].items() if "targets-list" in k)
    genes = [r for r in rows if r["kind"] == "gene"]
    assert {r["toxic"] for r in genes} == {r["window"] for r in genes} == {"n/a"}
    assert rows[0]["label"] == "RBM39"
    assert rows[0]["itself"] is True
    e7820 = next(r for r in rows if r["label"] == "E7820")
    assert e7820["toxic"] == "10"
    assert e7820["link"] == "target RBM39"


def test_a_selection_filters_the_list_and_keeps_the_ranks(client):
    """Points of the plot are rows of the map; their entities stay with the rank they had among all."""
    from explorer import atlas, queries

    row = queries.row("demo", "compound:indisulam@2.5")
    assert atlas.opened("demo").map.perturbations["label"].iat[row] == "indisulam"
    rows = next(v["rowData"] for k, v in filled(client, picked=[row]).json["response"].items() if "targets-list" in k)
    assert [r["label"] for r in rows] == ["indisulam"]
    assert rows[0]["rank"] == 5


@pytest.mark.parametrize("picked", [[-1], [10**8], ["0"], [True], [None], [1.5]])
def test_a_selection_of_no_point_is_refused(client, picked):
    """-1 is not the last row of the map."""
    assert filled(client, picked=picked).status_code == 400


@pytest.mark.parametrize(
    "broken",
    [
        {"like": []}, {"avoid": None}, {"like": ["gene:-1"]}, {"like": [["gene:CDK12"]]}, {"tau": "x"}, {"tau": -1},
        {"tau": True}, {"tau": 10**400}, {"percent": 3}, {"percent": [1.0]}, {"kind": "all "}, {"map": "nowhere"},
        {"map": None}, {"like": ["gene:CDK12", "-gene:CDK12"]}, {"reference": ["compound:indisulam@7"]},
    ],
)  # fmt: skip
def test_a_store_that_the_page_did_not_write_is_refused(client, broken):
    """With a sentence and 400, never a traceback."""
    answer = filled(client, STORE | broken)
    assert answer.status_code == 400
    assert answer.get_data(as_text=True).strip()


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ("like=xyzzy&not=CDK13", "'xyzzy' is not on this map; it is left out."),
        ("like=CDK12&not=CDK13&tau=2", "is no cut-off of a similarity"),
        ("like=CDK12&not=CDK13&tau=NaN", "is no cut-off of a similarity"),
        ("like=CDK12&not=CDK13&pct=3", "is not offered"),
        ("like=CDK12&not=CDK13&kind=protein", "all are shown"),
        ("like=CDK12&not=CDK12", "cannot be avoided as well"),
        ("like=CDK12&not=indisulam@7", "was not tested at 7 µM"),
        ("like=-&not=CDK13", "has no name"),
        ("like=A1BG,CDK12,CDK13,RBM39,CCNK,PSMB5,PLK1,KRAS,BRAF&not=TP53", "the first 6 are shown"),
        ("like=%3Cimg%20src%3Dx%3E&not=CDK13", "is not on this map"),
    ],
)
def test_what_cannot_be_used_is_said(render, view, says):
    """Clamped or left out, and said at the top of the page."""
    text = words_of(render(f"/targets?{view}"))
    assert says in text
    assert "Find what mimics" in text


def test_without_a_query_it_offers_examples_of_the_map(render):
    """The talk's case first; one name leads to what to avoid."""
    text = render("/targets")
    assert "Pick what to mimic, and what to avoid" in text
    assert "like=CDK12&not=CDK13&ref=RBM39" in text
    assert "What should it not be like?" in render("/targets?like=CDK12")
    assert "like=CDK12&not=CCNK" in render("/targets?like=CDK12")


def test_an_inactive_query_has_a_banner(render, opened):
    """What is like a gene without phenotype is not reliable, and that is said first."""
    p = opened.maps["demo"].map.perturbations
    quiet = p[(p["kind"] == "gene") & p["active"].eq(False)]["label"].iat[0]
    assert "not distinguishable from controls" in render(f"/targets?like={quiet}&not=CDK13")
    assert "not distinguishable" not in render(QUERY)


def test_it_draws_on_every_odd_map(client, opened):
    """Without controls, genes, compounds, concentrations or structures: each draws, fills and says what it lacks."""
    for key, one in opened.maps.items():
        ids = one.map.perturbations["perturbation"].tolist()
        for pair in ((ids[0], ids[1]), (ids[-1], ids[0])):
            found = page(client, f"/targets?like={pair[0]}&not={pair[1]}&map={key}")
            refused = [c for c in found if "k-message" in str(c["props"].get("className"))]
            assert not refused or key == "lone", f"{pair} on {key}"
            fill(client, found)


def test_no_label_is_markup(client, opened):
    """Names of a hostile map reach the plot escaped."""
    genes = [p for p in opened.maps["hostile"].map.perturbations["perturbation"] if p.startswith("gene:")]
    found = page(client, f"/targets?like={genes[0]}&not={genes[1]}&ref={genes[2]}&map=hostile")
    store = next(c["props"]["data"] for c in found if c["props"].get("id") == "targets-page")
    answer = ask(client, "targets-scatter.figure", [("targets-page", "data", store), ("theme", "data", "light")])
    figure = answer.json["response"]["targets-scatter"]["figure"]
    texts = [a["text"] for a in figure["layout"]["annotations"]]
    assert not [t for t in texts if "<img" in t or "<script" in t or "<a " in t or "<svg" in t]


def test_typing_offers_terms(client):
    """What is chosen stays, a minus offers to subtract, junk is refused."""

    def offer(text, chosen, index="targets-like"):
        state = [(index, "value", chosen), ("page-map", "data", "demo")]
        return ask(client, f"{index}.data", [(index, "searchValue", text)], state)

    data = offer("-ccnk", ["gene:CDK12"]).json["response"]["targets-like"]["data"]
    assert [d["value"] for d in data] == ["gene:CDK12", "-gene:CCNK"]
    assert data[1]["label"] == "\N{MINUS SIGN} CCNK"
    data = offer("indisulam@", []).json["response"]["targets-like"]["data"]
    assert len(data) == 8
    assert data[0]["label"] == "◆ indisulam 0.0025 µM"
    assert offer("x", ["gene:-1"]).status_code == 400
    assert offer(["x"], []).status_code in {200, 204}


def test_the_card_of_a_point(client):
    """Both similarities and the structure; a point that is not there is refused."""

    def card(row):
        hovered = {"points": [{"customdata": row, "bbox": {"x0": 0, "x1": 1, "y0": 0, "y1": 1}}]}
        output = "..targets-hover.show...targets-hover.bbox...targets-hover.children.."
        return ask(client, output, [("targets-scatter", "hoverData", hovered)], [("targets-page", "data", STORE)])

    text = json.dumps(card(queries.row("demo", "compound:indisulam@1")).json)
    assert "indisulam 1" in text
    assert "/structure/indisulam.svg" in text
    assert card(-1).status_code == 400
    assert card("0").json["response"]["targets-hover"]["show"] is False


def test_every_plot_stands_beside_its_table(client):
    """The scatter has a list with the same numbers, and the list saves as CSV with the query in its name."""
    found = page(client, QUERY)
    csv = next(c["props"] for c in found if str(c["props"].get("id", "")).find("csv") >= 0)
    assert "CDK12" in csv["data-stem"]
    assert "Simulated demo map" in csv["data-head"]
    assert [c for c in components(found) if c["type"] == "AgGrid"]


ROW = '..targets-curves.children...{"index":"targets-curves","type":"plotted"}.data...targets-curves-title.children..'


def row_of(client, store=STORE, picked=()) -> tuple[str, list[dict], str]:
    """The row of curves: its text, its numbers, its title."""
    inputs = [("targets-page", "data", store), ("targets-picked", "data", list(picked)), ("theme", "data", "dark")]
    answer = ask(client, ROW, inputs).json["response"]
    saved = next(v["data"] for k, v in answer.items() if "plotted" in k)
    shown, title = (answer[k]["children"] for k in ("targets-curves", "targets-curves-title"))
    return words_of(json.dumps(shown)), saved, title


def test_the_best_compounds_are_drawn_over_their_concentrations(client):
    """At most four, in the order of the list, each with its best concentration and from where it is toxic."""
    said, saved, title = row_of(client)
    listed = next(v["rowData"] for k, v in filled(client).json["response"].items() if "targets-list" in k)
    cut = 0.19
    best = [r["label"] for r in listed if r["kind"] == "compound" and r["rank"] and r["like"] > cut][:4]
    assert list(dict.fromkeys(r["label"] for r in saved)) == best
    assert title == "Best compounds by concentration"
    assert "E7820   best 2.5 µM, toxic from 10 µM" in said
    assert {r["compared_with"] for r in saved} == {"CDK12", "CDK13", "RBM39", "all genes, 5 %", "all genes, 95 %"}


def test_what_is_selected_is_drawn_instead(client):
    """Compounds of the selected points; a selection without one says so, and a region without one says what to do."""
    rows = [queries.row("demo", p) for p in ("compound:bortezomib@0.1", "gene:RBM39")]
    said, saved, title = row_of(client, picked=rows)
    assert {r["label"] for r in saved} == {"bortezomib"}
    assert title.startswith("Selected")
    assert row_of(client, picked=rows[1:])[:2] == (
        "No compound is selected; double-click in the plot for the best.",
        [],
    )
    said, saved, _ = row_of(client, store=STORE | {"tau": 0.0001})
    assert said.startswith("No compound lies in the wanted region")
    assert saved == []


def test_there_is_no_row_where_there_is_nothing_to_draw(client, opened):
    """Neither on a map without compounds or concentrations, nor when only genes are listed."""
    found = page(client, QUERY + "&kind=gene")
    assert "targets-curves" not in str(found)
    for key, one in opened.maps.items():
        ids = one.map.perturbations["perturbation"].tolist()
        drawn = "targets-curves" in str(page(client, f"/targets?like={ids[0]}&not={ids[-1]}&map={key}"))
        assert drawn == (len(one.map.compound_rows) > 0 and len(one.map.concentrations) > 1), key

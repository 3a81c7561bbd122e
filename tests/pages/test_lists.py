"""The page of lists answers every value that a browser can send, in words."""

from __future__ import annotations

import json

import pytest

REPORT = '..lists-report.children...{"index":"lists-names","type":"table"}.rowData..'
GRID = {"index": "lists-names", "type": "table"}


def ask(client, text: object, of_map: object = "demo"):
    return client.post(
        "/_dash-update-component",
        json={
            "output": REPORT,
            "outputs": [{"id": "lists-report", "property": "children"}, {"id": GRID, "property": "rowData"}],
            "inputs": [{"id": "lists-text", "property": "value", "value": text}],
            "changedPropIds": ["lists-text.value"],
            "state": [{"id": "page-map", "property": "data", "value": of_map}],
        },
    )


def offer(client, chosen: object):
    return client.post(
        "/_dash-update-component",
        json={
            "output": "lists-open.children",
            "outputs": {"id": "lists-open", "property": "children"},
            "inputs": [{"id": GRID | {"index": "lists-kept"}, "property": "selectedRows", "value": chosen}],
            "changedPropIds": ['{"index":"lists-kept","type":"table"}.selectedRows'],
            "state": [{"id": "page-map", "property": "data", "value": "demo"}],
        },
    )


def test_every_name_has_a_row(client):
    """The table has a row for each name, with its link where it is on the map."""
    answer = ask(client, "KRAS\nHER2\nxyzzy\nKRAS").json["response"]
    rows = answer[json.dumps(GRID, separators=(",", ":"))]["rowData"]
    assert [(r["asked"], r["status"], r["href"], r["repeat"]) for r in rows] == [
        ("KRAS", "matched", "/gene/KRAS", ""),
        ("HER2", "by another name", "/gene/ERBB2", ""),
        ("xyzzy", "absent", "", ""),
        ("KRAS", "matched", "/gene/KRAS", "repeat"),
    ]


@pytest.mark.parametrize("text", [None, "", "  \n\t", "\x00", "💊", "مرحبا", "x " * 3000, "A" * 250_000, '"' * 500])
def test_any_text_has_an_answer(client, text):
    """Nothing, invisible characters, other scripts, too many names: the report says what it is, the page stands."""
    assert ask(client, text).status_code in {200, 413}


@pytest.mark.parametrize("text", [1, True, [], {"a": 1}, ["KRAS"]])
def test_what_is_no_text_is_refused(client, text):
    """A value of another sort is a 400 with a sentence."""
    assert ask(client, text).status_code == 400
    assert ask(client, "KRAS", of_map=text).status_code == 400


@pytest.mark.parametrize(
    "chosen", [None, 1, "x", {}, [1], [{}], [{"names": 1}], [{"names": [1, None, {}]}], [{"names": ["\x00"]}]]
)
def test_any_ticked_row_has_an_answer(client, chosen):
    """Rows that were changed in the browser offer nothing, and break nothing."""
    assert offer(client, chosen).status_code == 200


def test_a_ticked_list_can_be_opened(client):
    """Each page takes the names it can use: a comparison two to six entities, targets and sets the genes."""
    said = offer(client, [{"names": ["KRAS", "BRAF", "bortezomib", "xyzzy"]}]).json
    said = json.dumps(said)
    for link in (
        "/network?genes=KRAS,BRAF,bortezomib,xyzzy",
        "/targets?like=KRAS,BRAF",
        "Compare 3",
        "Set of 2 genes",
    ):
        assert link in said

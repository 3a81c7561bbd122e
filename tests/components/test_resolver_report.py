"""The report names every sort of answer, and its choices lead to the same list with one name replaced."""

from __future__ import annotations

import json

import pytest
from plotly.utils import PlotlyJSONEncoder

from explorer import atlas, queries
from explorer.components.resolver_report import replaced, resolver_report, summary
from explorer.components.search import suggestions

TEXT = "KRAS\nHER2\nCD3\nvelcade\nRXRX3-90114\nxyzzy\nKRAS\nCC("


@pytest.fixture
def resolved(opened):
    atlas.use(opened)
    return queries.resolve_list("demo", TEXT)


def as_text(component: object) -> str:
    return json.dumps(component, cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_every_name_is_in_the_report(resolved):
    """Counts add up, and each name that is not simply matched is spelled out."""
    said = as_text(resolver_report(resolved, link=lambda names: f"/x?{names}", edit="/lists"))
    assert summary(resolved) == "8 asked, 5 on this map, 1 ambiguous, 2 absent"
    for name in ("HER2", "CD3", "velcade", "RXRX3-90114", "xyzzy", "CC(", "Edit list", "position 3"):
        assert name in said
    assert "matched 2, by another name 1, compounds 1, blinded 1, ambiguous 1, absent 2" in said


def test_a_choice_replaces_one_name(resolved):
    """The link of a choice holds all other names as they were asked for."""
    assert replaced(resolved, "CD3", ["CD3E"]).startswith("KRAS,HER2,CD3E,velcade")
    assert "/x?KRAS,HER2,CD3D,velcade" in as_text(resolver_report(resolved, link=lambda names: f"/x?{names}"))


def test_an_empty_list_has_a_report(resolved):
    """Nothing asked is said as such, and breaks nothing."""
    assert summary(resolved.head(0)) == "0 asked, 0 on this map"
    resolver_report(resolved.head(0), link=str)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("HER2", ("/gene/ERBB2", "= HER2")),
        ("mismatch repair", ("/network?set=planted:mismatch_repair", "6 genes")),
        ("KRAS,BRAF,xyzzy", ("Open 3 names as a network", "/network?genes=KRAS,BRAF,xyzzy", "/lists?names=")),
        ("CC(", ("position 3",)),
        ("CC(=O)Oc1ccccc1C(=O)O", ("not on this map", "Tanimoto 0.")),
        ("xyzzy", ("Nothing on this map is called 'xyzzy'",)),
    ],
)
def test_each_suggestion_is_drawn(resolved, text, said):
    """Entity, term, list, mistake and near structure each have their line and link."""
    drawn = as_text(suggestions(text, of_map="demo"))
    assert not [s for s in said if s not in drawn]

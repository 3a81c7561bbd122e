"""Stories that check themselves: all hold on the demo, none raises on an odd map, and nothing is claimed elsewhere."""

from __future__ import annotations

from string import Formatter

import pytest

from explorer import atlas, queries
from explorer.components.story_words import outcome, plain, said
from explorer.errors import UnknownEntity
from explorer.queries.story_steps import CANNOT, NO, YES
from tests.odd_maps import ODD

STEPS = [(s.name, n) for s in queries.STORIES.values() for n in range(1, len(s.steps) + 1)]


@pytest.fixture
def of_demo(app, opened):
    """The demo map, with the relationships beside it; answers are kept by the app's cache."""
    atlas.use(opened)
    with app.server.app_context():
        yield "demo"


@pytest.mark.parametrize(("name", "number"), STEPS)
def test_every_step_holds_on_the_demo(of_demo, name, number):
    """What was planted is found, by the rule of the step, and is said in a sentence."""
    told = queries.story_step(of_demo, name, number)
    assert told["holds"] == YES, plain(outcome(told))
    assert plain(outcome(told)).endswith((".", "…"))


@pytest.mark.parametrize("name", queries.STORIES)
def test_a_card_says_what_was_computed(of_demo, name):
    """The sentence and the fact are of this map: both have a number, and all steps are counted."""
    card = queries.story_card(of_demo, name)
    assert card["held"] == card["asked"] == card["steps"] == len(queries.STORIES[name].steps)
    assert any(c.isdigit() for c in plain(outcome(card["fact"])))


def test_values_are_those_of_the_pages(of_demo):
    """A step and the page that it opens tell the same numbers."""
    network = queries.network(of_demo, queries.gene_set(of_demo, "hpo:HP:0003002")["on_map"])
    told = queries.story_step(of_demo, "breast-cancer", 2)["values"]
    assert (told["recovered"], told["known"]) == (network["recovery"]["recovered"], network["recovery"]["known"])
    best = queries.best_new(of_demo, "compound:bortezomib")
    told = queries.story_step(of_demo, "bortezomib", 4)["values"]
    assert (told["rank"], told["cosine"]) == (best["gene"]["rank"], best["gene"]["cosine"])
    window = queries.safe_window(of_demo, "compound:bortezomib")
    assert queries.story_step(of_demo, "bortezomib", 6)["values"]["fold"] == window["fold"]


@pytest.mark.parametrize("of_map", [name.replace(" ", "-") for name in ODD])
def test_no_step_raises_on_an_odd_map(app, opened, of_map):
    """A map that lacks what a story needs gets a reason, for each step and for its card; templates are filled."""
    atlas.use(opened)
    with app.server.app_context():
        for name, number in STEPS:
            told = queries.story_step(of_map, name, number)
            assert told["holds"] in (YES, NO, CANNOT)
            assert plain(outcome(told))
            path, _ = queries.story_page(of_map, name, number)
            assert path.startswith("/")
        for name in queries.STORIES:
            card = queries.story_card(of_map, name)
            assert plain(outcome(card["sentence"]))
            assert plain(outcome(card["fact"]))
            assert card["held"] <= card["asked"] <= card["steps"]


def test_a_story_that_cannot_be_told_says_why(app, opened):
    """No compound of that name, no genes: the reason is a sentence, and there is no picture."""
    atlas.use(opened)
    with app.server.app_context():
        assert queries.story("genes-only", "bortezomib")["why"] == "this map has no compounds"
        assert queries.story("no-controls", "bortezomib")["why"] == "this map has no compound named bortezomib"
        assert queries.story("compounds-only", "ras")["why"] == "this map has no genes"
        with pytest.raises(UnknownEntity, match="cannot be told"):
            queries.story_picture("genes-only", "bortezomib")


@pytest.mark.parametrize(("name", "number"), [("nothing", 1), ("ras", 0), ("ras", 99), ("ras", -1)])
def test_what_is_no_step_is_refused(of_demo, name, number):
    """An unknown story or step is refused in words, with the stories as the closest names."""
    with pytest.raises(UnknownEntity):
        queries.story_step(of_demo, name, number)


def test_every_field_of_a_rule_has_its_value():
    """No threshold stands in the text of a rule: each is a value, and each value is used."""
    for story in queries.STORIES.values():
        for step in story.steps:
            fields = {f for text in (step.do, step.expected) for _, f, _, _ in Formatter().parse(text) if f}
            assert fields == set(step.limits), step.title
            assert plain(said(step.do, step.limits)).endswith((".", "?"))
            assert plain(said(step.expected, step.limits)).endswith(".")


def test_a_value_is_never_a_template():
    """Underscores, braces and markup of a map stay as they are; only our own symbols are slanted."""
    parts = said("_KRAS_ and {name}: {n:plural gene}", {"name": "_x_ {n} <b>", "n": 1})
    assert plain(parts) == "KRAS and _x_ {n} <b>: 1 gene"
    assert type(parts[0]).__name__ == "Em"
    assert sum(not isinstance(p, str) for p in parts) == 1

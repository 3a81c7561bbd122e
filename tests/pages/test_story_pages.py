"""Home, the pages of stories and the bar of a tour: what they show, and that hostile addresses cost nothing."""

from __future__ import annotations

import json
import time

import pytest

from explorer import atlas, queries
from explorer.components.story_links import read_tour, step_href
from tests.page_body import page_body


def test_home_shows_the_stories_that_a_map_can_tell(render):
    """Four cards on the demo; on other maps what they can tell instead, and nothing about what they lack."""
    assert [f"/thumbnail/{s}.svg" in render("/") for s in queries.STORIES] == [True] * 4
    lone = render("/?map=compounds-only")
    assert "/thumbnail/" not in lone
    assert "Strongest pairs of compounds" in lone
    assert "How far to trust it" not in lone


def test_home_is_quick(render):
    """Once warm, the layout of the first page takes less than 150 ms: what is slow is asked for later."""
    render("/")
    took = []
    for _ in range(5):
        start = time.perf_counter()
        render("/")
        took.append(time.perf_counter() - start)
    assert min(took) < 0.15


@pytest.mark.parametrize("name", queries.STORIES)
def test_a_story_lists_its_steps(render, name):
    """Every step with its rule and a link to its page that carries the tour."""
    page = render(f"/story/{name}")
    for n in range(1, len(queries.STORIES[name].steps) + 1):
        assert f"tour={name}.{n}" in page
    assert "simulated" in page
    assert "Not on this map" in render("/story/nothing")


def test_a_tour_is_on_top_of_any_page(render):
    """The bar is there where the address asks for it, and where it names no step a sentence is."""
    assert "Step 2 of 6" in render("/compound/bortezomib?tour=bortezomib.2")
    assert "Step 5 of 6" in render("/gene/nothing-like-it?tour=bortezomib.5")
    assert "k-tour" not in render("/compound/bortezomib")
    for junk in ("bortezomib.0", "bortezomib.99", "x.1", "bortezomib", "ras.²", "ras.-1", "%00", "<script>.1"):
        page = render(f"/help?tour={junk}")
        assert "names a step of a tour that there is not" in page
        assert "tour-step" not in page


@pytest.mark.parametrize("text", [None, 3, "", ".", "ras.", ".1", "ras.1.2", "ras.001", "RAS.1", "ras.1e0", "\ud800.1"])
def test_only_a_step_is_a_tour(text):
    """Anything but a story and the number of one of its steps is no tour."""
    assert read_tour(text) is None


def test_links_of_steps_open(render, opened):
    """Each step's link leads to a page that draws, on the demo and on a map that lacks what it needs."""
    for of_map in ("demo", "genes-only", "compounds-only"):
        atlas.use(opened)
        for name, story in queries.STORIES.items():
            for n in range(1, len(story.steps) + 1):
                assert f"Step {n} of" in render(step_href(of_map, name, n))


BODIES = (
    None,
    3,
    "x",
    [],
    {},
    {"map": "demo"},
    {"map": "nowhere", "tour": "ras.1"},
    {"map": "demo", "tour": ["ras.1"]},
)


@pytest.mark.parametrize("given", [*BODIES, {"map": "demo", "tour": "ras.99"}, {"map": ["demo"], "tour": "ras.1"}])
def test_hostile_bodies_are_refused(client, given):
    """What a browser sends for a step, a card or a ranking is parsed: 400 with a sentence, never a traceback."""
    asked = (
        ({"type": "story-step", "index": "ras.1"}, ("story-seen.children", "story-mark.children", "story-told.data")),
        ({"type": "home-story", "index": "ras"}, ("home-story-words.children",)),
        ({"type": "home-ranking", "index": "gene"}, ("home-ranking-rows.children",)),
    )
    for index, outputs in asked:
        ids = [({"index": index["index"], "type": o.split(".")[0]}, o.split(".")[1]) for o in outputs]
        names = [json.dumps({"index": ["MATCH"], "type": i["type"]}, separators=(",", ":")) + f".{p}" for i, p in ids]
        given_outputs = [{"id": i, "property": p} for i, p in ids]
        body = {
            "output": f"..{'...'.join(names)}.." if len(names) > 1 else names[0],
            "outputs": given_outputs if len(names) > 1 else given_outputs[0],
            "inputs": [{"id": index, "property": "data", "value": given}],
            "changedPropIds": [json.dumps(index, separators=(",", ":"), sort_keys=True) + ".data"],
        }
        answer = client.post("/_dash-update-component", json=body)
        assert answer.status_code == 400, answer.get_data(as_text=True)[:200]


def test_the_page_of_a_story_survives_its_address(client):
    """Encoded, long and empty names get a page that says so."""
    for path in ("/story/", "/story/%00", "/story/" + "x" * 5_000, "/story/RAS", "/story/..%2fhelp"):
        assert client.post("/_dash-update-component", json=page_body(path, "")).status_code == 200

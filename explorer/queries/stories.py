"""Stories that check themselves: what each of their steps should show, and what it shows on an open map."""

from __future__ import annotations

from explorer.cache import memoised
from explorer.errors import UnknownEntity
from explorer.queries.biology import version
from explorer.queries.story_bortezomib import STORY as BORTEZOMIB
from explorer.queries.story_breast_cancer import STORY as BREAST_CANCER
from explorer.queries.story_cdk13 import STORY as CDK13
from explorer.queries.story_ras import STORY as RAS
from explorer.queries.story_steps import CANNOT, YES, Story

STORIES = {s.name: s for s in (BREAST_CANCER, BORTEZOMIB, CDK13, RAS)}


def stories(of_map: str) -> list[dict]:
    """All stories, in order: `name`, `title`, `question`, and `why` a map cannot tell it, empty where it can."""
    return [story(of_map, name) for name in STORIES]


def story(of_map: str, name: str) -> dict:
    """What a story asks, without what is seen on a map.

    Returns
    -------
    dict
        `name`, `title`, `question`, `why` the map cannot tell it (empty where it can), `tries` (a template) and
        `opens` (path and view) of what to try first, and `steps`: a list of `title`, `do`, `expected` and `limits`,
        the values of its templates.

    Raises
    ------
    UnknownEntity
        For a name that is no story; `closest` holds all of them.
    """
    one = _story(name)
    keys = ("title", "do", "expected", "limits")
    steps = [{k: getattr(s, k) for k in keys} for s in one.steps]
    tries, opens = one.tries
    told = {"name": one.name, "title": one.title, "question": one.question, "why": one.missing(of_map)}
    return told | {"tries": tries, "opens": opens, "steps": steps}


def story_page(of_map: str, name: str, number: int) -> tuple[str, dict[str, str]]:
    """The page on which a step, counted from 1, is seen: its path and its view."""
    path, view = _step(name, number).opens(of_map)
    return path, dict(view)


@memoised(version)
def story_step(of_map: str, name: str, number: int) -> dict:
    """What a step shows on a map.

    Returns
    -------
    dict
        `holds` ("yes", "no", or "cannot" where the map cannot be asked), `seen`, a template, and `values` of it; where
        it cannot be asked, `seen` is the reason.
    """
    return _step(name, number).ask(of_map)


@memoised(version)
def story_card(of_map: str, name: str) -> dict:
    """What the card of a story says of a map: `sentence` and `fact`, as `story_step`, `held`, `asked` and `steps`."""
    one = _story(name)
    told = [story_step(of_map, name, i) for i in range(1, len(one.steps) + 1)]
    counts = {"held": sum(t["holds"] == YES for t in told), "asked": sum(t["holds"] != CANNOT for t in told)}
    return one.card(told) | counts | {"steps": len(told)}


def _story(name: str) -> Story:
    if name not in STORIES:
        why = f"'{name[:60]}' is not one of the stories"
        raise UnknownEntity(why, closest=tuple((s.name, s.title.replace("_", "")) for s in STORIES.values()))
    return STORIES[name]


def _step(name: str, number: int) -> object:
    steps = _story(name).steps
    if not 1 <= number <= len(steps):
        raise UnknownEntity(f"step {str(number)[:20]} is not one of the {len(steps)} steps of this story")
    return steps[number - 1]

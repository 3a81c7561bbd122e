"""What a story is made of: steps that say what to do, what should be seen by which rule, and what is seen on a map.

Sentences are templates: `_X_` is a gene symbol of ours, `{name:how}` a value, written by `components/story_words.py`.
A value may come from a hostile map, so it never becomes part of a template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from explorer.atlas import opened
from explorer.queries.concentrations import SIGNIFICANT
from explorer.queries.grounds import cutoffs

YES, NO, CANNOT = "yes", "no", "cannot"
#: A page: its path, and the view that opens it.
Page = tuple[str, Mapping[str, str]]


@dataclass(frozen=True)
class Step:
    """One step of a story.

    Attributes
    ----------
    title, do, expected : str
        What the step is called, what a visitor does, and what should be seen: a rule with its threshold.
    limits : mapping
        The values of `do` and `expected`.
    opens : function of a map
        The page on which it is seen.
    ask : function of a map
        What is seen there: `saw` or `cannot`.
    """

    title: str
    do: str
    expected: str
    limits: Mapping[str, object]
    opens: Callable[[str], Page]
    ask: Callable[[str], dict]


@dataclass(frozen=True)
class Story:
    """A question, and the steps that answer it.

    Attributes
    ----------
    name, title, question : str
    steps : tuple of Step
    tries : (str, Page)
        What to try first: a template, and the page that it opens.
    missing : function of a map
        Why the map cannot tell it, empty where it can; quick.
    card : function of what was seen in each step
        The sentence and the fact of its card: `saw` of each.
    """

    name: str
    title: str
    question: str
    steps: tuple[Step, ...]
    tries: tuple[str, Page]
    missing: Callable[[str], str]
    card: Callable[[list[dict]], dict]


def saw(holds: bool, sentence: str, **values: object) -> dict:
    """What is seen on a map, and whether that is what should be."""
    return {"holds": YES if holds else NO, "seen": sentence, "values": values}


def cannot(why: str, **values: object) -> dict:
    """The question cannot be asked of a map, and why."""
    return {"holds": CANNOT, "seen": why, "values": values}


def page(path: str, **view: str) -> Callable[[str], Page]:
    """The same page on every map."""
    return lambda of_map: (path, view)


def absent(of_map: str, genes: tuple[str, ...] = (), compounds: tuple[str, ...] = ()) -> str:
    """Which of some names are not on a map, as the reason why a step cannot be asked; empty where all are."""
    names = opened(of_map).names
    for kind, wanted in (("gene", genes), ("compound", compounds)):
        missing = [w for w in wanted if len(names.find(w, kind=kind)) != 1]
        if missing:
            none = not opened(of_map).map.entities["kind"].eq(kind).any()
            return f"this map has no {kind}s" if none else f"this map has no {kind} named {' or '.join(missing)}"
    return ""


def entity_of(of_map: str, name: str, *, kind: str) -> str:
    """The id of the one entity with a name; ask `absent` first."""
    [row] = opened(of_map).names.find(name, kind=kind)
    return opened(of_map).map.entities["entity"].iat[row]


def is_similar(of_map: str, cosine: float, q: float) -> bool:
    """Similar by q <= 0.05; on a map without controls, within the strongest 1 % of its gene pairs."""
    if q == q:
        return bool(cosine > 0 and q <= SIGNIFICANT)
    preset = cutoffs(of_map)["presets"].get("default")
    return bool(preset and cosine >= preset[1])

"""Stories in words: templates of `queries.stories` with their values, gene symbols in italics.

`_X_` in a template is a gene symbol; `{name:how}` is a value, written as `how` says. Values may come from any map and
are never read as a template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Formatter

from dash import html
from dash.development.base_component import Component

from explorer.figures import words

Parts = list[Component | str]
#: What a step is marked with: a word, and how it is coloured.
MARKS = {
    "yes": ("holds", "target"),
    "no": ("does not hold here", "caution"),
    "cannot": ("cannot be asked here", "plain"),
}


def said(template: str, values: Mapping[str, object]) -> Parts:
    """A template as text and italics."""
    parts: Parts = []
    for text, field, how, _ in Formatter().parse(template):
        parts += _italics(text)
        if field is not None:
            parts += _value(values[field], how or "")
    return parts


def outcome(told: Mapping) -> Parts:
    """What is seen at a step; where it cannot be asked, why, as a sentence."""
    parts = said(told["seen"], told["values"])
    if told["holds"] != "cannot" or not parts:
        return parts
    first = parts[0]
    start: Parts = [first[0].upper() + first[1:]] if isinstance(first, str) and first else [first]
    return [*start, *parts[1:], "."]


def plain(parts: Parts) -> str:
    """The same as text alone."""
    return "".join(p if isinstance(p, str) else plain_of(p) for p in parts)


def plain_of(component: Component) -> str:
    """The text of a component and of what is in it."""
    inside = getattr(component, "children", None)
    inside = inside if isinstance(inside, list) else [inside]
    return "".join(c if isinstance(c, str) else plain_of(c) for c in inside if c is not None)


def _italics(text: str) -> Parts:
    """`_X_` in italics; an underscore without a partner stays."""
    pieces = text.split("_")
    if len(pieces) % 2 == 0:
        return [text]
    return [html.Em(p) if i % 2 else p for i, p in enumerate(pieces) if p]


def _value(value: object, how: str) -> Parts:
    if how in {"genes", "words"}:
        return _listed([html.Em(v) if how == "genes" else str(v) for v in value])
    if how.startswith("plural "):
        return [words.plural(int(value), how.removeprefix("plural "))]
    return [_NUMBERS[how](value)] if how else [str(value)]


def _listed(names: Parts) -> Parts:
    """a, b and c."""
    if len(names) < 2:
        return names
    inner = [part for name in names[:-1] for part in (", ", name)][1:]
    return [*inner, " and ", names[-1]]


def _fold(value: float) -> str:
    return "no fold" if value is None else f"{value:,.0f}-fold" if value >= 10 else f"{value:.2g}-fold"


def _p(written: str) -> str:
    return f"p ≤ {written[1:]}" if written.startswith("≤") else f"p = {written}"


_NUMBERS: dict[str, Callable[[object], str]] = {
    "n": lambda v: words.number(v, 0),
    "one": lambda v: words.number(v, 1),
    "cos": words.cosine,
    "um": words.concentration,
    "q": words.q_value,
    "power": words.power,
    "p": lambda v: _p(words.p_value(v[0], draws=v[1])),
    "pct": lambda v: f"{v:.0%}".replace("%", " %"),
    "fold": _fold,
}

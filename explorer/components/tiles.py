"""Tiles: one title line, one sentence of what it says, then the picture or table."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

Children = Component | str | Sequence[Component | str] | None


def tile(
    title: Children, *content: Component, says: Children = None, tools: Children = None, **attributes: object
) -> Component:
    """A titled panel; `says` is the sentence under the title, `tools` stand at its right."""
    head = html.Div([html.H2(title), html.Div(tools, className="k-tools")], className="k-tile-head")
    sentence = [html.P(says, className="k-says", **_id(attributes.pop("says_id", None)))] if says is not None else []
    name = " ".join(["k-tile", str(attributes.pop("className", ""))]).strip()
    return html.Section([head, *sentence, *content], className=name, **attributes)


def answer(label: str, content: Children, *, tone: str) -> Component:
    """A ruled line that answers the page's question before any plot."""
    return html.Div(
        [html.Span(label, className="k-answer-label"), html.Span(content)], className=f"k-answer k-answer-{tone}"
    )


def badge(text: Children, *, tone: str, title: str | None = None) -> Component:
    """A word in a box; its meaning never rests on colour alone."""
    return html.Span(text, className=f"k-badge k-badge-{tone}", **({"title": title} if title else {}))


def fact(label: str, value: Children, *, unit: str = "", source: str = "") -> Component:
    """A named number with its unit; its source is the tooltip."""
    return html.Div(
        [html.Dt(label), html.Dd([value, html.Small(f" {unit}" if unit else "")])], className="k-fact", title=source
    )


def _id(given: object) -> dict:
    return {"id": given} if given is not None else {}

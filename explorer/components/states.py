"""What a page shows when there is nothing to show: why, and the next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dash import dcc, html
from dash.development.base_component import Component


def unknown(message: str, *, closest: Sequence[tuple[str, str]], link: Callable[[str], str]) -> Component:
    """A name that is not on the map, with the closest ones as links."""
    found = [html.Li(dcc.Link(label, href=link(slug))) for slug, label in closest]
    nearby = [html.P("Closest names here:"), html.Ul(found)] if found else [html.P("No name here is close to it.")]
    return html.Div(
        [html.H1("Not on this map"), html.P(message + "."), *nearby, html.P("Or search with Ctrl K.")],
        className="k-tile k-message",
        id="unknown-entity",
    )


def refused(message: str) -> Component:
    """Something that cannot be shown, and why."""
    return html.Div([html.H1("This cannot be shown"), html.P(message)], className="k-tile k-message")


def absent(message: str) -> Component:
    """A tile's content where the map lacks what it needs."""
    return html.P(message, className="k-absent")


def skeleton(rows: int) -> Component:
    """Grey lines in the place of what is being fetched."""
    return html.Div([html.Span() for _ in range(rows)], className="k-skeleton", **{"aria-hidden": "true"})

"""The slim bar of a guided tour on top of any page: which step this is, what should be seen, and what is seen here."""

from __future__ import annotations

from dash import Input, Output, callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components import states
from explorer.components.asked import asked_map
from explorer.components.story_links import read_tour, step_href, story_href
from explorer.components.story_words import MARKS, outcome, plain, said
from explorer.components.tiles import badge
from explorer.errors import InputError


def tour_bar(of_map: str, text: object) -> list[Component]:
    """The bar that `tour=` asks for; nothing without it, and a sentence where it names no step."""
    if text is None:
        return []
    asked = read_tour(text)
    if asked is None:
        return [
            html.P("This link names a step of a tour that there is not; the page is as it is.", className="k-notice")
        ]
    name, number = asked
    told = queries.story(of_map, name)
    step = told["steps"][number - 1]
    where = html.Div(
        [
            html.Span(f"Step {number} of {len(told['steps'])}", className="k-tour-step"),
            html.B(said(step["title"], {})),
            html.Span(said(step["do"], step["limits"]), className="k-tour-do"),
        ],
        className="k-tour-where",
    )
    expected = html.P([html.Span("Expected: ", className="k-tour-label"), *said(step["expected"], step["limits"])])
    seen = html.P(states.skeleton(1), id="tour-seen", role="status")
    links = html.Div(_links(of_map, name, number, len(told["steps"])), className="k-tour-links")
    return [
        dcc.Store(id="tour-step", data={"map": of_map, "tour": f"{name}.{number}"}),
        html.Section(
            [where, expected, seen, links],
            className="k-tour",
            **{"aria-label": f"Tour: {plain(said(told['title'], {}))}"},
        ),
    ]


def _links(of_map: str, name: str, number: int, steps: int) -> list[Component]:
    before = (
        [dcc.Link("Previous", href=step_href(of_map, name, number - 1), className="k-button")] if number > 1 else []
    )
    after = "Next" if number < steps else "Finish"
    to = step_href(of_map, name, number + 1) if number < steps else story_href(of_map, name)
    leave = dcc.Link("Leave", href=story_href(of_map, name), className="k-button")
    return [*before, dcc.Link(after, href=to, className="k-button k-tour-next"), *([leave] if number < steps else [])]


def asked_step(value: object) -> tuple[str, str, int]:
    """The map, story and step that a page sent back.

    Raises
    ------
    InputError
        Where it names no step.
    """
    given = value if isinstance(value, dict) else {}
    asked = read_tour(given.get("tour"))
    if asked is None:
        raise InputError("the tour is not at a step of a story")
    return asked_map(given.get("map")), *asked


def mark(holds: str) -> Component:
    """Whether a step holds, as a word."""
    word, tone = MARKS[holds]
    return badge(word, tone=tone)


@callback(Output("tour-seen", "children"), Input("tour-step", "data"))
def show_seen(given: dict) -> list:
    """What is seen at this step on this map."""
    told = queries.story_step(*asked_step(given))
    return [html.Span("Seen: ", className="k-tour-label"), *outcome(told), " ", mark(told["holds"])]

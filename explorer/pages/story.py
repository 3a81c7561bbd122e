"""A story as a guided tour: what to do, what should be seen, and what is seen on the open map, step by step."""

from __future__ import annotations

from dash import ALL, MATCH, ClientsideFunction, Input, Output, callback, clientside_callback, dcc, html, no_update
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.components import states
from explorer.components.routing import Address
from explorer.components.story_links import step_href, story_href, thumbnail
from explorer.components.story_words import MARKS, outcome, said
from explorer.components.tour import asked_step, mark
from explorer.figures import words

PATH, TITLE = "/story/<name>", "Story"
PLANTED = "This map is simulated: what holds here was planted, and says nothing about cells."


def layout(address: Address) -> Component:
    """The story that the address names."""
    of_map = address.map
    told = queries.story(of_map, address.segment)
    name, simulated = told["name"], atlas.opened(of_map).map.simulated
    title = html.H1(said(told["title"], {}))
    why = (
        [html.P(f"Not all of it can be told: {told['why']}.", className="k-banner", role="status")]
        if told["why"]
        else []
    )
    start = dcc.Link("Start the tour", href=step_href(of_map, name, 1), className="k-button k-story-start")
    copy = html.Button("Copy link", id="story-copy", className="k-button")
    head = html.Section(
        [
            html.Div(
                [
                    title,
                    html.P(said(told["question"], {}), className="k-story-question"),
                    html.P(states.skeleton(1), id="story-verdict", className="k-story-verdict", role="status"),
                    *why,
                    *([html.P(PLANTED, className="k-caution")] if simulated else []),
                    html.Div([start, copy], className="k-story-tools"),
                ]
            ),
            *([] if told["why"] else [thumbnail(of_map, name)]),
        ],
        className="k-tile k-story-head",
    )
    steps = [_step(of_map, name, i, step) for i, step in enumerate(told["steps"], 1)]
    return html.Div(
        [head, html.Ol(steps, className="k-story-steps"), _others(of_map, name)], className="k-page k-story-page"
    )


def _step(of_map: str, name: str, number: int, step: dict) -> Component:
    at = f"{name}.{number}"
    show = dcc.Link(["Show me ", html.Span("→", **{"aria-hidden": "true"})], href=step_href(of_map, name, number),
                    className="k-button", **{"title": f"Step {number} on its page"})  # fmt: skip
    return html.Li(
        [
            dcc.Store(id={"type": "story-step", "index": at}, data={"map": of_map, "tour": at}),
            dcc.Store(id={"type": "story-told", "index": at}),
            html.Span(str(number), className="k-story-number", **{"aria-hidden": "true"}),
            html.Div(
                [html.H2(said(step["title"], {})), html.P(said(step["do"], step["limits"]))], className="k-story-do"
            ),
            html.Div([html.H3("Expected"), html.P(said(step["expected"], step["limits"]))]),
            html.Div(
                [
                    html.H3("Seen on this map"),
                    html.P(states.skeleton(2), id={"type": "story-seen", "index": at}),
                    html.P(id={"type": "story-mark", "index": at}, className="k-story-mark"),
                ]
            ),
            show,
        ],
        className="k-tile k-story-step",
    )


def _others(of_map: str, name: str) -> Component:
    links = [
        html.Li([dcc.Link(said(s["title"], {}), href=story_href(of_map, s["name"])), html.Small(_why(s))])
        for s in queries.stories(of_map)
        if s["name"] != name
    ]
    return html.Nav([html.H2("Other stories"), html.Ul(links)], className="k-story-others", **{"aria-label": "Stories"})


def _why(story: dict) -> str:
    return f" not here: {story['why']}" if story["why"] else ""


@callback(
    Output({"type": "story-seen", "index": MATCH}, "children"),
    Output({"type": "story-mark", "index": MATCH}, "children"),
    Output({"type": "story-told", "index": MATCH}, "data"),
    Input({"type": "story-step", "index": MATCH}, "data"),
)
def show_step(given: dict) -> tuple:
    """What a step shows on this map, and whether it holds."""
    told = queries.story_step(*asked_step(given))
    return outcome(told), mark(told["holds"]), told["holds"]


@callback(Output("story-verdict", "children"), Input({"type": "story-told", "index": ALL}, "data"))
def show_verdict(told: list) -> object:
    """How many steps hold, once all have answered."""
    if not told or any(not isinstance(t, str) or t not in MARKS for t in told):
        return no_update
    n, no, cannot = (sum(t == key for t in told) for key in ("yes", "no", "cannot"))
    parts = [f"{n} of {words.plural(len(told), 'step')} {'holds' if n == 1 else 'hold'} on this map"]
    parts += [f"{no} {'does' if no == 1 else 'do'} not"] * bool(no)
    parts += [f"{cannot} cannot be asked here"] * bool(cannot)
    return ", ".join(parts) + "."


clientside_callback(
    ClientsideFunction("story", "copyLink"),
    Output("story-copy", "children"),
    Input("story-copy", "n_clicks"),
    prevent_initial_call=True,
)

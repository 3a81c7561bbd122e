"""Home: one question, one box, four stories of the open map, what is in it, and how far to trust it.

What takes time is asked for after the page is drawn; pictures of the stories load as images.
"""

from __future__ import annotations

from dash import MATCH, Input, Output, callback, dcc, html
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.components import states
from explorer.components.asked import asked_map
from explorer.components.home_rankings import on_target, strongest
from explorer.components.home_tiles import contents, trust, waiting, what_is_a_map
from explorer.components.icons import kind_mark
from explorer.components.links import href
from explorer.components.routing import Address
from explorer.components.search import search_box
from explorer.components.story_cards import card_words, story_card
from explorer.components.tiles import tile
from explorer.errors import InputError

PATH, TITLE = "/", "Home"

#: Rankings that stand in for stories that the map cannot tell.
RANKINGS = {
    "targets": ("Compounds that find their target", on_target),
    "gene": ("Strongest pairs of genes", lambda of_map: strongest(of_map, "gene")),
    "compound": ("Strongest pairs of compounds", lambda of_map: strongest(of_map, "compound")),
}
TRUST = "Known gene pairs found in the most similar and opposite 5 % of all pairs."


def layout(address: Address) -> Component:
    """The first page."""
    of_map = address.map
    told, has = [s for s in queries.stories(of_map) if not s["why"]], queries.has(of_map)
    known = [tile("How far to trust it", waiting("home-trust", 5), says=TRUST)] if has["genes"] else []
    return html.Div(
        [
            dcc.Store(id="home-page", data={"map": of_map}),
            html.Div(
                [
                    html.H1("What does this gene or compound look like in cells?"),
                    search_box("hero"),
                    html.Div(id="home-examples", className="k-examples"),
                ],
                className="k-hero",
            ),
            html.Div([*[story_card(of_map, s) for s in told], *_rankings(of_map, len(told))], className="k-stories"),
            html.Div(
                [
                    contents(queries.summary(of_map), atlas.opened(of_map).map.manifest, has=has),
                    *known,
                    what_is_a_map(of_map),
                ],
                className="k-home-row" + ("" if known else " k-home-two"),
            ),
        ],
        className="k-home",
    )


def _rankings(of_map: str, stories: int) -> list[Component]:
    """As many rankings as the stories leave room for."""
    has = queries.has(of_map)
    fit = ["targets"] * (has["genes"] and has["compounds"]) + ["gene"] * has["genes"] + ["compound"] * has["compounds"]
    keys = fit[: (4 - stories + 1) // 2]
    spans = [(4 - stories) // len(keys) + (i < (4 - stories) % len(keys)) for i in range(len(keys))] if keys else []
    return [
        tile(
            RANKINGS[key][0],
            html.Div(states.skeleton(8), id={"type": "home-ranking-rows", "index": key}),
            dcc.Store(id={"type": "home-ranking", "index": key}, data={"map": of_map, "ranking": key}),
            className=f"k-story-instead k-span-{span}",
        )
        for key, span in zip(keys, spans, strict=True)
    ]


@callback(Output("home-examples", "children"), Input("home-page", "data"))
def show_examples(page: dict) -> list[Component]:
    """One example of each kind that can be typed."""
    of_map = _map(page)
    chips = []
    for e in queries.home_examples(of_map):
        path, view = e["opens"]
        name = html.Em(e["label"]) if e["kind"] == "gene" else html.Span(e["label"], className="k-chip-name")
        parts = [kind_mark(e["kind"]), name, html.Small(e["says"])]
        chips.append(dcc.Link(parts, href=href(path, of_map=of_map, **view), className="k-chip"))
    return [html.Span("For example"), *chips]


@callback(
    Output({"type": "home-story-words", "index": MATCH}, "children"),
    Input({"type": "home-story", "index": MATCH}, "data"),
)
def fill_card(given: dict) -> list[Component]:
    """What a story says of this map."""
    of_map = _map(given)
    name = given.get("story")
    if not isinstance(name, str):
        raise InputError("the story is not named")
    return card_words(queries.story_card(of_map, name))


@callback(
    Output({"type": "home-ranking-rows", "index": MATCH}, "children"),
    Input({"type": "home-ranking", "index": MATCH}, "data"),
)
def fill_ranking(given: dict) -> list[Component]:
    """A ranking of this map."""
    of_map, key = _map(given), given.get("ranking")
    if not isinstance(key, str) or key not in RANKINGS:
        raise InputError(f"choose one of {', '.join(RANKINGS)}")
    return RANKINGS[key][1](of_map)


@callback(Output("home-trust", "children"), Input("home-page", "data"))
def fill_trust(page: dict) -> list[Component]:
    """Recall of the relationships that are loaded."""
    of_map = _map(page)
    return trust(queries.recall(of_map), of_map=of_map)


def _map(given: object) -> str:
    return asked_map(given.get("map") if isinstance(given, dict) else None)

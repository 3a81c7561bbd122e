"""The cards of the stories on the first page: picture, one computed sentence, one fact, and what to try."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from explorer.components import states
from explorer.components.links import href
from explorer.components.story_links import story_href, thumbnail
from explorer.components.story_words import outcome, said
from explorer.figures import words


def story_card(of_map: str, told: dict) -> Component:
    """A card without its numbers, which `card_words` brings; `told` is `queries.story`."""
    name = told["name"]
    path, view = told["opens"]
    title = dcc.Link(said(told["title"], {}), href=story_href(of_map, name), className="k-story-link")
    tries = dcc.Link(said(told["tries"], {}), href=href(path, of_map=of_map, **view), className="k-story-try")
    return html.Article(
        [
            dcc.Store(id={"type": "home-story", "index": name}, data={"map": of_map, "story": name}),
            thumbnail(of_map, name),
            html.H2(title),
            html.Div(states.skeleton(3), id={"type": "home-story-words", "index": name}, className="k-story-words"),
            html.P([html.Span("Try: ", className="k-muted"), tries], className="k-story-foot"),
        ],
        className="k-tile k-story",
    )


def card_words(told: dict) -> list[Component]:
    """The sentence, the fact, and how many steps hold; `told` is `queries.story_card`."""
    held = f"{told['held']} of {words.plural(told['steps'], 'step')} hold"
    left = told["steps"] - told["asked"]
    held += f", {left} cannot be asked here" if left else ""
    return [
        html.P(outcome(told["sentence"])),
        html.P(html.B(outcome(told["fact"]))),
        html.P(held, className="k-story-held"),
    ]

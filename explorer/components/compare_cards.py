"""Compounds side by side: structure, names, properties, and the window from effect to toxicity."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.chemistry.properties import PROPERTIES, Property
from explorer.components.cards import structure
from explorer.components.links import entity_href
from explorer.components.safety import window_bar, window_words
from explorer.figures import words


def compound_cards(of_map: str, compounds: list[dict]) -> Component:
    """A card for each compound (`queries.described`), in their order."""
    return html.Div([_card(of_map, d) for d in compounds], className="k-compare-cards")


def _card(of_map: str, described: dict) -> Component:
    found = queries.chemistry(of_map, described["entity"])
    drawn = [structure(described["slug"], described["label"], of_map=of_map, width=180, height=124)]
    name = dcc.Link(described["label"], href=entity_href("compound", described["slug"], of_map=of_map))
    targets = ", ".join((described["targets"] or [])[:4]) or "no target on record"
    facts = [_fact(p, found[p.label]) for p in (PROPERTIES if found else ())]
    picture = drawn if described["inchikey"] else html.P("no readable structure", className="k-absent")
    return html.Article(
        [
            html.Div(picture, className="k-picture"),
            html.H3(name),
            html.P(targets, className="k-card-targets"),
            html.Dl(facts) if facts else "",
        ],
        className="k-compare-card",
    )


def _fact(given: Property, value: float) -> Component:
    unit = html.Small(f" {given.unit}" if given.unit else "")
    return html.Div([html.Dt(given.label, title=given.source), html.Dd([words.number(value, given.digits), unit])])


def windows(of_map: str, compounds: list[dict]) -> list[Component]:
    """One bar a compound over its own tested concentrations, with the window in words."""
    lines = []
    for described in compounds:
        frame = queries.by_concentration(of_map, described["entity"])
        tested = frame["concentration"].dropna().tolist()
        window = queries.safe_window(of_map, described["entity"])
        said = window_words(window) or "no window: no effect, or toxicity not tested"
        bar = window_bar(tested, window) if tested else html.P("n/a: one concentration that is not known")
        ends = f"{words.concentration(tested[0])} to {words.concentration(tested[-1])} µM" if tested else ""
        head = html.Div([html.B(described["label"]), html.Span(said), html.Small(ends)], className="k-window-head")
        lines.append(html.Div([head, bar], className="k-window-line-of"))
    return lines

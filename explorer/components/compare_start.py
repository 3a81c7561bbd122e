"""The Compare page before there are two things to compare: what to type, and examples drawn from the open map."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.links import href
from explorer.components.similarity_name import similarity_name
from explorer.components.term_names import perturbation_name, query_name
from explorer.components.tiles import tile
from explorer.figures import words

HOW = "Two to six genes or compounds: how alike they are, which neighbours they share, and their curves and structures."


def start(asked: dict) -> Component:
    """The next step: something to compare, or something to compare it with."""
    of_map, chosen = asked["map"], asked["perturbations"]
    if chosen:
        near = queries.avoidable(of_map, chosen)
        items = [_with(of_map, chosen, hit) for hit in near]
        title = ["Compare ", query_name(of_map, chosen[:1]), " with what?"]
        says = "Its nearest neighbours, or type a name above."
    else:
        items = [_example(of_map, e) for e in queries.selection_examples(of_map)]
        title, says = (
            "Pick genes or compounds",
            [HOW, html.Br(), "Type above, or start from one of these."],
        )
    body = html.Ul([html.Li(i) for i in items], className="k-examples-list") if items else html.P("Type a name above.")
    return html.Div([tile(title, body, says=says)], className="k-page k-targets-start")


def _example(of_map: str, example: dict) -> Component:
    terms = [*example["like"], *example["avoid"], *example["reference"]]
    parts = []
    for number, term in enumerate(terms):
        parts += [", " if number else "", query_name(of_map, [term])]
    return dcc.Link([p for p in parts if p != ""], href=href("/compare", of_map=of_map, e=",".join(terms)))


def _with(of_map: str, chosen: list[str], hit: dict) -> Component:
    name = perturbation_name(queries.described(of_map, hit["term"]))
    link = href("/compare", of_map=of_map, e=",".join([*chosen, hit["term"]]))
    return dcc.Link(
        ["with ", name, html.Small(f" {similarity_name(of_map).short} {words.cosine(hit['cosine'])}")], href=link
    )

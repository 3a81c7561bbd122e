"""The Targets page before there is a query: what to type, and examples drawn from the open map."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked_terms import short_terms
from explorer.components.links import href
from explorer.components.similarity_name import similarity_name
from explorer.components.term_names import perturbation_name, query_name
from explorer.components.tiles import tile
from explorer.figures import words

HOW = (
    "Choose what a treatment should look like, and what it should not look like. Everything on this map is then "
    "placed by both similarities, compounds at each concentration, and the best are listed with toxicity beside them."
)


def start(asked: dict) -> Component:
    """The next step: a name to mimic, or one to avoid."""
    of_map = asked["map"]
    if asked["like"]:
        title = ["What should it not be like? ", html.Small("Chosen: "), query_name(of_map, asked["like"])]
        near = queries.avoidable(of_map, asked["like"])
        body = _list([_avoid(asked, hit) for hit in near]) if near else html.P("Type a gene or compound above.")
        says = "Its nearest neighbours are the usual ones to tell it from. Choose one, or type a name above."
        return html.Div([tile(title, body, says=says)], className="k-page k-targets-start")
    examples = queries.selection_examples(of_map)
    body = _list([_example(of_map, e) for e in examples]) if examples else html.P("No pair of this map stands out.")
    type_it = "Type into the fields above, or start from one of these. A minus sign before a name subtracts it."
    title = "Pick what to mimic, and what to avoid"
    return html.Div([tile(title, body, says=[HOW, html.Br(), type_it])], className="k-page k-targets-start")


def _list(items: Sequence[Component]) -> Component:
    return html.Ul([html.Li(item) for item in items], className="k-examples-list")


def _example(of_map: str, example: dict) -> Component:
    view = {"like": short_terms(example["like"]), "not": short_terms(example["avoid"])}
    view |= {"ref": short_terms(example["reference"])} if example["reference"] else {}
    text = ["like ", query_name(of_map, example["like"]), ", but not ", query_name(of_map, example["avoid"])]
    text += [", coloured by ", query_name(of_map, example["reference"])] if example["reference"] else []
    return html.Span([dcc.Link(text, href=href("/targets", of_map=of_map, **view)), html.Small(f" {example['why']}")])


def _avoid(asked: dict, hit: dict) -> Component:
    view = {"like": short_terms(asked["like"]), "not": short_terms([hit["term"]])}
    view |= {"ref": short_terms(asked["reference"])} if asked["reference"] else {}
    described, name = queries.described(asked["map"], hit["term"]), similarity_name(asked["map"]).short
    text = ["but not ", perturbation_name(described), html.Small(f" {name} {words.cosine(hit['cosine'])}")]
    return dcc.Link(text, href=href("/targets", of_map=asked["map"], **view))

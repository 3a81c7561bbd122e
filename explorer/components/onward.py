"""Where a gene or compound leads: the network around it, a comparison with others, and what else acts like it."""

from __future__ import annotations

from dash import Input, Output, State, callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked import asked_entity, asked_map, asked_perturbation
from explorer.components.links import href

#: Genes that make a network.
FEWEST = 2


def onward(of_map: str, perturbation: str) -> Component:
    """Links that open a perturbation (`gene:CDK12`, `compound:bortezomib@0.025`) elsewhere."""
    links = []
    if queries.has(of_map)["genes"] and len(queries.neighbourhood(of_map, perturbation)) >= FEWEST:
        links.append(_link("Open as network", "/network", of_map, near=perturbation))
    links.append(_link("Compare", "/compare", of_map, e=perturbation))
    links.append(_link("Targets like it", "/targets", of_map, like=perturbation))
    if smiles := _smiles(of_map, perturbation):
        links.append(_link("Like structures", "/structure", of_map, smiles=smiles))
    return html.Span(links, className="k-open-as")


def onward_of_compound() -> Component:
    """The links of the compound page, at the concentration that is chosen; a callback fills them."""
    return html.Div(id="compound-onward", className="k-onward")


@callback(
    Output("compound-onward", "children"),
    Input("compound-chosen", "data"),
    State("compound-page", "data"),
)
def lead_on(chosen: str, page: dict) -> Component:
    """Where the compound of the page leads at the chosen concentration."""
    page = page if isinstance(page, dict) else {}
    of_map = asked_map(page.get("map"))
    entity = asked_entity(of_map, page.get("entity"), kind="compound")
    return onward(of_map, asked_perturbation(of_map, chosen, entity=entity))


def _smiles(of_map: str, perturbation: str) -> str:
    kind, _, rest = perturbation.partition("@")[0].partition(":")
    found = queries.resolve(of_map, rest, kind=kind)["smiles"] if kind == "compound" else ""
    return found if isinstance(found, str) else ""


def _link(text: str, path: str, of_map: str, **view: str) -> Component:
    return dcc.Link(text, href=href(path, of_map=of_map, **view), className="k-chip")

"""Where a list of names can be opened: a network, a comparison, targets, a set, or the box it can be edited in."""

from __future__ import annotations

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.links import href
from explorer.components.pair_link import pairs_link
from explorer.figures import words

#: Entities that a comparison takes.
FEWEST_COMPARED, MOST_COMPARED = 2, 6


def open_as(resolved: pd.DataFrame, *, of_map: str, edit: bool = False) -> Component:
    """Links for the names of `queries.resolve_list` that are on the map; each says how many it takes along."""
    here = resolved[(resolved["slug"] != "") & ~resolved["repeat"]]
    genes = here.loc[here["kind"] == "gene", "slug"].tolist()
    entities = (here["kind"] + ":" + here["slug"]).tolist()
    names = queries.joined(resolved["asked"].tolist())
    links = []
    if entities:
        links.append(_link(f"Network of {words.plural(len(entities), 'name')}", "/network", of_map, genes=names))
    if genes:
        links.append(
            _link(f"Set of {words.plural(len(genes), 'gene')}", "/set/list/mine", of_map, genes=queries.joined(genes))
        )
        links.append(_link("Targets like these", "/targets", of_map, like=queries.joined(genes)))
    if FEWEST_COMPARED <= len(entities) <= MOST_COMPARED:
        links.append(_link(f"Compare {len(entities)}", "/compare", of_map, e=",".join(entities)))
    links += pairs_link(of_map, here.loc[here["kind"] == "compound", "slug"].tolist(), className="k-chip")
    if edit:
        links.append(_link("Edit in the box", "/lists", of_map, names=names))
    if not links:
        return html.P("None of these names can be opened on this map.", className="k-absent")
    return html.P([html.Span("Open as ", className="k-muted"), *links], className="k-open-as")


def _link(text: str, path: str, of_map: str, **view: str) -> Component:
    return dcc.Link(text, href=href(path, of_map=of_map, **view), className="k-chip")

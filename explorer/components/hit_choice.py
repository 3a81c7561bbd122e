"""The link from a table of found compounds to Compare: those that are ticked, else the first three."""

from __future__ import annotations

from dash import ClientsideFunction, Input, Output, clientside_callback, dcc
from dash.development.base_component import Component

from explorer.components.links import href


def compare_link(of_map: str) -> Component:
    """Hidden until at least two compounds can be compared."""
    return dcc.Link("", id="structure-compare", href=href("/compare", of_map=of_map), className="k-button k-gone")


clientside_callback(
    ClientsideFunction("structure", "compare"),
    Output("structure-compare", "href"),
    Output("structure-compare", "children"),
    Output("structure-compare", "className"),
    Input({"type": "table", "index": "structure-hits"}, "selectedRows"),
    Input({"type": "table", "index": "structure-hits"}, "rowData"),
)

"""An address that is no page of Keyhole."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from explorer.components.links import href
from explorer.components.routing import Address

TITLE = "Not found"


def layout(address: Address) -> Component:
    """Says so, and leads back."""
    return html.Div(
        [
            html.H1("No such page"),
            html.P("Keyhole has no page at this address. Search with Ctrl K, or start again."),
            dcc.Link("Home", href=href("/", of_map=address.map)),
        ],
        className="k-tile k-message",
    )

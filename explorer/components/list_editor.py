"""Where names of genes are pasted to draw a network of them."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component


def list_editor(text: str) -> Component:
    """Paste any names: genes, aliases, ids; the page says what became of each."""
    return html.Div(
        [
            dmc.Textarea(
                id="network-paste",
                value=text,
                autosize=True,
                minRows=3,
                maxRows=8,
                placeholder="KRAS BRAF RAF1 MAP2K1 HER2 …",
                size="sm",
                **{"aria-label": "Names of genes"},
            ),
            html.Button("Draw network", id="network-draw", className="k-button k-net-go"),
        ],
        className="k-net-paste",
    )

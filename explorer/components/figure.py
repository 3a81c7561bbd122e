"""A plot with its two buttons: what is saved carries title, rule, map, build, date and that a map is simulated."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from explorer.figures.theme import GRAPH_CONFIG

FORMATS = ("PNG", "SVG")


def figure_box(*, title: str = "", **graph: object) -> Component:
    """A plot and the buttons that save it.

    Parameters
    ----------
    title : str
        Title of the saved picture, and start of its file name; those of the page and the tile where it is empty.
    graph : object
        As `dcc.Graph` takes them.
    """
    drawn = dcc.Graph(**{"config": GRAPH_CONFIG, "responsive": True} | graph)
    return html.Div([drawn, save_buttons(title)], className="k-figure")


def save_buttons(title: str = "") -> Component:
    """The buttons of the plot in the same element; `assets/figure_export.js` answers them."""
    buttons = [
        html.Button(
            name,
            className="k-figure-button",
            title=f"Save this figure as {name}, with its source",
            **{"data-save-figure": name.lower(), "aria-label": f"Save this figure as {name}"},
        )
        for name in FORMATS
    ]
    return html.Div(buttons, className="k-figure-save", **{"data-title": title})

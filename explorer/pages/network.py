"""Network: any set, list or neighbourhood as a picture of who looks like whom, and what is known of it."""

from __future__ import annotations

from dataclasses import replace

import dash_cytoscape as cyto
import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components import states
from explorer.components.asked import asked_genes
from explorer.components.list_editor import list_editor
from explorer.components.network_drawn import drawn, network_of
from explorer.components.network_rail import rail, stores
from explorer.components.network_start import selection, start
from explorer.components.network_tabs import TABS, heatmap, tab
from explorer.components.network_view import View, asked_view, read_view
from explorer.components.network_words import entity_note, legend, resolver, too_many
from explorer.components.routing import Address
from explorer.figures.network_style import stylesheet

PATH, TITLE = "/network", "Network"
#: Genes that a heatmap is drawn of where they are too many for a network.
MOST_IN_HEATMAP = 1_000


def layout(address: Address) -> Component:
    """The page of a network, or where to start one."""
    view = read_view(address.map, address.view)
    if view is None or len(view.genes) < 2:
        return start(address.map, view)
    chosen, replaced = address.choice("tab", tuple(name for name, _ in TABS))
    said = [*view.said, *([replaced] if replaced else [])]
    notices = [html.P(s, className="k-notice", role="status") for s in said]
    if view.too_many:
        return html.Div([*notices, _heading(view, []), *_instead(view)], className="k-net")
    network = network_of(view)
    return html.Div(
        [
            *stores(view),
            dcc.Store(id="network-styles", data={"light": stylesheet(dark=False), "dark": stylesheet(dark=True)}),
            *notices,
            _heading(view, html.P(id="network-answer", className="k-net-answer")),
            html.Div(
                [_canvas(view, network), _rail(view, network)],
                className="k-net-main",
            ),
            _tabs(chosen),
        ],
        className="k-net",
    )


def _heading(view: View, answer: object) -> Component:
    title = [html.H1(view.asked.title), html.Span(entity_note(view.asked, view.map), className="k-also")]
    tools = html.Button("Copy link", id="network-copy", className="k-button k-net-go")
    return html.Div(
        [html.Div([html.Div(title, className="k-title"), answer]), html.Div(tools, className="k-tools")],
        className="k-net-title",
    )


def _canvas(view: View, network: dict) -> Component:
    said = f"Network of {len(view.genes)} genes of {view.asked.title}; its edges and nodes are in the tables below"
    buttons = [
        html.Button(text, className="k-button", id=f"network-{key}", **{"aria-label": label})
        for text, key, label in (
            ("Fit", "fit", "Fit to the canvas"),
            ("+", "in", "Zoom in"),
            ("−", "out", "Zoom out"),
            ("Lasso", "lasso", "Select by drawing a box"),
        )
    ]
    figure = cyto.Cytoscape(
        id="network-canvas",
        elements=[],
        stylesheet=stylesheet(dark=False),
        layout={"name": "preset", "fit": False},
        autoRefreshLayout=False,
        autoungrabify=True,
        boxSelectionEnabled=True,
        minZoom=0.1,
        maxZoom=6,
        wheelSensitivity=1,
        style={"width": "100%", "height": "100%"},
    )
    centre = (view.asked.centre or {}).get("kind")
    return html.Section(
        [
            html.Div(figure, className="k-net-canvas", role="img", **{"aria-label": said}),
            html.Div(buttons, className="k-net-buttons"),
            html.Div(id="network-empty", className="k-net-empty"),
            html.Div(id="network-card", className="k-net-card", role="status"),
            html.Div(id="network-enriched", className="k-net-enriched"),
            legend(centre=centre, sourced=network["sourced"]),
        ],
        className="k-tile k-net-stage",
        **{"aria-label": "Network"},
    )


def _rail(view: View, network: dict) -> Component:
    text = "\n".join(view.asked.names["asked"]) if len(view.asked.names) else "\n".join(view.genes)
    editor = html.Details([html.Summary("Edit list"), list_editor(text)], className="k-net-edit")
    names = html.Section([editor, *resolver(view.asked, network, view)], className="k-net-resolver")
    return html.Section(
        [names, *rail(view, network, has=queries.has(view.map))],
        className="k-tile k-net-rail",
        **{"aria-label": "Settings"},
    )


def _tabs(chosen: str) -> Component:
    heads = dmc.TabsList([dmc.TabsTab(text, value=value) for value, text in TABS])
    return html.Section(
        [
            dmc.Tabs(
                [heads, *(dmc.TabsPanel([], value=v) for v, _ in TABS)], id="network-tabs", value=chosen, color="gray"
            ),
            html.Div(id="network-tab"),
        ],
        className="k-tile k-net-tabs",
    )


def _instead(view: View) -> list[Component]:
    """More genes than a network can show: their heatmap, drawn in the theme by a callback."""
    over = len(view.genes) > MOST_IN_HEATMAP
    cut = [html.P(f"The first {MOST_IN_HEATMAP:,} are drawn.", className="k-says")] if over else []
    return [
        dcc.Store(id="network-many", data={"map": view.map} | view.query),
        html.Section([too_many(view), *cut, *resolver(view.asked, {}, view)], className="k-tile"),
        html.Section(states.skeleton(8), id="network-instead", className="k-tile"),
    ]


@callback(Output("network-instead", "children"), Input("theme", "data"), State("network-many", "data"))
def draw_many(theme: str, given: dict) -> list[Component]:
    """The heatmap of more genes than a network can show."""
    view = asked_view(given)
    return heatmap(replace(view, genes=view.genes[:MOST_IN_HEATMAP]), dark=theme == "dark")


@callback(
    Output("network-canvas", "elements"),
    Output("network-answer", "children"),
    Output("network-counts", "children"),
    Output("network-bars", "children"),
    Output("network-known", "data"),
    Output("network-empty", "children"),
    Output("network-numbers", "data"),
    Input("network-view", "data"),
)
def draw(given: dict) -> tuple:
    """The network and everything that counts it."""
    return drawn(asked_view(given))


@callback(
    Output("network-tab", "children"),
    Input("network-tabs", "value"),
    Input("network-view", "data"),
    Input("theme", "data"),
)
def show_tab(name: str, given: dict, theme: str) -> list[Component]:
    """The chosen table, heatmap or scorecard."""
    return tab(name, asked_view(given), dark=theme == "dark")


@callback(
    Output("network-enriched", "children"),
    Input("network-chosen", "data"),
    State("network-view", "data"),
    prevent_initial_call=True,
)
def name_selection(chosen: list[str], given: dict) -> list[Component]:
    """What several selected genes share, and what to do with them."""
    view = asked_view(given)
    return selection(view.map, asked_genes(view.map, chosen, most=queries.MOST_GENES))


_CONTROLS = ("rule", "cut", "sign", "known", "arm", "cpd", "lay", "most")
clientside_callback(
    ClientsideFunction("network", "compose"),
    Output("network-view", "data"),
    Output("network-rule", "value"),
    Output("network-cut", "value"),
    *[Input(f"network-{c}", "value") for c in _CONTROLS],
    Input("network-plus", "n_clicks"),
    Input("network-numbers", "data"),
    State("network-chosen", "data"),
    State("network-view", "data"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("network", "numbers"),
    *[Output(f"network-n-{n}", "children") for n in ("similar", "opposite", "arm", "candidates")],
    Output("network-low", "children"),
    Output("network-high", "children"),
    Input("network-numbers", "data"),
)
clientside_callback(
    ClientsideFunction("network", "bind"),
    Output("network-bound", "data"),
    Input("network-canvas", "elements"),
    Input("network-numbers", "data"),
    State("network-chosen", "data"),
)
clientside_callback(
    ClientsideFunction("network", "style"),
    Output("network-canvas", "stylesheet"),
    Input("theme", "data"),
    Input("network-styles", "data"),
)
clientside_callback(
    ClientsideFunction("network", "find"),
    Output("network-find", "error"),
    Input("network-find", "value"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("keyhole", "writeTab"),
    Output("network-tabs", "className"),
    Input("network-tabs", "value"),
    prevent_initial_call=True,
)

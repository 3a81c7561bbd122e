"""The two views of the map page before anything is filled in: canvas, rail and table."""

from __future__ import annotations

from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components import states
from explorer.components.asked_map import asked_choice, asked_entities, asked_place
from explorer.components.figure import save_buttons
from explorer.components.heat_rail import heat_rail
from explorer.components.icons import kind_mark
from explorer.components.map_offers import offered, offered_about
from explorer.components.map_rail import picture_rail
from explorer.components.map_tables import pair_columns, point_columns
from explorer.components.routing import Address
from explorer.components.similarity_name import similarity_name
from explorer.components.tables import csv_button, table
from explorer.components.tiles import tile
from explorer.figures.found_marks import MOST_FOUND
from explorer.figures.heatmap import HEAT_CONFIG
from explorer.figures.map_scatter import MAP_CONFIG


def picture(address: Address) -> list[Component]:
    """The picture, its rail and its table."""
    of_map, view, has = address.map, address.view, queries.has(address.map)
    colors = queries.map_colors(of_map)
    color = asked_choice(view.get("color"), colors)
    found = asked_entities(of_map, view.get("find", "").split(","), most=MOST_FOUND)
    rail = picture_rail(
        methods=queries.methods(of_map),
        method=asked_choice(view.get("by"), queries.methods(of_map)),
        colors=colors,
        color=color,
        about=next(iter(offered_about(of_map, color, view.get(color, ""), chosen=True)), None),
        found=offered(of_map, "", found),
    )
    return [
        dcc.Store(id="map-page", data={"map": of_map}),
        dcc.Store(id="map-selected", data=None),
        dcc.Store(id="map-hovered", data=None),
        html.Section(
            [
                html.P(id="map-said", className="k-says"),
                _canvas("map", "Map: every perturbation", MAP_CONFIG),
                html.P(
                    [
                        *(kind_mark("gene"), "gene ", kind_mark("compound"), "compound "),
                        *(kind_mark("gene", blinded=True), "blinded; faint: not active or not known"),
                    ],
                    className="k-says k-map-marks",
                    **{"aria-hidden": "true"},
                ),
            ],
            className="k-tile k-map-tile",
            **{"aria-label": "Picture of the map; the table below lists its points"},
        ),
        rail,
        tile(
            "Points",
            table("map-points", point_columns(has), label="Perturbations on the map", height="360px"),
            says="",
            says_id="map-points-said",
            tools=csv_button("map-points", entity="map", of_map=of_map),
            className="k-map-table",
        ),
    ]


def heatmap(address: Address) -> list[Component]:
    """The heatmap, its rail and its table."""
    of_map, kinds = address.map, queries.heatmap_kinds(address.map)
    if not kinds:
        return [states.absent("One perturbation of each kind at most: there are no pairs to show.")]
    kind = asked_choice(address.view.get("kind"), kinds)
    orders = queries.heatmap_orders(of_map, kind)
    order = asked_choice(address.view.get("order"), orders)
    groups = queries.heatmap_groups(of_map, kind, order)
    place = asked_place(address.view.get("at"), n=len(queries.heatmap_axis(of_map, kind, order)))
    return [
        dcc.Store(id="heat-page", data={"map": of_map, "kind": kind, "order": order}),
        dcc.Store(id="heat-view", data=place),
        dcc.Store(id="heat-goto", data=None),
        html.Section(
            _canvas("heat", f"Map: all pairs of {kind}s", HEAT_CONFIG),
            className="k-tile k-map-tile k-map-heat",
            **{"aria-label": "Heatmap of all pairs; the table below lists the strongest in view"},
        ),
        heat_rail(of_map=of_map, kinds=kinds, kind=kind, orders=orders, order=order, groups=groups),
        tile(
            "Pairs",
            table(
                "heat-pairs",
                pair_columns(kind, similarity=similarity_name(of_map)),
                label="Pairs in view",
                height="360px",
            ),
            says="",
            says_id="heat-pairs-said",
            tools=csv_button("heat-pairs", entity="pairs", of_map=of_map),
            className="k-map-table",
        ),
    ]


def _canvas(name: str, title: str, config: dict) -> Component:
    """A plot that fills its tile, and the tooltip that follows the mouse."""
    graph = dcc.Graph(
        id=f"{name}-graph",
        config=config,
        responsive=True,
        clear_on_unhover=True,
        className="k-graph",
        style={"height": "100%"},
    )
    return html.Div(
        [graph, save_buttons(title), dcc.Tooltip(id=f"{name}-tip", direction="top", show=False)],
        className="k-map-canvas",
    )


for _function, _output, _inputs in (
    ("drag", Output("map-drag", "className"), [Input("map-drag", "value"), Input("map-graph", "figure")]),
    ("hover", Output("map-hovered", "data"), [Input("map-graph", "hoverData")]),
    ("select", Output("map-selected", "data"), [Input("map-graph", "selectedData")]),
    ("fit", Output("heat-graph", "className"), [Input("heat-graph", "figure")]),
    ("go", Output("heat-jump", "className"), [Input("heat-goto", "data")]),
    ("whole", Output("heat-whole", "className"), [Input("heat-whole", "n_clicks")]),
    ("view", Output("heat-view", "data"), [Input("heat-graph", "relayoutData"), State("heat-view", "data")]),
    ("write", Output("map-method", "className"),
     [Input(f"map-{c}", "value") for c in ("method", "color", "about", "find")]),
):  # fmt: skip
    clientside_callback(
        ClientsideFunction("keyhole_map", _function), _output, *_inputs, prevent_initial_call=_function != "drag"
    )

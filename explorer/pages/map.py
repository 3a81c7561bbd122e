"""Map: every perturbation at once, as a picture of points and as a heatmap of all pairs."""

from __future__ import annotations

from dash import Input, Output, State, callback, html, no_update
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked_map import (
    around,
    asked_cell,
    asked_choice,
    asked_entities,
    asked_heat,
    asked_hover,
    asked_page,
    asked_rows,
    asked_window,
)
from explorer.components.heat_rail import heat_panel
from explorer.components.map_cards import cell_card, point_card
from explorer.components.map_drawing import found_patch, heat_figure, heat_patch, map_figure
from explorer.components.map_layouts import heatmap, picture
from explorer.components.map_offers import offered, offered_about
from explorer.components.map_rail import in_common, selection_panel
from explorer.components.map_tables import known_links, pair_rows, point_rows, same_arm
from explorer.components.map_words import VIEWS, counts, listed, map_head, picture_says
from explorer.components.routing import Address
from explorer.components.similarity_name import similarity_name
from explorer.figures.found_marks import MOST_FOUND

PATH, TITLE = "/map", "Map"


def layout(address: Address) -> Component:
    """The whole map: `view=picture` or `view=heatmap`."""
    view = asked_choice(address.view.get("view"), list(VIEWS))
    parts = (heatmap if view == "heatmap" else picture)(address)
    return html.Div([map_head(address.map, view), *parts], className="k-page k-map-page")


@callback(
    Output("map-graph", "figure"),
    Output("map-said", "children"),
    Input("map-method", "value"),
    Input("map-color", "value"),
    Input("map-about", "value"),
    Input("theme", "data"),
    State("map-find", "value"),
    State("map-page", "data"),
)
def draw_picture(method: str, color: str, about: str, theme: str, found: list[str], page: dict) -> tuple[object, str]:
    """The picture by a method and a colour."""
    of_map = asked_page(page)
    method = asked_choice(method, queries.methods(of_map))
    color = asked_choice(color, queries.map_colors(of_map))
    about = next((o["value"] for o in offered_about(of_map, color, about, chosen=True)), "")
    found = asked_entities(of_map, found, most=MOST_FOUND)
    figure = map_figure(of_map, method=method, color=color, about=about, found=found, dark=theme == "dark")
    return figure, counts(of_map) + picture_says(of_map, method)


@callback(
    Output("map-graph", "figure", allow_duplicate=True),
    Input("map-find", "value"),
    State("map-method", "value"),
    State("theme", "data"),
    State("map-page", "data"),
    prevent_initial_call=True,
)
def ring_found(found: list[str], method: str, theme: str, page: dict) -> object:
    """Rings, names and ways of what is looked for; the points stay as they are."""
    of_map = asked_page(page)
    method = asked_choice(method, queries.methods(of_map))
    return found_patch(
        of_map, method=method, found=asked_entities(of_map, found, most=MOST_FOUND), dark=theme == "dark"
    )


@callback(
    Output("map-find", "data"),
    Input("map-find", "searchValue"),
    State("map-find", "value"),
    State("map-page", "data"),
    prevent_initial_call=True,
)
def offer_found(text: str, found: list[str], page: dict) -> object:
    """Names that match what is typed, besides those that are ringed."""
    of_map = asked_page(page)
    typed = isinstance(text, str) and text.strip()
    return offered(of_map, text, asked_entities(of_map, found, most=MOST_FOUND)) if typed else no_update


@callback(
    Output("map-about", "data"),
    Output("map-about", "disabled"),
    Input("map-about", "searchValue"),
    Input("map-color", "value"),
    State("map-about", "value"),
    State("map-page", "data"),
)
def offer_about(text: str, color: str, about: str, page: dict) -> tuple[object, bool]:
    """What similarity or membership can be about; nothing for the other colours."""
    of_map = asked_page(page)
    color = asked_choice(color, queries.map_colors(of_map))
    kept = offered_about(of_map, color, about, chosen=True)
    found = offered_about(of_map, color, text, chosen=False)
    return [*kept, *[f for f in found if f not in kept]], color not in ("like", "set")


@callback(
    Output("map-tip", "show"),
    Output("map-tip", "bbox"),
    Output("map-tip", "children"),
    Input("map-hovered", "data"),
    State("map-page", "data"),
    prevent_initial_call=True,
)
def tell_point(hover: object, page: dict) -> tuple[bool, object, object]:
    """The card of the point under the mouse."""
    of_map = asked_page(page)
    rows, box = asked_hover(of_map, hover)
    if not rows:
        return False, no_update, no_update
    card = point_card(queries.points(of_map).iloc[rows[0]], of_map=of_map, structure=queries.has(of_map)["structures"])
    return True, box, card


@callback(
    Output("map-panel", "children"),
    Output({"type": "table", "index": "map-points"}, "rowData"),
    Output("map-points-said", "children"),
    Input("map-selected", "data"),
    State("map-page", "data"),
)
def list_selected(selected: object, page: dict) -> tuple[object, list[dict], str]:
    """The points of the lasso, counted and listed; all of them without one."""
    of_map = asked_page(page)
    rows = asked_rows(of_map, selected)
    points = queries.points(of_map)
    frame = points.iloc[rows] if rows else points
    return (
        selection_panel(frame if rows else None, of_map=of_map),
        point_rows(frame, of_map=of_map),
        listed(frame, rows),
    )


@callback(
    Output("map-common", "children"),
    Input("map-selected", "data"),
    State("map-page", "data"),
    prevent_initial_call=True,
)
def tell_common(selected: object, page: dict) -> object:
    """What the genes of the lasso have in common; the first answer opens the ontology and takes a few seconds."""
    of_map = asked_page(page)
    return in_common(queries.points(of_map).iloc[asked_rows(of_map, selected)], of_map=of_map)


@callback(
    Output("heat-graph", "figure"),
    Input("theme", "data"),
    State("heat-view", "data"),
    State("heat-page", "data"),
)
def draw_heat(theme: str, view: object, page: dict) -> object:
    """The heatmap at the window it is at."""
    asked = asked_heat(page)
    return heat_figure(*asked, **asked_window(asked, view), dark=theme == "dark")


@callback(
    Output("heat-graph", "figure", allow_duplicate=True),
    Input("heat-view", "data"),
    State("theme", "data"),
    State("heat-page", "data"),
    prevent_initial_call=True,
)
def sharpen(view: object, theme: str, page: dict) -> object:
    """The picture of the window that has been zoomed to."""
    asked = asked_heat(page)
    return heat_patch(*asked, **asked_window(asked, view), dark=theme == "dark")


@callback(
    Output("heat-panel", "children"),
    Output({"type": "table", "index": "heat-pairs"}, "rowData"),
    Output("heat-pairs-said", "children"),
    Input("heat-view", "data"),
    State("heat-page", "data"),
)
def list_pairs(view: object, page: dict) -> tuple[object, list[dict], str]:
    """What is in view, counted and listed."""
    asked = asked_heat(page)
    window = asked_window(asked, view)
    panel = heat_panel(queries.heatmap_axis(*asked), **window, of_map=asked[0], kind=asked[1])
    return panel, *pair_rows(*asked, **window)


@callback(
    Output("heat-tip", "show"),
    Output("heat-tip", "bbox"),
    Output("heat-tip", "children"),
    Input("heat-graph", "hoverData"),
    State("heat-view", "data"),
    State("heat-page", "data"),
    prevent_initial_call=True,
)
def tell_cell(hover: object, view: object, page: dict) -> tuple[bool, object, object]:
    """The pair, or the block of pairs, under the mouse."""
    asked = asked_heat(page)
    axis = queries.heatmap_axis(*asked)
    spans, box = asked_cell(hover, n=len(axis), **asked_window(asked, view))
    if spans is None:
        return False, no_update, no_update
    value = float(queries.heatmap_window(*asked, **spans, pixels=1).iat[0, 0])
    down, across = (axis.iloc[slice(*spans[side])] for side in ("rows", "columns"))
    known = known_links(asked[0], down, across, same_arm(down, across)) if len(down) * len(across) == 1 else [""]
    told = {"called": similarity_name(asked[0]).short, "known": known[0] if asked[1] == "gene" else ""}
    return True, box, cell_card(down, across, value, **told)


@callback(
    Output("heat-jump", "data"),
    Input("heat-jump", "searchValue"),
    State("heat-jump", "value"),
    State("heat-page", "data"),
    prevent_initial_call=True,
)
def offer_jump(text: str, chosen: str, page: dict) -> object:
    """Names of the kind of the heatmap that match what is typed."""
    of_map, kind, _ = asked_heat(page)
    typed = isinstance(text, str) and text.strip()
    return offered(of_map, text, asked_entities(of_map, [chosen], most=1), kind=kind) if typed else no_update


@callback(
    Output("heat-goto", "data"), Input("heat-jump", "value"), State("heat-page", "data"), prevent_initial_call=True
)
def go_to(entity: str, page: dict) -> object:
    """The window round an entity."""
    asked = asked_heat(page)
    entities = queries.heatmap_axis(*asked)["entity"]
    at = [i for e in asked_entities(asked[0], [entity], most=1) for i in (entities == e).to_numpy().nonzero()[0]]
    return around(int(at[0]), n=len(entities)) if at else no_update

"""What the header does: the switch between light and dark, and between maps."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output, callback, dcc, html
from dash.development.base_component import Component

from explorer import atlas
from explorer.components.icons import icon
from explorer.components.links import href


def register_header(app: Dash) -> None:
    """Wire the theme to the browser's own functions; no request is made to change it."""
    app.clientside_callback(
        ClientsideFunction("keyhole", "toggleTheme"), Output("theme", "data"), Input("theme-toggle", "n_clicks")
    )
    app.clientside_callback(
        ClientsideFunction("keyhole", "applyTheme"), Output("mantine", "forceColorScheme"), Input("theme", "data")
    )


@callback(Output("map-switch", "children"), Input("page-map", "data"))
def show_map(of_map: str) -> list[Component]:
    """The map of the page, and the others that are open."""
    maps = atlas.current().maps
    if not isinstance(of_map, str) or of_map not in maps:
        return []
    name = [
        icon("caution") if maps[of_map].map.simulated else "",
        html.Span("Map", className="k-muted"),
        html.B(maps[of_map].map.name),
    ]
    if len(maps) == 1:
        return [dcc.Link(name, href=href("/data", of_map=of_map), className="k-map-name")]
    links = [dcc.Link(m.map.name, href=href("/", of_map=key)) for key, m in maps.items() if key != of_map]
    return [html.Details([html.Summary(name, className="k-map-name"), html.Div(links, className="k-map-menu")])]

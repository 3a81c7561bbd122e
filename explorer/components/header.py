"""What the header does: links to the pages, the switch between light and dark, and between maps."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output, State, callback, dcc, html
from dash.development.base_component import Component

from explorer import atlas
from explorer.components.icons import icon
from explorer.components.links import href
from explorer.components.structure_nav import PATHS

#: Pages in the header, in order: name and path.
PAGES = (
    ("Network", "/network"),
    ("Map", "/map"),
    ("Compare", "/compare"),
    ("Targets", "/targets"),
    ("Structure", "/structure"),
    ("Lists", "/lists"),
    ("Quality", "/quality"),
    ("Data", "/data"),
    ("Help", "/help"),
)


def register_header(app: Dash) -> None:
    """Wire the theme to the browser's own functions; no request is made to change it."""
    app.clientside_callback(
        ClientsideFunction("keyhole", "toggleTheme"), Output("theme", "data"), Input("theme-toggle", "n_clicks")
    )
    app.clientside_callback(
        ClientsideFunction("keyhole", "applyTheme"), Output("mantine", "forceColorScheme"), Input("theme", "data")
    )


@callback(Output("nav", "children"), Input("page-map", "data"), State("_pages_location", "pathname"))
def show_pages(of_map: str, path: str) -> list[Component]:
    """Links to the pages on the same map; the page that is open is marked."""
    if not isinstance(of_map, str) or of_map not in atlas.current().maps:
        return []
    here = "/" + str(path).strip("/").split("/")[0]
    here = PATHS[0] if here in PATHS else here
    return [
        dcc.Link(name, href=href(to, of_map=of_map), className="k-here" if to == here else "") for name, to in PAGES
    ]


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

"""The frame around every page: header with search, the page, footer with the map and the *simulated* badge."""

from __future__ import annotations

from collections.abc import Sequence

import dash
import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from explorer import atlas
from explorer.components.icons import icon
from explorer.components.search import search_box
from explorer.components.tour import tour_bar
from explorer.figures import words

SIMULATED = "Simulated demo map: not experimental data"
MANTINE_THEME = {"primaryColor": "dark", "primaryShade": 8, "defaultRadius": "md", "fontFamily": "var(--k-font)"}


def shell() -> Component:
    """The layout of the app: what stays while pages change."""
    return dmc.MantineProvider(
        [
            html.A("Skip to content", href="#content", className="k-skip"),
            dcc.Store(id="theme", data=None),
            dcc.Store(id="map", data=None),
            html.Header(
                [
                    dcc.Link([html.Span(className="k-logo"), "Keyhole"], href="/", className="k-brand"),
                    search_box("head"),
                    html.Nav(id="nav", className="k-nav", **{"aria-label": "Pages"}),
                    html.Div(id="map-switch", className="k-map-switch"),
                    html.Button(
                        icon("theme"),
                        id="theme-toggle",
                        className="k-icon-button",
                        **{"aria-label": "Switch between light and dark"},
                    ),
                ],
                className="k-header",
            ),
            html.Main(dash.page_container, id="content", tabIndex=-1),
        ],
        id="mantine",
        theme=MANTINE_THEME,
    )


def frame(body: Component, *, of_map: str, said: Sequence[str] = (), tour: str | None = None) -> Component:
    """A page in its frame: the bar of a tour, what had to be changed in the address, the body, and its map's footer."""
    notices = [html.P(s, className="k-notice", role="status") for s in said]
    return html.Div([dcc.Store(id="page-map", data=of_map), *tour_bar(of_map, tour), *notices, body, footer(of_map)])


def footer(of_map: str) -> Component:
    """The map in one line: what it is, its build and how it was made; on every page."""
    m = atlas.opened(of_map).map
    recipe = m.manifest["recipe"]
    facts = (
        f"{m.name} · build {m.build} · {words.aligned(recipe['align'])}, {recipe['aggregate']} of wells, "
        f"{words.plural(m.manifest['dimensions'], 'dimension')}, {recipe.get('relate', 'cosine')}"
    )
    badge = [html.Strong([icon("caution"), SIMULATED], className="k-simulated")] if m.simulated else []
    links = html.Span(
        [dcc.Link("Data sources", href="/data"), dcc.Link("What is a map?", href="/help")], className="k-foot-links"
    )
    return html.Footer(
        [*badge, html.Span(facts, className="k-facts"), links],
        className="k-footer",
        **{"data-build": m.build, "data-map": of_map, "data-citation": m.manifest.get("citation") or ""},
    )

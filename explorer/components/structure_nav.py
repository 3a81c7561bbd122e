"""The three pages about structures, named on each of them: finding one, pairs of all, and every notation of one."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from explorer.components.links import href

#: Pages under the header's Structure, in order: path, name, and what is there.
PAGES = (
    ("/structure", "Find", "Compounds of this map by a structure that is pasted or drawn"),
    (
        "/cliffs",
        "Cliffs and hops",
        "Pairs of compounds: small change and other phenotype, or other structure and the same phenotype",
    ),
    ("/representations", "Representations", "One compound in every notation, and compounds similar by each of them"),
)
PATHS = tuple(path for path, _, _ in PAGES)


def structure_nav(here: str, *, of_map: str) -> Component:
    """Links to the three pages on the same map; the one that is open is marked."""
    links = [
        dcc.Link(name, href=href(path, of_map=of_map), title=what, className="k-here" if path == here else "")
        for path, name, what in PAGES
    ]
    return html.Nav(links, className="k-subnav", **{"aria-label": "Pages about structures"})

"""Sentences of the map page, and the words that go into its figures."""

from __future__ import annotations

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.components.links import href
from explorer.components.plotting import reach_says, webgl
from explorer.components.shell import SIMULATED
from explorer.components.tables import LONGEST
from explorer.figures import words
from explorer.figures.map_scatter import reachable

VIEWS = {"picture": "Picture", "heatmap": "All pairs"}


def provenance(of_map: str) -> str:
    """Map, build and the simulated note, for the corner of a figure."""
    m = atlas.opened(of_map).map
    return f"{m.name}, build {m.build}" + (f" · {SIMULATED}" if m.simulated else "")


def picture_says(of_map: str, method: str) -> str:
    """What the picture keeps of the map, and what not to read from it."""
    about = queries.about_projection(of_map, method)
    kept = f"of a point's 15 most similar, {100 * about['kept']:.0f} % are among its 15 nearest here"
    if method == "pca":
        first, second = (f"{100 * e:.0f} %" for e in about["explained"])
        said = f"Two components carry {first} and {second} of the variance: {kept}. Distances are not similarities."
    else:
        said = f"Neighbours lie together: {kept}. Distances across the picture are not similarities."
    return said + reach_says(reachable(queries.points(of_map), gl=webgl()))


def axis_titles(of_map: str, method: str) -> tuple[str, str]:
    """Titles of the axes; none where positions along them mean nothing."""
    if method != "pca":
        return "", ""
    first, second = queries.about_projection(of_map, method)["explained"]
    return f"PC 1, {100 * first:.0f} % of variance", f"PC 2, {100 * second:.0f} %"


def counts(of_map: str) -> str:
    """What is on the map, as the start of a sentence."""
    s = queries.summary(of_map)
    genes, compounds = words.plural(s["genes"], "gene"), words.plural(s["compounds"], "compound")
    if not s["compounds"]:
        return f"{genes}. "
    at = f" at up to {words.plural(len(s['concentrations']), 'concentration')}" if len(s["concentrations"]) > 1 else ""
    return f"{genes} and {compounds}{at}. " if s["genes"] else f"{compounds}{at}. "


def map_head(of_map: str, view: str) -> Component:
    """Title and the two views."""
    tabs = [
        dcc.Link(
            name,
            href=href("/map", of_map=of_map, **({} if v == "picture" else {"view": v})),
            className="k-tab k-tab-on" if v == view else "k-tab",
        )
        for v, name in VIEWS.items()
    ]
    return html.Div([html.H1("Map"), html.Nav(tabs, **{"aria-label": "Views of the map"})], className="k-map-head")


def listed(frame: pd.DataFrame, rows: list[int]) -> str:
    """What the table holds."""
    first = f"; the first {LONGEST:,} are listed" if len(frame) > LONGEST else ""
    what = "in the selection" if rows else "on the map"
    return f"{words.plural(len(frame), 'perturbation')} {what}, those with a phenotype first{first}."

"""The compounds most like one by their cells, in three views: list, drawings, and structure against phenotype."""

from __future__ import annotations

import dash_mantine_components as dmc
import pandas as pd
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked import asked_entity, asked_map, asked_perturbation
from explorer.components.columns import compound_columns
from explorer.components.figure import figure_box
from explorer.components.links import entity_href, href
from explorer.components.structure_card import hit_cards
from explorer.components.tables import csv_button, rows, table
from explorer.components.tiles import tile
from explorer.figures import words
from explorer.figures.quadrant import draw_quadrant

VIEWS = {"list": "list", "grid": "drawings", "quadrant": "structure × cells"}
MOST_DRAWN = 12


def similar_compounds_tile(of_map: str, compound: dict, *, view: str = "list") -> Component:
    """The tile, opened at one of `VIEWS`; a map without structures has the list alone."""
    drawn = queries.has(of_map)["structures"] and compound["inchikey"]
    views = dmc.SegmentedControl(
        id="compound-view",
        value=view if drawn else "list",
        data=[{"value": k, "label": v} for k, v in VIEWS.items()],
        size="xs",
    )
    grid = table(
        "compound-compounds",
        compound_columns(queries.has(of_map), of_compound=True, grounds=queries.grounds(of_map)),
        label="Compounds compared with this compound",
        height="330px",
    )
    graph = figure_box(id="compound-quadrant", style={"height": "330px"})
    return tile(
        "Similar compounds",
        html.Div(
            [
                html.Div(grid, className="k-in-list"),
                html.Div(id="compound-structures", className="k-in-grid k-hit-grid"),
                html.Div(graph, className="k-in-quadrant"),
            ],
            id="compound-views",
            className="k-views k-view-list",
        ),
        *([_by_representation(of_map, compound["entity"])] if drawn else []),
        says=f"Order by cells, Tanimoto by structure{queries.compound_rule(of_map)}",
        says_id="compound-compounds-said",
        tools=[
            html.Span(views, className="" if drawn else "k-gone"),
            csv_button("compound-compounds", entity=compound["entity"], of_map=of_map),
        ],
        className="k-similar-tile",
    )


def _by_representation(of_map: str, entity: str) -> Component:
    link = dcc.Link("other representations", href=href("/representations", of_map=of_map, e=entity))
    return html.P(["Who is nearest by fingerprint, by learned numbers, by cells: ", link], className="k-says")


def _classes(frame: pd.DataFrame) -> str:
    """How many compounds there are of each class that means something."""
    n = frame["quadrant"].value_counts()
    return (
        f"{n.get('scaffold hop', 0)} with other structures and the same cells (scaffold hop), "
        f"{n.get('analogue', 0)} alike in both (analogue), "
        f"{n.get('cliff', 0)} with like structures and other cells (cliff)."
    )


@callback(
    Output({"type": "table", "index": "compound-compounds"}, "rowData"),
    Output("compound-structures", "children"),
    Output("compound-compounds-said", "children"),
    Input("compound-chosen", "data"),
    State("compound-page", "data"),
)
def fill_compounds(chosen: str, page: dict) -> tuple[list[dict], list[Component], str]:
    """Compounds against the compound at the chosen concentration, and the structures of the nearest."""
    of_map, frame = _asked(page, chosen)
    found = rows(
        frame,
        ("rank", "label", "reliable", "concentration", "cosine", "score", "q", "tanimoto", "quadrant"),
        href=[entity_href("compound", s, of_map=of_map) for s in frame["slug"]],
    )
    nearest = frame[frame["tanimoto"].notna() & frame["reliable"] & (frame["cosine"] > 0)].head(MOST_DRAWN)
    said = f"Order by cells{queries.compound_rule(of_map)}"
    classes = f" {_classes(frame)}" if frame["tanimoto"].notna().any() else ""
    return found, hit_cards(list(nearest.itertuples()), of_map=of_map), said + classes


@callback(
    Output("compound-quadrant", "figure"),
    Input("compound-chosen", "data"),
    Input("theme", "data"),
    State("compound-page", "data"),
)
def draw_structure_phenotype(chosen: str, theme: str, page: dict) -> object:
    """Structure against cells, at the chosen concentration."""
    of_map, frame = _asked(page, chosen)
    name = words.Similarity(**queries.similarity(of_map))
    return draw_quadrant(frame, alike=queries.ALIKE, similarity=name, dark=theme == "dark")


def _asked(page: object, chosen: object) -> tuple[str, pd.DataFrame]:
    page = page if isinstance(page, dict) else {}
    of_map = asked_map(page.get("map"))
    entity = asked_entity(of_map, page.get("entity"), kind="compound")
    return of_map, queries.structure_phenotype(of_map, asked_perturbation(of_map, chosen, entity=entity))


clientside_callback(
    ClientsideFunction("structure", "showView"),
    Output("compound-views", "className"),
    Input("compound-view", "value"),
)

"""Representations: one molecule from a string to learned numbers, who is nearest by each, and which finds targets."""

from __future__ import annotations

from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.components import states
from explorer.components.asked import asked_map
from explorer.components.links import entity_href
from explorer.components.perturbation_picker import perturbation_picker
from explorer.components.representation_asked import asked_bit, asked_representations, read_representations
from explorer.components.representation_nearest import all_tile, nearest_tile
from explorer.components.representation_targets import targets_tile, tasks_tile
from explorer.components.representation_views import (
    bit_drawn,
    bit_said,
    bits_tile,
    graph_tile,
    learned_tile,
    text_tile,
)
from explorer.components.representation_words import answer_said, way_name
from explorer.components.routing import Address
from explorer.components.structure_nav import structure_nav
from explorer.components.tables import rows
from explorer.components.tiles import tile
from explorer.figures.molecule import draw_distances, draw_strips
from explorer.figures.retrieval import draw_retrieval

PATH, TITLE = "/representations", "Representations"


def layout(address: Address) -> Component:
    """One compound in every notation, and what each notation is good for on this map."""
    asked, said = read_representations(address)
    return html.Div(
        [
            structure_nav(PATH, of_map=asked["map"]),
            dcc.Store(id="representations-page", data=asked),
            html.Div([html.P(s, className="k-notice", role="status") for s in said]),
            _sentence(asked),
            html.Div(_body(asked), className="k-page k-representations"),
        ]
    )


def _sentence(asked: dict) -> Component:
    of_map, entity = asked["map"], asked["entity"]
    chosen = [queries.best_concentration(of_map, entity)["perturbation"]] if entity else []
    picker = perturbation_picker(
        "representations-compound",
        chosen,
        of_map=of_map,
        most=2,
        label="Compound to look at; a second one takes its place",
        placeholder="compound",
    )
    return html.Div([html.H1("Representations"), picker, *_onward(asked)], className="k-sentence k-compare-sentence")


def _onward(asked: dict) -> list[Component]:
    if not asked["entity"]:
        return []
    slug = asked["entity"].partition(":")[2]
    page = dcc.Link("Its page", href=entity_href("compound", slug, of_map=asked["map"]))
    return [html.Span(page)]


def _body(asked: dict) -> list[Component]:
    of_map, entity = asked["map"], asked["entity"]
    views = queries.molecule_views(of_map, entity) if entity else None
    left_out, simulated = queries.not_compared(of_map), atlas.opened(of_map).map.simulated
    found = targets_tile(queries.shared_targets(of_map), left_out, simulated=simulated)
    tables = queries.embedding_tables(of_map)
    if views is None:
        why = (
            "No structure of it can be read" if entity else "No compound here has a structure and a reliable phenotype"
        )
        absent = tile("One molecule", states.absent(f"{why}, so there is nothing to write in other ways."))
        return [absent, learned_tile(tables, None), found, tasks_tile()]
    slug, label = entity.partition(":")[2], queries.label(of_map, entity)
    overlaps, ways = queries.nearest_overlaps(of_map, entity), queries.representations(of_map)
    answer = html.P(answer_said(label, overlaps), className="k-targets-answer k-representations-wide", role="status")
    return [
        *_banner(of_map, entity),
        answer,
        text_tile(views),
        bits_tile(views),
        graph_tile(views, slug=slug, label=label, of_map=of_map),
        learned_tile(tables, queries.embedding_strips(of_map, entity)),
        nearest_tile(queries.nearest_by_each(of_map, entity), ways, overlaps, of_map=of_map),
        all_tile(ways, entity=entity, of_map=of_map),
        found,
        tasks_tile(),
    ]


def _banner(of_map: str, entity: str) -> list[Component]:
    """Said of a compound whose cells cannot be relied on."""
    if queries.described(of_map, queries.best_concentration(of_map, entity)["perturbation"])["active"] is not False:
        return []
    said = f"{queries.label(of_map, entity)} is not distinguishable from controls: its neighbours by cells are noise."
    return [html.P(said, className="k-banner k-representations-wide", role="status")]


@callback(
    Output("representations-bit-drawn", "children"),
    Output("representations-bit-said", "children"),
    Input("representations-bit", "value"),
    State("representations-page", "data"),
)
def show_bit(value: object, page: object) -> tuple[Component, str]:
    """The atoms that set the chosen bit."""
    of_map, entity = asked_representations(page)
    views = queries.molecule_views(of_map, entity) or {"bits": [], "structures": 0}
    bit = asked_bit(value, views["bits"])
    label, slug = queries.label(of_map, entity), entity.partition(":")[2]
    return bit_drawn(bit, slug=slug, label=label, of_map=of_map), bit_said(bit, structures=views["structures"])


@callback(Output("representations-bonds", "figure"), Input("representations-page", "data"), Input("theme", "data"))
def draw_bonds(page: object, theme: str) -> object:
    """Bonds between each two atoms."""
    of_map, entity = asked_representations(page)
    views = queries.molecule_views(of_map, entity) or {"atoms": []}
    return draw_distances(queries.bond_distances(of_map, entity), names=views["atoms"], dark=theme == "dark")


@callback(Output("representations-strips", "figure"), Input("representations-page", "data"), Input("theme", "data"))
def draw_learned(page: object, theme: str) -> object:
    """Learned numbers of the compound, its nearest and its farthest."""
    of_map, entity = asked_representations(page)
    found = queries.embedding_strips(of_map, entity) or {"labels": [], "vectors": []}
    roles = ("", ", nearest by it", ", farthest")
    names = [f"{label}{role}" for label, role in zip(found["labels"], roles, strict=False)]
    return draw_strips(found["vectors"], names=names, dark=theme == "dark")


@callback(Output("representations-map", "figure"), Input("representations-page", "data"), Input("theme", "data"))
def draw_map(page: object, theme: str) -> object:
    """Mean average precision of shared targets by each way."""
    of_map = asked_map(page.get("map") if isinstance(page, dict) else None)
    found = queries.shared_targets(of_map) or {"ways": []}
    names = {w["way"]: way_name(w["way"]) for w in found["ways"]}
    return draw_retrieval(found["ways"], names=names, dark=theme == "dark")


@callback(Output({"type": "table", "index": "representations-all"}, "rowData"), Input("representations-page", "data"))
def fill_all(page: object) -> list[dict]:
    """Every compared compound, by each way."""
    of_map, entity = asked_representations(page)
    frame = queries.nearest_by_each(of_map, entity)
    links = [entity_href("compound", s, of_map=of_map) for s in frame["slug"]]
    return rows(frame, [c for c in frame.columns if c != "slug"], href=links)


clientside_callback(
    ClientsideFunction("representations", "write"),
    Output("representations-compound", "className"),
    Input("representations-compound", "value"),
    prevent_initial_call=True,
)

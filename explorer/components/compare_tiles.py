"""Tiles of the Compare page: what each shows, and where its table and its links are."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.components import states
from explorer.components.asked_terms import MOST_TERMS
from explorer.components.compare_cards import compound_cards
from explorer.components.compare_tables import across_columns, neighbour_columns, pair_columns
from explorer.components.figure import figure_box
from explorer.components.links import href
from explorer.components.pair_link import pairs_link
from explorer.components.perturbation_picker import option_label
from explorer.components.similarity_name import similarity_name
from explorer.components.tables import csv_button, plot_csv, table
from explorer.components.term_names import query_name, query_text
from explorer.components.tiles import tile

PLANE_SAYS = "Every gene and compound by its similarity to both; colour: to the third. Faint: not active, or toxic."

_GRAPH = {"className": "k-graph"}


def texts(asked: dict) -> list[str]:
    """Names of those compared, as plain text."""
    return [query_text(asked["map"], [p]) for p in asked["perturbations"]]


def _title(what: str, asked: dict, *, most: int = MOST_TERMS) -> str:
    return f"{', '.join(texts(asked)[:most])}: {what}"


def _csv(index: str, asked: dict) -> Component:
    return csv_button(index, entity="compare_" + "_".join(texts(asked)), of_map=asked["map"])


def matrix_tile(asked: dict, compounds: list[dict], has: dict) -> Component:
    """The square of similarities, and its table."""
    linked, name = bool(compounds or queries.known_sources(asked["map"])), similarity_name(asked["map"])
    columns = pair_columns(has, compounds=len(compounds), linked=linked, similarity=name)
    return tile(
        "How alike they are",
        figure_box(
            title=_title("how alike they are", asked),
            id="compare-matrix",
            style={"height": "var(--k-compare-matrix)"},
            **_GRAPH,
        ),
        table("compare-pairs", columns, label="Pairs of those compared", height="190px"),
        says=f"{name.long.capitalize()} of each pair; the table below holds the same numbers.",
        tools=_csv("compare-pairs", asked),
    )


def neighbours_tile(asked: dict, has: dict) -> Component:
    """Neighbours of any of them, most shared first."""
    both = has["genes"] and has["compounds"]
    switch = dmc.SegmentedControl(
        id="compare-kind",
        value=asked["kind"],
        data=[{"value": "gene", "label": "Genes"}, {"value": "compound", "label": "Compounds"}],
        size="xs",
        style={} if both else {"display": "none"},
        **{"aria-label": "Neighbours are genes or compounds"},
    )
    return tile(
        "Shared and unique neighbours",
        table(
            "compare-neighbours",
            neighbour_columns(texts(asked), kind=asked["kind"], similarity=similarity_name(asked["map"])),
            label="Neighbours of those compared",
            height="100%",
        ),
        says="",
        says_id="compare-sharing",
        tools=[switch, _csv("compare-neighbours", asked)],
        className="k-fill k-compare-tall",
    )


def scatter_tile(asked: dict) -> Component:
    """Every gene and compound against the first two."""
    of_map, (a, b) = asked["map"], asked["perturbations"][:2]
    view = {"like": a.removeprefix("gene:"), "not": b.removeprefix("gene:")}
    view |= {"ref": asked["perturbations"][2].removeprefix("gene:")} if len(asked["perturbations"]) > 2 else {}
    link = dcc.Link("Open in Targets", href=href("/targets", of_map=of_map, **view), className="k-button")
    return tile(
        "What tells the first two apart",
        figure_box(
            title=_title("what tells them apart", asked, most=2),
            id="compare-scatter",
            clear_on_unhover=True,
            style={"height": "var(--k-compare-plot)"},
            **_GRAPH,
        ),
        says=PLANE_SAYS,
        says_id="compare-plane",
        tools=link,
    )


def curves_tile(asked: dict) -> Component:
    """The compounds by concentration, against one gene or compound."""
    name = similarity_name(asked["map"]).short.capitalize()
    offered = queries.curve_references(asked["map"], asked["perturbations"])
    against = asked["against"] or (offered[0] if offered else None)
    offered = list(dict.fromkeys([*([against] if against else []), *offered]))
    choice = dmc.Select(
        id="compare-against",
        value=against,
        data=[{"value": p, "label": option_label(queries.described(asked["map"], p))} for p in offered],
        allowDeselect=False,
        size="xs",
        **{"aria-label": "What the curves are compared with"},
    )
    drawn = queries.has(asked["map"])["concentrations"]
    csv = plot_csv("compare-curves", entity="compare_" + "_".join(texts(asked)), of_map=asked["map"])
    return tile(
        "Curves by concentration",
        figure_box(
            title=_title("curves by concentration", asked),
            id="compare-curves",
            style={"height": "var(--k-compare-plot)"},
            **_GRAPH,
        )
        if drawn
        else states.absent("One concentration only: there is no curve to draw."),
        says=f"{name} to one gene or compound, at every concentration; hollow: not active; cross: toxic by count.",
        tools=[choice, csv] if drawn else choice,
    )


def compounds_tile(asked: dict, compounds: list[dict]) -> Component:
    """The compounds as cards, and their windows."""
    return tile(
        "Compounds side by side",
        compound_cards(asked["map"], compounds),
        html.Div(id="compare-shared", className="k-compare-shared"),
        html.Div(states.skeleton(2), id="compare-windows", className="k-compare-windows"),
        says="Structure, properties, and the window from effect to toxicity over the tested concentrations.",
        tools=pairs_link(asked["map"], [d["slug"] for d in compounds]),
        className="k-compare-wide",
    )


def across_tile(asked: dict) -> list[Component]:
    """Neighbours of the first of those compared on another open map; a link where none was asked for."""
    of_map, first = asked["map"], asked["perturbations"][0]
    others = [k for k in atlas.current().maps if k != of_map]
    if not others:
        return []
    name = query_name(of_map, [first])
    if asked["other"] is None:
        e = ",".join(asked["perturbations"])
        links = [
            html.Li(dcc.Link(atlas.opened(k).map.name, href=href("/compare", of_map=of_map, e=e, maps=f"{of_map},{k}")))
            for k in others
            if queries.has_label(k, queries.described(of_map, first))
        ]
        says = "Shows its neighbours on both, matched by name."
        title = [name, " on another open map"]
        return (
            [tile(title, html.Ul(links, className="k-notes"), says=says, className="k-compare-wide")] if links else []
        )
    found = queries.across_maps(of_map, asked["other"], perturbation=first)
    names = tuple(atlas.opened(k).map.name for k in (of_map, asked["other"]))
    title = [name, f" on {names[0]} and {names[1]}"]
    if found is None:
        why = states.absent(f"It is not on {names[1]}, or they share no name.")
        return [tile(title, why, className="k-compare-wide")]
    kind = queries.described(of_map, first)["kind"]
    named = tuple(similarity_name(k).short for k in (of_map, asked["other"]))
    return [_across(asked, found, title, across_columns(names, kind=kind, called=named))]


def _across(asked: dict, found: dict, title: list, columns: list[dict]) -> Component:
    says = (
        f"{found['both']} of the {found['nearest']} nearest are the same on both; two random lists would share "
        f"{found['expected']:.1f}. Ranked among the {found['n']:,} names that are on both. "
        "Similarities of different maps do not compare: read the ranks."
    )
    grid = table("compare-across", columns, label="Neighbours on two maps", height="360px")
    return tile(title, grid, says=says, tools=_csv("compare-across", asked), className="k-compare-wide")

"""Compare: two to six genes or compounds side by side, in the order they were chosen."""

from __future__ import annotations

import numpy as np
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html, no_update
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked_terms import MOST_TERMS
from explorer.components.compare_asked import asked_compare, compounds_of, read_compare
from explorer.components.compare_cards import windows
from explorer.components.compare_start import start
from explorer.components.compare_tables import across_rows, neighbour_rows, pair_rows
from explorer.components.compare_tiles import (
    PLANE_SAYS,
    across_tile,
    compounds_tile,
    curves_tile,
    matrix_tile,
    neighbours_tile,
    scatter_tile,
    texts,
)
from explorer.components.compare_words import compare_answer, sharing
from explorer.components.curve_rows import curve_rows
from explorer.components.perturbation_picker import perturbation_picker
from explorer.components.plotting import reach_says, webgl
from explorer.components.routing import Address
from explorer.components.selection_card import TOOLTIP, hovered_card
from explorer.components.shared_structure import shared_structure
from explorer.components.similarity_name import similarity_name
from explorer.components.term_names import query_markup, query_name, query_text
from explorer.figures.matrix import draw_matrix
from explorer.figures.overlay import draw_overlay
from explorer.figures.scatter import Names, draw_scatter, reachable

PATH, TITLE = "/compare", "Compare"

#: Points of the scatter that get their name: those most like either of the first two.
EXTREMES = 3


def layout(address: Address) -> Component:
    """What is compared, and everything about it."""
    asked, said = read_compare(address)
    ready = len(asked["perturbations"]) > 1
    return html.Div(
        [
            dcc.Store(id="compare-page", data=asked),
            html.Div([html.P(s, className="k-notice", role="status") for s in said]),
            _sentence(asked),
            _body(asked) if ready else start(asked),
        ]
    )


def _sentence(asked: dict) -> Component:
    picker = perturbation_picker(
        "compare-entities",
        asked["perturbations"],
        of_map=asked["map"],
        most=MOST_TERMS,
        label=f"Genes and compounds to compare, at most {MOST_TERMS}",
        placeholder="gene or compound",
    )
    copy = html.Button("Copy link", id="compare-copy", className="k-button", title="Copy the address of this view")
    return html.Div(
        [html.H1("Compare"), picker, html.Span(copy, className="k-cutoffs")], className="k-sentence k-compare-sentence"
    )


def _body(asked: dict) -> Component:
    of_map, chosen, has = asked["map"], asked["perturbations"], queries.has(asked["map"])
    compounds = compounds_of(asked)
    pairs = queries.compared_pairs(of_map, chosen)
    tiles = [matrix_tile(asked, compounds, has), neighbours_tile(asked, has), scatter_tile(asked)]
    tiles += [curves_tile(asked), compounds_tile(asked, compounds)] if compounds else []
    return html.Div(
        [
            html.P(compare_answer(of_map, chosen, pairs), className="k-targets-answer", role="status"),
            *_banners(asked),
            html.Div([*tiles, *across_tile(asked)], className="k-compare" + ("" if compounds else " k-compare-genes")),
            dcc.Tooltip(id="compare-hover", className="k-hover", **TOOLTIP),
        ],
        className="k-page k-targets",
    )


def _banners(asked: dict) -> list[Component]:
    described = [queries.described(asked["map"], p) for p in asked["perturbations"]]
    quiet = [query_name(asked["map"], [d["perturbation"]]) for d in described if d["active"] is False]
    if not quiet:
        return []
    names = [part for name in quiet for part in (name, ", ")][:-1]
    said = " is" if len(quiet) == 1 else " are"
    return [
        html.P(
            [html.Span([*names, f"{said} not distinguishable from controls: similarities to it are not reliable."])],
            className="k-banner",
            role="status",
        )
    ]


@callback(
    Output("compare-matrix", "figure"),
    Output({"type": "table", "index": "compare-pairs"}, "rowData"),
    Input("compare-page", "data"),
    Input("theme", "data"),
)
def draw(page: dict, theme: str) -> tuple:
    """Every pair as a number and a colour, and as a table."""
    asked = asked_compare(page)
    of_map, chosen = asked["map"], asked["perturbations"]
    pairs = queries.compared_pairs(of_map, chosen)
    values = np.full((len(chosen), len(chosen)), np.nan)
    values[pairs["a"], pairs["b"]] = values[pairs["b"], pairs["a"]] = pairs["cosine"]
    names = [query_markup(of_map, [p]) for p in chosen]
    found = pair_rows(pairs, texts=texts(asked), links=queries.pair_links(of_map, chosen))
    return draw_matrix(values, names=names, similarity=similarity_name(of_map), dark=theme == "dark"), found


@callback(
    Output({"type": "table", "index": "compare-neighbours"}, "rowData"),
    Output("compare-sharing", "children"),
    Input("compare-page", "data"),
)
def fill(page: dict) -> tuple[list[dict], str]:
    """Neighbours of any, most shared first."""
    asked = asked_compare(page)
    of_map, chosen, kind = asked["map"], asked["perturbations"], asked["kind"]
    frame = queries.shared_neighbours(of_map, chosen, kind=kind)
    n, many = queries.looked_at(of_map, chosen, kind=kind), "genes" if kind == "gene" else "compounds"
    said = sharing(of_map, chosen, frame, n=n, nearest=queries.NEAREST, many=many)
    return neighbour_rows(frame, kind=kind, of_map=of_map), said


@callback(
    Output("compare-scatter", "figure"),
    Output("compare-plane", "children"),
    Input("compare-page", "data"),
    Input("theme", "data"),
)
def draw_plane(page: dict, theme: str) -> tuple[object, str]:
    """Every gene and compound against the first two."""
    asked = _as_selection(asked_compare(page))
    frame = queries.candidates(asked["map"], asked["like"], asked["avoid"], reference=asked["reference"])
    names = [query_markup(asked["map"], asked[k]) or None for k in ("like", "avoid", "reference")]
    named = []
    for column in ("difference", "like", "avoid"):
        order = frame[frame["reliable"]].sort_values(column, ascending=False).drop_duplicates("entity")
        named += [*order["row"].head(EXTREMES), *(order["row"].tail(EXTREMES) if column == "difference" else ())]
    look = {"named": named, "pixels": (400, 330), "gl": webgl(), "dark": theme == "dark"}
    said = PLANE_SAYS + reach_says(reachable(frame, gl=webgl()))
    return draw_scatter(
        frame, names=Names(*names, similarity=similarity_name(asked["map"]).short), region=None, **look
    ), said


def _as_selection(asked: dict) -> dict:
    first = [[p] for p in asked["perturbations"][:3]]
    reference = first[2] if len(first) > 2 else []
    return {"map": asked["map"], "like": first[0], "avoid": first[1], "reference": reference}


@callback(
    Output("compare-hover", "show"),
    Output("compare-hover", "bbox"),
    Output("compare-hover", "children"),
    Input("compare-scatter", "hoverData"),
    State("compare-page", "data"),
    prevent_initial_call=True,
)
def hover(hovered: dict | None, page: dict) -> tuple:
    """The card of the point under the pointer."""
    return hovered_card(hovered, lambda: _as_selection(asked_compare(page)))


@callback(
    Output("compare-curves", "figure"),
    Output({"type": "plotted", "index": "compare-curves"}, "data"),
    Input("compare-against", "value"),
    Input("theme", "data"),
    State("compare-page", "data"),
)
def draw_curves(against: str | None, theme: str, page: dict) -> tuple:
    """The compounds at every concentration against one gene or compound."""
    asked = asked_compare(dict(page, against=against) if isinstance(page, dict) else page)
    of_map, entities = asked["map"], [d["entity"] for d in compounds_of(asked)]
    if asked["against"] is None or not entities:
        return no_update, no_update
    frame = queries.by_concentration_against(of_map, entities, asked["against"])
    against = query_markup(of_map, [asked["against"]])
    figure = draw_overlay(frame, against=against, similarity=similarity_name(of_map), dark=theme == "dark")
    return figure, curve_rows(frame, against=query_text(of_map, [asked["against"]]), first=("entity", "label"))


@callback(Output("compare-windows", "children"), Input("compare-page", "data"))
def show_windows(page: dict) -> list[Component]:
    """The window of each compound."""
    asked = asked_compare(page)
    return windows(asked["map"], compounds_of(asked))


@callback(Output("compare-shared", "children"), Input("compare-page", "data"))
def show_shared(page: dict) -> list[Component]:
    """The common substructure of two compounds."""
    asked = asked_compare(page)
    return shared_structure(asked["map"], compounds_of(asked))


@callback(Output({"type": "table", "index": "compare-across"}, "rowData"), Input("compare-page", "data"))
def fill_across(page: dict) -> object:
    """Neighbours on two maps."""
    asked = asked_compare(page)
    if asked["other"] is None:
        return no_update
    found = queries.across_maps(asked["map"], asked["other"], perturbation=asked["perturbations"][0])
    return across_rows(found) if found else []


clientside_callback(
    ClientsideFunction("compare", "write"),
    Output("compare-page", "storage_type"),
    Input("compare-entities", "value"),
    Input("compare-kind", "value"),
    State("compare-page", "data"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("compare", "writeAgainst"),
    Output("compare-against", "className"),
    Input("compare-against", "value"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("compare", "copyLink"),
    Output("compare-copy", "children"),
    Input("compare-copy", "n_clicks"),
    prevent_initial_call=True,
)

"""Targets: what mimics one perturbation without being like another, coloured by a third: genes and compounds."""

from __future__ import annotations

import pandas as pd
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components import states
from explorer.components.asked_terms import asked_rows
from explorer.components.figure import figure_box
from explorer.components.plotting import reach_says, webgl
from explorer.components.routing import Address
from explorer.components.selection_asked import asked_selection, read_selection, selected
from explorer.components.selection_card import TOOLTIP, hovered_card
from explorer.components.selection_sentence import sentence
from explorer.components.selection_start import start
from explorer.components.selection_table import selection_columns, selection_rows
from explorer.components.selection_tools import picked_tools, picked_words
from explorer.components.selection_words import region_words, selection_answer
from explorer.components.similarity_name import similarity_name
from explorer.components.tables import csv_button, table
from explorer.components.target_curves import curves_row, draw_row
from explorer.components.term_names import query_markup, query_name, query_text
from explorer.components.tiles import tile
from explorer.figures import words
from explorer.figures.scatter import SELECT_CONFIG, Names, draw_scatter, reachable, reference_limit

PATH, TITLE = "/targets", "Targets"

#: Points that get their name, where there is room: the best, and those most like either query.
NAMED, EXTREMES = 8, 2
#: Rows of the list; the plot holds all.
LISTED = 1_000


def layout(address: Address) -> Component:
    """The sentence, and what answers it."""
    asked, said = read_selection(address)
    has = queries.has(address.map)
    ready = bool(asked["like"] and asked["avoid"])
    frame, region = selected(asked) if ready else (None, None)
    body = _body(asked, frame, region, has) if ready else start(asked)
    return html.Div(
        [
            dcc.Store(id="targets-page", data=asked | {"usual": region and region["usual"]}),
            html.Div([html.P(s, className="k-notice", role="status") for s in said]),
            sentence(asked, usual=region and region["tau"], has=has),
            body,
        ],
        className="k-targets-page",
    )


def _body(asked: dict, frame: pd.DataFrame, region: dict, has: dict) -> Component:
    of_map = asked["map"]
    names = {k: query_text(of_map, asked[k]) for k in ("like", "avoid", "reference")}
    plot = figure_box(
        title=f"Like {names['like']}, not like {names['avoid']}",
        id="targets-scatter", config=SELECT_CONFIG, className="k-graph", clear_on_unhover=True,
        style={"height": "var(--k-targets-plot)"},
    )  # fmt: skip
    columns = selection_columns(
        has,
        like=names["like"],
        avoid=names["avoid"],
        reference=names["reference"] or None,
        limit=reference_limit(frame),
        linked=bool(queries.known_sources(of_map)),
    )
    csv = csv_button("targets-list", entity=f"targets_like {names['like']}_not {names['avoid']}", of_map=of_map)
    tools, curves = [html.Span(id="targets-tools", className="k-tools"), csv], curves_row(asked, has=has)
    return html.Div(
        [
            *_banners(asked),
            html.P(states.skeleton(1), id="targets-answer", className="k-targets-answer", role="status"),
            html.Div(
                [
                    tile(_shapes(frame), plot, says=_plot_says(of_map, frame, region), className="k-targets-plot"),
                    tile(
                        html.Span("Candidates", id="targets-picked-words"),
                        table("targets-list", columns, label="Candidates, best first", height="100%"),
                        says=_list_says(asked, has),
                        tools=tools,
                        className="k-fill k-targets-list",
                    ),
                ],
                className="k-targets-halves",
            ),
            *curves,
            dcc.Tooltip(id="targets-hover", className="k-hover", **TOOLTIP),
            dcc.Store(id="targets-picked", data=[]),
        ],
        className="k-page k-targets" + (" k-targets-with-curves" if curves else ""),
    )


def _banners(asked: dict) -> list[Component]:
    """A query that is not distinguishable from controls is said before anything else."""
    found = []
    for term in [*asked["like"], *asked["avoid"]]:
        d = queries.described(asked["map"], term.removeprefix("-"))
        if d["active"] is False:
            p = f" (p = {words.number(d['p'], 2)})" if d["p"] is not None else ""
            name = query_name(asked["map"], [term.removeprefix("-")])
            said = [name, f" is not distinguishable from controls{p}: what is like it is not reliable."]
            found.append(html.P(said, className="k-banner", role="status"))
    return found


def _shapes(frame: pd.DataFrame) -> list[Component | str]:
    kinds = frame["kind"].value_counts()
    what = {
        "gene": ("gene knockout", "gene knockouts"),
        "compound": ("compound at a concentration", "compounds at a concentration"),
    }
    parts: list[Component | str] = []
    for kind, (one, many) in what.items():
        if kind in kinds:
            mark = html.Span(className=f"k-shape k-shape-{kind}", **{"aria-hidden": "true"})
            parts.append(html.Span([mark, words.plural(int(kinds[kind]), one, many)], className="k-shape-word"))
    return parts


def _plot_says(of_map: str, frame: pd.DataFrame, region: dict) -> str:
    faint, said = int((~frame["reliable"]).sum()), region_words(region, similarity=similarity_name(of_map))
    said += f" Faint: {faint:,} not active, or toxic." if faint else ""
    return said + reach_says(reachable(frame, gl=webgl()))


def _list_says(asked: dict, has: dict) -> str:
    name = similarity_name(asked["map"]).strength
    rule = f"Ranked by the difference of both, among those with {name} to what is avoided under its cut-off"
    left = "; compounds at their best active, non-toxic concentration" if has["compounds"] else ""
    return rule + left + (". The others follow in grey." if has["controls"] else ".")


@callback(
    Output("targets-scatter", "figure"),
    Input("targets-page", "data"),
    Input("theme", "data"),
)
def draw(page: dict, theme: str) -> object:
    """Both similarities of every candidate."""
    asked = asked_selection(page)
    frame, region = selected(asked)
    names = [query_markup(asked["map"], asked[k]) or None for k in ("like", "avoid", "reference")]
    return draw_scatter(
        frame,
        names=Names(*names, similarity=similarity_name(asked["map"]).short),
        region=region,
        named=_named(frame, region),
        gl=webgl(),
        dark=theme == "dark",
    )


def _named(frame: pd.DataFrame, region: dict) -> list[int]:
    """Rows of the best candidates, and of the genes and compounds most like either query, once each."""
    best = queries.ranked(frame, region)
    rows = best.loc[best["wanted"], "row"].head(NAMED).tolist()
    for column in ("like", "avoid"):
        for _, of_kind in frame[frame["reliable"]].sort_values(column, ascending=False).groupby("kind", sort=True):
            rows += of_kind.drop_duplicates("entity")["row"].head(EXTREMES).tolist()
    return rows


@callback(
    Output({"type": "table", "index": "targets-list"}, "rowData"),
    Output("targets-answer", "children"),
    Output("targets-tools", "children"),
    Output("targets-picked-words", "children"),
    Input("targets-page", "data"),
    Input("targets-picked", "data"),
)
def fill(page: dict, picked: list[int]) -> tuple:
    """The ranked list, of what is selected in the plot or of all, and the answer above."""
    asked = asked_selection(page)
    of_map, like = asked["map"], asked["like"]
    frame, region = selected(asked)
    every, rows = queries.with_q(of_map, queries.ranked(frame, region), like), asked_rows(of_map, picked)
    noise = queries.by_noise(of_map, like, asked["avoid"], cut=region["cut"], tau=region["tau"])
    links = queries.candidate_links(of_map, every.head(1), like)
    said = selection_answer(every, region, asked=asked, noise=noise, links=links)
    shown = every[every["entity"].isin(frame.loc[frame["row"].isin(rows), "entity"])] if rows else every
    tools = picked_tools(shown, picked=bool(rows), of_map=of_map, like=like)
    return _rows(asked, shown.head(LISTED)), said, tools, picked_words(shown, picked=bool(rows), most=LISTED)


def _rows(asked: dict, frame: pd.DataFrame) -> list[dict]:
    of_map = asked["map"]
    itself = {t.removeprefix("-") for t in asked["reference"]}
    links = queries.candidate_links(of_map, frame, asked["like"])
    return selection_rows(frame, links=links, windows=queries.windows(of_map), itself=itself, of_map=of_map)


@callback(
    Output("targets-curves", "children"),
    Output({"type": "plotted", "index": "targets-curves"}, "data"),
    Output("targets-curves-title", "children"),
    Input("targets-page", "data"),
    Input("targets-picked", "data"),
    Input("theme", "data"),
)
def draw_compounds(page: dict, picked: list[int], theme: str) -> tuple:
    """The best compounds over their concentrations, or those selected in the plot."""
    return draw_row(asked_selection(page), picked, dark=theme == "dark")


@callback(
    Output("targets-hover", "show"),
    Output("targets-hover", "bbox"),
    Output("targets-hover", "children"),
    Input("targets-scatter", "hoverData"),
    State("targets-page", "data"),
    prevent_initial_call=True,
)
def hover(hovered: dict | None, page: dict) -> tuple:
    """The card of the point under the pointer."""
    return hovered_card(hovered, lambda: asked_selection(page))


clientside_callback(
    ClientsideFunction("targets", "write"),
    Output("targets-page", "storage_type"),
    *(Input(f"targets-{name}", "value") for name in ("like", "not", "ref", "tau", "percent", "kind")),
    State("targets-page", "data"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("targets", "pick"),
    Output("targets-picked", "data"),
    Input("targets-scatter", "selectedData"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("targets", "copyLink"),
    Output("targets-copy", "children"),
    Input("targets-copy", "n_clicks"),
    prevent_initial_call=True,
)

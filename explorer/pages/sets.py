"""Sets: which complexes, pathways, phenotypes and lists there are on this map, and a box for a list of one's own."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import Input, Output, State, callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components import states
from explorer.components.asked import asked_map
from explorer.components.links import href
from explorer.components.quality_parts import evidence
from explorer.components.routing import Address
from explorer.components.set_parts import set_columns
from explorer.components.tables import csv_button, rows, table
from explorer.components.tiles import tile
from explorer.figures import words

PATH, TITLE = "/set", "Gene sets"

LONGEST_LIST = 8_000


def layout(address: Address) -> Component:
    """The index: `/set?q=splic` opens with a search."""
    of_map, text = address.map, address.view.get("q", "")[:200]
    sources = queries.set_sources(of_map)
    search = dmc.TextInput(
        id="sets-text",
        value=text,
        debounce=250,
        placeholder="name, synonym, id, or a gene symbol",
        className="k-grow",
        **{"aria-label": "Find a gene set"},
    )
    return html.Div(
        [
            html.H1("Gene sets", className="k-unseen"),
            dcc.Store(id="sets-page", data={"map": of_map}),
            tile(
                "Find a gene set",
                search,
                table("sets-found", set_columns(shared=False), label="Gene sets on this map", height="420px"),
                says="Sets with two genes or more on this map; the largest first until something is typed.",
                tools=csv_button("sets-found", entity="sets", of_map=of_map),
            ),
            html.Div([_list_tile(), _sources_tile(sources)], className="k-set-side"),
        ],
        className="k-page k-sets",
    )


def _list_tile() -> Component:
    return tile(
        "A list of your own",
        dmc.Textarea(
            id="sets-list",
            minRows=3,
            autosize=True,
            maxRows=8,
            debounce=250,
            placeholder="KRAS BRAF RAF1 MAP2K1",
            **{"aria-label": "Genes of a list"},
        ),
        html.P(id="sets-list-link", className="k-examples-line"),
        says="Symbols or aliases, separated by spaces, commas or lines.",
    )


def _sources_tile(sources: object) -> Component:
    if sources.empty:
        return tile(
            "Sources", states.absent("No gene sets are loaded. keyhole fetch brings pathways and gene ontology.")
        )
    body = [
        [r.source, f"{r.sets:,}", f"{r.on_map:,}", r.version or "", html.Span(r.licence, className="k-long")]
        for r in sources.itertuples()
    ]
    return tile(
        "Sources",
        evidence(["source", "sets", "here", "version", "licence"], body),
        says="Here: with two genes or more on this map.",
    )


@callback(
    Output({"type": "table", "index": "sets-found"}, "rowData"),
    Input("sets-text", "value"),
    Input("sets-page", "data"),
)
def fill_sets(text: object, page: object) -> list[dict]:
    """Sets that a text means."""
    of_map = _asked(page)
    frame = queries.find_sets(of_map, text[:200] if isinstance(text, str) else "").rename(columns={"name": "label"})
    links = [href("/set", i, of_map=of_map) for i in frame["id"]]
    return rows(frame, ("label", "id", "source", "on_map", "size"), href=links)


@callback(
    Output("sets-list-link", "children"),
    Input("sets-list", "value"),
    State("sets-page", "data"),
    prevent_initial_call=True,
)
def offer_list(text: object, page: object) -> list:
    """A link to the page of a pasted list."""
    of_map, text = _asked(page), text if isinstance(text, str) else ""
    names = list(dict.fromkeys(queries.names_of(of_map, text)))
    joined = queries.joined(names)
    if not names:
        return []
    if len(joined) > LONGEST_LIST - 100:
        return [f"{len(names):,} names are too many for one address; put them into a file of gene sets."]
    return [
        dcc.Link(f"Look at {words.plural(len(names), 'name')}", href=href("/set/list", of_map=of_map, genes=joined))
    ]


def _asked(page: object) -> str:
    return asked_map(page.get("map") if isinstance(page, dict) else None)

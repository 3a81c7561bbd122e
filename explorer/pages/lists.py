"""Lists: paste names and see what each is on this map, keep them under a name, combine them, open them on other pages.

Saved lists stay in the browser (`assets/lists.js` is the only writer of their store); the server sees the names that
it is asked about and keeps none.
"""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked import asked_map, asked_names, asked_text
from explorer.components.columns import text_column
from explorer.components.links import entity_href, href
from explorer.components.open_as import open_as
from explorer.components.resolver_report import CALLED, resolver_report
from explorer.components.routing import Address
from explorer.components.tables import csv_button, rows, table
from explorer.components.tiles import tile
from explorer.errors import InputError

PATH, TITLE = "/lists", "Lists"

EXAMPLE = "HER2\nCD3\nvelcade\nBRCA1, BRCA2; PALB2\nxyzzy"
PASTE = "A column, CSV, or names with spaces or commas between them: symbols, old names, ids, compounds, SMILES."
SAVED = "Kept in this browser only. Tick one to open it, two to combine them; double-click a name to change it."
ACTIONS = (
    ("union", "In either", "Names that are in any of the ticked lists"),
    ("intersect", "In both", "Names that are in all of the ticked lists"),
    ("subtract", "Only in the first", "Names of the first ticked list that are in no other ticked one"),
    ("delete", "Delete", "Delete the ticked lists"),
    ("undo", "Undo", "Take back the last change"),
    ("export", "Export", "Save all lists as one CSV file"),
)
SAVED_COLUMNS = [
    text_column("name", "List", width=180) | {"editable": True, "flex": 2},
    text_column("n", "Names", width=72) | {"type": "rightAligned", "filter": "agNumberColumnFilter"},
    text_column("map", "Made on", width=110),
    text_column("made", "Date", width=100),
]
NAME_COLUMNS = [
    text_column("asked", "Asked", width=180) | {"flex": 2},
    text_column("status", "Status", width=116),
    text_column("label", "On this map", width=140, renderer="ListName") | {"flex": 1},
    text_column("via", "Matched by", width=140),
    text_column("labels", "Choose or closest", width=230, renderer="ListChoices") | {"flex": 2},
    text_column("note", "Note", width=210) | {"flex": 2, "tooltipField": "note"},
    text_column("repeat", "Repeat", width=78),
]


def layout(address: Address) -> Component:
    """The page; `names=` fills the paste box."""
    text = address.view.get("names", "")
    return html.Div(
        [
            html.H1("Lists", className="k-unseen"),
            dcc.Store(id="lists-saved", storage_type="local"),
            _paste_tile(text, address.map),
            _saved_tile(),
            tile(
                "Every name that was asked for",
                table("lists-names", NAME_COLUMNS, label="Every name of the list and what it is", height="100%"),
                says="One row a name, in the order of the list.",
                tools=csv_button("lists-names", entity="list", of_map=address.map),
                className="k-fill k-wide",
            ),
        ],
        className="k-page k-lists",
    )


def _paste_tile(text: str, of_map: str) -> Component:
    box = dmc.Textarea(
        id="lists-text",
        value=queries.as_lines(of_map, queries.names_of(of_map, text)),
        placeholder=EXAMPLE,
        debounce=400,
        autosize=True,
        minRows=8,
        maxRows=14,
        className="k-lists-text",
        **{"aria-label": "Names, one a line or separated by commas or spaces"},
    )
    name = dmc.TextInput(
        id="lists-name", placeholder="Name of the list", size="xs", **{"aria-label": "Name of the list"}
    )
    save = html.Button("Save list", id="lists-save", className="k-button")
    report = html.Div(id="lists-report", className="k-lists-report", **{"aria-live": "polite"})
    return tile("What are these?", box, html.Div([name, save], className="k-lists-row"), report, says=PASTE)


def _saved_tile() -> Component:
    grid = table("lists-kept", SAVED_COLUMNS, label="Saved lists", height="220px")
    grid.children.dashGridOptions = grid.children.dashGridOptions | {
        "rowSelection": {"mode": "multiRow", "enableClickSelection": True},
        "getRowId": {"function": "params.data.id"},
    }
    grid.children.columnDefs = SAVED_COLUMNS
    buttons = [html.Button(label, id=f"lists-{key}", className="k-button", title=says) for key, label, says in ACTIONS]
    upload = dcc.Upload(
        html.Button("Import", className="k-button", title="A file that was exported here, or any column of names"),
        id="lists-import",
        max_size=200_000,
    )
    return tile(
        "Saved lists",
        grid,
        html.Div([*buttons, upload], className="k-lists-row"),
        html.P(id="lists-said", role="status", className="k-says"),
        html.Div(id="lists-open"),
        says=SAVED,
    )


@callback(
    Output("lists-report", "children"),
    Output({"type": "table", "index": "lists-names"}, "rowData"),
    Input("lists-text", "value"),
    State("page-map", "data"),
)
def report(text: str | None, of_map: str) -> tuple[object, list[dict]]:
    """The report on what is in the box, and its table."""
    of_map, text = asked_map(of_map), asked_text(text)
    try:
        resolved = queries.resolve_list(of_map, text)
    except InputError as e:
        return html.P(f"{e}.", className="k-banner", role="status"), []
    if resolved.empty:
        return html.P("Nothing is asked yet.", className="k-absent"), []
    said = resolver_report(resolved, link=lambda names: href("/lists", of_map=of_map, names=names))
    return [said, open_as(resolved, of_map=of_map)], name_rows(resolved, of_map)


@callback(
    Output("lists-open", "children"),
    Input({"type": "table", "index": "lists-kept"}, "selectedRows"),
    State("page-map", "data"),
)
def offer(chosen: object, of_map: str) -> object:
    """Where the one list that is ticked can be opened."""
    of_map, names = asked_map(of_map), asked_names(chosen)
    if not names:
        return []
    try:
        resolved = queries.resolve_list(of_map, names)
    except InputError as e:
        return html.P(f"{e}.", className="k-banner", role="status")
    return open_as(resolved, of_map=of_map, edit=True)


def name_rows(resolved: object, of_map: str) -> list[dict]:
    """Grid rows of the answers."""
    shown = resolved.assign(
        status=resolved["status"].map(CALLED | {"compound": "compound"}),
        repeat=resolved["repeat"].map({True: "repeat", False: ""}),
    )
    links = [entity_href(r.kind, r.slug, of_map=of_map) if r.slug else "" for r in shown.itertuples()]
    return rows(
        shown,
        ("asked", "status", "kind", "label", "via", "choices", "labels", "note", "repeat"),
        href=links,
        blinded=(resolved["status"] == "blinded").tolist(),
    )


_BUTTONS = ("save", "union", "intersect", "subtract", "delete", "undo", "export")
clientside_callback(
    ClientsideFunction("lists", "write"),
    Output("lists-saved", "data"),
    Output("lists-said", "children"),
    Output("lists-text", "value"),
    *(Input(f"lists-{b}", "n_clicks") for b in _BUTTONS),
    Input({"type": "table", "index": "lists-kept"}, "cellValueChanged"),
    Input("lists-import", "contents"),
    State("lists-name", "value"),
    State({"type": "table", "index": "lists-names"}, "rowData"),
    State({"type": "table", "index": "lists-kept"}, "selectedRows"),
    State("page-map", "data"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("lists", "show"),
    Output({"type": "table", "index": "lists-kept"}, "rowData"),
    Input("lists-saved", "data"),
)

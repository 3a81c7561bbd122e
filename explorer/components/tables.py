"""Tables: AG Grid with a filter row, real links, and CSV of exactly the rows that are shown."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import dash_ag_grid as dag
from dash import MATCH, ClientsideFunction, Input, Output, State, clientside_callback, html
from dash.development.base_component import Component

from explorer import atlas

#: Most rows sent to the browser; a longer table says so.
LONGEST = 2_000

_THEME = (
    "themeQuartz.withParams({backgroundColor:'var(--k-surface)',foregroundColor:'var(--k-ink)',"
    "headerBackgroundColor:'var(--k-raised)',headerTextColor:'var(--k-muted)',borderColor:'var(--k-line)',"
    "rowHoverColor:'var(--k-raised)',fontFamily:'var(--k-font)',fontSize:13,rowHeight:26,headerHeight:30,"
    "cellHorizontalPadding:8,wrapperBorder:false,wrapperBorderRadius:0,accentColor:'var(--k-accent)',"
    "inputBackgroundColor:'var(--k-surface)',inputBorder:'1px solid var(--k-line-strong)'})"
)
_OPTIONS = {
    "theme": {"function": _THEME},
    "suppressCellFocus": False,
    "animateRows": False,
    "ensureDomOrder": True,
    "suppressColumnVirtualisation": True,
    "floatingFiltersHeight": 30,
    "overlayNoRowsTemplate": "<span>No row passes the filters.</span>",
}


def rank_column() -> dict:
    return {"field": "rank", "headerName": "Rank", "width": 62, "type": "rightAligned", "filter": False}


def name_column(header: str, *, kind: str, width: int = 150) -> dict:
    """A link to the entity, in its own type: genes italic, compounds with their mark, blinded genes with a lock."""
    return {
        "field": "label",
        "headerName": header,
        "cellRenderer": "EntityLink",
        "cellRendererParams": {"kind": kind},
        "filter": "agTextColumnFilter",
        "floatingFilter": True,
        "minWidth": width,
        "flex": 2,
    }


def bar_column() -> dict:
    """The cosine as a bar on one symmetric axis; same-arm pairs are hatched."""
    return {
        "field": "bar",
        "headerName": "opposite ← → similar",
        "cellRenderer": "CosineBar",
        "minWidth": 130,
        "flex": 2,
        "sortable": False,
        "filter": False,
    }


def curve_column(header: str) -> dict:
    """The cosine at every concentration as a sparkline, the shown concentration marked."""
    column = {"field": "curve", "headerName": header, "cellRenderer": "Sparkline", "width": 110, "sortable": False}
    return column | {"filter": False}


def number_column(field: str, header: str, *, digits: int, width: int = 84, tooltip: str = "") -> dict:
    """A right-aligned number with fixed digits and a numeric filter."""
    return {
        "field": field,
        "headerName": header,
        "type": "rightAligned",
        "width": width,
        "filter": "agNumberColumnFilter",
        "floatingFilter": True,
        "suppressFloatingFilterButton": True,
        "headerTooltip": tooltip,
        "valueFormatter": {"function": f"keyhole.number(params.value, {digits})"},
    }


def text_column(field: str, header: str, *, width: int, renderer: str | None = None) -> dict:
    """Short words, filterable."""
    column = {"field": field, "headerName": header, "width": width, "filter": "agTextColumnFilter", "floatingFilter": True}
    return column | {"suppressFloatingFilterButton": True} | ({"cellRenderer": renderer} if renderer else {})


def table(index: str, columns: Sequence[dict], *, label: str, height: str) -> Component:
    """An empty grid that a callback fills by `rowData`; `index` is unique over all pages."""
    return html.Div(
        dag.AgGrid(
            id={"type": "table", "index": index},
            columnDefs=list(columns),
            defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True, "wrapHeaderText": True},
            dashGridOptions=_OPTIONS,
            style={"height": height, "width": "100%"},
        ),
        className="k-grid",
        role="region",
        **{"aria-label": label},
    )


def csv_button(index: str, *, entity: str, of_map: str) -> Component:
    """Save the rows that are shown; the file name carries entity, map and date, its head the provenance."""
    m = atlas.opened(of_map).map
    stem = f"{entity}_{of_map}_{datetime.date.today():%Y-%m-%d}"
    head = [f"Keyhole: {m.name}, build {m.build}", f"{entity}: {index}"]
    head += ["Simulated demo map: not experimental data"] if m.simulated else []
    head += [m.manifest["citation"]] if m.manifest.get("citation") else []
    return html.Button(
        "CSV",
        id={"type": "csv", "index": index},
        className="k-button",
        title="Save the rows that pass the filters",
        **{"data-stem": stem, "data-head": "\n".join(head)},
    )


def rows(frame: object, columns: Sequence[str], **more: Sequence[object]) -> list[dict]:
    """Records for a grid: at most `LONGEST`, numbers as plain floats, missing as None."""
    shown = frame.head(LONGEST)
    records = shown[list(columns)].astype(object).where(shown[list(columns)].notna(), None).to_dict("records")
    for key, values in more.items():
        for record, value in zip(records, values, strict=False):
            record[key] = value
    return records


clientside_callback(
    ClientsideFunction("keyhole", "saveCsv"),
    Output({"type": "csv", "index": MATCH}, "data-saved"),
    Input({"type": "csv", "index": MATCH}, "n_clicks"),
    State({"type": "table", "index": MATCH}, "virtualRowData"),
    State({"type": "table", "index": MATCH}, "columnDefs"),
    State({"type": "csv", "index": MATCH}, "data-stem"),
    State({"type": "csv", "index": MATCH}, "data-head"),
    prevent_initial_call=True,
)

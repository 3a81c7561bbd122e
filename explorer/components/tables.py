"""Tables: AG Grid with a filter row, real links, and CSV of exactly the rows that are shown."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import dash_ag_grid as dag
from dash import MATCH, ClientsideFunction, Input, Output, State, clientside_callback, dcc, html
from dash.development.base_component import Component

from explorer import atlas

#: Most rows sent to the browser; a longer table says so.
LONGEST = 2_000

_THEME = (
    "themeQuartz.withParams({backgroundColor:'var(--k-surface)',foregroundColor:'var(--k-ink)',"
    "headerBackgroundColor:'var(--k-raised)',headerTextColor:'var(--k-muted)',borderColor:'var(--k-line)',"
    "rowHoverColor:'var(--k-raised)',fontFamily:'var(--k-font)',fontSize:13,rowHeight:26,headerHeight:30,"
    "cellHorizontalPadding:7,wrapperBorder:false,wrapperBorderRadius:0,accentColor:'var(--k-accent)',"
    "inputBackgroundColor:'var(--k-surface)',inputBorder:'1px solid var(--k-line-strong)'})"
)
_OPTIONS = {
    "theme": {"function": _THEME},
    "animateRows": False,
    "ensureDomOrder": True,
    "suppressColumnVirtualisation": True,
    "floatingFiltersHeight": 30,
    "localeText": {"noRowsToShow": "No row to show", "noMatchingRows": "No row passes the filters"},
}

_TICKS = {
    "rowSelection": {"mode": "multiRow", "checkboxes": True, "headerCheckbox": False, "enableClickSelection": False},
    "selectionColumnDef": {"width": 34, "resizable": False, "sortable": False, "headerName": "✓"},
}


def table(index: str, columns: Sequence[dict], *, label: str, height: str, ticks: bool = False) -> Component:
    """An empty grid that a callback fills by `rowData`; `index` is unique over all pages; `ticks` to choose rows by."""
    return html.Div(
        dag.AgGrid(
            id={"type": "table", "index": index},
            columnDefs=list(columns),
            defaultColDef={
                "sortable": True,
                "resizable": True,
                "suppressHeaderMenuButton": True,
                "suppressHeaderFilterButton": True,
                "suppressFloatingFilterButton": True,
            },
            dashGridOptions=_OPTIONS | (_TICKS if ticks else {}),
            style={"height": height, "width": "100%"},
        ),
        className="k-grid",
        role="region",
        **{"aria-label": label},
    )


def csv_button(index: str, *, entity: str, of_map: str, notes: Sequence[str] = ()) -> Component:
    """Save the rows that are shown; the file name carries entity, map and date, its head the provenance and notes."""
    data = _provenance(index, entity, of_map, notes)
    return _save_button("csv", index, title="Save the rows that pass the filters", data=data)


def plot_csv(index: str, *, entity: str, of_map: str, notes: Sequence[str] = ()) -> Component:
    """Save the numbers of a plot that has no table; a callback fills the store `{"type": "plotted"}` with its rows."""
    data = _provenance(index, entity, of_map, notes)
    button = _save_button("plot-csv", index, title="Save the numbers of this plot", data=data)
    return html.Span([button, dcc.Store(id={"type": "plotted", "index": index}, data=[])])


def _save_button(saves: str, index: str, *, title: str, data: dict[str, str]) -> Component:
    return html.Button("CSV", id={"type": saves, "index": index}, className="k-button", title=title, **data)


def _provenance(index: str, entity: str, of_map: str, notes: Sequence[str]) -> dict[str, str]:
    m = atlas.opened(of_map).map
    head = [f"Keyhole: {m.name}, build {m.build}", f"{entity}: {index}"]
    head += ["Simulated demo map: not experimental data"] if m.simulated else []
    head += [m.manifest["citation"]] if m.manifest.get("citation") else []
    head += notes
    return {"data-stem": f"{entity}_{of_map}_{datetime.date.today():%Y-%m-%d}", "data-head": "\n".join(head)}


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
clientside_callback(
    ClientsideFunction("keyhole", "savePlotted"),
    Output({"type": "plot-csv", "index": MATCH}, "data-saved"),
    Input({"type": "plot-csv", "index": MATCH}, "n_clicks"),
    State({"type": "plotted", "index": MATCH}, "data"),
    State({"type": "plot-csv", "index": MATCH}, "data-stem"),
    State({"type": "plot-csv", "index": MATCH}, "data-head"),
    prevent_initial_call=True,
)

"""Inputs of the pages; some ask the server what they may offer."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import Input, Output, State, callback, no_update
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked import asked_genes, asked_map

#: Which side of a ranking a table shows.
SIGNS = ("similar", "opposite", "all")


def signs(index: str, chosen: str) -> Component:
    """Similar, opposite, or both, as three tabs over a table."""
    return dmc.SegmentedControl(
        id=index,
        value=chosen,
        data=[{"value": s, "label": s} for s in SIGNS],
        size="xs",
        className="k-signs",
        **{"aria-label": "Similar genes, opposite genes, or all"},
    )


def gene_picker(index: str, chosen: Sequence[str], *, of_map: str, most: int) -> Component:
    """Chosen genes as chips with a server-side typeahead for more."""
    names = queries.labels(of_map, list(chosen))
    return dmc.MultiSelect(
        id=index,
        value=list(chosen),
        data=[{"value": s, "label": label} for s, label in names.items()],
        searchable=True,
        maxValues=most,
        placeholder="+ gene",
        size="xs",
        nothingFoundMessage="type a gene on this map",
        className="k-picker",
        **{"aria-label": f"Genes in the curves, at most {most}"},
    )


@callback(
    Output("compound-genes", "data"),
    Input("compound-genes", "searchValue"),
    State("compound-genes", "value"),
    State("page-map", "data"),
    prevent_initial_call=True,
)
def offer_genes(text: str | None, chosen: list[str] | None, of_map: str) -> object:
    """Genes that match what is typed, besides those already chosen."""
    if not isinstance(text, str) or not text.strip():
        return no_update
    of_map = asked_map(of_map)
    found = [m for m in queries.suggest(of_map, text) if m["kind"] == "gene"]
    kept = queries.labels(of_map, asked_genes(of_map, chosen, most=10))
    offered = kept | {m["slug"]: m["label"] if not m["via"] else f"{m['label']} (= {m['via']})" for m in found}
    return [{"value": s, "label": label} for s, label in offered.items()]

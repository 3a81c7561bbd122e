"""What is said of a point or a cell under the mouse."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from explorer.components.icons import kind_mark
from explorer.components.links import entity_href
from explorer.components.themed import themed
from explorer.components.tiles import badge
from explorer.figures import words


def point_card(point: pd.Series, *, of_map: str, structure: bool, value: str = "", linked: bool = False) -> Component:
    """A perturbation: who, at which concentration, whether it has a phenotype; a drawing of compounds."""
    name = html.Em(point["label"]) if point["kind"] == "gene" and not point["blinded"] else html.B(point["label"])
    about = ["gene knockout" if point["kind"] == "gene" else f"{words.concentration(point['concentration'])} µM"]
    if point["kind"] == "compound" and pd.isna(point["concentration"]):
        about = ["compound"]
    about += [f"arm {point['arm']}"] if isinstance(point["arm"], str) and point["arm"] else []
    about += [words.plural(int(point["n_wells"]), "well")]
    if linked:
        name = html.A(name, href=entity_href(point["kind"], point["slug"], of_map=of_map), **{"data-nav": "1"})
    drawing = []
    if structure and point["kind"] == "compound":
        alt, size = f"structure of {point['label']}", (180, 120)
        drawing = themed("/structure", f"{point['slug']}.svg", of_map=of_map, alt=alt, size=size)
    return html.Div(
        [
            html.Div([kind_mark(point["kind"], blinded=point["blinded"]), name]),
            html.Div(" · ".join(about), className="k-muted"),
            html.Div(_activity(point)),
            *([html.Div(value)] if value else []),
            *drawing,
        ],
        className="k-map-card",
    )


def _activity(point: pd.Series) -> list[Component]:
    found = [badge("not tested for activity", tone="plain")]
    if not pd.isna(point["active"]):
        q = f", q {words.q_value(point['q'])}"
        found = [
            badge(("active" if point["active"] else "not active") + q, tone="target" if point["active"] else "caution")
        ]
    return found + ([badge("toxic by count", tone="caution")] if not pd.isna(point["toxic"]) and point["toxic"] else [])


def cell_card(
    rows: pd.DataFrame, columns: pd.DataFrame, value: float, *, called: str = "cosine", known: str = ""
) -> Component:
    """A cell of the heatmap: one pair, or the mean of a block of pairs."""
    if len(rows) == len(columns) == 1:
        a, b = rows.iloc[0], columns.iloc[0]
        if a["row"] == b["row"]:
            return html.Div([_named(a), html.Div("with itself")], className="k-map-card")
        arms = [x["arm"] or "unknown" for x in (a, b)]
        lines = [f"{called} {words.cosine(value)}"]
        lines += [f"same arm, {arms[0]}: a cut there can mimic similarity"] if a["arm"] and a["arm"] == b["arm"] else []
        lines += [known] if known else []
        return html.Div([html.Div([_named(a), " and ", _named(b)]), *map(html.Div, lines)], className="k-map-card")
    sides = [html.Div([_named(f.iloc[0]), " to ", _named(f.iloc[-1])]) for f in (rows, columns)]
    size = f"{len(rows)} × {len(columns)} pairs, mean {called} {words.cosine(value)}"
    return html.Div(
        [*sides, html.Div(size), html.Div("Zoom in for single pairs", className="k-muted")], className="k-map-card"
    )


def _named(row: pd.Series) -> Component:
    if row["entity"].startswith("gene:"):
        return html.Span(row["label"]) if row["blinded"] else html.Em(row["label"])
    at = "" if pd.isna(row["concentration"]) else f" {words.concentration(row['concentration'])} µM"
    return html.Span(row["label"] + at)

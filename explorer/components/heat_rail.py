"""Beside the heatmap: which rows in which order, where to go, and what is in view."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from explorer.components.links import href
from explorer.components.similarity_name import similarity_name
from explorer.figures import words

ORDER_NAMES = {"clustered": "Clustered", "genomic": "By chromosome arm"}
KIND_NAMES = {"gene": "Genes", "compound": "Compounds"}
MOST_GENES = 300


def heat_rail(
    *, of_map: str, kinds: Sequence[str], kind: str, orders: Sequence[str], order: str, groups: pd.DataFrame
) -> Component:
    """The controls, in the order of the questions."""
    chosen = {"view": "heatmap", "kind": kind, "order": order}
    return html.Div(
        [
            html.H2("Rows and columns"),
            _links("kind", kinds, KIND_NAMES, chosen, of_map=of_map),
            html.H2("Order"),
            _links("order", orders, ORDER_NAMES, chosen, of_map=of_map),
            html.P(order_says(order, groups, similarity=similarity_name(of_map)), className="k-says"),
            html.H2("Go to"),
            dmc.Select(
                id="heat-jump",
                data=[],
                searchable=True,
                clearable=True,
                size="xs",
                placeholder=f"{kind} on this map",
                nothingFoundMessage="type a name on this map",
                **{"aria-label": f"Go to a {kind}"},
            ),
            html.Button("Whole map", id="heat-whole", className="k-button"),
            html.P("Drag a box or scroll to zoom; double-click for the whole map.", className="k-says"),
            html.Div(id="heat-panel", className="k-map-panel", **{"aria-live": "polite"}),
        ],
        className="k-tile k-map-rail",
    )


def _links(key: str, values: Sequence[str], names: dict, chosen: dict, *, of_map: str) -> Component:
    parts = [
        html.B(names[v], className="k-chip k-chip-on")
        if v == chosen[key]
        else dcc.Link(names[v], href=href("/map", of_map=of_map, **(chosen | {key: v})), className="k-chip")
        for v in values
    ]
    return html.Div(parts, className="k-map-links")


def order_says(order: str, groups: pd.DataFrame, *, similarity: words.Similarity = words.COSINE) -> str:
    """What the order shows on this map: groups, and how much more alike their members are."""
    sizes = (groups["stop"] - groups["start"]).to_numpy()
    kept = groups["within"].notna().to_numpy() & (groups["group"] != "no arm known").to_numpy()
    pairs = (sizes * (sizes - 1))[kept]
    if not pairs.sum():
        return "All in one run."
    within = float((groups["within"].to_numpy()[kept] * pairs).sum() / pairs.sum())
    weight = (sizes * (sizes.sum() - sizes))[kept]
    others = float((groups["others"].fillna(0).to_numpy()[kept] * weight).sum() / max(weight.sum(), 1))
    what = "arms, each by name" if order == "genomic" else "clusters, each named by the members nearest its mean"
    start = (
        f"{int(kept.sum())} {what}. Mean {similarity.short} within {words.number(within, 3)}, "
        f"to others {words.number(others, 3)}."
    )
    return start + (" Blocks on the diagonal are proximity bias." if order == "genomic" and within > others else "")


def heat_panel(
    axis: pd.DataFrame, rows: Sequence[int], columns: Sequence[int], *, of_map: str, kind: str
) -> list[Component]:
    """What is in view, and where its genes can be taken."""
    seen = pd.concat([axis.iloc[slice(*rows)], axis.iloc[slice(*columns)]]).drop_duplicates("row")
    down, across = rows[1] - rows[0], columns[1] - columns[0]
    parts: list[Component] = [
        html.H2("In view"),
        html.P([html.B(f"{down:,} × {across:,}"), f" of {len(axis):,} × {len(axis):,}"]),
    ]
    genes = seen["slug"].tolist() if kind == "gene" else []
    if 2 <= len(genes) <= MOST_GENES:
        text = f"Network of {words.plural(len(genes), 'gene')}"
        parts.append(html.A(text, href=href("/network", of_map=of_map, genes=",".join(genes)), **{"data-nav": "1"}))
    elif len(genes) > MOST_GENES:
        parts.append(html.P(f"Zoom in to {MOST_GENES} genes or fewer for a network of them.", className="k-says"))
    return parts

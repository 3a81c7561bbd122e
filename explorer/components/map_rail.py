"""Beside the picture of a map: how it is drawn, what colour says, who is looked for, and what is selected."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.links import href
from explorer.components.pair_link import pairs_link
from explorer.components.sentences import SIGNIFICANT
from explorer.figures import words

METHOD_NAMES = {"neighbours": "Neighbours", "pca": "Principal components"}
COLOR_NAMES = {
    "kind": "Kind: gene or compound",
    "activity": "Activity (q)",
    "toxicity": "Toxicity (cells left)",
    "cluster": "Cluster",
    "like": "Similarity to …",
    "set": "Members of a set …",
}
#: Most genes that a network takes.
MOST_GENES = 300
MOST_COMPARED = 6
#: Genes of a selection below which nothing is tested.
FEWEST_TESTED = 3


def picture_rail(
    *, methods: Sequence[str], method: str, colors: Sequence[str], color: str, about: dict | None, found: Sequence[dict]
) -> Component:
    """The controls, in the order of the questions."""
    return html.Div(
        [
            html.H2("Drawn by"),
            dmc.SegmentedControl(
                id="map-method",
                value=method,
                data=[{"value": m, "label": METHOD_NAMES[m]} for m in methods],
                size="xs",
                fullWidth=True,
                **{"aria-label": "How the map is drawn"},
            ),
            html.H2("Colour"),
            dmc.Select(
                id="map-color",
                value=color,
                data=[{"value": c, "label": COLOR_NAMES[c]} for c in colors],
                allowDeselect=False,
                size="xs",
                **{"aria-label": "What colour says"},
            ),
            dmc.Select(
                id="map-about",
                value=about and about["value"],
                data=[about] if about else [],
                searchable=True,
                clearable=True,
                size="xs",
                placeholder="which? type a name",
                nothingFoundMessage="type a name on this map",
                **{"aria-label": "What similarity or membership is about"},
            ),
            html.H2("Find"),
            dmc.MultiSelect(
                id="map-find",
                value=[f["value"] for f in found],
                data=list(found),
                searchable=True,
                clearable=True,
                maxValues=20,
                size="xs",
                placeholder="+ gene or compound",
                nothingFoundMessage="type a name on this map",
                **{"aria-label": "Genes and compounds to ring on the map, at most 20"},
            ),
            html.P("A compound's line runs from its lowest to its highest concentration.", className="k-says"),
            html.H2("Mouse"),
            dmc.SegmentedControl(
                id="map-drag",
                value="pan",
                data=[{"value": v, "label": v.capitalize()} for v in ("pan", "lasso", "box")],
                size="xs",
                fullWidth=True,
                **{"aria-label": "What dragging does"},
            ),
            html.Div(id="map-panel", className="k-map-panel", **{"aria-live": "polite"}),
            dcc.Loading(html.Div(id="map-common", className="k-map-common"), type="dot", delay_show=300),
        ],
        className="k-tile k-map-rail",
    )


def selection_panel(frame: pd.DataFrame | None, *, of_map: str) -> list[Component]:
    """How much is selected, and where it can be taken."""
    if frame is None:
        return [html.H2("Selection"), html.P("Draw a lasso or a box to list what is inside.", className="k-says")]
    genes = frame.loc[frame["kind"] == "gene", "slug"].drop_duplicates().tolist()
    compounds = frame.loc[frame["kind"] == "compound", "entity"].drop_duplicates().tolist()
    counts = f"{words.plural(len(genes), 'gene')} and {words.plural(len(compounds), 'compound')}"
    entities = [*(f"gene:{g}" for g in genes), *compounds][:MOST_COMPARED]
    return [
        html.H2("Selection"),
        html.P([html.B(counts), f" ({words.plural(len(frame), 'point')}), listed below."]),
        html.Div(
            [*_network(genes, of_map), *_compare(entities, of_map), *_pairs(compounds, of_map)], className="k-map-links"
        ),
    ]


def in_common(frame: pd.DataFrame, *, of_map: str) -> list[Component]:
    """The sets that hold more of the selected genes than chance, or that none does."""
    genes = frame.loc[frame["kind"] == "gene", "slug"].drop_duplicates().tolist()
    if len(genes) < FEWEST_TESTED:
        return []
    found = queries.enrichment(of_map, genes, most=5)
    passing = found[found["q"] <= SIGNIFICANT]
    title = html.H2("In common")
    if not queries.map_sets(of_map):
        return [title, html.P("No gene sets are loaded for this map.", className="k-says")]
    if passing.empty:
        return [title, html.P("No loaded set holds more of these genes than chance (q > 0.05).", className="k-says")]
    lines = [
        html.Li(
            [
                html.B(r.name),
                f" {r.hits} of {r.size}, q {words.q_value(r.q)} ",
                html.Span(r.source, className="k-muted"),
            ]
        )
        for r in passing.itertuples(index=False)
    ]
    n = f"{int(passing['selected'].iloc[0]):,} selected of {int(passing['universe'].iloc[0]):,} active named genes"
    return [title, html.Ul(lines, className="k-map-list"), html.P(n, className="k-says")]


def _pairs(compounds: list[str], of_map: str) -> list[Component]:
    return pairs_link(of_map, [c.removeprefix("compound:") for c in compounds], className="")


def _network(genes: list[str], of_map: str) -> list[Component]:
    if len(genes) < 2:
        return []
    if len(genes) > MOST_GENES:
        said = f"More than {MOST_GENES} genes: too many for a network, see the heatmap."
        return [html.A(said, href=href("/map", of_map=of_map, view="heatmap"), **{"data-nav": "1"})]
    text = f"Network of {words.plural(len(genes), 'gene')}"
    return [html.A(text, href=href("/network", of_map=of_map, genes=",".join(genes)), **{"data-nav": "1"})]


def _compare(entities: list[str], of_map: str) -> list[Component]:
    if len(entities) < 2:
        return []
    text = f"Compare the first {len(entities)}"
    return [html.A(text, href=href("/compare", of_map=of_map, e=",".join(entities)), **{"data-nav": "1"})]

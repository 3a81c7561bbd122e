"""Who is nearest by each way to compare compounds: lists side by side, their overlap, and all compounds as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from explorer.components import states
from explorer.components.columns import name_column, number_column, text_column
from explorer.components.links import entity_href
from explorer.components.representation_words import overlap_said, way_means, way_name
from explorer.components.tables import csv_button, table
from explorer.components.tiles import tile
from explorer.figures import words

NEAREST = 10


def nearest_tile(frame: pd.DataFrame, ways: Sequence[str], overlaps: Sequence[Mapping], *, of_map: str) -> Component:
    """The ten nearest by each way, with those that stand in more than one list marked."""
    shown = [w for w in ways if frame[w].notna().any()]
    if not shown:
        return tile("Who is nearest, by each", states.absent("This compound has nothing to be compared by."))
    top = {w: frame.nsmallest(NEAREST, f"rank_{w}") for w in shown}
    lists = pd.concat([t["slug"] for t in top.values()]).value_counts()
    columns = [_column(w, top[w], lists, of_map) for w in shown]
    agree = [
        html.Li([html.B(f"{way_name(o['first'])} and {way_name(o['second'])}: "), overlap_said(o)]) for o in overlaps
    ]
    return tile(
        "Who is nearest, by each",
        html.Div(columns, className="k-rep-lists"),
        html.Ul(agree, className="k-notes", title="Chance: two lists drawn at random from the same compounds"),
        says=f"Out of {words.plural(len(frame), 'compound')} that every way can compare. "
        "Bold stands in more than one list; ● shares an annotated target.",
        className="k-representations-wide",
    )


def all_tile(ways: Sequence[str], *, entity: str, of_map: str) -> Component:
    """Every compound that is compared, with similarity and rank by each way; the page fills the rows."""
    columns = [name_column("Compound", kind="compound", width=130)]
    for way in ways:
        name = way_name(way)
        columns += [
            number_column(way, name, digits=2, width=100, tooltip=way_means(way)),
            number_column(f"rank_{way}", "rank", digits=0, width=64, tooltip=f"Rank by {name}, 1 is nearest"),
        ]
    columns += [text_column("shares", "Shared targets", width=130, tooltip="Annotated targets in common")]
    return tile(
        "All compounds, by each",
        table("representations-all", columns, label="Compounds by each representation", height="340px"),
        says="Sort by one rank, look at the others: where they disagree, each sees what the other cannot.",
        tools=csv_button("representations-all", entity=entity, of_map=of_map),
        className="k-representations-wide",
    )


def _column(way: str, top: pd.DataFrame, lists: pd.Series, of_map: str) -> Component:
    items = [
        html.Li(
            [
                dcc.Link(
                    r["label"],
                    href=entity_href("compound", r["slug"], of_map=of_map),
                    className="k-rep-also" if lists[r["slug"]] > 1 else "",
                ),
                html.Span(
                    "●" if r["shares"] else "",
                    title=f"shares {r['shares']}" if r["shares"] else None,
                    className="k-rep-shares",
                ),
                html.Span(words.cosine(r[way]), className="k-rep-n"),
            ]
        )
        for r in top.to_dict("records")
        if r[way] == r[way]
    ]
    return html.Div([html.H3(way_name(way)), html.P(way_means(way), className="k-says"), html.Ol(items)])

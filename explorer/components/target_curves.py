"""The row of small concentration curves under a target selection: its best compounds, or those that are selected."""

from __future__ import annotations

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components import states
from explorer.components.asked_terms import asked_rows
from explorer.components.curve_rows import compared_with, curve_rows
from explorer.components.figure import figure_box
from explorer.components.icons import kind_mark
from explorer.components.links import entity_href
from explorer.components.selection_asked import selected
from explorer.components.similarity_name import similarity_name
from explorer.components.tables import plot_csv
from explorer.components.term_names import query_markup, query_name, query_text
from explorer.components.tiles import tile
from explorer.figures import words
from explorer.figures.small_curves import draw_small_curves, small_limits

#: Compounds that are drawn.
MOST_DRAWN = 4
CSV_NOTE = "series: what the compound is compared with; band: 5th and 95th percentile of all genes"


def curves_row(asked: dict, *, has: dict) -> list[Component]:
    """The tile, which `draw_row` fills; none where no compound can be drawn."""
    if not has["compounds"] or not has["concentrations"] or asked["kind"] == "gene":
        return []
    of_map = asked["map"]
    like, avoid = (query_text(of_map, asked[k]) for k in ("like", "avoid"))
    csv = plot_csv("targets-curves", entity=f"targets_like {like}_not {avoid}", of_map=of_map, notes=[CSV_NOTE])
    return [
        tile(
            html.Span("Best compounds by concentration", id="targets-curves-title"),
            html.Div(states.skeleton(3), id="targets-curves", className="k-targets-row"),
            says=_says(asked, has),
            tools=csv,
            className="k-targets-curves",
        )
    ]


def _says(asked: dict, has: dict) -> list[Component | str]:
    said: list[Component | str] = [similarity_name(asked["map"]).long.capitalize(), " to "]
    named = [query_name(asked["map"], asked[k]) for k in ("like", "avoid", "reference") if asked[k]]
    for number, name in enumerate(named):
        said += [" and " if number == len(named) - 1 else ", "] * (number > 0) + [name]
    said.append(" at every µM (log). Dotted: the best; hollow: not active; hatched: toxic by count")
    return [*said, "; band: 5–95 % of all genes." if has["genes"] else "."]


def drawn_compounds(ranked: pd.DataFrame, *, rows_picked: list[int], frame: pd.DataFrame) -> pd.DataFrame:
    """Up to four compounds of `queries.ranked`: the best selected ones, else the best of the wanted region."""
    of_picked = ranked["entity"].isin(frame.loc[frame["row"].isin(rows_picked), "entity"])
    chosen = ranked[of_picked if rows_picked else ranked["wanted"]]
    return chosen[(chosen["kind"] == "compound") & (chosen["concentration"] > 0)].head(MOST_DRAWN)


def draw_row(asked: dict, picked: object, *, dark: bool) -> tuple[list[Component], list[dict], str]:
    """The curves, their numbers, and the title of the row."""
    of_map = asked["map"]
    frame, region = selected(asked)
    at = asked_rows(of_map, picked)
    best = drawn_compounds(queries.ranked(frame, region), rows_picked=at, frame=frame)
    title = "Selected compounds by concentration" if at else "Best compounds by concentration"
    if best.empty:
        why = "No compound is selected; double-click in the plot for the best." if at else _none(region, of_map)
        return [states.absent(why)], [], title
    terms = {k: asked[k] for k in ("like", "avoid", "reference")}
    curves = queries.target_curves(of_map, best["entity"].tolist(), **terms)
    names = {k: query_markup(of_map, v) for k, v in terms.items()}
    against = " and ".join(query_text(of_map, v) for v in terms.values() if v)
    look = {"names": names, "limits": small_limits(curves), "dark": dark}
    toxic = best[["entity"]].merge(queries.windows(of_map), on="entity", how="left")
    drawn = [
        html.Div(
            [
                _head(one, _safety(window), of_map),
                figure_box(
                    title=f"{one.label}: similarity by concentration to {against}",
                    figure=draw_small_curves(curves[curves["entity"] == one.entity], best=one.concentration, **look),
                    className="k-graph",
                    style={"height": "var(--k-targets-curve)"},
                ),
            ],
            className="k-targets-curve",
        )
        for one, window in zip(best.itertuples(), toxic.itertuples(), strict=True)
    ]
    compared = compared_with(curves, {k: query_text(of_map, v) for k, v in terms.items()})
    return drawn, curve_rows(curves, against=compared, first=("entity", "label", "series")), title


def _none(region: dict, of_map: str) -> str:
    name = similarity_name(of_map)
    return (
        f"No compound lies in the wanted region ({name.short} ≥ {words.cosine(region['cut'])} to what is liked, and "
        f"{name.strength} < {words.cosine(region['tau'])} to what is avoided). Loosen a cut-off, or select some in the "
        "plot."
    )


def _head(one: object, safety: str, of_map: str) -> Component:
    link = dcc.Link(one.label, href=entity_href("compound", one.slug, of_map=of_map))
    best = html.Small(f"best {words.concentration(one.concentration)} µM{safety}")
    return html.H3([kind_mark("compound"), link, " ", best])


def _safety(window: object) -> str:
    if window.counted is not True:
        return ", cells not counted"
    if pd.isna(window.toxic):
        return f", not toxic to {words.concentration(window.highest)} µM"
    return f", toxic from {words.concentration(window.toxic)} µM"

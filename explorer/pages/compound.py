"""Compound: what it does to cells by concentration: on-target, other genes, similar compounds."""

from __future__ import annotations

from dash import ALL, ClientsideFunction, Input, Output, State, callback, clientside_callback, ctx, dcc, html, no_update
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.components import states
from explorer.components.asked import (
    asked_choice,
    asked_entity,
    asked_genes,
    asked_index,
    asked_map,
    asked_perturbation,
)
from explorer.components.cards import concentration_strip, phenotype_tile, pooled_line
from explorer.components.columns import gene_columns
from explorer.components.compound_card import compound_card
from explorer.components.curve_rows import compared_with, curve_rows
from explorer.components.figure import figure_box
from explorer.components.grounds_said import called, cutoff_line
from explorer.components.hazards import hazards_tile
from explorer.components.inputs import SIGNS, gene_picker, signs
from explorer.components.links import entity_href
from explorer.components.predictions import predictions_tile
from explorer.components.recorded_targets import asked_limit, recorded_targets_tile
from explorer.components.routing import Address
from explorer.components.safety import WINDOW, evidence_table, window_bar, window_words
from explorer.components.sentences import EC50, activity, passing, responses
from explorer.components.similar_compounds import VIEWS, similar_compounds_tile
from explorer.components.tables import LONGEST, csv_button, plot_csv, rows, table
from explorer.components.tiles import tile
from explorer.figures import words
from explorer.figures.curve_marks import Strip
from explorer.figures.curves import draw_curves
from explorer.figures.theme import concentration_colors

PATH, TITLE = "/compound/<name>", "Compound"

LINKED = ("safe_rank", "safe_score", "safe_cosine", "link", "sources", "size", "evidence")

MOST_CURVES = 6
CURVES_SAY = (
    "Similarity to gene knockouts. Lines: mean of wells; points: single wells, noisier and so lower; "
    "grey: 5–95 % of all genes."
)


def layout(address: Address) -> Component:
    """The page of one compound."""
    compound = queries.resolve(address.map, address.segment, kind="compound")
    of_map, entity = address.map, compound["entity"]
    best = queries.best_concentration(of_map, entity)
    frame = queries.by_concentration(of_map, entity)
    chosen, said = _asked(address, frame, best["perturbation"])
    (sign, bad_sign), (view, bad_view) = address.choice("sign", SIGNS), address.choice("view", tuple(VIEWS))
    notices = [html.P(s, className="k-notice", role="status") for s in (said, bad_sign, bad_view) if s]
    curves = [_curves_tile(of_map, compound, address)] if (frame["concentration"] > 0).sum() > 1 else []
    genes = [*curves, _genes_tile(of_map, entity, sign)] if queries.has(of_map)["genes"] else []
    return html.Div(
        [
            dcc.Store(id="compound-page", data={"map": of_map, "entity": entity}),
            dcc.Store(id="compound-chosen", data=chosen),
            *notices,
            html.Div(
                [
                    compound_card(
                        compound,
                        frame,
                        best=queries.best_target(of_map, entity),
                        others=queries.best_new(of_map, entity),
                        targets=queries.targets_at(of_map, entity, best["perturbation"]),
                        safe=queries.target_at_safe(of_map, entity),
                        properties=queries.chemistry(of_map, entity),
                        grounds=queries.grounds(of_map),
                        of_map=of_map,
                    ),
                    _activity_tile(of_map, entity, frame),
                    *genes,
                    similar_compounds_tile(of_map, compound, view=view),
                    html.Div(
                        [_toxicity_tile(), hazards_tile(), *_recorded(of_map, compound, address)], className="k-stack"
                    ),
                    *predictions_tile(queries.admet(of_map, compound["slug"])),
                ],
                className="k-page k-compound",
            ),
        ]
    )


def _recorded(of_map: str, compound: dict, address: Address) -> list[Component]:
    """Targets of loaded tables; nothing where the map's own are all there are."""
    frame = queries.compound_targets(of_map, compound["entity"])
    facts = queries.compound_facts(of_map, compound["entity"])
    if frame["table"].eq("this map").all() and not facts["mechanisms"]:
        return []
    limit = asked_limit(address.view.get("nm"))
    slug = compound["slug"]
    return [recorded_targets_tile(frame, facts["mechanisms"], limit=limit, compound=slug, of_map=of_map)]


def _activity_tile(of_map: str, entity: str, frame: object) -> Component:
    if frame["concentration"].isna().all():
        return phenotype_tile(frame.iloc[0].to_dict(), queries.null_of(of_map), what="compound")
    window = queries.safe_window(of_map, entity)
    bar = window_bar(frame["concentration"].tolist(), window)
    strip = html.Div(id="compound-strip", children=states.skeleton(4))
    words_of_it = html.Span(window_words(window), className="k-window-words", title=WINDOW)
    pooled = pooled_line(frame, queries.null_of(of_map))
    parts = [strip, bar, *([pooled] if pooled else [])]
    return tile(
        "Activity by concentration", *parts, says="", says_id="compound-said", tools=words_of_it, className="k-activity"
    )


def _toxicity_tile() -> Component:
    return tile(
        html.Span("Toxicity evidence", id="compound-toxicity-title"),
        html.Div(id="compound-toxicity", children=states.skeleton(3)),
        says="Rows of evidence, no verdict. The proxy leaves out the compound's own targets and their complexes.",
    )


def _asked(address: Address, frame: object, best: str) -> tuple[str, str]:
    """The perturbation that `c=` asks for; else the best one, and a sentence when the value had to be replaced."""
    if "c" not in address.view:
        return best, ""
    wanted = address.number("c")
    hit = frame[(frame["concentration"] - wanted).abs() <= 1e-6 * wanted] if wanted else frame.iloc[:0]
    if len(hit):
        return hit["perturbation"].iat[0], ""
    return best, f"{address.view['c'][:20]} µM was not tested; this is {best.rpartition('@')[2]} µM."


def _curves_tile(of_map: str, compound: dict, address: Address) -> Component:
    genes = [g for g in address.view.get("g", "").split(",") if f"gene:{g}" in atlas.opened(of_map).map.row_of]
    genes = genes[:MOST_CURVES] or queries.curve_genes(of_map, compound["entity"])
    return tile(
        "Concentration response",
        gene_picker("compound-genes", genes, of_map=of_map, most=MOST_CURVES),
        figure_box(id="compound-curves", className="k-graph", style={"height": "var(--k-graph)"}),
        html.P(id="compound-ec50", className="k-says", title=EC50),
        says=CURVES_SAY,
        tools=plot_csv("compound-curves", entity=compound["entity"], of_map=of_map),
    )


def _genes_tile(of_map: str, entity: str, sign: str) -> Component:
    return tile(
        html.Span("Genes most like it", id="compound-genes-title"),
        table(
            "compound-genes",
            gene_columns(
                queries.has(of_map),
                curve=True,
                grounds=queries.grounds(of_map),
                safe=queries.highest_safe(of_map, entity),
            ),
            label="Genes compared with this compound",
            height="100%",
        ),
        says="",
        says_id="compound-genes-said",
        tools=[signs("compound-genes-sign", sign), csv_button("compound-genes", entity=entity, of_map=of_map)],
        className="k-fill k-tall",
    )


@callback(
    Output("compound-chosen", "data"),
    Input({"type": "concentration", "index": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def choose(clicks: list[int | None]) -> object:
    """The concentration that was clicked."""
    return asked_index(ctx.triggered_id) if any(clicks) else no_update


@callback(
    Output("compound-strip", "children"),
    Output("compound-said", "children"),
    Input("compound-chosen", "data"),
    Input("theme", "data"),
    State("compound-page", "data"),
)
def draw_strip(chosen: str, theme: str, page: dict) -> tuple[Component, str]:
    """The concentration strip and the sentence above it."""
    of_map, entity, chosen = _asked_for(page, chosen)
    frame = queries.by_concentration(of_map, entity)
    strip = concentration_strip(frame, chosen=chosen, colors=concentration_colors(len(frame), dark=theme == "dark"))
    return strip, activity(frame, queries.best_concentration(of_map, entity)) + " Bars: magnitude."


@callback(
    Output("compound-toxicity", "children"),
    Output("compound-toxicity-title", "children"),
    Input("compound-chosen", "data"),
    State("compound-page", "data"),
)
def show_toxicity(chosen: str, page: dict) -> tuple[Component, str]:
    """The evidence of toxicity at the chosen concentration."""
    of_map, entity, chosen = _asked_for(page, chosen)
    evidence = queries.toxicity(of_map, entity)
    row = evidence[evidence["perturbation"] == chosen].iloc[0].to_dict()
    return evidence_table(row), f"Toxicity evidence{_at(chosen)}"


@callback(
    Output("compound-curves", "figure"),
    Output("compound-ec50", "children"),
    Output({"type": "plotted", "index": "compound-curves"}, "data"),
    Input("compound-genes", "value"),
    Input("compound-chosen", "data"),
    Input("theme", "data"),
    State("compound-page", "data"),
)
def draw(genes: list[str], chosen: str, theme: str, page: dict) -> tuple:
    """The concentration response of the chosen genes, their EC50, and the numbers of the lines and the band."""
    of_map, entity, chosen = _asked_for(page, chosen)
    genes = asked_genes(of_map, genes, most=MOST_CURVES)
    fits, labels = queries.responses(of_map, entity, genes), queries.labels(of_map, genes)
    frame = queries.curves(of_map, entity, genes)
    figure = draw_curves(
        frame,
        labels=labels,
        roles=queries.curve_roles(of_map, entity, genes),
        ec50=dict(zip(fits["slug"], fits["ec50"].where(fits["status"] == "fitted"), strict=True)),
        compound=queries.label(of_map, entity),
        similarity=words.Similarity(**queries.similarity(of_map)),
        dark=theme == "dark",
        **_along(of_map, entity, chosen),
    )
    return figure, responses(fits, labels), _numbers(of_map, entity, frame, labels)


def _numbers(of_map: str, entity: str, frame: object, labels: dict) -> list[dict]:
    at = queries.by_concentration(of_map, entity)[["concentration", "n_wells", "active", "toxic"]]
    shown = frame[frame["part"].isin(["mean", "low", "high"])].merge(at, on="concentration", how="left")
    shown = shown.assign(compound=queries.label(of_map, entity))
    return curve_rows(shown, against=compared_with(shown, labels), first=("compound",))


def _along(of_map: str, entity: str, chosen: str) -> dict:
    """Activity and toxicity along the axis, and the chosen concentration."""
    at = queries.by_concentration(of_map, entity)
    strip = Strip(tuple(at["concentration"]), tuple(at["active"]), tuple(at["toxic"]))
    return {"strip": strip, "chosen": float(at.loc[at["perturbation"] == chosen, "concentration"].iloc[0])}


@callback(
    Output({"type": "table", "index": "compound-genes"}, "rowData"),
    Output("compound-genes-title", "children"),
    Output("compound-genes-said", "children"),
    Input("compound-chosen", "data"),
    Input("compound-genes-sign", "value"),
    State("compound-page", "data"),
)
def fill_genes(chosen: str, sign: str, page: dict) -> tuple[list[dict], str, str]:
    """Genes against the compound at the chosen concentration: the similar, the opposite, or all."""
    of_map, entity, chosen = _asked_for(page, chosen)
    sign, grounds = asked_choice(sign, SIGNS), queries.grounds(of_map)
    said = passing(queries.similar_genes(of_map, chosen), "genes", similarity=called(grounds))
    title = f"Genes most {'unlike' if sign == 'opposite' else 'like'} {queries.label(of_map, entity)}{_at(chosen)}"
    return gene_rows(of_map, entity, chosen, sign=sign), title, said + cutoff_line(grounds)


def gene_rows(of_map: str, entity: str, perturbation: str, *, sign: str = "all") -> list[dict]:
    """Grid rows of the genes compared with a compound at one concentration, with curves and links to its targets."""
    frame = queries.genes_beside(of_map, entity, perturbation)
    if sign != "all":
        frame = frame[(frame["cosine"] < 0) == (sign == "opposite")]
    frame = frame.head(LONGEST)
    curves = queries.gene_profiles(of_map, entity, frame["slug"].tolist())
    at = queries.by_concentration(of_map, entity)["perturbation"].tolist().index(perturbation)
    return rows(
        frame,
        ("rank", "label", "blinded", "active", "cosine", "score", "q", *LINKED),
        href=[entity_href("gene", s, of_map=of_map) for s in frame["slug"]],
        curve=[curves[s] for s in frame["slug"]],
        at=[at] * len(frame),
    )


def _asked_for(page: object, chosen: object) -> tuple[str, str, str]:
    """Map, entity and perturbation that the page's stores name, each known or refused."""
    page = page if isinstance(page, dict) else {}
    of_map = asked_map(page.get("map"))
    entity = asked_entity(of_map, page.get("entity"), kind="compound")
    return of_map, entity, asked_perturbation(of_map, chosen, entity=entity)


def _at(perturbation: str) -> str:
    return f" at {perturbation.rpartition('@')[2]} µM" if "@" in perturbation else ""


clientside_callback(
    ClientsideFunction("keyhole", "writeConcentration"),
    Output("compound-strip", "title"),
    Input("compound-chosen", "data"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("keyhole", "writeGenes"),
    Output("compound-curves", "className"),
    Input("compound-genes", "value"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("keyhole", "writeSign"),
    Output("compound-genes-title", "className"),
    Input("compound-genes-sign", "value"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("keyhole", "writeCompounds"),
    Output("compound-view", "className"),
    Input("compound-view", "value"),
    prevent_initial_call=True,
)

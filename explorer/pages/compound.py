"""Compound: what it does to cells by concentration: on-target, other genes, similar compounds."""

from __future__ import annotations

from dash import ALL, ClientsideFunction, Input, Output, State, callback, clientside_callback, ctx, dcc, html, no_update
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.chemistry.properties import PROPERTIES
from explorer.components import states
from explorer.components.asked import asked_entity, asked_genes, asked_map, asked_perturbation
from explorer.components.cards import concentration_strip, gene_name, structure
from explorer.components.icons import kind_mark
from explorer.components.inputs import gene_picker
from explorer.components.links import entity_href
from explorer.components.routing import Address
from explorer.components.tables import (
    bar_column,
    csv_button,
    curve_column,
    name_column,
    number_column,
    rank_column,
    rows,
    table,
)
from explorer.components.tiles import answer, fact, tile
from explorer.figures import words
from explorer.figures.curves import Strip, draw_curves
from explorer.figures.theme import GRAPH_CONFIG, concentration_colors

PATH, TITLE = "/compound/<name>", "Compound"

MOST_CURVES = 6
KILL = ("PLK1",)
SCORE = "Map score: signed percentile of |cosine| among all genes at this concentration"
GENE_COLUMNS = [
    rank_column(),
    name_column("Gene", kind="gene", width=140),
    curve_column("by concentration"),
    bar_column(),
    number_column("cosine", "Cosine", digits=2),
    number_column("score", "Score", digits=1, tooltip=SCORE),
]
COMPOUND_COLUMNS = [
    rank_column(),
    name_column("Compound", kind="compound"),
    number_column("concentration", "at µM", digits=4, width=82, tooltip="Concentration where it is strongest"),
    bar_column(),
    number_column("cosine", "Cosine", digits=2),
    number_column("score", "Score", digits=1, tooltip="Signed percentile of |cosine| among all compounds"),
    number_column("tanimoto", "Tanimoto", digits=2, width=92, tooltip="Structural similarity, ECFP4 (Morgan radius 2, 2,048 bits)"),
]


def layout(address: Address) -> Component:
    """The page of one compound."""
    compound = queries.resolve(address.map, address.segment, kind="compound")
    of_map, entity = address.map, compound["entity"]
    best = queries.best_concentration(of_map, entity)
    frame = queries.by_concentration(of_map, entity)
    chosen, said = _asked(address, frame, best["perturbation"])
    data = {"map": of_map, "entity": entity}
    return html.Div(
        [
            dcc.Store(id="compound-page", data=data),
            dcc.Store(id="compound-chosen", data=chosen),
            _identity(of_map, compound, frame),
            tile("Activity by concentration", html.Div(id="compound-strip", children=states.skeleton(4)), says=said or "", says_id="compound-said"),
            _curves_tile(of_map, compound, address),
            _genes_tile(of_map, entity),
            _compounds_tile(of_map, compound),
        ],
        className="k-page k-compound",
    )  # fmt: skip


def _asked(address: Address, frame: object, best: str) -> tuple[str, str]:
    """The perturbation that `c=` asks for; else the best one, and a sentence when the value had to be replaced."""
    if "c" not in address.view:
        return best, ""
    wanted = address.number("c")
    hit = frame[(frame["concentration"] - wanted).abs() <= 1e-6 * wanted] if wanted else frame.iloc[:0]
    if len(hit):
        return hit["perturbation"].iat[0], ""
    return best, f"{address.view['c'][:20]} µM was not tested; this is {best.rpartition('@')[2]} µM."


def _identity(of_map: str, compound: dict, frame: object) -> Component:
    wells = f"{words.plural(int(frame['n_wells'].sum()), 'well')} · {words.plural(len(frame), 'concentration')}"
    drawn = structure(compound["slug"], compound["label"], of_map=of_map, width=230, height=180)
    picture = drawn if compound["inchikey"] else states.absent("No structure in this data set.")
    title = html.Div(
        [
            kind_mark("compound"),
            html.H1(compound["label"]),
            html.Span(" · ".join(compound["synonyms"][:5]), className="k-also"),
            html.Span(wells, className="k-right k-also"),
        ],
        className="k-title",
    )
    return html.Section(
        [html.Div(picture, className="k-picture"), html.Div([title, *_answers(of_map, compound), _properties(of_map, compound)])],
        className="k-tile k-identity k-with-picture",
    )


def _answers(of_map: str, compound: dict) -> list[Component]:
    best = queries.best_target(of_map, compound["entity"])
    known = [[gene_name(t), " "] for t in compound["targets"][:8]]
    lines = []
    if best:
        link = dcc.Link(gene_name(best["label"]), href=entity_href("gene", best["slug"], of_map=of_map))
        where = f" / {best['n']:,} at {words.concentration(best['concentration'])} µM"
        detail = html.Small(f"cosine {words.cosine(best['cosine'])} · score {words.score(best['score'])}")
        lines.append(answer("On target", [link, " rank ", html.B(f"{best['rank']:,}"), where, " ", detail], tone="target"))
    elif compound["targets"]:
        lines.append(answer("On target", "no annotated target of it is on this map at an active concentration", tone="plain"))
    facts = [html.Span("Targets", className="k-label"), *sum(known, [])] if known else ["No target on record."]
    mechanism = [html.Span(f"· {compound['mechanism']}", className="k-muted")] if compound["mechanism"] else []
    return [*lines, html.P([*facts, *mechanism], className="k-targets")]


def _properties(of_map: str, compound: dict) -> Component:
    values = queries.chemistry(of_map, compound["entity"])
    if not values:
        return html.Div()
    facts = [fact(p.label, words.number(values[p.label], p.digits), unit=p.unit, source=p.source) for p in PROPERTIES]
    return html.Dl(facts, className="k-facts-row")


def _curves_tile(of_map: str, compound: dict, address: Address) -> Component:
    summary = queries.summary(of_map)
    if not summary["genes"]:
        return tile("Concentration response", states.absent("This map has no gene knockouts to compare with."))
    if len(queries.by_concentration(of_map, compound["entity"])) < 2:
        return tile("Concentration response", states.absent("One concentration only: there is no curve to draw."))
    genes = [g for g in address.view.get("g", "").split(",") if f"gene:{g}" in atlas.opened(of_map).map.row_of]
    genes = genes[:MOST_CURVES] or default_genes(of_map, compound["entity"])
    return tile(
        "Concentration response",
        gene_picker("compound-genes", genes, of_map=of_map, most=MOST_CURVES),
        dcc.Graph(id="compound-curves", config=GRAPH_CONFIG, className="k-graph", responsive=True),
        says="Similarity to gene knockouts; small points are wells, grey is 5–95 % of all genes, dotted where not active.",
    )


def default_genes(of_map: str, entity: str) -> list[str]:
    """The genes a compound page opens with: on-map targets, then the strongest genes, then a kill control."""
    best = queries.best_concentration(of_map, entity)["perturbation"]
    targets = queries.targets(of_map, entity)["slug"].drop_duplicates().tolist()[:2]
    strongest = queries.similar_genes(of_map, best)
    strongest = strongest.loc[strongest["cosine"] > 0, "slug"].tolist()
    kill = [k for k in KILL if f"gene:{k}" in atlas.opened(of_map).map.row_of]
    return list(dict.fromkeys([*targets, *[s for s in strongest if s not in targets][: 4 - len(targets)], *kill]))


def _genes_tile(of_map: str, entity: str) -> Component:
    if not queries.summary(of_map)["genes"]:
        return html.Div()
    return tile(
        html.Span("Genes most like it", id="compound-genes-title"),
        table("compound-genes", GENE_COLUMNS, label="Genes compared with this compound", height="100%"),
        says="",
        says_id="compound-genes-said",
        tools=csv_button("compound-genes", entity=entity, of_map=of_map),
        className="k-fill k-tall",
    )


def _compounds_tile(of_map: str, compound: dict) -> Component:
    return tile(
        "Similar compounds",
        html.Div(id="compound-structures", className="k-structures"),
        table("compound-compounds", COMPOUND_COLUMNS, label="Compounds compared with this compound", height="236px"),
        says="Cells decide the order; Tanimoto says how alike the structures are. Each compound at its strongest active concentration.",
        tools=csv_button("compound-compounds", entity=compound["entity"], of_map=of_map),
    )


@callback(
    Output("compound-chosen", "data"),
    Input({"type": "concentration", "index": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def choose(clicks: list[int | None]) -> object:
    """The concentration that was clicked."""
    return ctx.triggered_id["index"] if any(clicks) else no_update


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
    return strip, _strip_sentence(frame, queries.best_concentration(of_map, entity))


def _strip_sentence(frame: object, best: dict) -> str:
    tested = frame["active"].notna()
    if not tested.any():
        return "Activity is not tested on this map. Pick a concentration."
    active = int(frame.loc[tested, "active"].astype(bool).sum())
    return f"Active at {active} of {int(tested.sum())} (q ≤ 0.05). Opens at {best['perturbation'].rpartition('@')[2]} µM, {best['why']}."


@callback(
    Output("compound-curves", "figure"),
    Input("compound-genes", "value"),
    Input("compound-chosen", "data"),
    Input("theme", "data"),
    State("compound-page", "data"),
)
def draw(genes: list[str], chosen: str, theme: str, page: dict) -> object:
    """The concentration response of the chosen genes."""
    of_map, entity, chosen = _asked_for(page, chosen)
    genes = asked_genes(of_map, genes, most=MOST_CURVES)
    at = queries.by_concentration(of_map, entity)
    row = at.loc[at["perturbation"] == chosen, "concentration"]
    targets = set(queries.targets(of_map, entity)["slug"])
    roles = {g: "target" if g in targets else "kill" if g in KILL else "other" for g in genes}
    return draw_curves(
        queries.curves(of_map, entity, genes), labels=queries.labels(of_map, genes), roles=roles,
        strip=Strip(tuple(at["concentration"]), tuple(at["active"]), tuple(at["toxic"])),
        chosen=float(row.iloc[0]), compound=queries.label(of_map, entity), dark=theme == "dark",
    )  # fmt: skip


@callback(
    Output({"type": "table", "index": "compound-genes"}, "rowData"),
    Output("compound-genes-title", "children"),
    Output("compound-genes-said", "children"),
    Input("compound-chosen", "data"),
    State("compound-page", "data"),
)
def fill_genes(chosen: str, page: dict) -> tuple[list[dict], str, str]:
    """Genes against the compound at the chosen concentration."""
    of_map, entity, chosen = _asked_for(page, chosen)
    found = gene_rows(of_map, entity, chosen)
    said = f"{words.plural(len(found), 'gene')}, strongest |cosine| first; both signs share one ranking."
    return found, f"Genes most like {queries.label(of_map, entity)}{_at(chosen)}", said


@callback(
    Output({"type": "table", "index": "compound-compounds"}, "rowData"),
    Output("compound-structures", "children"),
    Input("compound-chosen", "data"),
    State("compound-page", "data"),
)
def fill_compounds(chosen: str, page: dict) -> tuple[list[dict], list[Component]]:
    """Compounds against the compound at the chosen concentration, and the structures of the nearest."""
    of_map, entity, chosen = _asked_for(page, chosen)
    frame = queries.similar_compounds(of_map, chosen)
    found = rows(
        frame,
        ("rank", "label", "active", "concentration", "cosine", "score", "tanimoto"),
        href=[entity_href("compound", s, of_map=of_map) for s in frame["slug"]],
    )
    return found, _nearest(of_map, frame)


def _nearest(of_map: str, frame: object) -> list[Component]:
    drawn = frame[frame["tanimoto"].notna() & (frame["cosine"] > 0)].head(4)
    return [
        dcc.Link(
            [
                structure(hit.slug, hit.label, of_map=of_map, width=120, height=84),
                html.B(hit.label),
                html.Small(f"cosine {words.cosine(hit.cosine)} · Tanimoto {words.cosine(hit.tanimoto)}"),
            ],
            href=entity_href("compound", hit.slug, of_map=of_map),
            className="k-structure-card",
        )
        for hit in drawn.itertuples()
    ]


def gene_rows(of_map: str, entity: str, perturbation: str) -> list[dict]:
    """Grid rows of the genes compared with a compound at one concentration, with their curves."""
    frame = queries.similar_genes(of_map, perturbation)
    curves = queries.gene_profiles(of_map, entity, frame["slug"].tolist())
    targets = set(queries.targets(of_map, entity)["slug"])
    at = queries.by_concentration(of_map, entity)["perturbation"].tolist().index(perturbation)
    return rows(
        frame,
        ("rank", "label", "blinded", "active", "cosine", "score"),
        href=[entity_href("gene", s, of_map=of_map) for s in frame["slug"]],
        curve=[curves[s] for s in frame["slug"]],
        at=[at] * len(frame),
        tag=["target" if s in targets else None for s in frame["slug"]],
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

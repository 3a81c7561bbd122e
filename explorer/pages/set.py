"""Set: do the genes of a complex, pathway, phenotype or pasted list look alike, and who else looks like them."""

from __future__ import annotations

from dash import Input, Output, callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components import set_parts as parts
from explorer.components import states
from explorer.components.asked import asked_genes, asked_map
from explorer.components.figure import figure_box
from explorer.components.links import entity_href, href
from explorer.components.pair_link import pairs_link
from explorer.components.routing import Address
from explorer.components.similarity_name import similarity_name
from explorer.components.tables import csv_button, rows, table
from explorer.components.tiles import tile
from explorer.figures import words
from explorer.figures.curve_marks import escaped
from explorer.figures.square import draw_square

PATH, TITLE = "/set/<name>", "Gene set"

MOST_GENES, MOST_IN_SQUARE = 2_000, 300
#: Compounds most like a set whose pairs are offered.
MOST_PAIRED = 20


def layout(address: Address) -> Component:
    """The page of one set, or of a pasted list: `/set/list?genes=KRAS,BRAF`."""
    told = queries.set_on_map(address.map, address.segment, address.view.get("genes", ""))
    if not told["genes"]:
        return states.refused("This list names no gene. Paste some into the address: /set/list?genes=KRAS,BRAF.")
    genes, has = told["on_map"][:MOST_GENES], queries.has(address.map)
    members = queries.set_members(address.map, genes)
    return html.Div(
        [
            dcc.Store(id="set-page", data={"map": address.map, "set": told["id"], "genes": genes}),
            html.Section(
                parts.identity(
                    told,
                    of_map=address.map,
                    active=int(members["active"].eq(True).sum()),
                    tested=bool(members["active"].notna().any()),
                ),
                className="k-tile k-identity k-across",
            ),
            *(_tiles(address.map, told, has) if genes else [_nobody()]),
        ],
        className="k-page k-set",
    )


def _nobody() -> Component:
    return html.P("None of its genes is on this map, so there is nothing to compare.", className="k-banner k-across")


def _tiles(of_map: str, told: dict, has: dict) -> list[Component]:
    known = bool(queries.known_sources(of_map))
    entity = f"set-{told['id']}"
    said = "relation to members from the loaded sources" if known else "no relationships loaded, so none is called new"
    grounds = queries.grounds(of_map)
    found = [
        tile(
            "Members against members",
            html.Div(states.skeleton(10), id="set-square"),
            says="Those that are alike stand together: average linkage, optimal leaf order.",
        ),
        _table_tile(
            "set-members",
            "Members",
            parts.member_columns(has, grounds=grounds),
            of_map,
            entity,
            "Nearest the others first.",
        ),
        _table_tile(
            "set-candidates",
            "Candidates for a missing member",
            parts.gene_columns(has, relation=known, grounds=grounds),
            of_map,
            entity,
            f"Genes outside most similar to the mean of the active members; {said}. A candidate is no member.",
        ),
    ]
    if has["compounds"]:
        reliable = "active, non-toxic concentration" if has["controls"] else "concentration"
        says = f"Against the mean of the active members, each compound at its strongest {reliable}."
        columns = parts.compound_columns(has, grounds=grounds)
        found.append(
            _table_tile(
                *("set-compounds", "Compounds like or opposite to the set", columns, of_map, entity, says),
                links=html.Span(id="set-pairs"),
            )
        )
    return [
        *found,
        _table_tile(
            "set-opposite",
            "Opposite genes",
            parts.gene_columns(has, relation=False, grounds=grounds),
            of_map,
            entity,
            "Knockouts that look like the reverse of the set.",
        ),
        _table_tile(
            "set-overlap",
            "Sets that overlap most",
            parts.set_columns(shared=True),
            of_map,
            entity,
            "By Jaccard index of the members on this map.",
        ),
    ]


def _table_tile(
    index: str, title: str, columns: list, of_map: str, entity: str, says: str, *, links: Component | None = None
) -> Component:
    return tile(
        title,
        table(index, columns, label=title, height="330px"),
        says=says,
        tools=[*([] if links is None else [links]), csv_button(index, entity=entity, of_map=of_map)],
    )


@callback(Output("set-answer", "children"), Input("set-page", "data"))
def fill_answer(page: object) -> list[Component]:
    """Are the members alike."""
    of_map, genes, _ = _asked(page)
    return parts.coherence_said(queries.coherence(of_map, genes), similarity=similarity_name(of_map))


@callback(Output("set-square", "children"), Input("set-page", "data"), Input("theme", "data"))
def fill_square(page: object, theme: object) -> list[Component]:
    """The heatmap of the members."""
    of_map, genes, _ = _asked(page)
    if len(genes) < 2 or len(genes) > MOST_IN_SQUARE:
        n = words.plural(len(genes), "member")
        return [states.absent(f"{n} on this map: a heatmap is drawn of 2 to {MOST_IN_SQUARE}.")]
    frame = queries.set_square(of_map, genes)
    names = [f"<i>{escaped(n)}</i>" for n in queries.labels(of_map, list(frame.columns)).values()]
    drawn = draw_square(frame.to_numpy(), names=names, similarity=similarity_name(of_map), dark=theme == "dark")
    return [figure_box(figure=drawn, style={"height": "336px"})]


@callback(Output({"type": "table", "index": "set-members"}, "rowData"), Input("set-page", "data"))
def fill_members(page: object) -> list[dict]:
    """The members on the map."""
    of_map, genes, _ = _asked(page)
    frame = queries.set_members(of_map, genes)
    state = {True: "active", False: "not active"}
    shown = frame.assign(state=[state.get(a, "not tested") if a is not None else "not tested" for a in frame["active"]])
    links = [entity_href("gene", s, of_map=of_map) for s in frame["slug"]]
    return rows(shown, ("label", "blinded", "active", "arm", "cosine", "state"), href=links)


@callback(
    Output({"type": "table", "index": "set-candidates"}, "rowData"),
    Output({"type": "table", "index": "set-opposite"}, "rowData"),
    Input("set-page", "data"),
)
def fill_genes(page: object) -> tuple[list[dict], list[dict]]:
    """Genes outside the set, similar and opposite to its mean."""
    of_map, genes, _ = _asked(page)
    frame = queries.beside_set(of_map, genes)
    if frame.empty:
        return [], []
    return _gene_rows(of_map, frame[frame["cosine"] > 0]), _gene_rows(of_map, frame[frame["cosine"] < 0])


@callback(
    Output({"type": "table", "index": "set-compounds"}, "rowData"),
    Output("set-pairs", "children"),
    Input("set-page", "data"),
)
def fill_compounds(page: object) -> tuple[list[dict], list[Component]]:
    """Compounds against the mean of the set, and where the pairs of the nearest are."""
    of_map, genes, _ = _asked(page)
    frame = queries.compounds_beside_set(of_map, genes)
    columns = ("label", "reliable", "concentration", "cosine", "score", "q")
    if frame.empty:
        return [], []
    near = frame[frame["reliable"] & (frame["cosine"] > 0)].nlargest(MOST_PAIRED, "cosine")
    links = [entity_href("compound", s, of_map=of_map) for s in frame["slug"]]
    return rows(frame, columns, href=links), pairs_link(of_map, near["slug"].tolist())


@callback(Output({"type": "table", "index": "set-overlap"}, "rowData"), Input("set-page", "data"))
def fill_overlap(page: object) -> list[dict]:
    """Sets that share members."""
    of_map, genes, id = _asked(page)
    frame = queries.overlapping_sets(of_map, genes, id).rename(columns={"name": "label"})
    links = [href("/set", i, of_map=of_map) for i in frame["id"]]
    return rows(frame, ("label", "id", "source", "shared", "jaccard", "on_map", "size"), href=links)


def _gene_rows(of_map: str, frame: object) -> list[dict]:
    told = [parts.relation_said(r, n) for r, n in zip(frame["relation"].fillna(""), frame["related_to"], strict=True)]
    links = [entity_href("gene", s, of_map=of_map) for s in frame["slug"]]
    columns = ("label", "blinded", "active", "arm", "same_arm", "cosine", "score", "q")
    return rows(frame, columns, href=links, relation=told)


def _asked(page: object) -> tuple[str, list[str], str]:
    page = page if isinstance(page, dict) else {}
    of_map = asked_map(page.get("map"))
    id = page.get("set")
    return of_map, asked_genes(of_map, page.get("genes"), most=MOST_GENES), id[:200] if isinstance(id, str) else ""

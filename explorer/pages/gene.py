"""Gene: what its knockout looks like: the most similar and most opposite genes, and the compounds that act like it."""

from __future__ import annotations

from dash import Input, Output, callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked import asked_entity, asked_map
from explorer.components.cards import gene_name, phenotype_tile
from explorer.components.columns import compound_columns, gene_columns
from explorer.components.grounds_said import called, cutoff_line
from explorer.components.grounds_said import q as q_said
from explorer.components.grounds_said import similarity as similarity_said
from explorer.components.icons import kind_mark
from explorer.components.known import enrichment_rows, enrichment_tile, link_column, links, set_rows, sets_tile
from explorer.components.links import entity_href
from explorer.components.neighbourhood import neighbourhood_tile
from explorer.components.onward import onward
from explorer.components.phenotype import against_controls
from explorer.components.routing import Address
from explorer.components.sentences import passing
from explorer.components.tables import LONGEST, csv_button, rows, table
from explorer.components.tiles import answer, badge, tile
from explorer.figures import words

PATH, TITLE = "/gene/<name>", "Gene"


def layout(address: Address) -> Component:
    """The page of one gene."""
    gene = queries.resolve(address.map, address.segment, kind="gene")
    gene["unblinded"] = queries.unblinded(address.map, gene["slug"])
    activity = queries.by_concentration(address.map, gene["entity"]).iloc[0].to_dict()
    genes, compounds = queries.similar_genes(address.map, gene["entity"]), queries.has(address.map)["compounds"]
    return html.Div(
        [
            dcc.Store(id="gene-page", data={"map": address.map, "gene": gene["entity"]}),
            _identity(address.map, gene, activity, genes),
            phenotype_tile(
                activity,
                queries.null_of(address.map),
                what="knockout",
                pictures=against_controls(address.map, gene),
            ),
            _genes_tile(address.map, gene, activity, genes),
            neighbourhood_tile(address.map, gene),
            *([_compounds_tile(address.map, gene)] if compounds else []),
            enrichment_tile(address.map, gene),
            sets_tile(address.map, gene),
        ],
        className="k-page k-gene" + (" k-not-active" if activity["active"] is False else ""),
    )


def _identity(of_map: str, gene: dict, activity: dict, genes: object) -> Component:
    also = " · ".join(
        filter(None, [gene["name"], _aliases(gene), gene["identifier"] and f"Entrez {gene['identifier']}"])
    )
    if gene["blinded"]:
        also = "blinded: the owner of the data has not disclosed which gene this is"
        also = f"blinded; {gene['unblinded']} by your table" if gene["unblinded"] else also
    similar, opposite = genes[genes["cosine"] > 0].head(3), genes[genes["cosine"] < 0].head(2)
    lines = []
    if len(similar):
        lines.append(answer("Most like", _hits(of_map, similar), tone="similar"))
    if len(opposite):
        lines.append(answer("Most opposite", _hits(of_map, opposite), tone="opposite"))
    arm = [badge(f"arm {gene['arm']}", tone="caution", title="Knockouts on one arm can look alike by the cut alone")]
    return html.Section(
        [
            html.Div(
                [
                    kind_mark("gene", blinded=gene["blinded"]),
                    html.H1(html.Em(gene["label"]) if not gene["blinded"] else gene["label"]),
                    html.Span(also, className="k-also"),
                    html.Span(arm if gene["arm"] else [], className="k-right"),
                ],
                className="k-title",
            ),
            *lines,
            _arm_caution(gene, genes),
            *_banner(activity),
            html.Div(onward(of_map, gene["entity"]), className="k-onward"),
        ],
        className="k-tile k-identity",
    )


def _aliases(gene: dict) -> str:
    shown = gene["synonyms"][:6]
    return f"aliases {', '.join(shown)}" if shown else ""


def _hits(of_map: str, hits: object) -> list[Component | str]:
    grounds = queries.grounds(of_map)
    title = f"{similarity_said(grounds)}. {q_said('genes', grounds)}"
    parts: list[Component | str] = []
    for hit in hits.itertuples():
        link = dcc.Link(gene_name(hit.label, hit.blinded), href=entity_href("gene", hit.slug, of_map=of_map))
        q = f", q {words.q_value(hit.q)}" if hit.q == hit.q else ""
        detail = html.Small(f" {words.cosine(hit.cosine)}, rank {hit.rank} of {hit.n:,}{q}", title=title)
        parts += [html.Span([link, detail], className="k-hit")]
    return parts


def _arm_caution(gene: dict, genes: object) -> Component | None:
    top = genes.head(20)
    same = int((top["arm"] == gene["arm"]).sum()) if gene["arm"] else 0
    if not same:
        return None
    text = f"{same} of the 20 strongest lie on {gene['arm']}: a cut there can mimic similarity. Their bars are hatched."
    return html.P([html.Span(className="k-icon k-icon-caution"), text], className="k-caution")


def _banner(activity: dict) -> list[Component]:
    if activity["active"] is not False:
        return []
    p = words.number(activity["p"], 2)
    text = f"Not distinguishable from controls (p = {p}): its neighbours are unreliable and shown in grey."
    return [html.P(text, className="k-banner", role="status", id="not-active")]


def _genes_tile(of_map: str, gene: dict, activity: dict, genes: object) -> Component:
    return tile(
        "Most similar and most opposite genes",
        table(
            "gene-genes",
            gene_columns(
                queries.has(of_map),
                curve=False,
                grounds=queries.grounds(of_map),
                link=link_column() if _tells(of_map, gene) else None,
            ),
            label=f"Genes compared with {gene['label']}",
            height="100%",
        ),
        says=(_passing(of_map, genes) if len(genes) else "No other gene on this map.") + _sources(of_map, gene),
        tools=csv_button("gene-genes", entity=gene["entity"], of_map=of_map),
        className="k-fill k-gene-genes",
    )


def _passing(of_map: str, genes: object) -> str:
    grounds = queries.grounds(of_map)
    return passing(genes, "other genes", similarity=called(grounds)) + cutoff_line(grounds)


def _tells(of_map: str, gene: dict) -> bool:
    """Whether a source could list a pair with this gene."""
    return bool(queries.known_sources(of_map)) and queries.is_named(of_map, gene["slug"])


def _sources(of_map: str, gene: dict) -> str:
    """Which sources the links are from, as one more sentence."""
    named = [source["name"] for source in queries.known_sources(of_map)]
    if not named:
        return " No relationships are loaded, so none is called known or new."
    return f" Links: {', '.join(named)}." if _tells(of_map, gene) else ""


def _compounds_tile(of_map: str, gene: dict) -> Component:
    n = queries.summary(of_map)["compounds"]
    title = ["Compounds that look like losing ", gene_name(gene["label"], gene["blinded"])]
    return tile(
        title,
        table(
            "gene-compounds",
            compound_columns(queries.has(of_map), of_compound=False, grounds=queries.grounds(of_map)),
            label=f"Compounds compared with {gene['label']}",
            height="100%",
        ),
        says=f"{words.plural(n, 'compound')}{queries.compound_rule(of_map)}",
        tools=csv_button("gene-compounds", entity=gene["entity"], of_map=of_map),
        className="k-fill",
    )


@callback(
    Output({"type": "table", "index": "gene-genes"}, "rowData"),
    Input("gene-page", "data"),
)
def fill_genes(page: dict) -> list[dict]:
    """Genes against the gene of the page."""
    return gene_rows(*_asked_for(page))


@callback(
    Output({"type": "table", "index": "gene-compounds"}, "rowData"),
    Input("gene-page", "data"),
)
def fill_compounds(page: dict) -> list[dict]:
    """Compounds against the gene of the page."""
    return compound_rows(*_asked_for(page))


@callback(
    Output({"type": "table", "index": "gene-enrichment"}, "rowData"),
    Input("gene-page", "data"),
)
def fill_enrichment(page: dict) -> list[dict]:
    """Sets that the neighbours of the gene of the page share."""
    return enrichment_rows(*_asked_for(page))


@callback(
    Output({"type": "table", "index": "gene-sets"}, "rowData"),
    Input("gene-page", "data"),
)
def fill_sets(page: dict) -> list[dict]:
    """Sets that hold the gene of the page."""
    of_map, entity = _asked_for(page)
    return set_rows(of_map, entity.partition(":")[2])


def _asked_for(page: object) -> tuple[str, str]:
    page = page if isinstance(page, dict) else {}
    of_map = asked_map(page.get("map"))
    return of_map, asked_entity(of_map, page.get("gene"), kind="gene")


def gene_rows(of_map: str, perturbation: str) -> list[dict]:
    """Grid rows of the genes compared with a gene; those on its chromosome arm are marked."""
    arm = queries.arm(of_map, perturbation)
    frame = queries.similar_genes(of_map, perturbation).head(LONGEST)
    columns = ("rank", "label", "blinded", "active", "arm", "cosine", "score", "q", "n_wells")
    told = queries.known_sources(of_map)
    return rows(
        frame,
        columns,
        href=[entity_href("gene", s, of_map=of_map) for s in frame["slug"]],
        same_arm=[bool(arm) and a == arm for a in frame["arm"]],
        **(links(of_map, perturbation.partition(":")[2], frame, arm=arm) if told else {}),
    )


def compound_rows(of_map: str, perturbation: str) -> list[dict]:
    """Grid rows of the compounds compared with a gene, with their curve and where its strongest point lies."""
    frame = queries.similar_compounds(of_map, perturbation).head(LONGEST)
    curves = queries.compound_profiles(of_map, perturbation, frame["slug"].tolist())
    return rows(
        frame,
        ("rank", "label", "reliable", "concentration", "cosine", "score", "q"),
        href=[entity_href("compound", s, of_map=of_map) for s in frame["slug"]],
        curve=[curves[s] for s in frame["slug"]],
        at=[queries.place(of_map, s, c) for s, c in zip(frame["slug"], frame["concentration"], strict=True)],
    )

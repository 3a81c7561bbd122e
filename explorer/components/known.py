"""Known biology on a page: what links two genes, which sets hold a gene, and what its neighbours have in common."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.cards import gene_name
from explorer.components.columns import number_column, text_column
from explorer.components.links import href
from explorer.components.tables import csv_button, rows, table
from explorer.components.tiles import tile
from explorer.figures import words
from explorer.queries.concentrations import SIGNIFICANT

#: What is said of a pair, and why.
NEW, NONE, ARM, UNTOLD = "new", "none", "none; arm?", "cannot tell"
WHY = {
    NEW: "No loaded source lists this pair, and it passes q ≤ 0.05",
    NONE: "No loaded source lists this pair; it does not pass q ≤ 0.05, or there is no q on this map",
    ARM: "No loaded source lists this pair; both lie on one chromosome arm, where a cut alone can look alike",
    UNTOLD: "A blinded gene is in no source",
}
SETS = ("gene_sets", "phenotypes")
MOST_SETS = 100
HITS = "Genes of the set among those that were selected"
SIZE = "Genes of the set in the universe: named active genes of this map"
SET_Q = "Hypergeometric test, Benjamini-Hochberg over all sets of 5 to 500 genes in the universe"


def link_column() -> dict:
    """What is known between the gene of the page and each row, with the evidence as tooltip."""
    column = text_column("link", "Link", width=104, renderer="GeneLink")
    return column | {"headerTooltip": "What loaded sources say of the pair; hover for the evidence"}


def links(of_map: str, gene: str, frame: pd.DataFrame, *, arm: str | None) -> dict[str, list[str]]:
    """Words and evidence for every row of `queries.similar_genes`: `link` and `evidence`.

    A pair that no source lists is "new" only where it passes q and the genes lie on different arms.
    """
    known = queries.relations_of(of_map, gene).set_index("slug").to_dict("index")
    told, why = [], []
    for row in frame.itertuples():
        if row.slug in known:
            one = known[row.slug]
            weak = one["relation"] != "known"
            told.append(f"co-listed {one['size']:,.0f}" if weak else "known")
            why.append(one["evidence"])
            continue
        word = NEW if row.q <= SIGNIFICANT else NONE
        word = ARM if arm and row.arm == arm else word
        word = word if queries.is_named(of_map, row.slug) else UNTOLD
        told.append(word)
        why.append(WHY[word])
    return {"link": told, "evidence": why}


def enrichment_tile(of_map: str, gene: dict) -> Component:
    """What the neighbours of a gene have in common."""
    near = queries.top_neighbours(of_map, gene["entity"])
    frame = queries.enrichment(of_map, near["genes"])
    columns = [
        set_column("Set"),
        text_column("source", "Source", width=190),
        number_column("hits", "Hits", digits=0, width=60, tooltip=HITS),
        number_column("size", "Size", digits=0, width=60, tooltip=SIZE),
        number_column("q", "q", digits=3, width=72, tooltip=SET_Q)
        | {"valueFormatter": {"function": "keyhole.q(params.value)"}},
        text_column("genes", "Genes", width=120) | {"flex": 2, "minWidth": 120, "tooltipField": "genes"},
    ]
    said, how = _said(frame, near, tested=queries.has(of_map)["controls"]), _how(of_map)
    return tile(
        "What its neighbours have in common",
        table("gene-enrichment", columns, label="Gene sets that its neighbours share", height="280px"),
        html.P(how, className="k-how"),
        says=said,
        tools=csv_button("gene-enrichment", entity=gene["entity"], of_map=of_map, notes=[said, how]),
        className="k-known",
    )


def sets_tile(of_map: str, gene: dict) -> Component:
    """The sets that hold a gene."""
    columns = [
        set_column("Set"),
        text_column("source", "Source", width=190),
        number_column("size", "Genes", digits=0, width=72, tooltip="Members in the source"),
        number_column("on_map", "On map", digits=0, width=72, tooltip="Members with a vector on this map"),
    ]
    n = len(queries.sets_of(of_map, gene["slug"], most=MOST_SETS))
    says = "No loaded source has a set that holds it."
    if n:
        cut = f"The {n} smallest sets that hold it" if n == MOST_SETS else words.plural(n, "set")
        says = f"{cut}: complexes, pathways and lists first, then phenotypes."
    return tile(
        ["Sets and phenotypes of ", gene_name(gene["label"], gene["blinded"])],
        table("gene-sets", columns, label=f"Gene sets that hold {gene['label']}", height="280px"),
        says=says,
        tools=csv_button("gene-sets", entity=gene["entity"], of_map=of_map),
        className="k-known",
    )


def enrichment_rows(of_map: str, entity: str) -> list[dict]:
    """Grid rows of the sets that the neighbours of a gene share."""
    frame = queries.enrichment(of_map, queries.top_neighbours(of_map, entity)["genes"])
    columns = ("name", "source", "hits", "size", "q", "genes", "redundant_with")
    return rows(frame, columns, href=[href("/set", id, of_map=of_map) for id in frame["id"]])


def set_rows(of_map: str, slug: str) -> list[dict]:
    """Grid rows of the sets that hold a gene."""
    frame = queries.sets_of(of_map, slug, most=MOST_SETS)
    return rows(
        frame, ("name", "source", "size", "on_map"), href=[href("/set", id, of_map=of_map) for id in frame["id"]]
    )


def set_column(header: str) -> dict:
    """A link to the page of a set."""
    return text_column("name", header, width=150, renderer="SetLink") | {"flex": 3, "minWidth": 150}


def _how(of_map: str) -> str:
    """The test, and the sets that it asks, with their versions."""
    sources = [
        s for s in queries.annotation_sources(of_map) if s["kind"] in SETS and not (s["problem"] or s["replaced_by"])
    ]
    named = ", ".join(" ".join(filter(None, (s["name"], s["version"]))) for s in sources) or "none loaded"
    return f"Sets: {named}. Hypergeometric test of sets of 5 to 500 genes, Benjamini-Hochberg over all of them."


def _said(frame: pd.DataFrame, near: dict, *, tested: bool) -> str:
    """How many sets pass, out of which genes, against which."""
    if not near["genes"]:
        return "Nothing to test: no similar gene passes q ≤ 0.05." if tested else "Nothing to test: no gene is similar."
    if frame.empty:
        return (
            f"Nothing to test: none of {near['rule']} (n = {len(near['genes'])}) is in a set and a named active gene."
        )
    selected, universe = int(frame["selected"].iat[0]), int(frame["universe"].iat[0])
    among = f"{universe:,} named {'active ' if tested else ''}genes of this map"
    of = f"Tested: {near['rule']} (n = {selected}), against {among}."
    passed = int((frame["q"] <= SIGNIFICANT).sum())
    if not passed:
        return f"No set passes q ≤ {SIGNIFICANT} (lowest {words.number(float(frame['q'].min()), 2)}). {of}"
    return f"{words.plural(passed, 'set')} of those shown pass q ≤ {SIGNIFICANT}. {of}"

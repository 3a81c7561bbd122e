"""What a map can tell where it cannot tell a story: its strongest pairs, and compounds that find their target."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.cards import gene_name
from explorer.components.links import entity_href
from explorer.components.states import absent
from explorer.figures import words

MOST = 8


def strongest(of_map: str, kind: str) -> list[Component]:
    """Pairs of a kind, each the other's nearest."""
    pairs = queries.strongest_pairs(of_map, kind)
    if pairs.empty:
        return [absent(f"No two {kind}s here are distinguishable from controls and each other's nearest.")]
    link = _gene if kind == "gene" else _compound
    rows = []
    for p in pairs.itertuples():
        first = [link(p.a, p.a_label, of_map), _at(p.a_concentration)]
        rows.append(([*first, " and ", link(p.b, p.b_label, of_map), _at(p.b_concentration)], words.cosine(p.cosine)))
    n = queries.summary(of_map)["genes" if kind == "gene" else "compounds"]
    says = f"Each the other's nearest of {words.plural(n, kind)}. Alike in cells, often one complex or mechanism."
    return [html.P(says, className="k-says"), _ranking(rows, of_map)]


def on_target(of_map: str) -> list[Component]:
    """Compounds beside a gene that is their target on record."""
    found = queries.on_target(of_map)
    if found.empty:
        return [absent("No compound here has an annotated target among the genes of this map.")]
    rows = [
        ([_compound(r.slug, r.label, of_map), " → ", _gene(r.gene, r.gene_label, of_map), _at(r.concentration)],
         words.cosine(r.cosine))
        for r in found.head(MOST).itertuples()
    ]  # fmt: skip
    says = f"{words.plural(len(found), 'compound')} with a target here, at active, non-toxic concentrations."
    return [html.P(says, className="k-says"), _ranking(rows, of_map)]


def _ranking(rows: list[tuple[list, str]], of_map: str) -> Component:
    items = [html.Li([html.Span(name), html.Span(value, className="k-value")]) for name, value in rows]
    return html.Ol(items, className="k-ranking", **{"data-unit": queries.similarity(of_map)["short"]})


def _at(concentration: float) -> Component | str:
    return html.Small(f" at {words.concentration(concentration)} µM") if concentration == concentration else ""


def _gene(slug: str, label: str, of_map: str) -> Component:
    return dcc.Link(gene_name(label), href=entity_href("gene", slug, of_map=of_map))


def _compound(slug: str, label: str, of_map: str) -> Component:
    return dcc.Link(label, href=entity_href("compound", slug, of_map=of_map))

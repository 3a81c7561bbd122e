"""Home: one question, one box, what is in this map, and what a map is."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.components.cards import gene_name
from explorer.components.icons import kind_mark
from explorer.components.links import entity_href
from explorer.components.routing import Address
from explorer.components.search import search_box
from explorer.components.tiles import tile
from explorer.figures import words

PATH, TITLE = "/", "Home"
MOST = 8

STEPS = (
    ("Photograph.", "Knock out one gene, or add one compound, and photograph the stained cells in many wells."),
    ("Describe.", "A network turns each picture into numbers; control wells take batch effects out."),
    ("Compare.", "Perturbations that point the same way (cosine near 1) look alike, and often share biology."),
)


def layout(address: Address) -> Component:
    """The first page."""
    of_map = address.map
    examples = queries.examples(of_map)
    return html.Div(
        [
            html.Div(
                [
                    html.H1("What does this gene or compound look like in cells?"),
                    search_box("hero"),
                    html.P(["For example", *[_example(e, of_map) for e in examples]], className="k-examples"),
                ],
                className="k-hero",
            ),
            html.Div(_tiles(of_map), className="k-halves"),
        ],
        className="k-home",
    )


def _tiles(of_map: str) -> list[Component]:
    """What this map has: nothing stands for what it lacks."""
    has = queries.has(of_map)
    tiles = [_contents(of_map), _what_is_a_map()]
    tiles += [_strongest(of_map, "gene")] if has["genes"] else []
    tiles += [_on_target(of_map)] if has["genes"] and has["compounds"] else []
    return [*tiles, *([_strongest(of_map, "compound")] if not has["genes"] else [])]


def _example(entity: dict, of_map: str) -> Component:
    name = gene_name(entity["label"], entity["blinded"]) if entity["kind"] == "gene" else entity["label"]
    via = [html.Small(f"= {entity['via']}")] if entity["via"] else []
    link = entity_href(entity["kind"], entity["slug"], of_map=of_map)
    return dcc.Link([kind_mark(entity["kind"], blinded=entity["blinded"]), name, *via], href=link, className="k-chip")


def _contents(of_map: str) -> Component:
    m, s = atlas.opened(of_map).map, queries.summary(of_map)
    counts = (
        [_count(s["genes"], "gene", f"{s['genes'] - s['blinded']:,} named, {s['blinded']:,} blinded")]
        if s["genes"]
        else []
    )
    counts += [_count(s["compounds"], "compound", f"{s['structures']:,} with a structure")] if s["compounds"] else []
    word = "well" if queries.has(of_map)["replicates"] else "row"
    counts += [_count(m.manifest["wells"], word, f"{m.manifest['control_wells_used']:,} of them controls")]
    levels = " · ".join(words.concentration(c) for c in s["concentrations"][:10])
    more = f" and {len(s['concentrations']) - 10} more" if len(s["concentrations"]) > 10 else ""
    lines: list[Component] = (
        [html.P([html.Span("Concentrations ", className="k-muted"), f"{levels}{more} µM"])] if levels else []
    )
    lines += [
        html.P([html.Span("Distinguishable from controls, q ≤ 0.05 ", className="k-muted"), *_active(s["activity"])])
    ]
    lines += [html.P(a, className="k-muted") for a in s["absent"]]
    return tile("In this map", html.Div(counts, className="k-counts"), *lines, says=m.manifest["dataset"])


def _count(n: int, word: str, below: str) -> Component:
    return html.Div(
        [html.B(f"{n:,}"), html.Span(word if n == 1 else word + "s"), html.Small(below)], className="k-count"
    )


def _active(activity: dict) -> list:
    parts = []
    for kind, many in (("gene", "genes"), ("compound", "compound-concentrations")):
        n, active = activity[kind]["n"], activity[kind]["active"]
        if n:
            parts += [html.B(f"{active / n:.0%}"), f" of {n:,} {many}  "]
    return parts or ["not tested on this map"]


def _strongest(of_map: str, kind: str) -> Component:
    title, pairs = f"Strongest pairs of {kind}s", queries.strongest_pairs(of_map, kind)
    if pairs.empty:
        why = f"No two {kind}s here are distinguishable from controls and each other's nearest."
        return tile(title, html.P(why, className="k-absent"))
    link = _gene if kind == "gene" else _compound
    rows = [
        (
            [
                link(p.a, p.a_label, of_map),
                _at(p.a_concentration),
                " and ",
                link(p.b, p.b_label, of_map),
                _at(p.b_concentration),
            ],
            words.cosine(p.cosine),
        )
        for p in pairs.itertuples()
    ]
    n = queries.summary(of_map)["genes" if kind == "gene" else "compounds"]
    says = f"Each the other's nearest of {words.plural(n, kind)}. Alike in cells, often one complex or mechanism."
    return tile(title, _ranking(rows, _unit(of_map)), says=says)


def _unit(of_map: str) -> str:
    return queries.similarity(of_map)["short"]


def _at(concentration: float) -> Component | str:
    return html.Small(f" at {words.concentration(concentration)} µM") if concentration == concentration else ""


def _on_target(of_map: str) -> Component:
    title, found = "Compounds that find their target", queries.on_target(of_map)
    if found.empty:
        why = "No compound here has an annotated target among the genes of this map."
        return tile(title, html.P(why, className="k-absent"))
    rows = [
        (
            [
                _compound(r.slug, r.label, of_map),
                " → ",
                _gene(r.gene, r.gene_label, of_map),
                _at(r.concentration),
            ],
            words.cosine(r.cosine),
        )
        for r in found.head(MOST).itertuples()
    ]
    return tile(
        title,
        _ranking(rows, _unit(of_map)),
        says=f"{words.plural(len(found), 'compound')} with a target here, at active, non-toxic concentrations.",
    )


def _ranking(rows: list[tuple[list, str]], unit: str) -> Component:
    items = [html.Li([html.Span(name), html.Span(value, className="k-value")]) for name, value in rows]
    return html.Ol(items, className="k-ranking", **{"data-unit": unit})


def _gene(slug: str, label: str, of_map: str) -> Component:
    return dcc.Link(gene_name(label), href=entity_href("gene", slug, of_map=of_map))


def _compound(slug: str, label: str, of_map: str) -> Component:
    return dcc.Link(label, href=entity_href("compound", slug, of_map=of_map))


def _what_is_a_map() -> Component:
    steps = [html.Li([html.B(head), " ", text]) for head, text in STEPS]
    link = dcc.Link("Method, limits and words", href="/help")
    return tile(
        "What a map is", html.Ol(steps, className="k-steps"), link, says="Three steps from a picture to a neighbour."
    )

"""Where a network begins: examples that open on this map, a box to paste names, and what a selection may become."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.links import href
from explorer.components.list_editor import list_editor
from explorer.components.network_view import View
from explorer.components.network_words import resolver
from explorer.components.tiles import tile
from explorer.errors import KeyholeError
from explorer.figures import words

#: Sets and lists that are offered where this map has enough of them.
SETS = (("hpo:HP:0003002", "Breast carcinoma"), ("hpo:HP:0003003", "Colon cancer"))
LISTS = (
    ("RAS and RAF", "KRAS,BRAF,RAF1,MAP2K1,MAP2K2,SHOC2,PTPN11,SOS1,GRB2"),
    ("Homologous recombination", "BRCA1,BARD1,PALB2,BRCA2,RAD51,RAD51C,RAD51D,XRCC3,BRIP1,MRE11,RAD50,NBN,ATM"),
    ("Proteasome and splicing", "PSMA1,PSMA3,PSMB1,PSMB5,PSMC1,PSMD1,SNRPD3,SNRPD1,SNRPB,SF3B1,SF3A1,PRPF8"),
)


def start(of_map: str, view: View | None) -> Component:
    """The page without a network: examples of this map, and a box for a list."""
    told = _too_few(view) if view is not None else []
    return html.Div(
        [
            html.Div(
                html.Div(
                    [html.H1("Network"), html.Span("who looks like whom", className="k-also")], className="k-title"
                )
            ),
            *told,
            html.Div(
                [
                    tile(
                        "Open one of these",
                        html.Ul(_examples(of_map), className="k-net-examples"),
                        says="Drawn from the open map.",
                    ),
                    tile(
                        "Or paste names",
                        list_editor(""),
                        says="Genes, aliases, Entrez or blinded ids, in any order; the page says what became of each.",
                    ),
                ],
                className="k-halves",
            ),
        ],
        className="k-net",
    )


def selection(of_map: str, genes: list[str]) -> list[Component]:
    """What several genes share, where sets are loaded, and their own network."""
    if len(genes) < 2:
        return []
    labels = queries.labels(of_map, genes)
    names = html.P(
        [
            html.B(words.plural(len(genes), "gene")),
            " selected: ",
            html.Em(", ".join(list(labels.values())[:12])),
            "…" if len(genes) > 12 else "",
        ]
    )
    link = dcc.Link("Open as network", href=href("/network", of_map=of_map, genes=",".join(genes)))
    return [names, *_shared(of_map, genes), html.P(link)]


def _shared(of_map: str, genes: list[str]) -> list[Component]:
    if len(genes) < 3:
        return []
    found = queries.enrichment(of_map, genes, most=3)
    rows = [
        html.Li([html.B(r.name), f" {r.hits} of {r.selected}, q {words.power(r.q)}"])
        for r in found.itertuples(index=False)
    ]
    return [html.Ul(rows)] if rows else [html.P("No loaded set is over-represented among them.", className="k-muted")]


def _too_few(view: View) -> list[Component]:
    said = f"A network takes at least two genes of this map; {view.asked.title} has {len(view.genes)}."
    return [html.Div([html.P(said, className="k-banner"), *resolver(view.asked, {}, view)], className="k-tile")]


def _examples(of_map: str) -> list[Component]:
    found = [_example(of_map, name, {"set": i}, note) for i, name, note in _sets(of_map)]
    for name, genes in LISTS:
        known = queries.labels(of_map, genes.split(","))
        if len(known) >= 4:
            found.append(_example(of_map, name, {"genes": ",".join(known)}, f"{len(known)} genes"))
    pairs = queries.strongest_pairs(of_map, "gene") if queries.has(of_map)["genes"] else None
    for p in [] if pairs is None else pairs.head(2).itertuples():
        found.append(_example(of_map, f"Around {p.a_label}", {"near": f"gene:{p.a}"}, "its 24 nearest genes"))
    if queries.has(of_map)["genes"] and queries.has(of_map)["compounds"]:
        for c in queries.on_target(of_map).head(1).itertuples():
            at = "" if c.concentration != c.concentration else f"@{words.concentration(c.concentration)}"
            found.append(
                _example(of_map, f"Around {c.label}", {"near": f"compound:{c.slug}{at}"}, "its 24 nearest genes")
            )
    return found or [html.Li("This map has no gene knockouts: there is nothing to draw a network of.")]


def _sets(of_map: str) -> list[tuple[str, str, str]]:
    found = []
    for i, name in SETS:
        try:
            n = len(queries.gene_set(of_map, i)["on_map"])
        except KeyholeError:
            continue
        found += [(i, name, f"{n} genes on this map")] if n >= 4 else []
    return found


def _example(of_map: str, name: str, view: dict[str, str], note: str) -> Component:
    return html.Li([dcc.Link(name, href=href("/network", of_map=of_map, **view)), html.Small(f" {note}")])

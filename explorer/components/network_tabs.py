"""Below the canvas: its edges, nodes and groups as tables, its heatmap, and the scorecard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components import states
from explorer.components.columns import name_column, number_column, text_column
from explorer.components.figure import figure_box
from explorer.components.links import entity_href, href
from explorer.components.network_drawn import network_of
from explorer.components.network_view import View
from explorer.components.network_words import rule_words
from explorer.components.pair_link import pairs_link
from explorer.components.similarity_name import similarity_name
from explorer.components.tables import LONGEST, csv_button, table
from explorer.figures import words
from explorer.figures.network_elements import known_words
from explorer.figures.network_heatmap import draw_network_heatmap
from explorer.figures.network_scene import group_name, group_note

TABS = (
    ("edges", "Edges"),
    ("nodes", "Nodes"),
    ("clusters", "Clusters and enrichment"),
    ("heatmap", "Heatmap"),
    ("scorecard", "Scorecard"),
)
_HEIGHT = "420px"


def tab(name: object, view: View, *, dark: bool) -> list[Component]:
    """The content of a tab; an unknown one is that of the edges."""
    draw: Callable[..., list[Component]] = {
        "nodes": _nodes, "clusters": _clusters, "scorecard": _scorecard,
    }.get(name if isinstance(name, str) else "", _edges)  # fmt: skip
    return heatmap(view, dark=dark) if name == "heatmap" else draw(view, network_of(view))


def heatmap(view: View, *, dark: bool) -> list[Component]:
    """The map's similarity below the diagonal, what is known above it."""
    labels = queries.network_labels(view.map, list(view.genes))
    pairs = queries.network_pairs(view.map, list(view.genes))
    sourced = queries.has_known(view.map)
    upper = "known pairs above it" if sourced else "nothing above it: no relationships are loaded"
    name = similarity_name(view.map).short
    says = f"{words.plural(len(labels), 'gene')} in ring order: {name} below the diagonal, {upper}."
    drawn = draw_network_heatmap(pairs, labels, sourced=sourced, called=name, dark=dark)
    side = f"{min(max(18 * len(labels) + 150, 420), 900)}px"
    return [
        html.P(says, className="k-says"),
        figure_box(figure=drawn, id="network-heat", className="k-graph", style={"height": side}),
    ]


def _edges(view: View, network: dict) -> list[Component]:
    labels = {n["slug"]: n for n in network["nodes"]}
    records = []
    for e in reversed(network["edges"][-LONGEST:]):
        a, b = labels[e["a"]], labels[e["b"]]
        record = {k: e[k] for k in ("cosine", "score", "q", "top", "same_arm")}
        record |= {"label": a["label"], "blinded": a["blinded"], "href": entity_href("gene", e["a"], of_map=view.map)}
        record |= {"other": b["label"], "sign": "similar" if e["cosine"] >= 0 else "opposite"}
        record |= {"known": known_words(e, sourced=network["sourced"]), "arm": a["arm"] if e["same_arm"] else ""}
        records.append(record | {"evidence": e["evidence"]})
    name = similarity_name(view.map)
    columns = [
        name_column("Gene", kind="gene", width=110),
        text_column("other", "and", width=120),
        text_column("sign", "Sign", width=92),
        number_column("cosine", name.short.capitalize(), digits=2, width=84, tooltip=name.long.capitalize()),
        number_column(
            "score", "Score", digits=1, width=84, tooltip=f"Signed percentile of {name.strength} among all pairs"
        ),
        number_column("q", "q", digits=4, width=90, tooltip="Benjamini-Hochberg over the pairs of this network"),
        text_column("arm", "Same arm", width=110, renderer="Arm"),
        text_column("known", "Known", width=240) | {"flex": 3},
    ]
    says = f"{words.plural(len(records), 'edge')} by {rule_words(network)}."
    return _with_table("network-edges", columns, records, says=says, view=view)


def _nodes(view: View, network: dict) -> list[Component]:
    group = {s: group_name(g) for g in network["groups"] for s in g["genes"]}
    records = []
    for n in network["nodes"]:
        record = {k: n[k] for k in ("label", "blinded", "active", "arm", "n_wells", "q", "degree")}
        record |= {"href": entity_href("gene", n["slug"], of_map=view.map), "kind": "gene"}
        records.append(
            record | {"group": group.get(n["slug"], ""), "here": "added" if n["slug"] in view.added else "asked"}
        )
    columns = [
        name_column("Gene", kind="gene", width=130),
        number_column("degree", "Edges", digits=0, width=80),
        text_column("group", "Cluster", width=200) | {"flex": 2},
        text_column("arm", "Arm", width=90),
        number_column("q", "q of activity", digits=4, width=110),
        number_column("n_wells", "Wells", digits=0, width=80),
        text_column("here", "Why here", width=100),
    ]
    says = f"{words.plural(len(records), 'gene')}; grey names have no phenotype (q > 0.05)."
    links = pairs_link(view.map, [c["slug"] for c in network["compounds"]])
    return _with_table("network-nodes", columns, records, says=says, view=view, links=links)


def _clusters(view: View, network: dict) -> list[Component]:
    groups = network["groups"]
    if not groups:
        return [states.absent("No two genes here are alike beyond the 1 % cut-off of this map: no cluster.")]
    rows = []
    for g in groups:
        link = href("/network", of_map=view.map, genes=",".join(g["genes"]))
        source = f" ({g['source']})" if g["source"] else ""
        source += f"; also {g['also']}" if g["also"] else ""
        rows.append(
            html.Tr(
                [
                    html.Th(dcc.Link(group_name(g), href=link), scope="row"),
                    html.Td(group_note(g) + source, className="k-number"),
                    html.Td(html.Em(", ".join(g["labels"]))),
                ]
            )
        )
    head = html.Thead(html.Tr([html.Th("Cluster"), html.Th("Enrichment"), html.Th("Genes")]))
    says = "Louvain communities of similarities beyond the 1 % cut-off, seed 0; they do not move with the threshold."
    return [html.P(says, className="k-says"), html.Table([head, html.Tbody(rows)], className="k-evidence")]


def _scorecard(view: View, network: dict) -> list[Component]:
    card = network["recovery"]
    if not card:
        return [states.absent("No relationships are loaded, or fewer than two named genes with a phenotype.")]
    rule = rule_words(network)
    share = f"{card['recovered'] / card['known']:.0%}" if card["known"] else "n/a"
    lines = [
        ("Known pairs among these genes", f"{card['known']:,}"),
        ("Recovered, similar or opposite", f"{card['recovered']:,} ({share})"),
        ("Share of all their pairs that pass", f"{card['share']:.1%}"),
        ("Random sets of as many genes recover", f"{words.number(card['random_mean'], 1)} on average"),
        ("95 % of them", f"{card['random_low']:.0f} to {card['random_high']:.0f}"),
        ("p", words.p_value(card["p"], draws=card["draws"])),
    ]
    rows = [html.Tr([html.Th(k, scope="row"), html.Td(v, className="k-number")]) for k, v in lines]
    says = (
        f"By {rule}. {card['draws']:,} random sets of {card['genes']} genes from the {card['from']:,} named genes "
        "with a phenotype on this map."
    )
    return [html.P(says, className="k-says"), html.Table(html.Tbody(rows), className="k-evidence k-net-card-table")]


def _with_table(
    index: str, columns: list[dict], records: list[dict], *, says: str, view: View, links: Sequence[Component] = ()
) -> list[Component]:
    grid = table(index, columns, label=f"{index.replace('-', ' ').capitalize()}", height=_HEIGHT)
    grid.children.rowData = records
    title = view.asked.title.replace(" ", "-")[:40]
    csv = csv_button(index, entity=f"network:{title}", of_map=view.map)
    head = html.Div([html.P(says, className="k-says"), html.Div([*links, csv], className="k-tools")])
    head.className = "k-net-tab-head"
    return [head, grid]

"""Sentences of the network page: the answer, what was resolved, how many edges are shown, and why not the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.icons import icon
from explorer.components.links import href
from explorer.components.network_asked import Asked
from explorer.components.network_view import View
from explorer.components.resolver_report import resolver_report
from explorer.figures import words

RULES = {
    "loose": "the strongest 5 % of each sign",
    "default": "the strongest 1 % of each sign",
    "strict": "the strongest 0.1 % of each sign",
    "cosine": "|{}| ≥ 0.4",
    "q": "q ≤ 0.05",
}
_SHORT = {"loose": "5 %", "default": "1 %", "strict": "0.1 %", "cosine": "|{}| ≥ 0.4", "q": "q ≤ 0.05"}


def rule_words(network: Mapping, *, short: bool = False) -> str:
    """The rule of strength in words, with its cut-offs."""
    low, high = network["cut"]
    name = network.get("called", "cosine")
    cut = f"{name} ≤ {words.cosine(low)} or ≥ {words.cosine(high)}"
    if network["rule"] == "custom":
        return cut
    if short or network["rule"] in {"cosine", "q"}:
        return (_SHORT if short else RULES)[network["rule"]].format(name)
    return f"{RULES[network['rule']]} on this map ({cut})"


def answer_line(network: Mapping, view: View) -> list[Component | str]:
    """The answer of the page, with its n and its null."""
    counts, card = network["counts"], network["recovery"]
    if card and card["known"]:
        mean = words.number(card["random_mean"], 1)
        found = [
            html.B(f"{card['recovered']:,} of {card['known']:,}"),
            " known pairs recovered, random sets of this size ",
        ]
        spread = f" (95 % {card['random_low']:.0f} to {card['random_high']:.0f}, {card['draws']:,} draws)"
        return [_verdict(card), *found, html.B(mean), html.Span(spread, className="k-muted")]
    groups = sum(len(g["genes"]) > 2 for g in network["groups"])
    n = words.plural(counts["pairs"], "pair")
    told = "" if network["sourced"] else " No relationships are loaded, so none is called known or new."
    shape = f", {counts['similar']} similar and {counts['opposite']} opposite, in {words.plural(groups, 'group')}"
    some = [html.B(f"{counts['shown']} of {n}"), f" pass {rule_words(network, short=True)}{shape}."]
    return [*some, html.Span(told, className="k-muted")]


def _verdict(card: Mapping) -> str:
    if card["recovered"] > card["random_high"]:
        return "Knockouts that look alike fall into known complexes: "
    return "Known pairs are recovered no more often than by chance: "


def resolver(asked: Asked, network: Mapping, view: View) -> list[Component]:
    """What became of each name, and how many genes have no phenotype; nothing is dropped silently."""
    if len(asked.names):
        lines = [resolver_report(asked.names, link=_replacing(view)), *_not_drawn(asked)]
    else:
        lines = [html.H2(words.plural(len(view.genes), "gene") + " around the query")]
    return [*lines, *_silent(network)]


def _replacing(view: View) -> Callable[[str], str]:
    """The address of this network with other names."""
    kept = {k: v for k, v in view.query.items() if k not in {"set", "near", "genes", "hi"}}
    return lambda names: href("/network", of_map=view.map, genes=names, **kept)


def _not_drawn(asked: Asked) -> list[Component]:
    n = int((asked.names["status"] == "compound").sum())
    said = f"{words.plural(n, 'compound')} of the list not drawn: this is a network of genes; add compounds below."
    return [html.P(said)] if n else []


def _silent(network: Mapping) -> list[Component]:
    if not network:
        return []
    n, silent = len(network["nodes"]), sum(not node["active"] for node in network["nodes"])
    said = f"{silent} of {n} without a phenotype (q > 0.05): small and grey" if silent else "every gene has a phenotype"
    return [html.P(said)]


def counts_line(network: Mapping) -> list[Component]:
    """Edges and hidden ones, and the reasons, opened by a click."""
    counts = network["counts"]
    why = [(n, reason_words(r, network)) for r, n in counts["why"].items() if n]
    shown = [html.Li([html.B(f"{n:,}"), f" {text}"]) for n, text in why]
    rest = counts["pairs"] - counts["shown"]
    total = html.P(f"{counts['shown']:,} shown and {rest:,} not shown are all {counts['pairs']:,} pairs.")
    first = [html.B(words.plural(counts["shown"], "edge")), f", {counts['hidden']:,} hidden: "]
    return [
        html.Details(
            [html.Summary([*first, html.Span("why?", className="k-net-why")]), html.Ul(shown), total],
            className="k-net-reasons",
        )
    ]


def reason_words(reason: str, network: Mapping) -> str:
    """Why pairs are hidden, in words."""
    short = rule_words(network, short=True)
    return {
        "weak": "are within the 5 % cut-offs",
        "near": f"pass 5 % but not {short}",
        "inactive": "touch a gene with no phenotype",
        "sign": "have the other sign",
        "evidence": "are filtered by what is known",
        "arm": "are filtered by chromosome arm",
        "cap": "are weaker than the edges drawn at most",
    }[reason]


def nothing_shown(network: Mapping, labels: Mapping[str, str]) -> list[Component | str]:
    """What an empty canvas says: the strongest pair, and the next step."""
    if network["counts"]["shown"] or not network["strongest"]:
        return []
    best = network["strongest"][0]
    pair = f"{labels[best['a']]} and {labels[best['b']]}"
    said = f"No pair passes {rule_words(network, short=True)} with these filters. Strongest is {pair} "
    return [said, f"(cosine {words.cosine(best['cosine'])}, score {words.score(best['score'])})."]


def legend(*, centre: str | None, sourced: bool) -> Component:
    """What the marks mean."""
    items = [("gene", "gene"), ("silent", "no phenotype"), ("compound", "compound, hollow: no target")]
    items += [("similar", "similar"), ("opposite", "opposite"), ("arm", "same arm")]
    items += [("dotted", "known, not recovered")] if sourced else []
    items += [("spoke", "in the set")] if centre == "set" else []
    rows = [html.Span([html.I(className=f"k-key k-key-{k}", **{"aria-hidden": "true"}), text]) for k, text in items]
    return html.Div(rows, className="k-net-legend", role="note", **{"aria-label": "Legend"})


def too_many(view: View) -> Component:
    """Past the most genes a heatmap is offered instead."""
    text = f"{len(view.genes):,} genes are more than the {queries.MOST_GENES} that can be told apart in a network."
    return html.P([icon("caution"), f" {text} Here is their heatmap, in the order of the ring."], className="k-banner")


def entity_note(asked: Asked, of_map: str) -> list[Component | str]:
    """What stands beside the title: where the genes come from, and the page of the query."""
    if asked.link is None:
        return [asked.note]
    kind, slug = asked.link
    return [f"{asked.note} · ", dcc.Link(f"{kind} page", href=href(f"/{kind}", slug, of_map=of_map))]


def answer_text(network: Mapping, view: View) -> str:
    """`answer_line` as plain text, for files."""
    return "".join(p if isinstance(p, str) else str(p.children) for p in answer_line(network, view))


def filters_words(view: View) -> str:
    """What filters leave out, as the end of a sentence."""
    o, found = view.options, []
    found += [f"{o['sign']} only"] if o["sign"] != "both" else []
    found += [f"{o['evidence']} pairs only"] if o["evidence"] != "both" else []
    found += (
        [{"hide": "same-arm pairs hidden", "only": "same-arm pairs only"}[o["arm"]]]
        if o["arm"] in ("hide", "only")
        else []
    )
    return "".join(f"; {text}" for text in found) + (f"; at most {o['most']:,} edges" if o["most"] else "")

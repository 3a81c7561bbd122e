"""The card of a compound: structure, names, the on-target line, properties."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from explorer.chemistry.properties import PROPERTIES
from explorer.components import grounds_said, states
from explorer.components.cards import gene_name, structure
from explorer.components.icons import kind_mark
from explorer.components.links import entity_href
from explorer.components.onward import onward_of_compound
from explorer.components.sentences import SIGNIFICANT
from explorer.components.tiles import answer, fact
from explorer.figures import words

MOST_TARGETS = 6
NOT_TOLD = "Whether they are known to go with a target is not told: no relationships are loaded"
NO_TARGET = "The compound has no annotated target that they could be known to go with"
IS_NEW = "New: no loaded source lists it with any annotated target. A candidate, no proof of binding"


def compound_card(
    compound: dict,
    frame: object,
    *,
    best: dict | None,
    others: dict | None,
    targets: object,
    safe: dict | None,
    properties: dict | None,
    grounds: dict,
    of_map: str,
) -> Component:
    """Who the compound is, and whether it looks like losing its target.

    Parameters
    ----------
    compound : dict
        Its row of the map's entities.
    frame : DataFrame
        `queries.by_concentration`.
    best, others, properties : dict or None
        `queries.best_target`, `queries.best_new` and `queries.chemistry`.
    targets : DataFrame
        `queries.targets_at` the concentration the page opens at.
    safe : dict or None
        Row of the best target in `queries.genes_beside`, for its rank at the highest non-toxic concentration, with
        that `concentration`.
    grounds : dict
        `queries.grounds`.
    """
    drawn = structure(compound["slug"], compound["label"], of_map=of_map, width=220, height=156)
    picture = [html.Div(drawn, className="k-picture")] if compound["inchikey"] else []
    facts = [
        fact(p.label, words.number(properties[p.label], p.digits), unit=p.unit, source=p.source)
        for p in (PROPERTIES if properties else ())
    ]
    text = [
        _title(compound, frame),
        *_on_target(compound, best, safe, grounds=grounds, of_map=of_map),
        *_beyond(compound, others, grounds=grounds, of_map=of_map),
        _targets(compound, targets, named=grounds_said.called(grounds)),
        onward_of_compound(),
    ]
    return html.Section(
        [*picture, html.Div([*text, html.Dl(facts, className="k-facts-row") if facts else _no_structure()])],
        className="k-tile k-identity" + (" k-with-picture" if picture else ""),
    )


def _no_structure() -> Component:
    return states.absent("No readable structure in this data set: nothing to draw or calculate.")


def _title(compound: dict, frame: object) -> Component:
    wells = f"{words.plural(int(frame['n_wells'].sum()), 'well')} · {words.plural(len(frame), 'concentration')}"
    return html.Div(
        [
            kind_mark("compound"),
            html.H1(compound["label"]),
            html.Span(" · ".join(compound["synonyms"][:5]), className="k-also"),
            html.Span(wells, className="k-right k-also"),
        ],
        className="k-title",
    )


def _on_target(compound: dict, best: dict | None, safe: dict | None, *, grounds: dict, of_map: str) -> list[Component]:
    if best is None:
        why = "no annotated target of it is on this map at an active, non-toxic concentration"
        return [answer("On target", why, tone="plain")] if compound["targets"] else []
    link = dcc.Link(gene_name(best["label"]), href=entity_href("gene", best["slug"], of_map=of_map))
    at = f" at {words.concentration(best['concentration'])} µM" if best["concentration"] else ""
    detail = _numbers(best, grounds=grounds)
    rank = html.B(f"{best['rank']:,}")
    noise = best["q"] is not None and best["q"] > SIGNIFICANT
    content = [
        link,
        " rank ",
        rank,
        f" / {best['n']:,}{at} ",
        detail,
        html.Small(": not beyond noise") if noise else "",
        *_at_safe(best, safe),
    ]
    return [answer("On target", content, tone="plain" if noise else "target")]


def _numbers(gene: dict, *, grounds: dict) -> Component:
    """Similarity, score and q of a gene; what each rests on is the tooltip."""
    named = grounds_said.called(grounds)
    tested = gene["q"] is not None
    q = f" · q {words.q_value(gene['q'])}" if tested else ""
    title = [grounds_said.similarity(grounds), grounds_said.score("genes", grounds)]
    title += [grounds_said.q("genes", grounds)] if tested else []
    said = f"{named.short} {words.cosine(gene['cosine'])} · score {words.score(gene['score'])}{q}"
    return html.Small(said, title=". ".join(title))


def _at_safe(best: dict, safe: dict | None) -> list[Component]:
    """The target at the highest non-toxic concentration, where that is another one."""
    if safe is None or safe["concentration"] == best["concentration"]:
        return []
    said = f"\u00a0· at {words.concentration(safe['concentration'])} µM rank {safe['safe_rank']:,.0f}, score "
    title = f"Target {grounds_said.safe(safe)}"
    return [html.Small(f"{said}{words.score(safe['safe_score'])}", title=title)]


def _beyond(compound: dict, others: dict | None, *, grounds: dict, of_map: str) -> list[Component]:
    """The strongest new off-target; where nothing is known about the targets, the strongest other gene."""
    if others is None:
        return []
    gene, n = others["gene"], others["similar"] + others["opposite"]
    if gene is None:
        similar = words.plural(others["similar"], "similar gene")
        said = f"none: all that pass ({similar}) are listed with a target" if others["similar"] else "none passes"
        return [answer("Best new", html.Span(said, title=IS_NEW), tone="plain")]
    link = dcc.Link(gene_name(gene["label"], gene["blinded"]), href=entity_href("gene", gene["slug"], of_map=of_map))
    at = f" at {words.concentration(others['concentration'])} µM" if others["concentration"] else ""
    head = [link, " rank ", html.B(f"{gene['rank']:,}"), f" / {gene['n']:,}{at} "]
    if others["told"]:
        tail = html.Small(f"\u00a0· one of {words.plural(others['new'], 'new candidate')}", title=IS_NEW)
        return [answer("Best new", [*head, _numbers(gene, grounds=grounds), tail], tone="new")]
    why = NOT_TOLD if compound["targets"] else NO_TARGET
    rule = f"q ≤ {SIGNIFICANT}" if gene["q"] is not None else "the 1 % cut-off"
    return [answer("Other genes", [*head, html.Small(f"one of {n} that pass {rule}", title=why)], tone="new")]


def _targets(compound: dict, targets: object, *, named: words.Similarity) -> Component:
    """Annotated targets, best rank first, with their rank at the concentration the page opens at."""
    known = [part for target in targets.head(MOST_TARGETS).itertuples() for part in (*_target(target, named), " ")]
    facts = [html.Span("Targets", className="k-label"), *known] if known else ["No target on record."]
    more = [f"and {len(targets) - MOST_TARGETS} more "] if len(targets) > MOST_TARGETS else []
    mechanism = [html.Span(f"· {compound['mechanism']}", className="k-muted")] if compound["mechanism"] else []
    return html.P([*facts, *more, *mechanism], className="k-targets")


def _target(target: object, named: words.Similarity) -> list[Component]:
    if not target.on_map:
        return [gene_name(target.label), html.Small(" not on this map", className="k-muted")]
    q = f", q {words.q_value(target.q)}" if target.q == target.q else ""
    numbers = (
        f"{named.short} {words.cosine(target.cosine)}, score {words.score(target.score)}{q}, of {target.n:,.0f} genes"
    )
    return [gene_name(target.label), html.Small(f" rank {target.rank:,.0f}", title=numbers)]

"""The card of a compound: structure, names, the on-target line, properties."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from explorer.chemistry.properties import PROPERTIES
from explorer.components import states
from explorer.components.cards import gene_name, structure
from explorer.components.icons import kind_mark
from explorer.components.links import entity_href
from explorer.components.sentences import SIGNIFICANT
from explorer.components.tiles import answer, fact
from explorer.figures import words

NOT_TOLD = "Whether they are known to go with a target is not told: no relationships are loaded"


def compound_card(
    compound: dict, frame: object, *, best: dict | None, others: dict | None, properties: dict | None, of_map: str
) -> Component:
    """Who the compound is, and whether it looks like losing its target.

    Parameters
    ----------
    compound : dict
        Its row of the map's entities.
    frame : DataFrame
        `queries.by_concentration`.
    best, others, properties : dict or None
        `queries.best_target`, `queries.beyond_targets` and `queries.chemistry`.
    """
    drawn = structure(compound["slug"], compound["label"], of_map=of_map, width=220, height=156)
    picture = [html.Div(drawn, className="k-picture")] if compound["inchikey"] else []
    facts = [
        fact(p.label, words.number(properties[p.label], p.digits), unit=p.unit, source=p.source)
        for p in (PROPERTIES if properties else ())
    ]
    text = [
        _title(compound, frame),
        *_on_target(compound, best, of_map=of_map),
        *_beyond(others, of_map=of_map),
        _targets(compound),
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


def _on_target(compound: dict, best: dict | None, *, of_map: str) -> list[Component]:
    if best is None:
        why = "no annotated target of it is on this map at an active, non-toxic concentration"
        return [answer("On target", why, tone="plain")] if compound["targets"] else []
    link = dcc.Link(gene_name(best["label"]), href=entity_href("gene", best["slug"], of_map=of_map))
    at = f" at {words.concentration(best['concentration'])} µM" if best["concentration"] else ""
    q = f" · q {words.q_value(best['q'])}" if best["q"] is not None else ""
    detail = html.Small(f"cosine {words.cosine(best['cosine'])} · score {words.score(best['score'])}{q}")
    rank = html.B(f"{best['rank']:,}")
    noise = best["q"] is not None and best["q"] > SIGNIFICANT
    content = [
        link,
        " rank ",
        rank,
        f" / {best['n']:,}{at} ",
        detail,
        html.Small(": not beyond noise") if noise else "",
    ]
    return [answer("On target", content, tone="plain" if noise else "target")]


def _beyond(others: dict | None, *, of_map: str) -> list[Component]:
    if others is None:
        return []
    gene = others["strongest"]
    link = dcc.Link(gene_name(gene["label"], gene["blinded"]), href=entity_href("gene", gene["slug"], of_map=of_map))
    at = f" at {words.concentration(others['concentration'])} µM" if others["concentration"] else ""
    counted = html.Small(f"one of {others['similar'] + others['opposite']} that pass q ≤ {SIGNIFICANT}", title=NOT_TOLD)
    rank = html.B(f"{gene['rank']:,}")
    return [answer("Other genes", [link, " rank ", rank, f" / {gene['n']:,}{at} ", counted], tone="new")]


def _targets(compound: dict) -> Component:
    known = [part for target in compound["targets"][:8] for part in (gene_name(target), " ")]
    facts = [html.Span("Targets", className="k-label"), *known] if known else ["No target on record."]
    mechanism = [html.Span(f"· {compound['mechanism']}", className="k-muted")] if compound["mechanism"] else []
    return html.P([*facts, *mechanism], className="k-targets")

"""What loaded tables say of a compound's targets: potency with its unit and source, and the filter that is on."""

from __future__ import annotations

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from explorer.components import states
from explorer.components.cards import gene_name
from explorer.components.evidence import evidence
from explorer.components.links import entity_href, href
from explorer.components.tiles import tile
from explorer.figures import words

#: Potencies up to which targets are shown, nM; None shows all.
LIMITS = (100.0, 1_000.0, 10_000.0, None)
USUAL = 1_000.0


def asked_limit(text: str | None) -> float | None:
    """The limit that `nm=` asks for: one of `LIMITS`, `all` for none; the usual one for anything else."""
    if text == "all":
        return None
    return next((one for one in LIMITS if one is not None and text == f"{one:g}"), USUAL)


def recorded_targets_tile(
    frame: pd.DataFrame, mechanisms: list[tuple[str, str]], *, limit: float | None, compound: str, of_map: str
) -> Component:
    """The targets of loaded tables within a potency limit, and how many it leaves out.

    Parameters
    ----------
    frame : DataFrame
        `queries.compound_targets` without a limit.
    mechanisms : list of (text, table)
        `queries.compound_facts`.
    compound : str
        Slug, for the links that change the limit.
    """
    shown = frame[~(frame["nm"] > limit)] if limit is not None else frame
    hidden = len(frame) - len(shown)
    rows = [_row(r, of_map) for r in shown.itertuples()]
    columns = ("Target", "Potency, nM", "Measure", "Source")
    body = evidence(columns, rows) if rows else states.absent("None within it.")
    acts = [html.P([html.B(text), html.Small(f" {table}")]) for text, table in mechanisms]
    said = f"{words.plural(len(shown), 'entry', 'entries')}{f', {hidden} beyond the limit' if hidden else ''}. "
    return tile(
        "Targets on record",
        *acts,
        body,
        says=f"{said}On- and off-target lines use the targets that the map itself lists.",
        tools=html.Span(["potency up to ", *_choices(limit, compound, of_map)], className="k-muted"),
    )


def _row(row: object, of_map: str) -> Component:
    name = gene_name(row.gene)
    link = dcc.Link(name, href=entity_href("gene", row.slug, of_map=of_map)) if row.slug else name
    where = [] if row.slug else [html.Small(" not on this map")]
    potency = words.number(row.nm, 1 if row.nm < 10 else 0)
    source = " · ".join(filter(None, (row.source, row.table)))
    return html.Tr(
        [html.Td([link, *where]), html.Td(potency, className="k-number"), html.Td(row.measure), html.Td(source)]
    )


def _choices(limit: float | None, compound: str, of_map: str) -> list[Component | str]:
    parts: list[Component | str] = []
    for one in LIMITS:
        name = "any" if one is None else f"{one:,.0f} nM"
        view = {} if one == USUAL else {"nm": "all" if one is None else f"{one:g}"}
        link = dcc.Link(name, href=href("/compound", compound, of_map=of_map, **view))
        parts += [html.B(name, **{"aria-current": "true"}) if one == limit else link, " · "]
    return parts[:-1]

"""The table of annotation sources: what each is, may be used for, and holds of this map."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from explorer.components.tiles import badge, tile
from explorer.figures import words

SAYS = "Relationships, gene sets, phenotypes and tables that are loaded; a file that cannot be used says why."


def sources_tile(sources: list[dict], *, folder_hint: str) -> Component:
    """The tile of the Data page, out of `queries.annotation_sources`."""
    if not sources:
        return tile("What is known: sources", html.P(folder_hint, className="k-absent"), says="None is loaded.")
    heads = ("Source", "Licence and version", "Holds", "On this map")
    head = html.Thead(
        html.Tr([html.Th(h, className="k-n" if i > 1 else None, scope="col") for i, h in enumerate(heads)])
    )
    grid = html.Table([head, html.Tbody([_row(one) for one in sources])], className="k-sources")
    scrolled = html.Div(grid, className="k-sources-wide", tabIndex=0, role="region", **{"aria-label": "Sources"})
    return tile("What is known: sources", scrolled, html.P(folder_hint, className="k-absent"), says=SAYS)


def _row(one: dict) -> Component:
    if one["problem"]:
        name = [html.B(one["file"]), " ", badge("not used", tone="caution")]
        return html.Tr([html.Td(name), html.Td(one["problem"], colSpan=3)])
    name = [html.B(one["name"]), html.Small(one["file"])]
    if one["replaced_by"]:
        name.append(html.Small(f"not used: {one['replaced_by']} has a source of this name"))
    terms = [one["licence"] or "licence not stated"]
    terms += [html.Small(text) for text in (one["version"], one["citation"], one["note"]) if text]
    on_map = "" if one["on_map"] is None or one["replaced_by"] else f"{one['on_map']:,}"
    holds = words.plural(one["n"], one["unit"])
    return html.Tr([html.Td(name), html.Td(terms), html.Td(holds, className="k-n"), html.Td(on_map, className="k-n")])

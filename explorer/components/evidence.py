"""Rows of evidence: a mark where a limit is passed, the name, what was found, what it is held against, and its kind."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from explorer.components.icons import icon
from explorer.components.tiles import Children, badge


def evidence(columns: tuple[str, ...], rows: list[Component], **attributes: object) -> Component:
    """A table of evidence under its headings."""
    head = html.Thead(html.Tr([html.Th(c, scope="col") for c in columns]))
    return html.Table([head, html.Tbody(rows)], className="k-evidence", **attributes)


def evidence_row(
    name: str, found: Component, against: Children, kind: str, *, passed: bool, said: str = ""
) -> Component:
    """One row; `said` tells in words, to those who do not see the mark, what it stands for."""
    mark = icon("caution") if passed else html.Span(className="k-none", **{"aria-hidden": "true"})
    unseen = [html.Span(said, className="k-hidden")] if passed and said else []
    return html.Tr(
        [html.Th([mark, *unseen, name], scope="row"), found, html.Td(against), html.Td(badge(kind, tone="plain"))]
    )

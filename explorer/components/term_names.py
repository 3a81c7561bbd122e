"""How a query is written: genes in italics, compounds with their concentration, sums with their signs."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.cards import gene_name
from explorer.components.links import entity_href
from explorer.figures import words
from explorer.figures.curve_marks import escaped

Parts = list[Component | str]


def perturbation_name(described: dict, *, of_map: str | None = None) -> Component:
    """The name of a perturbation (`queries.described`, or a row of `candidates`), as a link where a map is given."""
    at = described.get("concentration")
    at = "" if at is None or at != at else f" {words.concentration(at)} µM"
    gene = described["kind"] == "gene"
    name = gene_name(described["label"], bool(described["blinded"])) if gene else html.Span(described["label"] + at)
    if of_map is None:
        return name
    return dcc.Link(name, href=entity_href(described["kind"], described["slug"], of_map=of_map))


def query_name(of_map: str, terms: Sequence[str], *, linked: bool = False) -> Component:
    """A whole query: CDK12 + CCNK − CDK13."""
    parts: Parts = []
    for number, (sign, name) in enumerate(map(queries.signed, terms)):
        before = f" {words.MINUS} " if sign < 0 else " + " if number else ""
        described = queries.described(of_map, name)
        parts += [before, perturbation_name(described, of_map=of_map if linked else None)]
    return html.Span([p for p in parts if p != ""], className="k-query")


def query_markup(of_map: str, terms: Sequence[str]) -> str:
    """The same in Plotly's markup, cut where it would not fit beside an axis."""
    parts = []
    for number, (sign, name) in enumerate(map(queries.signed, terms)):
        described = queries.described(of_map, name)
        before = f" {words.MINUS} " if sign < 0 else " + " if number else ""
        at = described["concentration"]
        label = escaped(described["label"][:28]) + (f" {words.concentration(at)} µM" if at else "")
        parts.append(
            before + (f"<i>{label}</i>" if described["kind"] == "gene" and not described["blinded"] else label)
        )
    return "".join(parts[:3]) + (" …" if len(parts) > 3 else "")


def query_text(of_map: str, terms: Sequence[str]) -> str:
    """The same as plain text, for column heads and labels."""
    parts = []
    for number, (sign, name) in enumerate(map(queries.signed, terms)):
        described = queries.described(of_map, name)
        at = described["concentration"]
        before = f" {words.MINUS} " if sign < 0 else " + " if number else ""
        parts.append(before + described["label"] + (f" {words.concentration(at)} µM" if at else ""))
    return "".join(parts).strip()

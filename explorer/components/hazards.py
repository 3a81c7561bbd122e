"""Hazards out of the structure and targets of a compound: rows of evidence, each with its base rate or its test."""

from __future__ import annotations

from dash import Input, Output, callback, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components import states
from explorer.components.asked import asked_entity, asked_map
from explorer.components.cards import gene_name, structure
from explorer.components.evidence import evidence, evidence_row
from explorer.components.predictions import prediction_notes, prediction_rows
from explorer.components.tiles import tile
from explorer.figures import words

SAYS = "Notes on reactivity, interference and targets, no verdict: many approved drugs carry an alert."


def hazards_tile() -> Component:
    """The tile; a callback fills it, since a map's base rates take a moment the first time."""
    return tile("Structure and target hazards", html.Div(id="compound-hazards", children=states.skeleton(4)), says=SAYS)


@callback(Output("compound-hazards", "children"), Input("compound-page", "data"))
def fill_hazards(page: dict) -> list[Component]:
    """Alerts and liabilities of the compound of the page."""
    page = page if isinstance(page, dict) else {}
    of_map = asked_map(page.get("map"))
    entity = asked_entity(of_map, page.get("entity"), kind="compound")
    slug, told = entity.partition(":")[2], queries.hazards(of_map, entity)
    predicted = queries.admet(of_map, slug)
    found = hazard_rows(told, predicted=predicted, slug=slug, label=queries.label(of_map, entity), of_map=of_map)
    return [*found, *prediction_notes(predicted)]


def hazard_rows(told: dict, *, predicted: dict, slug: str, label: str, of_map: str) -> list[Component]:
    """A table of the evidence, and the structure with the atoms of its alerts marked.

    Parameters
    ----------
    told, predicted : dict
        `queries.hazards` and `queries.admet`.
    """
    rows = [_liability(told), *(_alert(a) for a in told["alerts"] or ()), *prediction_rows(predicted)]
    body = evidence(("Evidence", "Found", "Against what", "Kind"), rows)
    atoms = sorted({i for a in told["alerts"] or () for i in a["atoms"]})
    if not atoms:
        why = states.absent("No readable structure: no alert can be looked for.")
        return [body, *([why] if told["alerts"] is None else [])]
    marked = ",".join(map(str, atoms))
    drawn = structure(slug, f"{label} with the atoms of its alerts", of_map=of_map, width=200, height=140, atoms=marked)
    picture = html.Div([drawn, html.Small("atoms of all alerts")], className="k-marked")
    return [html.Div([body, picture], className="k-hazards")]


def _liability(told: dict) -> Component:
    hits = told["liabilities"]
    n = words.plural(told["targets"], "annotated target")
    found = [x for h in hits for x in (gene_name(h["gene"]), f" {h['kind']} ")] if hits else ["none"]
    against = f"{n}, {told['panel']}" if told["targets"] else "no target on record: the panel cannot be asked"
    found = html.Td(found if told["targets"] else ["n/a"])
    return evidence_row("Known liability target", found, against, "literature", passed=bool(hits))


def _alert(alert: dict) -> Component:
    found = html.Td(", ".join(n.replace("_", " ") for n in alert["names"]) or "none")
    against = f"{alert['drugs']:.0%} of approved drugs, {alert['here']:.0%} of {alert['n']:,} here carry one"
    row = evidence_row(f"{alert['of']} alerts", found, against, "structure", passed=bool(alert["names"]))
    row.title = f"{alert['about']}; {alert['source']}"
    return row

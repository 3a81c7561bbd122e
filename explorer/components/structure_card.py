"""A typed structure as a card: its drawing, what it is, and what was done to read it; and the drawings of its hits."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from explorer.chemistry.properties import PROPERTIES
from explorer.components import states
from explorer.components.cards import gene_name, structure
from explorer.components.columns import (
    TANIMOTO,
    concentration_column,
    name_column,
    number_column,
    q_column,
    text_column,
)
from explorer.components.links import entity_href
from explorer.components.themed import themed
from explorer.components.tiles import fact
from explorer.figures import words

#: Drawings shown of the hits; the table has them all.
MOST_DRAWN = 12
SCAFFOLD = "Murcko scaffold, rings and what links them, as SMILES; sort to group the hits. The CSV has the framework"
SHARING = "Compounds of this map with the same Murcko scaffold, this one included; empty without a ring"
CELLS = "Similarity of the cells to those of the reference, at the strongest active, non-toxic concentration"


def drawn(smiles: str, *, of_map: str, width: int, height: int, smarts: str = "") -> Component:
    """A typed structure in both themes, by URL."""
    asked = {"smiles": smiles} | ({"smarts": smarts} if smarts else {})
    alt, size = "The structure that was typed", (width, height)
    return html.Span(themed("/depict.svg", of_map=of_map, alt=alt, size=size, **asked), className="k-structure")


def typed_card(smiles: str, told: dict, *, of_map: str) -> list[Component]:
    """What a typed structure is: drawing, compound of the map or not, identity, properties, and what was ignored."""
    if told["slug"]:
        link = dcc.Link(told["label"], href=entity_href("compound", told["slug"], of_map=of_map))
        who = [html.B("On this map: "), link]
    else:
        who = [html.B("Not on this map. "), "Nothing here was measured on it."]
    notes = ["The CXSMILES tail was not understood whole; what is drawn is without it."] if told["tail_ignored"] else []
    parts = told["fragments"]
    notes += [f"{parts} separate parts, such as a salt or a mixture, shown as they are."] if parts > 1 else []
    facts = [fact("Formula", told["formula"]), fact("InChIKey", told["inchikey"] or "n/a")]
    facts += [
        fact(p.label, words.number(told["properties"][p.label], p.digits), unit=p.unit, source=p.source)
        for p in PROPERTIES
    ]
    return [
        html.Div(drawn(smiles, of_map=of_map, width=300, height=190), className="k-picture"),
        html.P(who),
        *[html.P(n, className="k-caution") for n in notes],
        html.Dl(facts, className="k-facts-row"),
    ]


def pattern_card(smarts: str, *, of_map: str) -> list[Component]:
    """The drawing of a substructure that is asked, and its text."""
    return [
        html.Div(drawn(smarts, of_map=of_map, width=300, height=190), className="k-picture"),
        html.P([html.B("Pattern "), html.Code(smarts)]),
    ]


def hit_cards(hits: Sequence[object], *, of_map: str, smarts: str = "") -> list[Component]:
    """The first hits as drawings with the pattern marked, each a link; likeness by structure and by cells below."""
    return [
        dcc.Link(
            [
                structure(hit.slug, hit.label, of_map=of_map, width=150, height=104, smarts=smarts),
                html.B(hit.label),
                html.Small(_likeness(hit)),
            ],
            href=entity_href("compound", hit.slug, of_map=of_map),
            className="k-structure-card" + ("" if hit.reliable is True else " k-inactive"),
        )
        for hit in hits
    ]


def hit_columns(reference: str, *, tanimoto: bool) -> list[dict]:
    """The table of what was found; a pattern has no Tanimoto similarity."""
    columns = [name_column("Compound", kind="compound", width=140)]
    columns += [number_column("tanimoto", "Tanimoto", digits=2, width=92, tooltip=TANIMOTO)] if tanimoto else []
    return [
        *columns,
        number_column("cosine", "Cells", digits=2, tooltip=f"{CELLS} ({reference})"),
        q_column(),
        concentration_column("at µM", tooltip="Concentration where its cells are most like the reference"),
        text_column("targets", "Targets", width=160),
        text_column("scaffold", "Scaffold", width=150, tooltip=SCAFFOLD) | {"tooltipField": "scaffold"},
        number_column("sharing", "on map", digits=0, width=66, tooltip=SHARING),
        *({"field": field, "hide": True} for field in ("framework", "sharing_framework")),
    ]


def scaffolds_said(hits: pd.DataFrame) -> str:
    """How the hits (`queries.with_scaffolds`) fall into scaffolds."""
    n = hits["scaffold"].nunique()
    if not n:
        return "none has a ring"
    frameworks = hits["framework"].nunique()
    of = f" ({words.plural(frameworks, 'framework')} when all atoms are alike)" if frameworks < n else ""
    return f"{words.plural(n, 'Murcko scaffold')}{of}"


def inferred(told: dict, *, of_map: str) -> list[Component]:
    """Neighbours, how far they agree, and the genes their consensus is most like; or why nothing is inferred."""
    if not told["neighbours"]:
        return [states.absent("No active compound of this map has a Tanimoto similarity of 0.3: nothing is inferred.")]
    near = [
        html.Span(
            [
                dcc.Link(n["label"], href=entity_href("compound", n["slug"], of_map=of_map)),
                html.Small(f" {words.cosine(n['tanimoto'])} at {words.concentration(n['concentration'])} µM"),
            ],
            className="k-hit",
        )
        for n in told["neighbours"]
    ]
    genes = [
        html.Span(
            [
                dcc.Link(gene_name(g["label"], g["blinded"]), href=entity_href("gene", g["slug"], of_map=of_map)),
                html.Small(f" {words.cosine(g['cosine'])}"),
            ],
            className="k-hit",
        )
        for g in told["genes"]
    ]
    agree = (
        "One neighbour alone."
        if told["agreement"] is None
        else f"The neighbours agree to a mean similarity of {words.cosine(told['agreement'])}."
    )
    return [
        html.P([html.B("From "), *near]),
        html.P([html.B("Most like losing "), *genes]),
        html.P(agree, className="k-says"),
    ]


def _likeness(hit: object) -> str:
    cells = f"cells {words.cosine(hit.cosine)}" if hit.cosine == hit.cosine else "the reference"
    return f"Tanimoto {words.cosine(hit.tanimoto)} · {cells}" if hit.tanimoto == hit.tanimoto else cells

"""What the structures of two compounds share: both drawn, common atoms on one ground, differing ones on another."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.cards import structure
from explorer.figures import words


def shared_structure(of_map: str, compounds: Sequence[dict]) -> list[Component]:
    """Two compounds (`queries.described`) beside each other; nothing for any other number, or without structures."""
    if len(compounds) != 2 or not all(d["inchikey"] for d in compounds):
        return []
    told = queries.common_structure(of_map, *(d["entity"] for d in compounds))
    head = html.H3("What their structures share")
    if told["why"]:
        return [head, html.P(f"Tanimoto {words.cosine(told['tanimoto'])}. Not compared: {told['why']}.")]
    pictures = [
        html.Figure(
            [
                structure(
                    d["slug"],
                    d["label"],
                    of_map=of_map,
                    width=300,
                    height=200,
                    atoms=_text(told["shared"][i]),
                    differing=_text(told["differing"][i]),
                ),
                html.Figcaption(f"{d['label']}: {len(told['differing'][i])} of {told['heavy'][i]} atoms differ"),
            ]
        )
        for i, d in enumerate(compounds)
    ]
    return [head, html.P(_said(told)), html.Div(pictures, className="k-shared-structures")]


def _said(told: dict) -> list[Component | str]:
    least = "" if told["complete"] else "at least "
    both = f"{least}{words.plural(told['atoms'], 'atom')}" if told["atoms"] else "no ring or bond"
    key = [html.Span("shared", className="k-shared-key"), " ", html.Span("differing", className="k-differing-key")]
    said = f"{both} in common; Tanimoto {words.cosine(told['tanimoto'])} (ECFP4). Ground of the atoms: "
    return [said[:1].upper() + said[1:], *key]


def _text(atoms: Sequence[int]) -> str:
    return ",".join(map(str, atoms))

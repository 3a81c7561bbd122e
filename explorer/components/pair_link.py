"""The link from any selection of compounds to all their pairs by structure and by cells."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc
from dash.development.base_component import Component

from explorer import queries
from explorer.components.links import href
from explorer.figures import words


def pairs_link(of_map: str, compounds: Sequence[str], *, className: str = "k-button") -> list[Component]:
    """A link for the compounds (slugs) that have a structure, each once, at most `queries.MOST_COMPOUNDS`.

    A button is short, as there is little room beside a title. Nothing where fewer than two compounds have a structure.
    """
    drawn = queries.with_structure(of_map, list(dict.fromkeys(compounds)))[: queries.MOST_COMPOUNDS]
    if len(drawn) < 2:
        return []
    said = f"Structure × phenotype of {words.plural(len(drawn), 'compound')}"
    text = f"All pairs of {len(drawn)}" if className == "k-button" else said
    link = href("/cliffs", of_map=of_map, compounds=",".join(drawn))
    return [dcc.Link(text, href=link, className=className, title=f"{said}: all their pairs")]

"""Who is on the map: names to entities, entities to names, and their structures."""

from __future__ import annotations

from explorer.atlas import opened
from explorer.chemistry.properties import properties
from explorer.errors import UnknownEntity
from explorer.queries.rows import memo, plain_values


def resolve(of_map: str, text: str, *, kind: str) -> dict:
    """The entity that a URL segment or a typed name means: a row of the map's entities as a dict.

    Raises
    ------
    UnknownEntity
        When no name matches, or several do; `closest` holds up to five candidates as (slug, label).
    """
    open_map = opened(of_map)
    rows = open_map.names.find(text, kind=kind)
    if len(rows) == 1:
        return plain_values(open_map.map.entities.iloc[rows[0]])
    near = rows or [open_map.entity_rows[m.entity] for m in open_map.names.closest(text, limit=20)]
    near = [r for r in near if open_map.map.entities["kind"].iat[r] == kind][:5]
    closest = tuple((open_map.map.entities["slug"].iat[r], open_map.map.entities["label"].iat[r]) for r in near)
    why = "means several" if rows else "is not on this map"
    raise UnknownEntity(f"'{text[:60]}' {why}", closest=closest)


def labels(of_map: str, genes: list[str]) -> dict[str, str]:
    """Slug to label of the genes that are on the map; others are left out."""
    open_map = opened(of_map)
    rows = {g: open_map.entity_rows.get(f"gene:{g}") for g in genes}
    return {g: open_map.map.entities["label"].iat[r] for g, r in rows.items() if r is not None}


def compound_names(of_map: str, compounds: list[str]) -> dict[str, str]:
    """Slug to name of the compounds that are on the map; others are left out."""
    open_map = opened(of_map)
    rows = {c: open_map.entity_rows.get(f"compound:{c}") for c in compounds}
    return {c: open_map.map.entities["label"].iat[r] for c, r in rows.items() if r is not None}


def label(of_map: str, entity: str) -> str:
    """The name of an entity as the source writes it."""
    open_map = opened(of_map)
    return open_map.map.entities["label"].iat[open_map.entity_rows[entity]]


def arm(of_map: str, entity: str) -> str | None:
    """Chromosome arm of a gene, None where it is not known."""
    open_map = opened(of_map)
    return open_map.map.entities["arm"].iat[open_map.entity_rows[entity]]


@memo
def chemistry(of_map: str, entity: str) -> dict | None:
    """Calculated properties of a compound's structure, or None without a readable one."""
    open_map = opened(of_map)
    smiles = open_map.map.entities["smiles"].iat[open_map.entity_rows[entity]]
    return properties(smiles) if smiles else None

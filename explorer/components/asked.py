"""Ids that come back from the browser: each is looked up whole, and refused where the map does not have it."""

from __future__ import annotations

from collections.abc import Collection

from explorer import atlas, queries
from explorer.errors import InputError


def asked_map(value: object) -> str:
    """The key of an open map."""
    if not isinstance(value, str):
        raise InputError("the map is not named by a text")
    return atlas.opened(value).key


def asked_entity(of_map: str, value: object, *, kind: str) -> str:
    """The id of an entity of a kind on the map."""
    entity = value if isinstance(value, str) else ""
    if not entity.startswith(f"{kind}:") or entity not in atlas.opened(of_map).entity_rows:
        raise InputError(f"no such {kind} on map {of_map}")
    return entity


def asked_perturbation(of_map: str, value: object, *, entity: str) -> str:
    """The id of a perturbation of an entity."""
    if not isinstance(value, str) or value not in queries.by_concentration(of_map, entity)["perturbation"].tolist():
        raise InputError(f"no such perturbation of {entity} on map {of_map}")
    return value


def asked_genes(of_map: str, values: object, *, most: int) -> list[str]:
    """Slugs of genes on the map, each once, at most `most`; others are left out."""
    given = [v for v in values if isinstance(v, str)] if isinstance(values, list) else []
    return [g for g in dict.fromkeys(given) if f"gene:{g}" in atlas.opened(of_map).entity_rows][:most]


def asked_compounds(of_map: str, values: object, *, most: int) -> list[str]:
    """Slugs of compounds on the map, each once, at most `most`; others are left out."""
    given = [v for v in values if isinstance(v, str)] if isinstance(values, list) else []
    return [c for c in dict.fromkeys(given) if f"compound:{c}" in atlas.opened(of_map).entity_rows][:most]


def asked_choice(value: object, choices: Collection[str]) -> str:
    """One of a few words."""
    if not isinstance(value, str) or value not in choices:
        raise InputError(f"choose one of {', '.join(choices)}")
    return value


def asked_index(triggered: object) -> str:
    """The index of the component that was used, out of several alike."""
    index = triggered.get("index") if isinstance(triggered, dict) else None
    if not isinstance(index, str):
        raise InputError("the component that was used is not named")
    return index


def asked_text(value: object) -> str:
    """A text that was typed or pasted; nothing where there is none."""
    if value is not None and not isinstance(value, str):
        raise InputError("the names are not a text")
    return value or ""


def asked_names(chosen: object) -> list[str]:
    """The names of the rows that are ticked in the table of saved lists, each once."""
    lists = [c.get("names") for c in chosen if isinstance(c, dict)] if isinstance(chosen, list) else []
    return list(dict.fromkeys(n for names in lists if isinstance(names, list) for n in names if isinstance(n, str)))

"""What the map page's search fields offer for what is typed."""

from __future__ import annotations

from collections.abc import Sequence

from explorer import queries
from explorer.components.asked_map import asked_entities
from explorer.errors import UnknownEntity


def offered(of_map: str, text: object, chosen: Sequence[str], *, kind: str = "") -> list[dict]:
    """Options for entities: those that are chosen, then those whose names match the text."""
    found = {e: queries.label(of_map, e) for e in chosen}
    for m in queries.suggest(of_map, text) if isinstance(text, str) and text.strip() else []:
        if m["kind"] in ((kind,) if kind else ("gene", "compound")):
            found.setdefault(f"{m['kind']}:{m['slug']}", m["label"] + (f" (= {m['via']})" if m["via"] else ""))
    return [{"value": value, "label": label} for value, label in found.items()]


def offered_about(of_map: str, color: str, text: object, *, chosen: bool) -> list[dict]:
    """Options for what a colour is about: the one whose id is `text` if `chosen`, else those that match it."""
    if color == "like":
        return offered(of_map, "", asked_entities(of_map, [text], most=1)) if chosen else offered(of_map, text, [])
    if color != "set" or not isinstance(text, str) or not text.strip():
        return []
    try:
        found = queries.gene_set(of_map, text[:200])
    except UnknownEntity as unknown:
        near = [] if chosen else [{"value": id, "label": name} for id, name in unknown.closest]
        return near + ([] if chosen else _sets(of_map, text, besides={n["value"] for n in near}))
    return [{"value": found["id"], "label": found["name"]}]


def _sets(of_map: str, text: str, *, besides: set[str]) -> list[dict]:
    """Sets among the names that the search box knows."""
    sets = [m for m in queries.suggest(of_map, text) if m["kind"] in ("set", "phenotype")]
    return [{"value": m["id"], "label": m["label"]} for m in sets if m["id"] not in besides]

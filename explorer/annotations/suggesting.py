"""Suggestions for what is typed: entities and terms in one ranking."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.annotations.names import SUGGESTIONS, TYPING_ERROR, NameIndex
from explorer.annotations.spellings import NEARLY, Found, words
from explorer.annotations.term_names import TermIndex

#: Places that neither sort of suggestion takes from the other where both are found.
_KEPT = 3


@dataclass(frozen=True)
class Suggestion:
    """An entity or a term, with the name that matched where that is not its own.

    `entity`, `slug` and `blinded` are those of an entity; `id`, `source` and `n` (genes) those of a term.
    """

    kind: str
    label: str
    via: str | None
    entity: str = ""
    slug: str = ""
    blinded: bool = False
    id: str = ""
    source: str = ""
    n: int = 0


def suggest(text: str, *, names: NameIndex, terms: TermIndex, limit: int = SUGGESTIONS) -> list[Suggestion]:
    """At most `limit` entities and terms, best first, each once.

    How a name was met decides (exact, beginning, words, inside). Where two are met alike, a word means an entity
    rather than a term, and several words a term rather than an entity. Typing errors are forgiven where nothing else
    is found.
    """
    entities, sets = names.spellings.search(text, limit=limit)[:limit], terms.ranked(text, limit=limit)
    if not entities and not sets:
        entities = names.spellings.near(text, limit=limit, cutoff=TYPING_ERROR)
        sets = terms.near(text, limit=limit)
    phrase = len(words(text)) > 1
    ranked = sorted(
        [(_key(f, other=phrase), 0, f) for f in entities] + [(_key(f, other=not phrase), 1, f) for f in sets],
        key=lambda one: one[:2],
    )
    best = _with_both(ranked, limit)
    return [_term(f, terms) if is_term else _entity(f, names) for _, is_term, f in best]


def _with_both(ranked: list[tuple], limit: int) -> list[tuple]:
    """The first `limit`, but of either sort at least `_KEPT`, or all that there are."""
    reserved = {sort: min(_KEPT, sum(one[1] == sort for one in ranked)) for sort in (0, 1)}
    kept: list[tuple] = []
    for one in ranked:
        other = 1 - one[1]
        waiting = max(0, reserved[other] - sum(k[1] == other for k in kept))
        if len(kept) + 1 + waiting <= limit:
            kept.append(one)
    return kept


def _key(found: Found, *, other: bool) -> tuple:
    return (found.tier, found.order[1] if found.tier == NEARLY else 0, other, *found.order[1:])


def _entity(found: Found, names: NameIndex) -> Suggestion:
    m = names.match(found)
    return Suggestion(m.kind, m.label, m.via, entity=m.entity, slug=m.slug, blinded=m.blinded)


def _term(found: Found, terms: TermIndex) -> Suggestion:
    t = terms.terms[found.row]
    via = None if found.is_label or found.written == t.written else found.written
    return Suggestion(t.kind, t.name, via, id=t.id, source=t.source, n=t.n)

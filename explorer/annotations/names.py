"""Names: what a scientist types, matched to the entities of a map.

Labels, synonyms, ids in the source and InChIKeys are matched first exactly, then as a prefix, then anywhere, then with
typing errors (rapidfuzz).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from rapidfuzz import fuzz, process

SUGGESTIONS = 12
#: Similarity (rapidfuzz ratio, 0 to 100) of a suggestion that has typing errors, and of what an unknown name is near.
_TYPING_ERROR, _NEAREST = 70, 50


@dataclass(frozen=True)
class Match:
    """One suggestion: the entity, and the name that matched where that is not its label."""

    entity: str
    kind: str
    label: str
    slug: str
    blinded: bool
    via: str | None


def plain(text: str) -> str:
    """A name without case, spaces and punctuation: `PD-0325901` and `pd 0325901` are one."""
    return re.sub(r"[\W_]+", "", text.casefold())


@dataclass(frozen=True)
class NameIndex:
    """All names of a map's entities; made once when the map is opened."""

    entities: pd.DataFrame

    @cached_property
    def _names(self) -> list[tuple[str, str, int, bool]]:
        """(plain name, name as written, row of the entity, whether it is the label), labels first."""
        names = [(plain(label), label, i, True) for i, label in enumerate(self.entities["label"])]
        columns = ("synonyms", "identifier", "inchikey", "slug")
        for column in (c for c in columns if c in self.entities):
            for i, value in enumerate(self.entities[column]):
                given = [value] if isinstance(value, str) else value if value is not None else []
                names += [(plain(v), v, i, False) for v in given]
        return [n for n in names if n[0]]

    @cached_property
    def _exact(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for name, _, row, _ in self._names:
            if row not in found[name]:
                found[name].append(row)
        return dict(found)

    @cached_property
    def _by_slug(self) -> dict[tuple[str, str], int]:
        return {
            (k, s.casefold()): i
            for i, (k, s) in enumerate(zip(self.entities["kind"], self.entities["slug"], strict=True))
        }

    def find(self, text: str, *, kind: str) -> list[int]:
        """Rows of the entities of a kind that a slug, label or other name means exactly; the slug wins alone."""
        row = self._by_slug.get((kind, text.casefold()))
        if row is not None:
            return [row]
        kinds = self.entities["kind"]
        return [i for i in self._exact.get(plain(text), []) if kinds.iat[i] == kind]

    def suggest(self, text: str, *, limit: int = SUGGESTIONS) -> list[Match]:
        """At most `limit` entities for what has been typed so far, best first, each once."""
        query = plain(text)
        if not query:
            return []
        ranked: dict[int, tuple[tuple, str | None]] = {}
        for name, written, row, is_label in self._names:
            at = name.find(query)
            if at >= 0:
                key = (
                    name != query,
                    at > 0,
                    not is_label,
                    written.casefold() != text.strip().casefold(),
                    len(name),
                    name,
                )
                if row not in ranked or key < ranked[row][0]:
                    ranked[row] = (key, None if is_label else written)
        best = sorted(ranked, key=lambda row: ranked[row][0])[:limit]
        if best:
            return [self._match(row, ranked[row][1]) for row in best]
        return self.closest(text, limit=limit, cutoff=_TYPING_ERROR)

    def closest(self, text: str, *, limit: int = 5, cutoff: int = _NEAREST) -> list[Match]:
        """The entities whose names look most like `text`, typing errors allowed; none where nothing is near."""
        hits = process.extract(
            plain(text), [n[0] for n in self._names], scorer=fuzz.ratio, limit=4 * limit, score_cutoff=cutoff
        )
        found: dict[int, str | None] = {}
        for _, _, i in hits:
            _, written, row, is_label = self._names[i]
            found.setdefault(row, None if is_label else written)
        return [self._match(row, via) for row, via in list(found.items())[:limit]]

    def _match(self, row: int, via: str | None) -> Match:
        e = self.entities.iloc[row]
        return Match(e["entity"], e["kind"], e["label"], e["slug"], bool(e["blinded"]), via)

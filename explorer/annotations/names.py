"""Names: what a scientist types, matched to the entities of a map.

Labels, synonyms, previous symbols, ids in the source (Entrez, Ensembl), InChIKeys and full names are matched first
exactly, then as a prefix, then by their words, then anywhere, then with typing errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from explorer.annotations.known_genes import KnownGenes
from explorer.annotations.spellings import Found, Spellings, plain

__all__ = ["SUGGESTIONS", "Match", "NameIndex", "plain"]

SUGGESTIONS = 12
#: Similarity (rapidfuzz ratio, 0 to 100) of a suggestion that has typing errors, and of what an unknown name is near.
TYPING_ERROR, NEAREST = 70, 50

_COLUMNS = ("synonyms", "previous", "identifier", "ensembl", "inchikey", "slug", "name")
#: Columns that hold names others may share or that are ids: a list may be asked for by them, but they make no family.
_STEMS = ("synonyms", "previous")


@dataclass(frozen=True)
class Match:
    """One suggestion: the entity, and the name that matched where that is not its label."""

    entity: str
    kind: str
    label: str
    slug: str
    blinded: bool
    via: str | None


@dataclass(frozen=True)
class NameIndex:
    """All names of a map's entities; made once when the map is opened.

    A registered table of genes (`known`) adds their other names, and new symbols to those that the map calls by an
    old one.
    """

    entities: pd.DataFrame
    known: KnownGenes | None = None

    @cached_property
    def spellings(self) -> Spellings:
        """Every name of every entity."""
        names = [(i, label, True) for i, label in enumerate(self.entities["label"])]
        return Spellings(names + self._named(_COLUMNS) + self._of_known()).ready()

    @cached_property
    def stems(self) -> Spellings:
        """Labels and synonyms of the genes: what a family such as `BRCA` or `CD3` is a beginning of."""
        genes = (self.entities["kind"] == "gene").to_numpy()
        labels = [(i, label, True) for i, label in enumerate(self.entities["label"]) if genes[i]]
        return Spellings(labels + [n for n in self._named(_STEMS) if genes[n[0]]])

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
        return [f.row for f in self.spellings.exact(text) if kinds.iat[f.row] == kind]

    def suggest(self, text: str, *, limit: int = SUGGESTIONS) -> list[Match]:
        """At most `limit` entities for what has been typed so far, best first, each once."""
        return [self.match(f) for f in self.ranked(text, limit=limit)]

    def ranked(self, text: str, *, limit: int = SUGGESTIONS) -> list[Found]:
        """What `suggest` shows, with how each was met."""
        found = self.spellings.search(text, limit=limit)[:limit]
        return found or self.spellings.near(text, limit=limit, cutoff=TYPING_ERROR)

    def closest(self, text: str, *, limit: int = 5, cutoff: int = NEAREST) -> list[Match]:
        """The entities whose names look most like `text`, typing errors allowed; none where nothing is near."""
        return [self.match(f) for f in self.spellings.near(text, limit=limit, cutoff=cutoff)]

    def match(self, found: Found) -> Match:
        """The entity of a row that was met."""
        e = self.entities.iloc[found.row]
        via = None if found.is_label else found.written
        return Match(e["entity"], e["kind"], e["label"], e["slug"], bool(e["blinded"]), via)

    def _of_known(self) -> list[tuple[int, str, bool]]:
        genes = (self.entities["kind"] == "gene") & ~self.entities["blinded"].astype(bool)
        if self.known is None:
            return []
        named = [(i, label) for i, label in enumerate(self.entities["label"]) if genes.iat[i]]
        return [(i, other, False) for i, label in named for other in self.known.others(label)]

    def _named(self, columns: tuple[str, ...]) -> list[tuple[int, str, bool]]:
        """(row, name, not a label) of each name in these columns, which hold a text or several."""
        names: list[tuple[int, str, bool]] = []
        for column in (c for c in columns if c in self.entities):
            for i, value in enumerate(self.entities[column]):
                given = (
                    [value] if isinstance(value, str) else value if isinstance(value, list | tuple | np.ndarray) else []
                )
                names += [(i, v, False) for v in given]
        return names

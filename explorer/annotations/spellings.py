"""One way to match what is typed: entities and terms are found by the same index, so that they share one ranking.

A spelling is one name of one row (a gene, a compound, a term). All spellings lie in one joined string, the best first,
so that an exact, a prefix and an inner match are each one search of a string that stops as soon as it has enough.
Typing errors are left to rapidfuzz, behind a filter that loses nothing: two names that differ in k kinds of letters
are at least k insertions and deletions apart.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rapidfuzz import fuzz, process

#: How a name was met, best first: as it is, by its beginning, by the beginnings of its words, inside, nearly.
EXACT, PREFIX, WORDS, INSIDE, NEARLY = range(5)
#: Names looked at in one joined string; the best lie first, so what is behind these would not be shown.
_MOST_HITS = 400
_MOST_LINES = 5_000
#: A shorter text is inside almost every name.
_SHORTEST_INSIDE = 3
#: Share of the names past which picking them out takes longer than comparing them all.
_MOST_KEPT = 0.4
#: Words that need not be in a name that is found by its words: `cancer of the breast` is breast cancer.
_SMALL = frozenset(["a", "an", "and", "by", "due", "for", "from", "in", "of", "on", "or", "the", "to", "with"])


@dataclass(frozen=True)
class Found:
    """A row, and the spelling by which it was met; `order` ranks the meetings of one text, least first."""

    row: int
    written: str
    is_label: bool
    tier: int
    order: tuple


def plain(text: str) -> str:
    """A name without case, spaces and punctuation: `PD-0325901` and `pd 0325901` are one."""
    return re.sub(r"[\W_]+", "", _folded(text))


def words(text: str) -> list[str]:
    """The words of a name without case and punctuation."""
    return re.sub(r"[\W_]+", " ", _folded(text)).split()


@dataclass(frozen=True, eq=False)
class Spellings:
    """All names of some rows.

    Parameters
    ----------
    given : iterable of (row, name, is_label)
        Names without a letter or digit are left out; of two ways to write one name of a row the label counts, else the
        shorter (`HER2` rather than `HER-2`).
    """

    given: Iterable[tuple[int, str, bool]]

    @cached_property
    def _sorted(self) -> list[tuple[bool, int, str, int, str]]:
        """(no label, length, plain, row, written), best first."""
        found: dict[tuple[int, str], tuple] = {}
        for row, written, is_label in self.given:
            name = plain(written)
            kept = found.get((row, name))
            if name and (kept is None or (kept[0] and len(written) < len(kept[4]))):
                found[row, name] = (not is_label, len(name), name, row, written)
        return sorted(found.values())

    @cached_property
    def _exact(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        for i, (_, _, name, _, _) in enumerate(self._sorted):
            places[name].append(i)
        return dict(places)

    @cached_property
    def _plain(self) -> list[str]:
        """Plain names in order; made anew, so that they lie one behind the other in memory, which halves a scan."""
        return "\n".join(name for _, _, name, _, _ in self._sorted).split("\n") if self._sorted else []

    @cached_property
    def _joined(self) -> tuple[str, list[int]]:
        return _lines(self._plain)

    @cached_property
    def _worded(self) -> tuple[str, list[int]]:
        return _lines([" " + " ".join(words(written)) for *_, written in self._sorted])

    @cached_property
    def _letters(self) -> tuple[np.ndarray, np.ndarray]:
        """Which letters each name has, as bits, and how long it is."""
        bits = np.fromiter((_bits(name) for _, _, name, _, _ in self._sorted), dtype=np.uint64, count=self.n)
        return bits, np.fromiter((n for _, n, *_ in self._sorted), dtype=np.int64, count=self.n)

    @property
    def n(self) -> int:
        """Number of spellings."""
        return len(self._sorted)

    def ready(self) -> Spellings:
        """Make every part now, so that the first search does not wait."""
        _ = self._exact, self._joined, self._plain, self._worded, self._letters
        return self

    def exact(self, text: str) -> list[Found]:
        """Rows with this very name, labels first; digits mean an id only where nothing else stands beside them."""
        name = plain(text)
        if name.isdigit() and name != text.strip():
            return []
        return self._each_once(self._exact.get(name, []), EXACT, text)

    def spelled(self, text: str) -> bool:
        """Whether a name is written so letter by letter, punctuation and all; case does not matter."""
        return any(f.written.casefold() == text.casefold() for f in self.exact(text))

    def begin(self, text: str) -> list[Found]:
        """Rows with a name that begins so, the shortest first, at most `_MOST_HITS` names."""
        name = plain(text)
        return self._each_once(_hits(self._joined, "\n" + name), PREFIX, text) if name else []

    def search(self, text: str, *, limit: int) -> list[Found]:
        """At least `limit` rows where there are so many, in their order, each once; typing errors not forgiven."""
        name = plain(text)
        if not name:
            return []
        found = {f.row: f for f in reversed(self._each_once(self._exact.get(name, []), EXACT, text))}
        for tier, places in self._tiers(name, words(text)):
            for f in self._each_once(places(), tier, text):
                found.setdefault(f.row, f)
            if len(found) >= limit:
                break
        return sorted(found.values(), key=lambda f: f.order)

    def near(self, text: str, *, limit: int, cutoff: int) -> list[Found]:
        """Rows with a name at least `cutoff` (0 to 100) alike by rapidfuzz's ratio, the likest first, each once."""
        name = plain(text)[:100]
        if not name or not self.n:
            return []
        bits, lengths = self._letters
        least = np.maximum(np.bitwise_count(bits ^ np.uint64(_bits(name))), np.abs(lengths - len(name)))
        kept = np.flatnonzero(least <= (1 - cutoff / 100) * (lengths + len(name)) + 1e-9)
        if len(kept) > _MOST_KEPT * self.n:
            kept = np.arange(self.n)
        names = self._plain if len(kept) == self.n else [self._plain[i] for i in kept]
        hits = process.extract(name, names, scorer=fuzz.ratio, limit=4 * limit, score_cutoff=cutoff)
        found: dict[int, Found] = {}
        for _, score, at in hits:
            no_label, length, _, row, written = self._sorted[kept[at]]
            order = (NEARLY, -score, no_label, length, int(kept[at]))
            found.setdefault(row, Found(row, written, not no_label, NEARLY, order))
        return list(found.values())[:limit]

    def _tiers(self, name: str, asked: list[str]) -> list[tuple]:
        tiers = [
            (PREFIX, lambda: _hits(self._joined, "\n" + name)),
            (WORDS, lambda: _all_words(self._worded, [w for w in asked if w not in _SMALL] or asked)),
        ]
        return tiers + [(INSIDE, lambda: _hits(self._joined, name))] * (len(name) >= _SHORTEST_INSIDE)

    def _each_once(self, places: Iterable[int], tier: int, text: str) -> list[Found]:
        found: dict[int, Found] = {}
        typed = text.strip().casefold()
        for i in places:
            no_label, length, name, row, written = self._sorted[i]
            order = (tier, no_label, written.casefold() != typed, length, name)
            if row not in found or order < found[row].order:
                found[row] = Found(row, written, not no_label, tier, order)
        return list(found.values())


def _folded(text: str) -> str:
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()


def _bits(name: str) -> int:
    bits = 0
    for letter in name:
        bits |= 1 << (ord(letter) & 63)
    return bits


def _lines(names: list[str]) -> tuple[str, list[int]]:
    """Names as lines of one string, each after a line feed, and where each begins."""
    starts, at = [], 0
    for name in names:
        starts.append(at)
        at += len(name) + 1
    return "\n" + "\n".join(names) + "\n", starts


def _hits(joined: tuple[str, list[int]], wanted: str) -> Iterable[int]:
    """Places of the first lines that hold `wanted`, each once."""
    text, starts = joined
    at, found = text.find(wanted), []
    while at >= 0 and len(found) < _MOST_HITS:
        line = bisect_right(starts, at) - 1
        found.append(line)
        at = text.find(wanted, starts[line + 1]) if line + 1 < len(starts) else -1
    return found


def _all_words(worded: tuple[str, list[int]], asked: list[str]) -> Iterable[int]:
    """Places of the first lines in which every word that was asked for begins a word."""
    if not asked:
        return []
    text, starts = worded
    first, *others = sorted((" " + w for w in asked), key=len, reverse=True)
    at, found, seen = text.find(first), [], 0
    while at >= 0 and len(found) < _MOST_HITS and seen < _MOST_LINES:
        line = bisect_right(starts, at) - 1
        end = starts[line + 1] if line + 1 < len(starts) else len(text)
        if all(text.find(w, starts[line], end + 1) >= 0 for w in others):
            found.append(line)
        at = text.find(first, end) if line + 1 < len(starts) else -1
        seen += 1
    return found

"""What each name of a list means on a map: one answer a name, and none is dropped.

A name is matched (a symbol of the map), an alias (`HER2` is ERBB2), ambiguous (`CD3` may be CD3D, CD3E or CD3G),
blinded (an id that the owner of the data has not disclosed: it gets no name here), a compound, or absent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from explorer.annotations.known_genes import KnownGenes
from explorer.annotations.names import NEAREST, NameIndex
from explorer.annotations.spellings import plain

STATUSES = ("matched", "alias", "ambiguous", "blinded", "compound", "absent")
#: Candidates that are offered for one ambiguous name.
CHOICES = 12

_INCHIKEY = re.compile(r"[A-Z]{14}(?:-[A-Z]{8}[SN]A-[A-Z])?", re.IGNORECASE)
_STEM = re.compile(r"[^\W\d_][\w.-]*", re.ASCII)
#: What a member of a family adds to a symbol, and to another name.
_MEMBER, _NUMBER = re.compile(r"\d{1,2}|[a-z]\d?|\d[a-z]"), re.compile(r"\d{1,2}")
_BLINDED = re.compile(r"RXRX3-\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Resolved:
    """The answer to one name.

    Attributes
    ----------
    status : str
        One of `STATUSES`.
    rows : tuple of int
        Rows of the map's entities: the one that is meant, the candidates of an ambiguous name, or the closest to an
        absent one.
    via : str
        The name on record that matched, where it is not the label.
    note : str
        What else there is to say, in words.
    """

    status: str
    rows: tuple[int, ...] = ()
    via: str = ""
    note: str = ""


def resolve_name(text: str, *, names: NameIndex, close: bool = True) -> Resolved:
    """What a name means on the map of `names`.

    `close=False` leaves out what an absent name is close to, which is the slow part.
    """
    for kind in ("gene", "compound"):
        rows = names.find(text, kind=kind)
        if len(rows) == 1:
            others = names.find(text, kind="compound") if kind == "gene" else []
            return _one(names, rows[0], text, also=others)
        labelled = [r for r in rows if plain(names.entities["label"].iat[r]) == plain(text)]
        if len(labelled) == 1:
            return _one(names, labelled[0], text, also=[r for r in rows if r not in labelled])
        if rows:
            return Resolved("ambiguous", tuple(rows[:CHOICES]), note=f"a name of {len(rows)} {kind}s here")
    met = _by_block(names, text) or _by_known(names, text, names.known) or _family(names, text)
    return met or _absent(names, text, names.known, close=close)


def is_name(text: str, *, names: NameIndex) -> bool:
    """Whether a text is a name of something, whatever its case and punctuation."""
    return bool(names.spellings.exact(text)) or (names.known is not None and bool(names.known.symbols(text)))


def _one(names: NameIndex, row: int, text: str, *, also: list[int]) -> Resolved:
    e = names.entities.iloc[row]
    via = "" if plain(e["label"]) == plain(text) else _written(names, row, text)
    status = "compound" if e["kind"] == "compound" else "blinded" if e["blinded"] else "alias" if via else "matched"
    others = ", ".join(names.entities["label"].iat[r] for r in also[:3])
    return Resolved(status, (row,), via, f"also a name of {others}" if others else "")


def _written(names: NameIndex, row: int, text: str) -> str:
    return next((f.written for f in names.spellings.exact(text) if f.row == row), text)


def _by_block(names: NameIndex, text: str) -> Resolved | None:
    """An InChIKey whose first block (the skeleton) is on the map: another stereochemistry or charge."""
    if not _INCHIKEY.fullmatch(text) or "inchikey" not in names.entities:
        return None
    keys, block = names.entities["inchikey"], text[:14].upper()
    rows = tuple(i for i, k in enumerate(keys) if isinstance(k, str) and k.startswith(block))
    if not rows:
        return None
    if len(rows) > 1:
        return Resolved("ambiguous", rows[:CHOICES], note=f"the skeleton of {len(rows)} compounds here")
    exact = len(text) == 14
    return Resolved("compound", rows, keys.iat[rows[0]], "" if exact else "the same skeleton, not the same InChIKey")


def _by_known(names: NameIndex, text: str, known: KnownGenes | None) -> Resolved | None:
    """A gene of the registered table: on this map under its symbol, under several, or not at all."""
    symbols = known.symbols(text) if known is not None else []
    rows = tuple(dict.fromkeys(r for s in symbols for r in names.find(s, kind="gene")))
    if len(rows) == 1 and len(symbols) == 1:
        return Resolved("alias", rows, text)
    if rows:
        return Resolved("ambiguous", rows[:CHOICES], note=f"a name of {', '.join(symbols)}")
    return None


def _family(names: NameIndex, text: str) -> Resolved | None:
    """`CD3` for CD3D, CD3E, CD3G: a beginning that at least two genes share, up to a member's number or letter."""
    stem = plain(text)
    if len(stem) < 2 or not _STEM.fullmatch(text.strip()):
        return None
    begun = [(f, plain(f.written)[len(stem) :]) for f in names.stems.begin(text)]
    met = [f for f, rest in begun if (_MEMBER if f.is_label else _NUMBER).fullmatch(rest)]
    rows = tuple(dict.fromkeys(f.row for f in sorted(met, key=lambda f: (not f.is_label, plain(f.written)))))
    if len(rows) < 2:
        return None
    note = f"a family of {len(rows)} genes here"
    return Resolved("ambiguous", rows[:CHOICES], note=note + (f", {CHOICES} shown" if len(rows) > CHOICES else ""))


def _absent(names: NameIndex, text: str, known: KnownGenes | None, *, close: bool) -> Resolved:
    symbols = known.symbols(text) if known is not None else []
    if symbols:
        said = "" if plain(symbols[0]) == plain(text) else f" ({', '.join(symbols)})"
        return Resolved("absent", note=f"a known gene{said}, not on this map")
    if _BLINDED.fullmatch(text.strip()):
        return Resolved("absent", note="a blinded id, not on this map")
    near = names.spellings.near(text, limit=3, cutoff=NEAREST) if close else []
    return Resolved("absent", tuple(f.row for f in near))

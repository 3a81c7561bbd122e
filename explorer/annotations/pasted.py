"""A pasted text taken apart into names: a column, a row of a spreadsheet, CSV, a sentence of symbols, any mix of them.

The rules, in this order; every character that is no separator ends up in exactly one name:

1. A line break ends a name, always. Control characters and invisible marks (NUL, a byte-order mark, marks of writing
   direction) are taken out; half of a surrogate pair becomes U+FFFD.
2. A line that is a known name or a structure as a whole stays whole: `breast cancer`, `Dactolisib (BEZ235`, a CXSMILES.
3. Tab, semicolon, comma and `|` separate; not inside double quotes, nor inside the `|...|` tail of a CXSMILES, and not
   where the pieces together are the very spelling of a known name (`1,2-dimethylhydrazine`).
4. A space separates, unless the words together are a known name (`PD 0325901`), or none of several words is known and
   they do not look like symbols (`some unknown compound`): that is one name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

#: Pieces that are tried together as one name.
_MOST_PIECES = 6
_SEPARATORS = "\t;,|"
_QUOTED = re.compile(r'"(?:[^"]|"")*"(?=\s*(?:[\t;,|]|$))')
_TAIL = re.compile(r"(?<=\s)\|[^|]*\|(?=\s*(?:[\t;,]|$))")
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*\d*")


@dataclass(frozen=True)
class Known:
    """What is known of texts: whether a text means an entity or structure, whether it is how a name is written
    (punctuation and all), and whether it is the name of a term, of which a single word is no sign of a list."""

    is_name: Callable[[str], bool]
    is_spelling: Callable[[str], bool] = lambda text: False
    is_term: Callable[[str], bool] = lambda text: False

    def whole(self, text: str) -> bool:
        """Whether a text stays together where nothing but spaces is in it."""
        return self.is_name(text) or self.is_term(text)


def split_names(text: str, known: Known) -> list[str]:
    """The names in a text, in order, repeats kept."""
    names: list[str] = []
    for line in cleaned(text).splitlines():
        whole = _bare(line)
        if whole and known.whole(whole) and not (_separated(whole) and not known.is_spelling(whole)):
            names.append(whole)
        else:
            names += _of_line(line, known)
    return names


def cleaned(text: str) -> str:
    """Text without characters that nobody sees; line breaks, tabs and spaces stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_seen(c) for c in text)


def joined(names: list[str]) -> str:
    """Names as one text that `split_names` takes apart again: with commas, in quotes where one holds a separator."""
    return ",".join(f'"{n.replace(chr(34), chr(34) * 2)}"' if re.search(r"[\s;,|\"]", n) else n for n in names)


def _seen(c: str) -> str:
    if c in "\n\t\r\x0b\x0c\x1c\x1d\x1e\x85":
        return c
    category = unicodedata.category(c)
    return "\ufffd" if category == "Cs" else "" if category in {"Cc", "Cf"} else c


def _of_line(line: str, known: Known) -> list[str]:
    spans = _fields(line)
    names, i = [], 0
    while i < len(spans):
        for j in range(min(len(spans), i + _MOST_PIECES), i, -1):
            piece = line[spans[i][0] : spans[j - 1][1]].strip()
            if j > i + 1 and known.is_spelling(piece):
                names.append(piece)
                break
        else:
            j = i + 1
            piece = line[slice(*spans[i])].strip()
            quoted = _QUOTED.fullmatch(piece) is not None
            piece = _bare(piece)
            names += [piece] if piece and (quoted or known.whole(piece)) else _of_words(piece, known)
        i = j
    return names


def _of_words(piece: str, known: Known) -> list[str]:
    words = piece.split()
    if len(words) < 2:
        return words
    alone = [known.is_name(w) for w in words]
    names, i, met = [], 0, any(alone)
    while i < len(words):
        longest = min(len(words), i + _MOST_PIECES)
        together = (j for j in range(longest, i + 1, -1) if not all(alone[i:j]) and known.whole(" ".join(words[i:j])))
        j = next(together, i + 1)
        met |= j > i + 1
        names.append(" ".join(words[i:j]))
        i = j
    return names if met or all(_SYMBOL.fullmatch(w) for w in words) else [" ".join(words)]


def _fields(line: str) -> list[tuple[int, int]]:
    """Beginning and end of what stands between separators; quotes and the tail of a CXSMILES are not looked into."""
    kept = {m.start(): m.end() for m in _QUOTED.finditer(line) if not line[: m.start()].rstrip(" ").rstrip(_SEPARATORS)
            or line[: m.start()].rstrip(" ")[-1:] in _SEPARATORS}  # fmt: skip
    kept |= {m.start(): m.end() for m in _TAIL.finditer(line)}
    spans, start, i = [], 0, 0
    while i < len(line):
        if i in kept:
            i = kept[i]
        elif line[i] in _SEPARATORS:
            spans.append((start, i))
            start = i = i + 1
        else:
            i += 1
    return [*spans, (start, len(line))]


def _bare(text: str) -> str:
    """Without space around it, and without the quotes of a CSV cell."""
    text = text.strip()
    if _QUOTED.fullmatch(text):
        return text[1:-1].replace('""', '"').strip()
    return text


def _separated(text: str) -> bool:
    return any(s in text for s in _SEPARATORS)

"""What the readers of fetched files hand over: sources that are ready to be registered, and sets as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from explorer.annotations.registered import About

_SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@/-]{0,39}")


@dataclass(frozen=True)
class Draft:
    """A source and the content of its files; `about` says neither when it was fetched nor from where."""

    about: About
    files: Mapping[str, bytes]

    @property
    def non_commercial(self) -> bool:
        """Whether its licence forbids commercial use."""
        return "-NC" in self.about.licence


def gmt(sets: Iterable[tuple[str, str, Iterable[str]]]) -> bytes:
    """The text of sets.gmt: id, name and the sorted symbols of each set, by tabs."""
    lines = ("\t".join([_one_line(one), _one_line(name), *sorted(set(genes))]) + "\n" for one, name, genes in sets)
    return "".join(lines).encode("utf-8")


def is_symbol(text: str) -> bool:
    """Whether this can be a gene symbol: no space, no colon, at most 40 characters."""
    return _SYMBOL.fullmatch(text) is not None


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]

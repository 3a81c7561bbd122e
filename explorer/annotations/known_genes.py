"""Genes that are known but may not be on a map: old symbols find their gene, and an absent gene is told from a typo."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from explorer.annotations.registered import find_registered, read_genes
from explorer.annotations.spellings import plain
from explorer.errors import InputError

_TEXTS = ("entrez", "ensembl", "name")
_LISTS = ("previous", "aliases")


def registered_genes(root: Path | None) -> KnownGenes | None:
    """The genes of the registered folder; None where none are registered, or they are not as they were fetched."""
    for source in find_registered(root).of_kind("genes") if root is not None else ():
        with contextlib.suppress(InputError):
            return KnownGenes(read_genes(source))
    return None


@dataclass(frozen=True, eq=False)
class KnownGenes:
    """A registered table of genes: `symbol`, and as far as they are there `aliases`, `previous` (lists), `entrez`,
    `ensembl`, `name` (texts)."""

    table: pd.DataFrame

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        """Symbol to every other name."""
        return {
            g["symbol"]: tuple(
                dict.fromkeys(
                    [n for c in _LISTS if c in g for n in g[c]] + [g[c] for c in _TEXTS if isinstance(g.get(c), str)]
                )
            )
            for g in self.table.to_dict("records")
        }

    @cached_property
    def _meant(self) -> dict[str, list[str]]:
        """Plain name to symbols: a symbol means itself alone."""
        meant: dict[str, list[str]] = defaultdict(list)
        for symbol, names in self._names.items():
            for name in map(plain, names):
                if name and symbol not in meant[name]:
                    meant[name].append(symbol)
        return dict(meant) | {plain(symbol): [symbol] for symbol in self._names}

    def symbols(self, text: str) -> list[str]:
        """Symbols of the genes that a name means today; several where it is ambiguous, none where it is no gene."""
        return self._meant.get(plain(text), [])

    def others(self, label: str) -> tuple[str, ...]:
        """Other names of the gene that a map calls `label`; of an old symbol that means one gene, the new one too."""
        if label in self._names:
            return self._names[label]
        symbols = self.symbols(label)
        return (symbols[0], *self._names[symbols[0]]) if len(symbols) == 1 else ()

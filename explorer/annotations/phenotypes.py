"""Phenotypes: terms of the Human Phenotype Ontology with their synonyms, parents, children and genes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from explorer.annotations.gene_sets import Members

CITATION = "Human Phenotype Ontology, Gargano et al. 2024, doi:10.1093/nar/gkad1005"
LICENCE = "HPO licence, hpo.jax.org/app/license"
PREFIX, SOURCE = "hpo", "HPO"


@dataclass(frozen=True)
class Term:
    """A phenotype: `genes` are those of the term and of everything below it."""

    id: str
    name: str
    synonyms: tuple[str, ...]
    parents: tuple[str, ...]
    children: tuple[str, ...]
    genes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Phenotypes:
    """The ontology; `table` has `id`, `name`, `synonyms`, `parents`, `children`, `abnormality`, in its order.

    `members` holds the genes of each term by its row. A term that no gene is linked to has none. An `abnormality` is a
    phenotype, and no mode of inheritance or the like.
    """

    version: str
    table: pa.Table
    members: Members

    def __len__(self) -> int:
        return len(self.table)

    @cached_property
    def ids(self) -> list[str]:
        """Id of every term, `HP:0003002`."""
        return self.table["id"].to_pylist()

    @cached_property
    def names(self) -> list[str]:
        """Name of every term."""
        return self.table["name"].to_pylist()

    @cached_property
    def synonyms(self) -> list[list[str]]:
        """Synonyms of every term."""
        return self.table["synonyms"].to_pylist()

    @cached_property
    def abnormalities(self) -> np.ndarray:
        """Rows of the phenotypes that some gene is linked to."""
        return np.flatnonzero(np.asarray(self.table["abnormality"]) & (self.members.sizes > 0))

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Term id to row."""
        return {term: i for i, term in enumerate(self.ids)}

    def term(self, id: str) -> Term | None:
        """The term of an id, or None."""
        row = self.row_of.get(id)
        if row is None:
            return None
        one = self.table.slice(row, 1).to_pylist()[0]
        lists = {key: tuple(one[key]) for key in ("synonyms", "parents", "children")}
        return Term(one["id"], one["name"], **lists, genes=self.genes(row))

    def genes(self, row: int) -> tuple[str, ...]:
        """Symbols of the genes of the term in a row."""
        codes = self.members.codes[self.members.start[row] : self.members.start[row + 1]]
        return tuple(self.members.symbols[codes])

    def search(self, text: str, *, most: int = 12) -> list[tuple[Term, str | None]]:
        """Terms whose name or a synonym holds a text, exact ones first, each with the synonym that matched or None."""
        wanted = _plain(text)
        if not wanted:
            return []
        found: dict[int, tuple] = {}
        for row, is_name, written, name in self._searched:
            if wanted in name:
                key = (name != wanted, not name.startswith(wanted), not is_name, len(name), name)
                if row not in found or key < found[row][0]:
                    found[row] = (key, None if is_name else written)
        best = sorted(found, key=lambda row: (found[row][0], row))[:most]
        return [(self.term(self.ids[row]), found[row][1]) for row in best]

    @cached_property
    def _searched(self) -> list[tuple[int, bool, str, str]]:
        named = [(row, True, name, _plain(name)) for row, name in enumerate(self.names)]
        return named + [(row, False, s, _plain(s)) for row, all_of in enumerate(self.synonyms) for s in all_of]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())

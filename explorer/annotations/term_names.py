"""Terms by name: phenotypes, complexes, pathways and lists of genes, found as entities are, by any of their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from explorer.annotations.gene_sets import GeneSetSource
from explorer.annotations.names import SUGGESTIONS, TYPING_ERROR
from explorer.annotations.phenotypes import PREFIX, SOURCE, Phenotypes
from explorer.annotations.spellings import Found, Spellings


@dataclass(frozen=True)
class Term:
    """A set of genes with a name.

    Attributes
    ----------
    id : str
        `hpo:HP:0003002`, `reactome:R-HSA-68886`.
    kind : str
        `phenotype` or `set`.
    name, source : str
    synonyms : tuple of str
    n : int
        Genes, on the map or not.
    """

    id: str
    kind: str
    name: str
    source: str
    synonyms: tuple[str, ...]
    n: int

    @property
    def written(self) -> str:
        """The id as its source writes it: `HP:0003002`."""
        return self.id.partition(":")[2]


@dataclass(frozen=True, eq=False)
class TermIndex:
    """All terms that there are; made once."""

    terms: tuple[Term, ...]

    @cached_property
    def spellings(self) -> Spellings:
        """Name, id and synonyms of every term."""
        return Spellings(list(_names(self.terms))).ready()

    def ranked(self, text: str, *, limit: int = SUGGESTIONS) -> list[Found]:
        """Terms for what has been typed so far, best first.

        Of those met alike, terms with many genes come first (in steps of two), and those without any last.
        """
        found = [self._weighed(f) for f in self.spellings.search(text, limit=limit)]
        return sorted(found, key=lambda f: f.order)[:limit]

    def near(self, text: str, *, limit: int = SUGGESTIONS) -> list[Found]:
        """Terms with a name that is written almost so."""
        return self.spellings.near(text, limit=limit, cutoff=TYPING_ERROR)

    def _weighed(self, found: Found) -> Found:
        n = self.terms[found.row].n
        return replace(found, order=(found.tier, n == 0, not found.is_label, -n.bit_length(), *found.order[2:]))

    def exact(self, text: str) -> list[Term]:
        """Terms with this very name or id, those by their own name first."""
        return [self.terms[f.row] for f in sorted(self.spellings.exact(text), key=lambda f: f.order)]


@lru_cache(maxsize=8)
def term_index(sources: tuple[GeneSetSource, ...], phenotypes: Phenotypes | None) -> TermIndex:
    """Every gene set of some sources, and every phenotype, by its names; maps that know the same share it."""
    sets = [Term(s.id, "set", s.name, one.name, (), len(s.genes)) for one in sources for s in one.sets]
    return TermIndex((*sets, *(_phenotypes(phenotypes) if phenotypes is not None else ())))


@lru_cache(maxsize=2)
def _phenotypes(known: Phenotypes) -> tuple[Term, ...]:
    """The terms of an ontology, made once for all maps."""
    columns = zip(known.ids, known.names, known.synonyms, known.members.sizes.tolist(), strict=True)
    return tuple(Term(f"{PREFIX}:{i}", "phenotype", name, SOURCE, tuple(s), n) for i, name, s, n in columns)


def _names(terms: Iterable[Term]) -> Iterable[tuple[int, str, bool]]:
    for row, term in enumerate(terms):
        yield row, term.name, True
        for name in (term.written, *term.synonyms):
            yield row, name, False

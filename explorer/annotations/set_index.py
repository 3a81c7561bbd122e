"""Gene sets as a sparse table over the genes of a map, so that thousands of sets are counted in one product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse

from explorer.annotations.gene_sets import GeneSetSource, Members
from explorer.annotations.phenotypes import PREFIX, SOURCE, Phenotypes


@dataclass(frozen=True, eq=False)
class SetIndex:
    """All sets over some genes.

    Attributes
    ----------
    ids, names, sources : object arrays, shape (sets,)
    sizes : int array, shape (sets,)
        Members in the source, on the map or not.
    members : sparse float32 matrix, shape (sets, genes)
    """

    ids: np.ndarray
    names: np.ndarray
    sources: np.ndarray
    sizes: np.ndarray
    members: sparse.csr_array

    @cached_property
    def by_gene(self) -> sparse.csc_array:
        """The same, fast by gene."""
        return self.members.tocsc()

    def sets_of(self, gene: int) -> np.ndarray:
        """Rows of the sets that hold a gene, smallest first."""
        rows = self.by_gene.indices[self.by_gene.indptr[gene] : self.by_gene.indptr[gene + 1]]
        return rows[np.lexsort((self.names[rows].astype(str), self.sizes[rows]))]


def set_index(sources: Sequence[GeneSetSource], phenotypes: Phenotypes | None, labels: Sequence[str]) -> SetIndex:
    """Index every set of some sources, and every phenotype that has a gene, over the genes `labels`."""
    genes = pd.Index(labels, dtype=object)
    parts = [_part(s.members, genes) for s in sources if s.n]
    ids = [np.array([x.id for x in s.sets], dtype=object) for s in sources if s.n]
    names = [np.array([x.name for x in s.sets], dtype=object) for s in sources if s.n]
    origin = [np.full(s.n, s.name, dtype=object) for s in sources if s.n]
    sizes = [s.members.sizes for s in sources if s.n]
    if phenotypes is not None:
        linked = phenotypes.abnormalities
        parts.append(_part(phenotypes.members, genes)[linked])
        ids.append(np.array([f"{PREFIX}:{i}" for i in phenotypes.ids], dtype=object)[linked])
        names.append(np.array(phenotypes.names, dtype=object)[linked])
        origin.append(np.full(len(linked), SOURCE, dtype=object))
        sizes.append(phenotypes.members.sizes[linked])
    empty = np.empty(0, dtype=object)
    return SetIndex(
        *(np.concatenate([empty, *column]) for column in (ids, names, origin)),
        sizes=np.concatenate([np.empty(0, dtype=np.int64), *sizes]),
        members=sparse.vstack([sparse.csr_array((0, len(genes)), dtype=np.float32), *parts], format="csr"),
    )


def _part(members: Members, genes: pd.Index) -> sparse.csr_array:
    """Memberships of the genes that are among `genes`."""
    column = genes.get_indexer(members.symbols)[members.codes]
    rows = np.repeat(np.arange(len(members.start) - 1), members.sizes)
    here = column >= 0
    shape = (len(members.start) - 1, len(genes))
    one = np.ones(int(here.sum()), dtype=np.float32)
    return sparse.csr_array((one, (rows[here], column[here])), shape=shape)

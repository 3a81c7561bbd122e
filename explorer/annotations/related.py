"""What is known between two genes: who lists the pair, and the size of the smallest complex or pathway that they share.

Two subunits of a complex of five are related. Two of the 139 members of the spliceosome are listed together, which says
little; and a set of thousands says nothing. So every pair carries its sources and that size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.annotations.gene_sets import GeneSetSource
from explorer.annotations.relationships import RelationshipSource

#: A pair that shares only sets of more members than this is listed together, which says little.
LARGE_SET = 100
#: Sharing a set of more members than this says nothing, unless its source lists the pair as such.
LARGEST_SET = 500
KNOWN, WEAK = "known", "co-listed, weak"
COLUMNS = ("i", "j", "relation", "sources", "size", "evidence")


@dataclass(frozen=True)
class _Found:
    """Pairs that one source lists, as keys `i * n + j`, ascending, with size and name of the smallest shared set."""

    source: str
    keys: np.ndarray
    sizes: np.ndarray
    names: np.ndarray


def related(
    labels: Sequence[str],
    relationships: Sequence[RelationshipSource],
    gene_sets: Sequence[GeneSetSource],
    *,
    across: int | None = None,
) -> pd.DataFrame:
    """Every pair among some genes that some source lists.

    Parameters
    ----------
    labels : sequence of str, length n
        Symbols, each once.
    relationships : sequence of RelationshipSource
    gene_sets : sequence of GeneSetSource
        Only those that relate their members count. Where a source lists pairs, its sets (of the same name, or with
        "complexes" behind it) only tell how large the smallest is that a listed pair shares.
    across : int, optional
        Only pairs of one of the first `across` labels with one of the others.

    Returns
    -------
    DataFrame, one row a pair
        `i`, `j` (positions in `labels`, i < j), `relation` ("known", or "co-listed, weak" where the only evidence is
        sets of more than 100 members), `sources`, `size` (members of the smallest shared set, NaN where a pair is all
        that is known), `evidence` (a sentence).
    """
    n, first = len(labels), len(labels) if across is None else across
    index = pd.Index(labels, dtype=object)
    sets = {s.name.removesuffix(" complexes"): _shared(s, index, first) for s in gene_sets if s.relates and s.n}
    found = [_listed(s, index, sets.get(s.name)) for s in relationships]
    paired = {s.name for s in relationships}
    found += [_small(one) for name, one in sets.items() if name not in paired]
    if across is not None:
        found = [_kept(one, (one.keys // n < across) & (one.keys % n >= across)) for one in found]
    return _table([one for one in found if len(one.keys)], n)


def _listed(source: RelationshipSource, index: pd.Index, shared: _Found | None) -> _Found:
    """The pairs of an edge list among some genes, with the size that the list or the sets of its source give."""
    pairs, n = source.pairs, len(index)
    symbols, codes = source.codes
    positions = index.get_indexer(symbols)[codes]
    here = np.flatnonzero((positions >= 0).all(axis=0))
    low, high = np.sort(positions[:, here], axis=0).astype(np.int64)
    keys, first = np.unique(low * n + high, return_index=True)
    here = here[first]
    sizes = pairs["size"].to_numpy(dtype=float)[here] if "size" in pairs else np.full(len(here), np.nan)
    names = pairs["set"].to_numpy(dtype=object)[here] if "set" in pairs else np.full(len(here), "", dtype=object)
    if shared is not None and len(shared.keys):
        at = np.searchsorted(shared.keys, keys).clip(max=len(shared.keys) - 1)
        same = (shared.keys[at] == keys) & np.isnan(sizes)
        sizes, names = np.where(same, shared.sizes[at], sizes), np.where(same, shared.names[at], names)
    return _Found(source.name, keys, sizes, names)


def _shared(source: GeneSetSource, index: pd.Index, first: int) -> _Found:
    """The pairs of one of the `first` genes and a later one that share a set, each with the smallest set."""
    members, n, sizes = source.members, len(index), source.members.sizes
    position = index.get_indexer(members.symbols)[members.codes]
    at = np.flatnonzero(position >= 0)
    of_set, gene = np.repeat(np.arange(len(sizes)), sizes)[at], position[at]
    order = np.lexsort((gene, of_set, -sizes[of_set]))  # the smallest sets last: they are what stays
    of_set, gene = of_set[order], gene[order].astype(np.int64)
    last = np.flatnonzero(np.r_[of_set[1:] != of_set[:-1], np.ones(min(len(of_set), 1), dtype=bool)])
    end = last[np.searchsorted(last, np.arange(len(of_set)))] if len(of_set) else of_set
    follow = np.where(gene < first, end - np.arange(len(of_set)), 0)
    left = np.repeat(np.arange(len(of_set)), follow)
    right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(follow) - follow, follow)
    smallest = np.full(first * n, -1, dtype=np.int64)
    smallest[gene[left] * n + gene[right]] = of_set[left]
    keys = np.flatnonzero(smallest >= 0)
    names = np.array([s.name for s in source.sets], dtype=object)
    return _Found(source.name, keys, sizes[smallest[keys]].astype(float), names[smallest[keys]])


def _small(found: _Found) -> _Found:
    return _kept(found, found.sizes <= LARGEST_SET)


def _kept(found: _Found, keep: np.ndarray) -> _Found:
    return _Found(found.source, found.keys[keep], found.sizes[keep], found.names[keep])


def _table(found: list[_Found], n: int) -> pd.DataFrame:
    """One row a pair out of what each source lists."""
    keys = np.unique(np.concatenate([one.keys for one in found])) if found else np.empty(0, dtype=np.int64)
    size, known = np.full(len(keys), np.nan), np.zeros(len(keys), dtype=bool)
    sources, evidence = np.full(len(keys), "", dtype=object), np.full(len(keys), "", dtype=object)
    for one in found:
        at = np.searchsorted(keys, one.keys)
        size[at] = np.fmin(size[at], one.sizes)
        known[at] |= ~(one.sizes > LARGE_SET)
        sources[at] = _joined(sources[at], one.source, ", ")
        said = [_said(one.source, s, name) for s, name in zip(one.sizes, one.names, strict=True)]
        evidence[at] = _joined(evidence[at], np.array(said, dtype=object), "; ")
    relation = np.where(known, KNOWN, WEAK).astype(object)
    return pd.DataFrame(dict(zip(COLUMNS, (keys // n, keys % n, relation, sources, size, evidence), strict=True)))


def _joined(before: np.ndarray, added: object, mark: str) -> np.ndarray:
    return before + np.where(before == "", "", mark).astype(object) + added


def _said(source: str, size: float, name: str) -> str:
    if np.isnan(size):
        return f"{source}: listed as a pair"
    return f"{source}: both in {name or 'one set'} of {size:,.0f} members"

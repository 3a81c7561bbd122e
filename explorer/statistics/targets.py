"""On-target and off-target similarity of a compound, and whether an off-target was to be expected.

A knockout that looks like a compound is a candidate and no proof of binding: it may sit in the complex of an annotated
target. So every off-target carries the known relationships between it and each annotated target.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.statistics.best_concentration import best_concentration, usable_concentrations
from explorer.statistics.significance import score_and_rank, significance
from explorer.statistics.similarity_null import SimilarityNull, p_of_strongest

#: A pair that shares only sets of more members than this is listed together, which says little.
LARGE_SET = 100

NEW, WEAK, KNOWN, UNANNOTATED = "new", "co-listed, weak", "known", "no annotated target"


@dataclass(frozen=True)
class Relationship:
    """One known relationship of two genes: who says so, and of how many members the set is that they share."""

    source: str
    size: int | None = None

    @property
    def weak(self) -> bool:
        return self.size is not None and self.size > LARGE_SET


Lookup = Callable[[str, str], Iterable[Relationship]]


def lookup_of(pairs: pd.DataFrame) -> Lookup:
    """Lookup over a table of pairs, either way round: columns `a`, `b`, `source` and, where it is known, `size`."""
    known: dict[frozenset[str], set[Relationship]] = {}
    sizes = pairs["size"] if "size" in pairs else [None] * len(pairs)
    for a, b, source, size in zip(pairs["a"], pairs["b"], pairs["source"], sizes, strict=True):
        relationship = Relationship(str(source), None if pd.isna(size) else int(size))
        known.setdefault(frozenset((a, b)), set()).add(relationship)
    empty: frozenset[Relationship] = frozenset()
    return lambda a, b: known.get(frozenset((a, b)), empty)


def best_over_concentrations(
    cosines: np.ndarray,
    labels: Sequence[str],
    *,
    concentrations: np.ndarray,
    active: np.ndarray,
    toxic: np.ndarray,
    nulls: Sequence[SimilarityNull] | None = None,
    gene_rows: np.ndarray | None = None,
    correction: str = "bh",
) -> pd.DataFrame:
    """Every gene at the concentration where the compound is most like or unlike it.

    Parameters
    ----------
    cosines : array, shape (m, g)
        In ascending order of concentration.
    labels : sequence of str, length g
    concentrations, active, toxic : arrays, shape (m,)
        See `usable_concentrations`.
    nulls : sequence of SimilarityNull, length m, optional
        By the number of wells at each concentration.
    gene_rows : array, shape (g, d), optional
        Unit rows of the genes; needed with `nulls`.
    correction : str
        Of `q_values`.

    Returns
    -------
    DataFrame, one row a gene
        `label`, `concentration`, `cosine`; `score`, `rank` and `n` at that concentration; `p` against noise that took
        its strongest over the same concentrations, `q` over all genes; `reliable`.
    """
    cosines = np.asarray(cosines, dtype=np.float64)
    usable, reliable = usable_concentrations(active, toxic)
    index, genes = best_concentration(cosines, usable), np.arange(cosines.shape[1])
    strongest = cosines[index, genes]
    p, null = None, None
    if nulls is not None:
        looked_at = [one for one, use in zip(nulls, usable, strict=True) if use]
        p, null = p_of_strongest(strongest, gene_rows, looked_at), looked_at[0]
    table = significance(strongest, p=p, null=null, correction=correction).table
    for row in np.unique(index):
        there = index == row
        table.loc[there, ["score", "rank"]] = score_and_rank(cosines[row]).loc[there, ["score", "rank"]]
    table.insert(0, "label", np.asarray(labels, dtype=object))
    table.insert(1, "concentration", np.asarray(concentrations)[index])
    return table.assign(reliable=reliable)


def on_targets(best: pd.DataFrame, targets: Sequence[str]) -> pd.DataFrame:
    """The annotated targets of a compound, best rank first, with `on_map`; those not on the map come last, empty."""
    found = best[best["label"].isin(set(targets))].sort_values("rank").assign(on_map=True)
    absent = [target for target in dict.fromkeys(targets) if target not in set(found["label"])]
    return found.reset_index(drop=True) if not absent else _with_absent(found, absent)


def off_targets(
    best: pd.DataFrame, targets: Collection[str], related: Lookup, *, significant: np.ndarray
) -> pd.DataFrame:
    """The significant genes that are no annotated target, and what is known between them and any target.

    Parameters
    ----------
    best : DataFrame
        From `best_over_concentrations`, or any table with `label`, `cosine` and `rank`.
    targets : collection of str
        Annotated targets, on the map or not.
    related : callable
        Known relationships of two genes, see `lookup_of`.
    significant : bool array, length of `best`
        By the rule on display, see `Significance.passes`.

    Returns
    -------
    DataFrame, the columns of `best`, and
        relation : "known" (a pair, or a shared set of at most 100 members), "co-listed, weak" (only larger sets),
            "new" (no annotated pair in any loaded source), or "no annotated target"
        evidence : tuple of (target, source, size of the shared set or None), strongest first
        opposite : True where the compound does the opposite of the knockout, which has a tab of its own
    """
    chosen = best[np.asarray(significant) & ~best["label"].isin(set(targets)).to_numpy()].sort_values("rank")
    evidence = [_evidence(gene, sorted(targets), related) for gene in chosen["label"]]
    relations = [_relation(of_gene) if targets else UNANNOTATED for of_gene in evidence]
    frame = chosen.assign(relation=relations, evidence=evidence, opposite=chosen["cosine"] < 0)
    return frame.reset_index(drop=True)


def _with_absent(found: pd.DataFrame, absent: list[str]) -> pd.DataFrame:
    rest = pd.DataFrame({"label": absent, "on_map": False})
    return pd.concat([found.astype(object), rest.astype(object)], ignore_index=True) if len(found) else rest


def _evidence(gene: str, targets: list[str], related: Lookup) -> tuple[tuple[str, str, int | None], ...]:
    found = {(target, r.source, r.size) for target in targets for r in related(gene, target)}
    return tuple(sorted(found, key=lambda e: (e[2] is not None, e[2] or 0, e[0], e[1])))


def _relation(evidence: tuple[tuple[str, str, int | None], ...]) -> str:
    if not evidence:
        return NEW
    return WEAK if all(Relationship(source, size).weak for _, source, size in evidence) else KNOWN

"""All pairs among chosen genes, which of them a rule shows, and the one reason why each of the others is hidden.

A network that only shows its edges cannot be argued with: here every pair is either shown or says why not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.errors import InputError
from explorer.statistics.gene_cosines import GeneCosines
from explorer.statistics.multiple_testing import q_values
from explorer.statistics.significance import SIGNIFICANT_Q, STRONG_COSINE
from explorer.statistics.similarity_null import DRAWS, SimilarityNull

#: Edges that are drawn unless more are asked for, and the most that ever are.
MOST_EDGES, MOST_DRAWN = 150, 3_000

SHOWN = ""
WEAK, NEAR, INACTIVE, SIGN, EVIDENCE, ARM, CAP = ("weak", "near", "inactive", "sign", "evidence", "arm", "cap")
#: In the order in which a pair is asked; the first that holds is its reason.
REASONS = (WEAK, NEAR, INACTIVE, SIGN, EVIDENCE, ARM, CAP)
SIGNS, EVIDENCES, ARMS = ("both", "similar", "opposite"), ("both", "known", "new"), ("dim", "show", "hide", "only")

_GENES_AT_ONCE = 64
_ROUNDING = 1e-5
_PROMISING = 0.01


@dataclass(frozen=True)
class Rule:
    """What makes a pair strong enough: cosines beyond `low` or `high`, or, where `by_q`, q up to 0.05."""

    low: float
    high: float
    by_q: bool = False

    def keeps(self, cosine: np.ndarray, q: np.ndarray) -> np.ndarray:
        """Bool array of the pairs that are strong enough; an untested pair (q NaN) never is by q."""
        if self.by_q:
            return np.nan_to_num(q, nan=1.0) <= SIGNIFICANT_Q
        return (cosine <= self.low) | (cosine >= self.high)


def rule_of(name: str, background: GeneCosines, *, cut: tuple[float, float] | None = None) -> Rule:
    """The rule of a name: `loose`, `default`, `strict` (5, 1, 0.1 % a sign), `cosine`, `q`, or `custom` with its `cut`.

    Raises
    ------
    InputError
        For another name, or `custom` without two cut-offs, the lower first.
    """
    if name == "custom":
        if cut is None or not cut[0] <= cut[1]:
            raise InputError("a custom rule needs two cut-offs, the lower one first")
        return Rule(*cut)
    if name == "cosine":
        return Rule(-STRONG_COSINE, STRONG_COSINE)
    presets = background.cutoffs().presets
    if name not in {*presets, "q"}:
        raise InputError(f"rule {name} is not known; choose {', '.join(presets)}, cosine, q or custom")
    return Rule(*presets["default"], by_q=True) if name == "q" else Rule(*presets[name])


def pair_table(rows: np.ndarray, *, background: GeneCosines, active: np.ndarray, arms: Sequence[str]) -> pd.DataFrame:
    """All pairs among k genes.

    Parameters
    ----------
    rows : array, shape (k, d)
        Served rows of the map, whose dot product is the similarity.
    background : GeneCosines
        All gene-gene cosines of the map.
    active : bool array, shape (k,)
        Whether a gene has a phenotype; True where the map does not test it.
    arms : sequence of str, length k
        Chromosome arm, empty where unknown.

    Returns
    -------
    DataFrame, k (k - 1) / 2 rows
        `a`, `b` : positions, a < b
        `cosine`; `top`, percent of all pairs of the map at least as extreme to this side; `score`, signed percentile of
        |cosine| among all pairs of the map (-100 to 100); `active`, both are; `same_arm`.
    """
    rows, active = np.asarray(rows, dtype=np.float32), np.asarray(active, dtype=bool)
    a, b = np.triu_indices(len(rows), 1)
    cosine = np.clip((rows @ rows.T)[a, b].astype(np.float64), -1.0, 1.0)
    arm = np.asarray(list(arms), dtype=str)
    return pd.DataFrame(
        {"a": a, "b": b, "cosine": cosine, "top": _top(cosine, background), "score": _score(cosine, background)}
        | {"active": active[a] & active[b], "same_arm": (arm[a] == arm[b]) & (arm[a] != "")}
    )


def with_significance(pairs: pd.DataFrame, rows: np.ndarray, *, nulls: Sequence[SimilarityNull | None]) -> pd.DataFrame:
    """`pairs` with `p` and `q`.

    p is the share of pseudo-perturbations, of as many control wells as one gene has, that are as similar or opposite to
    the other; of the two ways round the larger one. q is Benjamini-Hochberg over the pairs of genes with a phenotype;
    pairs that touch another gene are not tested, as noise is read there.

    Parameters
    ----------
    pairs : DataFrame
        From `pair_table`.
    rows : array, shape (k, d)
    nulls : sequence, length k
        The null of each gene by its number of wells; None where the map has no controls.
    """
    p = np.full(len(pairs), np.nan)
    tested = np.flatnonzero(pairs["active"].to_numpy())
    if len(tested) and all(null is not None for null in nulls):
        rows = np.asarray(rows, dtype=np.float32)
        both = np.empty((len(rows), len(rows)))
        for null in {id(n): n for n in nulls}.values():
            mine = [i for i, n in enumerate(nulls) if n is null]
            both[mine] = noise_p(rows[mine] @ rows.T, rows, null=null)
        one, other = pairs["a"].to_numpy()[tested], pairs["b"].to_numpy()[tested]
        p[tested] = np.maximum(both[one, other], both[other, one])
    return pairs.assign(p=p, q=q_values(p))


def noise_p(cosines: np.ndarray, gene_rows: np.ndarray, *, null: SimilarityNull) -> np.ndarray:
    """Two-sided p (m, k) of the cosines of m perturbations, all of the null's number of wells, to k genes (k, d).

    All are compared with 5,000 draws, and those with p <= .01 there with every draw.
    """
    strength = np.abs(cosines) - _ROUNDING
    reached = _reached(null.rows[:DRAWS], gene_rows, strength)
    first = min(DRAWS, null.draws)
    p = (1 + reached) / (1 + first)
    promising = p <= _PROMISING
    genes = np.flatnonzero(promising.any(axis=0))
    for start in range(DRAWS, null.draws, 4 * DRAWS) if len(genes) else ():
        reached[:, genes] += _reached(null.rows[start : start + 4 * DRAWS], gene_rows[genes], strength[:, genes])
    return np.where(promising, (1 + reached) / (1 + null.draws), p)


def _reached(noise: np.ndarray, gene_rows: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """How many draws are at least as strong, for strengths (m, k) of k genes."""
    reached = np.empty(strength.shape, dtype=np.int64)
    noise = noise.astype(np.float32)
    for start in range(0, len(gene_rows), _GENES_AT_ONCE):
        genes = np.asarray(gene_rows[start : start + _GENES_AT_ONCE], dtype=np.float32)
        drawn = np.sort(np.abs(genes @ noise.T), axis=1)
        for gene, one in enumerate(drawn, start=start):
            reached[:, gene] = len(one) - np.searchsorted(one, strength[:, gene], side="left")
    return reached


def reasons(
    pairs: pd.DataFrame,
    *,
    rule: Rule,
    loose: Rule,
    sign: str = "both",
    evidence: str = "both",
    arm: str = "dim",
    most: int = MOST_EDGES,
) -> np.ndarray:
    """Why each pair is hidden; `SHOWN` for those that are drawn.

    Parameters
    ----------
    pairs : DataFrame
        With `cosine`, `q`, `active`, `same_arm`, `known` (bool: some source lists the pair) and `new` (bool: none does,
        though both genes have names and lie on different arms).
    rule, loose : Rule
        What is asked for, and the loosest preset: between them lie the pairs that nearly pass.
    sign : {"both", "similar", "opposite"}
    evidence : {"both", "known", "new"}
    arm : {"dim", "show", "hide", "only"}
        What to do with pairs on one chromosome arm; "dim" shows them, marked.
    most : int
        Strongest pairs kept, of both signs together.

    Returns
    -------
    str array, one of `REASONS` or `SHOWN` for each pair
    """
    cosine, q = pairs["cosine"].to_numpy(), pairs["q"].to_numpy()
    same, known, new = (pairs[c].to_numpy(dtype=bool) for c in ("same_arm", "known", "new"))
    inactive, near = ~pairs["active"].to_numpy(dtype=bool), loose.keeps(cosine, q)
    passes = np.where(inactive, near, rule.keeps(cosine, q)) if rule.by_q else rule.keeps(cosine, q)
    found = np.full(len(pairs), SHOWN, dtype="<U8")
    in_turn = (
        (WEAK, ~passes & ~near),
        (NEAR, ~passes),
        (INACTIVE, inactive),
        (SIGN, (cosine < 0) if sign == "similar" else (cosine >= 0) if sign == "opposite" else np.zeros_like(same)),
        (EVIDENCE, ~known if evidence == "known" else ~new if evidence == "new" else np.zeros_like(same)),
        (ARM, same if arm == "hide" else ~same if arm == "only" else np.zeros_like(same)),
    )
    for reason, holds in in_turn:
        found[(found == SHOWN) & holds] = reason
    left = np.flatnonzero(found == SHOWN)
    found[left[np.argsort(-np.abs(cosine[left]), kind="stable")][min(most, MOST_DRAWN) :]] = CAP
    return found


def _top(cosine: np.ndarray, background: GeneCosines) -> np.ndarray:
    below = np.concatenate([[0], np.cumsum(background.counts)]) / max(background.pairs, 1)
    at = _bin(cosine, background)
    return 100 * np.where(cosine < 0, below[at + 1], 1 - below[at])


def _score(cosine: np.ndarray, background: GeneCosines) -> np.ndarray:
    half = len(background.counts) // 2
    folded = background.counts[half:] + background.counts[:half][::-1]
    share = np.cumsum(folded) / max(background.pairs, 1)
    at = np.minimum((np.abs(cosine) * half).astype(int), half - 1)
    return np.sign(cosine) * 100 * share[at]


def _bin(cosine: np.ndarray, background: GeneCosines) -> np.ndarray:
    bins = len(background.counts)
    return np.clip(((cosine + 1) * (bins / 2)).astype(int), 0, bins - 1)

"""Proximity bias: knockouts on one chromosome arm look alike because a cut can cost the cell the rest of the arm.

Lazar et al. 2024 (doi:10.1038/s41588-024-01758-y) detect it by a Brunner-Munzel test an arm and take it out by the mean
of unexpressed genes of the arm. Where nothing is known of expression the mean of all genes of the arm stands in,
shrunk where they are few; that also takes out what the genes of an arm really share, so it is an option, and said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.errors import InputError

#: An arm is tested, or corrected by its unexpressed genes, only with more pairs, or more such genes, than this.
FEWEST = 20

_MOST_PAIRS = 100_000
_PAIRS_AT_ONCE = 8_192


@dataclass(frozen=True, eq=False)
class ProximityBias:
    """How much more alike genes of one arm are than genes of different arms.

    Attributes
    ----------
    within, between : float
        Mean similarity of all pairs on one arm, and of all pairs on two arms.
    p : float
        Of a difference of means as large, by permuting the arms among the genes; never 0.
    excess : bool
        `within` is above `between` with p <= .05.
    arms : DataFrame
        One row an arm: `arm`, `genes`, `pairs` (within), `within` and `between` (means), `probability`
        (P(within > between), .5 = no bias), `p` (Brunner-Munzel, one-sided, Bonferroni), NaN where not tested; and
        `p_permuted` of the mean `within`, by permuting the arms, uncorrected. The published Brunner-Munzel p takes
        pairs as independent, though each gene is in many: it is too small, 1e-3 now and then where there is no bias.
    """

    within: float
    between: float
    p: float
    excess: bool
    arms: pd.DataFrame


def proximity_bias(
    rows: np.ndarray, arms: np.ndarray, *, permutations: int = 499, seed: int = 0
) -> ProximityBias | None:
    """Measure proximity bias on the served rows of named genes.

    Parameters
    ----------
    rows : float array, shape (genes, d)
        Dot products are similarities.
    arms : str array, shape (genes,)
        Empty for a gene without an arm; it takes no part.
    permutations, seed : int

    Returns
    -------
    ProximityBias, or None where no arm has more than 20 pairs or all genes are on one arm: there is nothing to compare.
    """
    rows, arms = np.asarray(rows, dtype=np.float64), np.asarray(arms, dtype=str)
    rows, arms = rows[arms != ""], arms[arms != ""]
    names, codes = np.unique(arms, return_inverse=True)
    sizes = np.bincount(codes, minlength=len(names))
    pairs = sizes * (sizes - 1) // 2
    if len(names) < 2 or not (pairs > FEWEST).any():
        return None
    rng = np.random.default_rng(seed)
    within, between, by_arm = _means(rows, codes, sizes)
    null = [_means(rows, rng.permutation(codes), sizes) for _ in range(permutations)]
    p = (1 + sum(inside - outside >= within - between for inside, outside, _ in null)) / (1 + permutations)
    table = pd.DataFrame({"arm": names, "genes": sizes, "pairs": pairs})
    reached = (np.array([arms_of_null for *_, arms_of_null in null]).reshape(-1, len(names)) >= by_arm).sum(axis=0)
    table["p_permuted"] = np.where(pairs > FEWEST, (1 + reached) / (1 + permutations), np.nan)
    tested = np.flatnonzero(pairs > FEWEST)
    measured = [_one_arm(rows, codes == code, rng=rng) for code in tested]
    for position, column in enumerate(("within", "between", "probability", "p")):
        table[column] = np.nan
        table.loc[tested, column] = [m[position] for m in measured]
    table["p"] = np.minimum(table["p"] * len(tested), 1.0)
    columns = ["arm", "genes", "pairs", "within", "between", "probability", "p", "p_permuted"]
    return ProximityBias(within, between, float(p), bool(within > between and p <= 0.05), table[columns])


def same_arm(arms: np.ndarray, query: str) -> np.ndarray:
    """Whether each gene is on the arm `query`: bool, False wherever either arm is not known (empty)."""
    arms = np.asarray(arms, dtype=str)
    return (arms == query) & (arms != "")


def arm_shifts(
    values: np.ndarray, arms: np.ndarray, *, shrinkage: float | None = None, unexpressed: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """What to subtract from the vectors of the genes of each arm.

    Parameters
    ----------
    values : float array, shape (n, d)
        Vectors before they are brought to unit length.
    arms : str array, shape (n,)
        Empty for a compound or a gene without an arm.
    shrinkage : float, optional
        Subtract the mean of all n genes of the arm, times n / (n + shrinkage). Needs no expression data.
    unexpressed : bool array, shape (n,), optional
        The published correction: subtract the mean of these genes, on arms with more than 20 of them. Other arms stay
        as they are and are not in the result.

    Returns
    -------
    dict
        Arm to float64 array (d,).

    Raises
    ------
    InputError
        If neither or both ways are asked for, or the shrinkage is negative.
    """
    values, arms = np.asarray(values, dtype=np.float64), np.asarray(arms, dtype=str)
    if (shrinkage is None) == (unexpressed is None) or (shrinkage is not None and not shrinkage >= 0):
        raise InputError("arm correction takes either a shrinkage of 0 or more, or a list of unexpressed genes")
    shifts = {}
    for arm in np.unique(arms[arms != ""]):
        members = arms == arm
        if unexpressed is None:
            n = int(members.sum())
            shifts[str(arm)] = values[members].mean(axis=0) * (n / (n + shrinkage))
        elif (still := members & unexpressed).sum() > FEWEST:
            shifts[str(arm)] = values[still].mean(axis=0)
    return shifts


def brunner_munzel(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """P(x > y) + P(x = y)/2, and the one-sided p that it is above .5 (Brunner and Munzel 2000).

    Samples of at least two values each. Where they do not overlap at all the variance is 0 and p is 0 or 1.
    """
    from scipy import stats  # 50 MB, which a build can do without

    n, m = len(x), len(y)
    ranks = stats.rankdata(np.concatenate([x, y]))
    of_x, of_y = ranks[:n], ranks[n:]
    mean_x, mean_y = of_x.mean(), of_y.mean()
    probability = 0.5 + (mean_x - mean_y) / (n + m)
    inner_x, inner_y = of_x - stats.rankdata(x), of_y - stats.rankdata(y)
    spread_x, spread_y = n * inner_x.var(ddof=1), m * inner_y.var(ddof=1)
    spread = spread_x + spread_y
    if not spread > 0:
        return float(probability), 0.0 if probability > 0.5 else 1.0
    statistic = n * m * (mean_x - mean_y) / ((n + m) * np.sqrt(spread))
    freedom = spread**2 / (spread_x**2 / (n - 1) + spread_y**2 / (m - 1))
    return float(probability), float(stats.t.sf(statistic, freedom))


def _means(rows: np.ndarray, codes: np.ndarray, sizes: np.ndarray) -> tuple[float, float, np.ndarray]:
    """Mean similarity within and between arms, and within each, from the sums of the arms: no pair is formed."""
    order = np.argsort(codes, kind="stable")
    sums = np.add.reduceat(rows[order], np.cumsum(sizes) - sizes, axis=0)
    own = np.bincount(codes, weights=np.einsum("gd,gd->g", rows, rows), minlength=len(sizes))
    inside = np.einsum("ad,ad->a", sums, sums) - own
    everything = np.square(sums.sum(axis=0)).sum() - own.sum()
    n_inside, n_all = sizes * (sizes - 1.0), len(rows) * (len(rows) - 1.0)
    between = (everything - inside.sum()) / (n_all - n_inside.sum())
    return float(inside.sum() / n_inside.sum()), float(between), inside / np.maximum(n_inside, 1.0)


def _one_arm(rows: np.ndarray, members: np.ndarray, *, rng: np.random.Generator) -> tuple[float, float, float, float]:
    """Means, P(within > between) and its p for one arm, on at most 100,000 pairs of each sort."""
    here, there = rows[members], rows[~members]
    i, j = np.triu_indices(len(here), k=1)
    if len(i) > _MOST_PAIRS:
        chosen = rng.choice(len(i), _MOST_PAIRS, replace=False)
        i, j = i[chosen], j[chosen]
    within = _dots(here, here, i, j)
    if len(here) * len(there) <= _MOST_PAIRS:
        between = (here @ there.T).ravel()
    else:
        between = _dots(
            here, there, rng.integers(len(here), size=_MOST_PAIRS), rng.integers(len(there), size=_MOST_PAIRS)
        )
    return float(within.mean()), float(between.mean()), *brunner_munzel(within, between)


def _dots(a: np.ndarray, b: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    blocks = range(0, len(i), _PAIRS_AT_ONCE)
    return np.concatenate(
        [np.einsum("pd,pd->p", a[i[s : s + _PAIRS_AT_ONCE]], b[j[s : s + _PAIRS_AT_ONCE]]) for s in blocks]
    )

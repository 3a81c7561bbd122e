"""Do the genes of a set look alike: their mean pairwise similarity, against random sets of as many genes.

Random sets are drawn from the genes that could have been members, so that a map on which everything resembles
everything gives no set a small p. Pairs on one chromosome arm can look alike by the cut alone, so the mean without
them, against random sets without theirs, stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

#: Random sets: the most, the fewest, and how many of their members are drawn in all.
MOST_DRAWS, FEWEST_DRAWS, MEMBERS_DRAWN = 4_999, 499, 1_000_000

_DRAWS_AT_ONCE = 250
#: Means this much below the observed one count as reached, so that rounding never makes p smaller.
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Coherence:
    """How alike the members of a set are.

    Attributes
    ----------
    members, pairs : int
    mean : float
        Mean pairwise similarity.
    random, random_95 : float
        Mean and 95th percentile of the same over random sets.
    p : float
        One-sided, (1 + random sets at least as alike) / (1 + draws); never 0.
    apart, apart_pairs, apart_random, apart_p
        The same without pairs on one arm; NaN where no pair is left or no arm is known.
    background, draws : int
        Genes that random sets are drawn from, and how many sets.
    """

    members: int
    pairs: int
    mean: float
    random: float
    random_95: float
    p: float
    apart: float
    apart_pairs: int
    apart_random: float
    apart_p: float
    background: int
    draws: int


def set_coherence(
    rows: np.ndarray, members: np.ndarray, *, arms: np.ndarray | None = None, draws: int | None = None, seed: int = 0
) -> Coherence | None:
    """Mean pairwise similarity of a set with its permutation p.

    Parameters
    ----------
    rows : float array, shape (genes, d)
        Served rows of every gene that could be a member; their dot products are the similarities.
    members : int array, shape (k,)
        Positions in `rows`, each once.
    arms : str array, shape (genes,), optional
        Empty for a gene whose arm is not known.
    draws : int, optional
        Random sets; default 499 to 4,999, fewer for larger sets.
    seed : int

    Returns
    -------
    Coherence, or None with fewer than two members, or where all genes are members and there is nothing to draw.
    """
    rows, members = np.asarray(rows, dtype=np.float32), np.asarray(members, dtype=np.int64)
    n, k = len(rows), len(members)
    if k < 2 or k >= n:
        return None
    if draws is None:
        draws = int(np.clip(MEMBERS_DRAWN // k, FEWEST_DRAWS, MOST_DRAWS))
    codes = np.full(n, -1) if arms is None else _codes(np.asarray(arms, dtype=str))
    rng = np.random.default_rng(seed)
    sets = np.array([rng.choice(n, k, replace=False, shuffle=False) for _ in range(draws)])
    mean, apart, apart_pairs = (x[0] for x in _means(rows, members[None], codes))
    parts = [_means(rows, sets[s : s + _DRAWS_AT_ONCE], codes) for s in range(0, draws, _DRAWS_AT_ONCE)]
    null, null_apart = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    known = arms is not None and bool((codes >= 0).any()) and np.isfinite(apart)
    usable = null_apart[np.isfinite(null_apart)]
    return Coherence(
        members=k,
        pairs=k * (k - 1) // 2,
        mean=float(mean),
        random=float(null.mean()),
        random_95=float(np.quantile(null, 0.95)),
        p=_reached(null, mean),
        apart=float(apart) if known else float("nan"),
        apart_pairs=int(apart_pairs),
        apart_random=float(usable.mean()) if known and len(usable) else float("nan"),
        apart_p=_reached(usable, apart) if known else float("nan"),
        background=n,
        draws=draws,
    )


def mean_to_rest(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Mean similarity of each row (n, d) to those of `others` (bool, n) beside itself; NaN where there is none."""
    rows = np.asarray(rows, dtype=np.float64)
    own = np.einsum("nd,nd->n", rows, rows)
    total = rows @ rows[others].sum(axis=0) - np.where(others, own, 0.0)
    left = others.sum() - others.astype(int)
    return np.divide(total, left, out=np.full(len(rows), np.nan), where=left > 0)


def leaf_order(rows: np.ndarray) -> np.ndarray:
    """Order of rows (k, d) in which those that are alike stand together: a permutation of k.

    Average linkage of 1 - similarity with optimal leaf order (Bar-Joseph et al. 2001,
    doi:10.1093/bioinformatics/17.suppl_1.S22).
    """
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(rows) < 3:
        return np.arange(len(rows))
    rows = np.asarray(rows, dtype=np.float64)
    distance = 1 - np.clip(rows @ rows.T, -1, 1)
    np.fill_diagonal(distance, 0)
    return leaves_list(linkage(squareform(distance, checks=False), "average", optimal_ordering=True))


def _codes(arms: np.ndarray) -> np.ndarray:
    """Arms as numbers; -1 where not known."""
    codes = np.unique(arms, return_inverse=True)[1]
    return np.where(arms == "", -1, codes)


def _means(rows: np.ndarray, sets: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each set (draws, k): its mean pairwise similarity, that without pairs on one arm, and how many pairs are left.

    From sums of rows, by set and by arm of a set: no pair is formed.
    """
    draws, k = sets.shape
    own = np.einsum("gd,gd->g", rows, rows, dtype=np.float64)
    of_set, gene = np.repeat(np.arange(draws), k), sets.ravel()
    total = (_squares(rows, of_set, gene, draws) - own[sets].sum(axis=1)) / 2
    has_arm = codes[gene] >= 0
    groups, of_group = np.unique(
        of_set[has_arm] * (codes.max(initial=0) + 1) + codes[gene[has_arm]], return_inverse=True
    )
    sizes = np.bincount(of_group, minlength=len(groups))
    inner_own = np.bincount(of_group, weights=own[gene[has_arm]], minlength=len(groups))
    inner = (_squares(rows, of_group, gene[has_arm], len(groups)) - inner_own) / 2
    set_of_group = groups // (codes.max(initial=0) + 1)
    same = np.bincount(set_of_group, weights=inner, minlength=draws)
    same_pairs = np.bincount(set_of_group, weights=sizes * (sizes - 1) / 2, minlength=draws)
    pairs = k * (k - 1) / 2
    left = pairs - same_pairs
    apart = np.divide(total - same, left, out=np.full(draws, np.nan), where=left > 0)
    return total / pairs, apart, left


def _squares(rows: np.ndarray, group: np.ndarray, gene: np.ndarray, groups: int) -> np.ndarray:
    """Squared length of the sum of the rows of each group."""
    one = np.ones(len(gene), dtype=np.float32)
    sums = sparse.csr_array((one, (group, gene)), shape=(groups, len(rows))) @ rows
    return np.einsum("gd,gd->g", sums, sums, dtype=np.float64)


def _reached(null: np.ndarray, value: float) -> float:
    return float((1 + (null >= value - _ROUNDING).sum()) / (1 + len(null)))

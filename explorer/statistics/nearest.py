"""Do ways of comparing compounds agree on who is nearest, and does one find those that share a target.

Mean average precision: each compound with a target asks, all others with a target answer in the order of their
similarity, and a hit is a compound that shares at least one target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.statistics.drug_target import average_precision


@dataclass(frozen=True)
class Overlap:
    """Names that two lists of nearest compounds share.

    Attributes
    ----------
    shared : int
    size : int
        Names in each list.
    jaccard : float
        Shared over all names of either; 1 where the lists are the same.
    expected : float
        Shared names of two lists drawn at random from the same compounds.
    p : float
        Chance of at least as many among such lists (hypergeometric).
    """

    shared: int
    size: int
    jaccard: float
    expected: float
    p: float


@dataclass(frozen=True)
class Retrieval:
    """Mean average precision of shared targets by one similarity.

    Attributes
    ----------
    mean : float
    low, high : float
        95 % percentile interval of the mean over compounds drawn again with replacement.
    by_chance : float
        Mean over shuffles of the targets among the compounds.
    p : float
        One-sided, of these shuffles; never 0.
    each : float64 array, shape (compounds,)
        Average precision of each compound; NaN where no other shares a target.
    """

    mean: float
    low: float
    high: float
    by_chance: float
    p: float
    each: np.ndarray


def overlap(first: Sequence[str], second: Sequence[str], *, among: int) -> Overlap:
    """How many of two lists of nearest compounds are the same, and how many would be by chance out of `among`."""
    from scipy.stats import hypergeom  # 50 MB, which a build can do without

    first, second = list(first), list(second)
    shared, either = len(set(first) & set(second)), len(set(first) | set(second))
    p = float(hypergeom.sf(shared - 1, among, len(first), len(second))) if first and second else 1.0
    expected = len(first) * len(second) / among if among else 0.0
    return Overlap(shared, min(len(first), len(second)), shared / either if either else 0.0, expected, p)


def sharing(targets: Sequence[Sequence[str]]) -> np.ndarray:
    """Which compounds share at least one target, bool array (n, n) with an empty diagonal."""
    genes = {gene: i for i, gene in enumerate(sorted({g for of in targets for g in of}))}
    member = np.zeros((len(targets), len(genes)), dtype=np.float32)
    for i, of in enumerate(targets):
        member[i, [genes[g] for g in of]] = 1
    shared = member @ member.T > 0
    np.fill_diagonal(shared, False)
    return shared


def retrieval(similarity: np.ndarray, shared: np.ndarray, *, draws: int = 2_000, seed: int = 0) -> Retrieval:
    """Mean average precision of `shared` (n, n) by `similarity` (n, n); see `Retrieval`.

    Ties are taken in together. Targets are shuffled 199 times among the compounds.
    """
    each = np.array([_precision(row, hits, i) for i, (row, hits) in enumerate(zip(similarity, shared, strict=True))])
    asked = each[np.isfinite(each)]
    if not len(asked):
        return Retrieval(np.nan, np.nan, np.nan, np.nan, np.nan, each)
    rng = np.random.default_rng(seed)
    low, high = interval(asked, draws=draws, rng=rng)
    order = _random_order(similarity, rng)
    chance = np.array([_of_order(order, shared, rng.permutation(len(shared))) for _ in range(199)])
    p = (1 + int((chance >= asked.mean()).sum())) / (1 + len(chance))
    return Retrieval(float(asked.mean()), low, high, float(chance.mean()), p, each)


def difference(first: Retrieval, second: Retrieval, *, draws: int = 2_000, seed: int = 0) -> tuple[float, float, float]:
    """Mean difference of the average precision of the same compounds, with its 95 % interval."""
    gap = first.each - second.each
    gap = gap[np.isfinite(gap)]
    low, high = interval(gap, draws=draws, rng=np.random.default_rng(seed))
    return float(gap.mean()) if len(gap) else np.nan, low, high


def interval(values: np.ndarray, *, draws: int, rng: np.random.Generator) -> tuple[float, float]:
    """95 % percentile interval of the mean of values drawn again with replacement."""
    if not len(values):
        return np.nan, np.nan
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(draws)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _precision(row: np.ndarray, hits: np.ndarray, own: int) -> float:
    others = np.ones(len(row), dtype=bool)
    others[own] = False
    known, rest = row[others & hits], row[others & ~hits]
    return float(average_precision(known[None], rest[None])[0]) if len(known) else np.nan


def _random_order(similarity: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The others of each compound, nearest first, ties in random order; shape (n, n - 1)."""
    n = len(similarity)
    noise = rng.random((n, n))
    order = np.lexsort((noise, -similarity), axis=1)
    return order[order != np.arange(n)[:, None]].reshape(n, n - 1)


def _of_order(order: np.ndarray, shared: np.ndarray, shuffle: np.ndarray) -> float:
    """Mean average precision when each compound has the targets of another."""
    hits = shared[shuffle[:, None], shuffle[order]]
    found = np.cumsum(hits, axis=1)
    precision = (found / np.arange(1, hits.shape[1] + 1) * hits).sum(axis=1)
    asked = found[:, -1] > 0
    return float((precision[asked] / found[asked, -1]).mean())

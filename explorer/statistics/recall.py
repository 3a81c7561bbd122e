"""Recall of known relationships: how many known pairs lie in the tails of all gene-gene similarities.

The measure of Celik et al. 2024 (doi:10.1371/journal.pcbi.1012463), with two baselines beside it. Genes with strong
phenotypes are both better annotated and more often in the tails, so a way to relate that only favours strong genes
raises recall without finding any relationship: the matched baseline, in which every gene keeps its number of partners
and the partners are shuffled, rises with it. What is above that baseline is about the pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from explorer.errors import InputError

TAILS = (0.05, 0.10)

#: Published recall 5/95 on RxRx3-core (doi:10.48550/arXiv.2503.20158), shown beside a map's own: genes only in the null
#: unless the name says otherwise. CORUM, HuMAP, Reactome, StringDB, and SIGNOR where it was reported.
ANCHORS = {
    "random embedding": {"CORUM": 0.107, "HuMAP": 0.111, "Reactome": 0.107, "StringDB": 0.115},
    "CellProfiler": {"CORUM": 0.361, "HuMAP": 0.444, "Reactome": 0.160, "StringDB": 0.330},
    "OpenPhenom": {"CORUM": 0.300, "HuMAP": 0.352, "Reactome": 0.158, "StringDB": 0.281},
    "OpenPhenom, compounds in the null": {
        "CORUM": 0.648,
        "HuMAP": 0.723,
        "Reactome": 0.418,
        "SIGNOR": 0.386,
        "StringDB": 0.579,
    },
    "Phenom-1": {"CORUM": 0.395, "HuMAP": 0.482, "Reactome": 0.188, "StringDB": 0.349},
    "Phenom-2": {"CORUM": 0.486, "HuMAP": 0.553, "Reactome": 0.197, "StringDB": 0.415},
}

_EXACT_GENES = 4_000
_BLOCK_ROWS = 512
_BINS = 1 << 16
_PAIRS_AT_ONCE = 1 << 17
_PAIRS_DRAWN = 1_000_000
_DRAWS = (20, 1_000)


def recall_table(
    rows: np.ndarray, sources: Mapping[str, np.ndarray], *, seed: int = 0, draws: int | None = None
) -> pd.DataFrame:
    """Recall of each source, beside what chance gives.

    Parameters
    ----------
    rows : float32 array, shape (genes, d)
        Served rows of the named genes; their dot products are the similarities.
    sources : mapping
        Name to int array (m, 2) of positions in `rows`, as `pairs_on_map` gives them.
    seed : int
    draws : int, optional
        Random sets a baseline. Default: 20 to 1,000, fewer for larger sources. The smallest p-value is 1/(draws + 1).

    Returns
    -------
    DataFrame, one row a source that has pairs on the map, columns for each tail (`05`: below the 5th or above the 95th
    percentile, `10`)
        source, pairs
        recall_05 : fraction of the pairs in the tails
        random_05, p_05 : mean of as many random pairs of map genes, and p of reaching the recall
        matched_05, p_matched_05 : the same, of pairs in which every gene keeps its number of partners

    Raises
    ------
    InputError
        With fewer than ten genes.
    """
    rows = np.ascontiguousarray(rows, dtype=np.float32)
    if len(rows) < 10:
        raise InputError(f"recall needs at least ten named genes, the map has {len(rows)}")
    cuts = tail_cuts(rows)
    table = []
    for position, (name, pairs) in enumerate(sources.items()):
        if not len(pairs):
            continue
        rng = np.random.default_rng([seed, position])
        n = int(np.clip(_PAIRS_DRAWN // len(pairs), *_DRAWS)) if draws is None else draws
        random = np.array([_random_pairs(len(rows), len(pairs), rng=rng) for _ in range(n)])
        matched = matched_pairs(pairs, draws=n, rng=rng)
        entry: dict[str, object] = {"source": name, "pairs": len(pairs)}
        own = similarities(rows, pairs)
        by_chance = similarities(rows, random.reshape(-1, 2)).reshape(n, -1)
        shuffled = similarities(rows, matched.reshape(-1, 2)).reshape(n, -1)
        for tail, (low, high) in cuts.items():
            key = f"{round(100 * tail):02d}"
            found = float(in_tails(own, low, high).mean())
            at_random = in_tails(by_chance, low, high).mean(axis=1)
            at_match = _mean_over_valid(in_tails(shuffled, low, high), matched)
            entry |= {
                f"recall_{key}": found,
                f"random_{key}": float(at_random.mean()),
                f"p_{key}": _reached(at_random, found),
                f"matched_{key}": float(np.nanmean(at_match)) if np.isfinite(at_match).any() else np.nan,
                f"p_matched_{key}": _reached(at_match, found),
            }
        table.append(entry)
    return pd.DataFrame(table)


def tail_cuts(rows: np.ndarray, *, tails: tuple[float, ...] = TAILS) -> dict[float, tuple[float, float]]:
    """Similarities below and above which a pair is in the tails of all pairs of rows.

    A pair is in the lower tail where at most the fraction `tail` of all pairs is as low or lower, and in the upper one
    where at least `1 - tail` is lower: the published rank rule with ties counted against a hit. Exact for any number
    of rows: up to 4,000 by selection, above that by two blockwise passes over a histogram, in bounded memory.

    Returns
    -------
    dict
        Tail to (low, high): a pair is a hit where its similarity is < low or > high.
    """
    n = len(rows) * (len(rows) - 1) // 2
    # In whole per mille, since floor(.05 n) of a binary fraction can be one too small.
    low = {t: min(round(1000 * t) * n // 1000, n - 1) for t in tails}
    high = {t: max(-(-(1000 - round(1000 * t)) * n // 1000) - 1, 0) for t in tails}
    wanted = sorted({*low.values(), *high.values()})
    found = _selected(rows, wanted) if len(rows) <= _EXACT_GENES else _by_histogram(rows, wanted)
    return {t: (found[low[t]], found[high[t]]) for t in tails}


def in_tails(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Whether each similarity is below `low` or above `high`."""
    return (values < low) | (values > high)


def similarities(rows: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Similarity of each pair of positions (m, 2): float32 (m,), computed in blocks."""
    values = np.empty(len(pairs), dtype=np.float32)
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        block = pairs[start : start + _PAIRS_AT_ONCE]
        np.einsum("pd,pd->p", rows[block[:, 0]], rows[block[:, 1]], out=values[start : start + len(block)])
    return values


def matched_pairs(pairs: np.ndarray, *, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Pairs in which every gene keeps its number of partners, and which are neither known nor a gene with itself.

    Returns
    -------
    int array, shape (draws, m, 2)
        A shuffle's self and known pairs are replaced by others of the same draw where there are any, else -1.
    """
    known = pairs[:, 0] << 32 | pairs[:, 1]
    drawn = np.empty((draws, *pairs.shape), dtype=np.int64)
    for one in drawn:
        ends = np.sort(rng.permutation(pairs.ravel()).reshape(-1, 2), axis=1)
        good = (ends[:, 0] != ends[:, 1]) & ~np.isin(ends[:, 0] << 32 | ends[:, 1], known)
        one[:] = ends
        one[~good] = rng.choice(ends[good], int((~good).sum())) if good.any() else -1
    return drawn


def _random_pairs(genes: int, n: int, *, rng: np.random.Generator) -> np.ndarray:
    first = rng.integers(genes, size=n)
    return np.column_stack([first, (first + rng.integers(1, genes, size=n)) % genes])


def _mean_over_valid(hits: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    return np.where((pairs[:, :, 0] >= 0).all(axis=1), hits.mean(axis=1), np.nan)


def _reached(null: np.ndarray, value: float) -> float:
    null = null[np.isfinite(null)]
    return float((1 + (null >= value).sum()) / (1 + len(null))) if len(null) else np.nan


def _selected(rows: np.ndarray, wanted: list[int]) -> dict[int, float]:
    values = np.concatenate(list(_triangle(rows)))
    values.partition(wanted)
    return {k: float(values[k]) for k in wanted}


def _by_histogram(rows: np.ndarray, wanted: list[int]) -> dict[int, float]:
    """The values of some ranks: a histogram finds their bins, a second pass sorts what is in these bins."""
    reach = float(np.einsum("gd,gd->g", rows, rows).max()) * (1 + 1e-5) or 1.0
    scale = np.float32((_BINS - 1) / (2 * reach))

    def bins(values: np.ndarray) -> np.ndarray:
        return ((values + np.float32(reach)) * scale).astype(np.uint16)

    counts = np.zeros(_BINS, dtype=np.int64)
    for values in _triangle(rows):
        counts += np.bincount(bins(values), minlength=_BINS)
    ends = np.cumsum(counts)
    holding = {k: int(np.searchsorted(ends, k, side="right")) for k in wanted}
    inside = np.zeros(_BINS, dtype=bool)
    inside[list(holding.values())] = True
    values = np.sort(np.concatenate([values[inside[bins(values)]] for values in _triangle(rows)]))
    of_bin = bins(values)
    found = {}
    for k, b in holding.items():
        before = int(ends[b] - counts[b])
        found[k] = float(values[np.searchsorted(of_bin, b, side="left") + k - before])
    return found


def _triangle(rows: np.ndarray) -> Iterator[np.ndarray]:
    """All similarities above the diagonal, in blocks; the same blocks, to the last bit, every time."""
    for start in range(0, len(rows), _BLOCK_ROWS):
        block = rows[start : start + _BLOCK_ROWS]
        yield (block @ block.T)[np.triu_indices(len(block), k=1)]
        yield (block @ rows[start + len(block) :].T).ravel()

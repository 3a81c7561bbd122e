"""A picture in which perturbations that are alike lie together: UMAP's graph and forces, written with numpy and scipy.

`umap-learn` brings 260 MB of compilers and is no faster here when it is seeded; this is the same construction (fuzzy
graph of exact neighbours, attraction along its edges, repulsion from random others), started from the first two
principal components so that the large shape is theirs, and the same for the same seed.
"""

from __future__ import annotations

import numpy as np

NEIGHBOURS = 15
_ROUNDS = 300
_REPULSIONS = 10
_NEGATIVES = 10.0
_BLOCK_BYTES = 4_000_000


def neighbour_embedding(units: np.ndarray, start: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Place rows in the plane so that neighbours by cosine are neighbours there.

    Parameters
    ----------
    units : float32 array, shape (n, d)
        Unit rows.
    start : float array, shape (n, 2)
        Where they begin, such as principal components.
    seed : int

    Returns
    -------
    float32 array, shape (n, 2)
        Distances beyond the nearest neighbours mean nothing. Below 5 rows it is `start`.

    References
    ----------
    McInnes et al. 2018, doi:10.48550/arXiv.1802.03426; start: Kobak and Linderman 2021, doi:10.1038/s41587-020-00809-z.
    """
    if len(units) < 5:
        return np.asarray(start, dtype=np.float32)
    neighbours, cosine = nearest(units, min(NEIGHBOURS, len(units) - 1))
    return _laid_out(_graph(neighbours, 1.0 - cosine), start, seed=seed)


def nearest(units: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Exact nearest rows by cosine, itself left out, nearest first: indices and cosines, shape (n, k).

    Pairs are looked at in blocks, so that memory stays at `n x k`.
    """
    n = len(units)
    found, cosine = np.empty((n, k), dtype=np.int32), np.empty((n, k), dtype=np.float32)
    step = max(1, _BLOCK_BYTES // (4 * n))
    for s in range(0, n, step):
        block = units[s : s + step] @ units.T
        block[np.arange(len(block)), s + np.arange(len(block))] = -2
        best = np.argpartition(block, n - k, axis=1)[:, n - k :]
        values = np.take_along_axis(block, best, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        found[s : s + step] = np.take_along_axis(best, order, axis=1)
        cosine[s : s + step] = np.take_along_axis(values, order, axis=1)
    return found, cosine


def kept_neighbours(units: np.ndarray, places: np.ndarray, *, k: int = NEIGHBOURS, most: int = 2_000) -> float:
    """Of the k nearest rows by cosine, the mean share that is among the k nearest in the picture.

    Looked at are at most `most` rows, evenly spread.
    """
    from scipy.spatial import cKDTree

    n = len(units)
    k = min(k, n - 1)
    if k < 1:
        return 1.0
    looked_at = np.linspace(0, n - 1, min(n, most)).astype(int)
    _, near = cKDTree(places).query(places[looked_at], k=k + 1)
    shares = []
    step = max(1, _BLOCK_BYTES // (4 * n))
    for start in range(0, len(looked_at), step):
        rows = looked_at[start : start + step]
        s = units[rows] @ units.T
        s[np.arange(len(rows)), rows] = -2
        best = np.argpartition(s, n - k, axis=1)[:, n - k :]
        drawn = [set(d.tolist()) - {r} for d, r in zip(near[start : start + step], rows.tolist(), strict=True)]
        shares += [len(d.intersection(b.tolist())) / k for d, b in zip(drawn, best, strict=True)]
    return float(np.mean(shares))


def _graph(neighbours: np.ndarray, distance: np.ndarray) -> object:
    """Fuzzy graph: each row's nearest at weight 1, its weights summing to log2(k), and either side counting."""
    from scipy.sparse import csr_matrix

    n, k = neighbours.shape
    beyond = np.maximum(distance - distance[:, :1], 0).astype(np.float64)
    low, high = np.zeros(n), np.full(n, 1e3)
    for _ in range(40):
        width = (low + high) / 2
        total = np.exp(-beyond / width[:, None]).sum(axis=1)
        wide = total > np.log2(k) if k > 2 else np.ones(n, dtype=bool)
        low, high = np.where(wide, low, width), np.where(wide, width, high)
    width = np.maximum((low + high) / 2, 1e-3 * max(float(distance.mean()), 1e-9))
    weights = np.exp(-beyond / width[:, None])
    one = csr_matrix((weights.ravel(), neighbours.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    return (one + one.T - one.multiply(one.T)).tocsr()


def _laid_out(graph: object, start: np.ndarray, *, seed: int) -> np.ndarray:
    """Follow the forces for a fixed number of rounds with a shrinking step; every random number is the seed's."""
    from scipy.sparse import csr_matrix

    n = graph.shape[0]
    rng = np.random.default_rng(seed)
    start = np.asarray(start, dtype=np.float64) - np.mean(start, axis=0)
    at = (start * (10 / max(np.abs(start).max(), 1e-12)) + rng.normal(scale=1e-3, size=(n, 2))).astype(np.float32)
    weights = (graph.data / graph.data.max()).astype(np.float32)
    head = np.repeat(np.arange(n), np.diff(graph.indptr))
    tail = graph.indices
    pull = csr_matrix((weights, tail, graph.indptr), shape=(n, n))
    share = np.asarray(pull.sum(axis=1)).ravel().astype(np.float32)[:, None] * (_NEGATIVES / _REPULSIONS)
    for done in range(_ROUNDS):
        apart = at[head] - at[tail]
        pull.data = weights / (1 + np.einsum("ed,ed->e", apart, apart))
        force = 4 * (pull @ at - np.asarray(pull.sum(axis=1)) * at)
        shuffled = rng.permutation(n)
        places = at[shuffled]
        push = np.zeros_like(at)
        for shift in rng.integers(1, n, size=_REPULSIONS):
            away = places - np.roll(places, shift, axis=0)
            square = np.einsum("nd,nd->n", away, away)
            push[shuffled] += np.clip(away * (2 / ((0.001 + square) * (1 + square)))[:, None], -4, 4)
        at = at + (1 - done / _ROUNDS) * np.clip(force + share * push, -4, 4)
    return (at - at.mean(axis=0)).astype(np.float32)

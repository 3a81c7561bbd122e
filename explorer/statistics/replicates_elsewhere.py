"""Is a perturbation found again on another plate? Replicate retrieval that no batch effect can help.

A replicate is looked for among the perturbations of the two plates that are compared, its own and that of the query.
What a plate does to its wells is then never an advantage: those beside the replicate have the same, and those beside
the query are nearer to it for it. Across a whole screen it would be: plates of one week resemble each other.
"""

from __future__ import annotations

import numpy as np


def replicate_pairs(
    groups: np.ndarray, plates: np.ndarray, batches: np.ndarray, *, most: int = 6, seed: int = 0
) -> np.ndarray:
    """Query and replicate, drawn for each perturbation that is on several plates.

    Parameters
    ----------
    groups, plates, batches : int arrays, shape (k,)
        Of each row, which is one perturbation on one plate. Plates are unique across batches.
    most : int
        About so many pairs a perturbation.
    seed : int

    Returns
    -------
    int array, shape (pairs, 2)
        Positions of two rows of one perturbation, always on different plates, and in different batches where it is in
        several.
    """
    rng = np.random.default_rng(seed)
    order = np.argsort(groups, kind="stable")
    pairs = [np.empty((0, 2), dtype=np.int64)]
    for rows in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        place = batches if len(np.unique(batches[rows])) > 1 else plates
        queries = rng.permutation(rows)[:most]
        for query in queries:
            others = rows[place[rows] != place[query]]
            found = rng.permutation(others)[: -(-most // len(queries))]
            pairs.append(np.column_stack([np.full(len(found), query), found]))
    return np.concatenate(pairs)


def share_beaten(rows: np.ndarray, groups: np.ndarray, plates: np.ndarray, *, pairs: np.ndarray) -> np.ndarray:
    """Share of the other perturbations of both plates that are less like the query than its replicate is.

    Parameters
    ----------
    rows : float array, shape (k, d)
        Mean of the wells of one perturbation on one plate, of any length.
    groups, plates : int arrays, shape (k,)
    pairs : int array, shape (m, 2)
        From `replicate_pairs`.

    Returns
    -------
    float64 array, shape (m,)
        0.5 by chance; ties count as half. NaN where both plates hold nothing else.
    """
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    units = rows / np.where(lengths > 0, lengths, 1)
    by_plate = np.argsort(plates, kind="stable")
    sizes = np.bincount(plates)
    ends = np.cumsum(sizes)
    both = np.sort(plates[pairs], axis=1)
    order = np.lexsort((both[:, 1], both[:, 0]))
    cuts = np.flatnonzero(np.diff(both[order], axis=0).any(axis=1)) + 1
    shares = np.full(len(pairs), np.nan)
    for alike in np.split(order, cuts) if len(order) else ():
        beside = np.concatenate([by_plate[ends[p] - sizes[p] : ends[p]] for p in both[alike[0]]])
        query, found = pairs[alike].T
        own = np.einsum("md,md->m", units[query], units[found])[:, None]
        similarity = units[query] @ units[beside].T
        others = groups[beside] != groups[query][:, None]
        less = ((similarity < own) & others).sum(axis=1) + ((similarity == own) & others).sum(axis=1) / 2
        candidates = others.sum(axis=1)
        shares[alike] = np.where(candidates > 0, less / np.maximum(candidates, 1), np.nan)
    return shares

"""Groups of genes that look alike: Louvain communities of the strongest similarities, with a seed."""

from __future__ import annotations

import networkx as nx
import numpy as np

#: Label of a gene that belongs to no group.
ALONE = -1
#: Runs of the seeded algorithm, whose outcome depends on the order in which it looks at the genes.
TRIES = 8


def communities(
    similarity: np.ndarray, *, cut: float, active: np.ndarray, leave_out: np.ndarray | None = None, seed: int = 0
) -> np.ndarray:
    """Group of each gene, numbered from the largest; `ALONE` without a partner.

    The groups rest on similarities beyond one fixed cut-off of the map, never on what is displayed, so that moving a
    threshold does not move a gene (Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008).

    Parameters
    ----------
    similarity : array, shape (k, k)
    cut : float
        Least similarity of a link; the links are weighted by it.
    active : bool array, shape (k,)
        Genes without a phenotype stay alone.
    leave_out : bool array, shape (k, k), optional
        Pairs that make no group, such as those on one chromosome arm: a cut there can mimic similarity.
    seed : int
        The best of `TRIES` runs, by modularity, is taken.

    Returns
    -------
    int array, shape (k,)
    """
    similarity, active = np.asarray(similarity, dtype=np.float64), np.asarray(active, dtype=bool)
    linked = np.triu((similarity >= cut) & (similarity > 0) & active[:, None] & active[None, :], 1)
    if leave_out is not None:
        linked &= ~np.asarray(leave_out, dtype=bool)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(similarity)))
    graph.add_weighted_edges_from((int(i), int(j), float(similarity[i, j])) for i, j in np.argwhere(linked))
    if not graph.number_of_edges():
        return np.full(len(similarity), ALONE)
    tried = [nx.community.louvain_communities(graph, seed=seed + i) for i in range(TRIES)]
    best = max(tried, key=lambda parts: nx.community.modularity(graph, parts))
    found = [sorted(c) for c in best if len(c) > 1]
    groups = np.full(len(similarity), ALONE)
    for number, members in enumerate(sorted(found, key=lambda c: (-len(c), c))):
        groups[members] = number
    return groups

"""Where genes stand: on a circle, by springs, or by group. Nothing here knows of a display threshold.

Positions are in the units of the canvas, y downwards, and depend on the genes alone: they stay when a threshold moves.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from explorer.networks.clusters import ALONE

#: Distance of neighbours on the circle, and its smallest radius.
SPACING, SMALLEST = 20.0, 150.0
#: Free places between two groups on the circle.
GAP = 1.0
_NEIGHBOURS = 4
#: Box that a gene and its name take up, and how often two in one box are moved apart at most.
_BOX, _ROUNDS = np.array([58.0, 30.0]), 400
#: Room beside and above a group's small circle, for names, and the cell of a gene without a group.
_ASIDE, _ABOVE, _CELL = 110.0, 96.0, (84.0, 42.0)
#: Distance of neighbours on a group's circle, and how much wider than tall all of it should be.
_ROOM, _ASPECT = 52.0, 2.2


def ring_order(similarity: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Order of k genes on a circle: groups stay together, and neighbours are as alike as they can be.

    Average linkage of 1 - s in which genes of different groups are further apart than any two of one group, with
    optimal leaf order (Bar-Joseph et al. 2001, doi:10.1093/bioinformatics/17.suppl_1.S22).

    Parameters
    ----------
    similarity : array, shape (k, k)
    groups : int array, shape (k,)
        From `communities`.

    Returns
    -------
    int array, shape (k,), a permutation
    """
    k = len(similarity)
    if k < 3:
        return np.arange(k)
    apart = (groups[:, None] != groups[None, :]) | (groups[:, None] == ALONE)
    distance = 1 - np.clip(np.asarray(similarity, dtype=np.float64), -1, 1) + 2.0 * apart
    np.fill_diagonal(distance, 0)
    return leaves_list(linkage(squareform(distance, checks=False), "average", optimal_ordering=True))


def circle(order: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, float]:
    """Angle of each gene (k,), radians from 12 o'clock clockwise, and the radius; groups are set off by a gap."""
    ranked = groups[order]
    breaks = (ranked != np.roll(ranked, 1)) & ((ranked != ALONE) | (np.roll(ranked, 1) != ALONE))
    if len(order) < 3 or breaks.sum() < 2:
        breaks = np.zeros(len(order), dtype=bool)
    places = np.arange(len(order)) + GAP * np.cumsum(breaks)
    total = max(len(order) + GAP * breaks.sum(), 1)
    angles = np.empty(len(order))
    angles[order] = 2 * np.pi * (places - places[0] + 0.5) / total if len(order) else []
    spacing = SPACING if len(order) <= 120 else 0.7 * SPACING
    return angles, max(SMALLEST, total * spacing / (2 * np.pi))


def on_circle(angles: np.ndarray, radius: float) -> np.ndarray:
    """Positions (k, 2) of angles from 12 o'clock clockwise."""
    return radius * np.column_stack([np.sin(angles), -np.cos(angles)])


def force(similarity: np.ndarray, order: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Positions (k, 2) by springs between each gene and the four that it is most like, begun on the circle.

    Fruchterman-Reingold (doi:10.1002/spe.4380211102) with a seed; the links do not depend on what is displayed.
    """
    k = len(similarity)
    if k < 2:
        return np.zeros((k, 2))
    s = np.array(similarity, dtype=np.float64)
    np.fill_diagonal(s, -np.inf)
    nearest = np.argsort(-s, axis=1)[:, : min(_NEIGHBOURS, k - 1)]
    graph = nx.Graph()
    graph.add_nodes_from(range(k))
    graph.add_weighted_edges_from(
        (i, int(j), max(float(s[i, j]), 0.02)) for i in range(k) for j in nearest[i] if s[i, j] > -2
    )
    start = np.empty((k, 2))
    start[order] = on_circle(2 * np.pi * np.arange(k) / k, 1.0)
    found = nx.spring_layout(
        graph, pos=dict(enumerate(start)), k=1.6 / np.sqrt(k), iterations=80 if k <= 150 else 40, seed=seed
    )
    positions = np.array([found[i] for i in range(k)])
    positions -= positions.mean(axis=0)
    return with_room(positions * (34.0 * np.sqrt(k) / max(np.median(np.linalg.norm(positions, axis=1)), 1e-9)))


def with_room(positions: np.ndarray) -> np.ndarray:
    """Positions (k, 2) in which no two genes share the box of a gene and its name.

    Two in one box move apart along the side on which less is wanting, half the way each, until none is left.
    """
    placed, k = np.array(positions, dtype=np.float64), len(positions)
    first, second = np.triu_indices(k, 1)
    for _ in range(_ROUNDS):
        apart = placed[second] - placed[first]
        wanting = _BOX - np.abs(apart)
        near = (wanting > 1e-6).all(axis=1)
        if not near.any():
            break
        one, other, wanting = first[near], second[near], wanting[near]
        along = (wanting / _BOX).argmin(axis=1)
        side = np.where(np.take_along_axis(apart[near], along[:, None], 1)[:, 0] < 0, -1.0, 1.0)
        step = 0.51 * side * np.take_along_axis(wanting, along[:, None], 1)[:, 0]
        np.add.at(placed, (other, along), step)
        np.add.at(placed, (one, along), -step)
    return placed


def widened(positions: np.ndarray, *, box: tuple[float, float]) -> np.ndarray:
    """Positions (k, 2) stretched to a box (width, height) about 0, then with room for names, which may go beyond it."""
    if len(positions) < 2:
        return np.zeros_like(positions)
    low, high = positions.min(axis=0), positions.max(axis=0)
    return with_room((positions - (low + high) / 2) * np.array(box) / np.maximum(high - low, 1e-9))


def grouped(order: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Positions (k, 2): every group a small circle, the small circles in rows, genes without a group below in lines."""
    positions = np.zeros((len(order), 2))
    labels = [g for g in dict.fromkeys(groups[order].tolist()) if g != ALONE]
    labels.sort(key=lambda g: -int((groups == g).sum()))
    alone = [i for i in order if groups[i] == ALONE]
    radii = {g: max(42.0, _ROOM * (groups == g).sum() / (2 * np.pi)) for g in labels}
    area = sum((2 * r + _ASIDE) * (2 * r + _ABOVE) for r in radii.values()) + len(alone) * _CELL[0] * _CELL[1]
    width = max(np.sqrt(_ASPECT * area), 2 * max(radii.values(), default=0.0) + _ASIDE, 4 * _CELL[0])
    x = y = tall = 0.0
    for label in labels:
        radius = radii[label]
        if x and x + 2 * radius + _ASIDE > width:
            x, y, tall = 0.0, y + tall, 0.0
        members = [i for i in order if groups[i] == label]
        turn = 2 * np.pi * np.arange(len(members)) / len(members)
        positions[members] = on_circle(turn, radius) + np.array([x + radius + _ASIDE / 2, y + radius + 0.6 * _ABOVE])
        x, tall = x + 2 * radius + _ASIDE, max(tall, 2 * radius + _ABOVE)
    columns = max(int(width // _CELL[0]), 1)
    for place, i in enumerate(alone):
        row, column = divmod(place, columns)
        positions[i] = [(column + 0.5) * _CELL[0], y + tall + (row + 0.8) * _CELL[1]]
    return positions - (positions.max(axis=0) + positions.min(axis=0)) / 2 if len(positions) else positions

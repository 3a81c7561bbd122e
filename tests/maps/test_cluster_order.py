"""Cluster order: a permutation that puts the alike together, at sizes where all pairs are linked and where not."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.maps import cluster_order as module
from explorer.maps.cluster_order import cluster_order


def planted(n: int, groups: int, *, seed: int = 0, noise: float = 0.4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    centres, of_row = rng.normal(size=(groups, 24)), rng.integers(groups, size=n)
    return (centres[of_row] + noise * rng.normal(size=(n, 24))).astype(np.float32), of_row


@pytest.fixture(params=["linked", "turned", "gathered"])
def way(request, monkeypatch):
    """Each of the three ways, on few rows."""
    if request.param != "linked":
        monkeypatch.setattr(module, "_OPTIMAL_UP_TO", 20)
    if request.param == "gathered":
        monkeypatch.setattr(module, "EXACT_UP_TO", 50)
    return request.param


def test_planted_groups_are_runs_and_clusters(way):
    """Six well separated groups come out as six unbroken runs, each one cluster."""
    rows, of_row = planted(240, 6)
    found = cluster_order(rows, clusters=6)
    assert np.array_equal(np.sort(found.order), np.arange(240))
    assert (np.diff(of_row[found.order]) != 0).sum() == 5
    assert len(np.unique(np.stack([found.cluster, of_row]), axis=1).T) == 6


def test_clusters_are_runs_numbered_along_the_order(way):
    """Clusters never fall along the order, so each is one run; there are at most as many as asked for."""
    rows, _ = planted(200, 17, noise=1.5)
    found = cluster_order(rows, clusters=9)
    assert (np.diff(found.cluster[found.order]) >= 0).all()
    assert set(found.cluster) == set(range(found.cluster.max() + 1))
    assert found.cluster.max() < 9


def test_neighbours_in_order_are_more_alike_than_by_chance(way):
    """The mean cosine of rows that follow each other is far above that of a random order."""
    rows, _ = planted(300, 12, noise=1.0)
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    order = cluster_order(rows).order
    by_order = (units[order[1:]] * units[order[:-1]]).sum(axis=1).mean()
    shuffled = np.random.default_rng(0).permutation(300)
    assert by_order > (units[shuffled[1:]] * units[shuffled[:-1]]).sum(axis=1).mean() + 0.2


def test_the_same_rows_have_the_same_order(way):
    """Nothing depends on anything but rows and seed, nor on the length of the rows."""
    rows, _ = planted(150, 5)
    first, again = cluster_order(rows), cluster_order(rows * np.float32(3))
    np.testing.assert_array_equal(first.order, again.order)
    np.testing.assert_array_equal(first.cluster, again.cluster)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_few_rows_have_an_order(n):
    """One row, two and three are in an order of one cluster or more."""
    found = cluster_order(planted(n, 2)[0])
    assert sorted(found.order.tolist()) == list(range(n))


def test_equal_rows_have_an_order(way):
    """Rows that are all the same are ordered without complaint."""
    assert len(cluster_order(np.ones((120, 4), dtype=np.float32)).order) == 120

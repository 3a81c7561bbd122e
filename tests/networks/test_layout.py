"""Groups stand together, positions depend on the genes alone, and the same genes stand in the same places."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.networks.clusters import ALONE, communities
from explorer.networks.layout import circle, force, grouped, on_circle, ring_order, with_room
from explorer.statistics.consistency import unit

SHUFFLED = np.random.default_rng(4).permutation(25)


@pytest.fixture(scope="module")
def similarity():
    """Four blocks of five alike genes and five alone, shuffled."""
    rng = np.random.default_rng(3)
    centres = np.repeat(4 * np.eye(24)[:4], 5, axis=0)
    rows = unit(np.vstack([centres, np.zeros((5, 24))]) + 0.5 * rng.normal(size=(25, 24)))
    rows = rows[SHUFFLED]
    return rows @ rows.T


@pytest.fixture(scope="module")
def groups(similarity):
    """Their communities."""
    return communities(similarity, cut=0.5, active=np.ones(25, dtype=bool))


def test_planted_blocks_are_the_groups(similarity, groups):
    """Each block is within one group, no two blocks share one, and the seed settles it."""
    planted = SHUFFLED // 5
    labels = [set(groups[planted == block]) for block in range(4)]
    assert all(len(one) == 1 for one in labels)
    assert len(set.union(*labels) - {ALONE}) == 4
    np.testing.assert_array_equal(groups, communities(similarity, cut=0.5, active=np.ones(25, dtype=bool)))


def test_inactive_genes_and_left_out_pairs_make_no_group(similarity):
    """A gene without a phenotype stays alone; links that are left out do not count."""
    assert (communities(similarity, cut=0.45, active=np.zeros(25, dtype=bool)) == ALONE).all()
    all_out = np.ones((25, 25), dtype=bool)
    assert (communities(similarity, cut=0.45, active=np.ones(25, dtype=bool), leave_out=all_out) == ALONE).all()


def test_groups_are_runs_on_the_ring(similarity, groups):
    """On the ring every group is one run, and all genes are there once."""
    order = ring_order(similarity, groups)
    assert sorted(order) == list(range(25))
    ranked = groups[order]
    starts = ranked[ranked != np.roll(ranked, 1)]
    assert sorted(starts[starts != ALONE]) == sorted(set(groups) - {ALONE})


def test_nobody_stands_on_somebody_else(similarity, groups):
    """In each layout genes are at distinct, finite places, the same again for the same genes."""
    order = ring_order(similarity, groups)
    angles, radius = circle(order, groups)
    for place in (lambda: on_circle(angles, radius), lambda: force(similarity, order), lambda: grouped(order, groups)):
        found = place()
        assert np.isfinite(found).all()
        apart = np.linalg.norm(found[:, None] - found[None], axis=2)[np.triu_indices(25, 1)]
        assert apart.min() > 3
        np.testing.assert_array_equal(found, place())


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_few_genes_have_a_place_too(k):
    """None, one, two or three genes are laid out without an error."""
    similarity, groups = np.eye(k), np.full(k, ALONE)
    order = ring_order(similarity, groups)
    angles, radius = circle(order, groups)
    assert on_circle(angles, radius).shape == force(similarity, order).shape == grouped(order, groups).shape == (k, 2)


@pytest.mark.parametrize("k", [2, 25, 150])
def test_names_have_room(k):
    """Genes in one heap move apart until no two share the box of a gene and its name; those with room stay."""
    heap = 20 * np.random.default_rng(k).normal(size=(k, 2))
    placed = with_room(heap)
    apart = np.abs(placed[:, None] - placed[None])[np.triu_indices(k, 1)]
    assert ((apart > [57, 0]) | (apart > [0, 29])).any(axis=1).all()
    np.testing.assert_array_equal(with_room(100 * placed), 100 * placed)

"""Without a ring, compounds and names of groups stand on nothing else."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from explorer.figures.network_room import compound_places, name_place

NODES = [{"slug": f"G{i}", "label": f"GENE{i}", "x": 60.0 * (i % 3), "y": 50.0 * (i // 3)} for i in range(9)]
MIDDLE = {n["slug"]: (60.0, 50.0) for n in NODES}


def test_compounds_of_one_gene_stand_apart():
    """Five compounds of the gene in the middle of others cover neither a gene nor each other."""
    compounds = [
        {"slug": f"c{i}", "gene": "G4", "label": f"compound-{i}", "note": "0.62 at 1 µM; MAPK1, not in set"}
        for i in range(5)
    ]
    places, taken = compound_places(compounds, nodes=NODES, middles=MIDDLE)
    assert set(places) == {c["slug"] for c in compounds}
    assert len(taken) == len(NODES) + len(compounds)
    boxes = taken[len(NODES) :]
    assert not any(one.covers(other) for one, other in combinations(boxes, 2))
    assert not any(box.covers(gene) for box in boxes for gene in taken[: len(NODES)])
    again, _ = compound_places(compounds, nodes=NODES, middles=MIDDLE)
    assert again == places


def test_a_name_goes_below_where_above_is_taken():
    """The name of a group stands above its genes; a second one with the same genes does not cover it."""
    points = np.array([[n["x"], n["y"]] for n in NODES])
    (x, y), box = name_place(points, "A group", "3 genes", [])
    assert (x, y < 0) == (60.0, True)
    _, other = name_place(points, "A group", "3 genes", [box])
    assert not box.covers(other)

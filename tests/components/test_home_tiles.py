"""What the home page says of a map's activity: a share never stands without what it is a share of."""

from __future__ import annotations

import pytest

from explorer.components.home_tiles import activity_words


def summary(tested: int, active: int, *, vectors: int, pooled: tuple[int, int] = (0, 0)) -> dict:
    """The parts of `queries.summary` that are read, for a map of compounds alone."""
    return {
        "activity": {"gene": {"n": 0, "active": 0}, "compound": {"n": tested, "active": active}},
        "vectors": {"gene": 0, "compound": vectors},
        "pooled": {"n": pooled[0], "active": pooled[1]},
    }


@pytest.mark.parametrize(
    ("of_map", "said"),
    [
        (summary(200, 102, vectors=200), "51 % of compound-concentrations"),
        (
            summary(2, 2, vectors=338),
            "2 of 2 tested compound-concentrations; 336 of a single well are not tested",
        ),
        (summary(0, 0, vectors=338, pooled=(56, 2)), "2 of 56 compounds over all their single wells"),
        (summary(0, 0, vectors=338), "not tested on this map"),
    ],
)
def test_a_share_is_of_what_was_tested(of_map, said):
    """Two active of two tested among 338 are not `100 %`."""
    assert "".join(str(getattr(part, "children", part)) for part in activity_words(of_map)) == said

"""On- and off-targets: the best concentration is the rule's, and an off-target says what was known of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explorer.statistics.best_concentration import best_concentration, usable_concentrations
from explorer.statistics.consistency import unit
from explorer.statistics.similarity_null import similarity_null
from explorer.statistics.targets import (
    KNOWN,
    NEW,
    UNANNOTATED,
    WEAK,
    best_over_concentrations,
    lookup_of,
    off_targets,
    on_targets,
)

LABELS = ["PSMB5", "PSMA1", "SNRPD3", "RBM39", "TSC1"]
CONCENTRATIONS = np.array([0.01, 0.1, 1.0, 10.0])
COSINES = np.array(
    [
        [0.10, 0.05, 0.9, 0.0, 0.0],
        [0.60, 0.40, 0.3, 0.2, -0.3],
        [0.50, 0.50, 0.4, 0.1, -0.5],
        [0.95, 0.95, 0.9, 0.9, 0.9],
    ]
)
ACTIVE = np.array([False, True, True, True])
TOXIC = np.array([False, False, False, True])
PAIRS = pd.DataFrame(
    {
        "a": ["PSMB5", "SNRPD3", "PSMA1"],
        "b": ["PSMA1", "PSMB5", "PSMB5"],
        "source": ["CORUM", "CORUM", "StringDB"],
        "size": [28, 139, None],
    }
)


@pytest.fixture
def best() -> pd.DataFrame:
    return best_over_concentrations(COSINES, LABELS, concentrations=CONCENTRATIONS, active=ACTIVE, toxic=TOXIC)


def test_the_best_concentration_is_active_and_below_the_toxic_one():
    """Strongest |s| among active concentrations below the first toxic one; without any, it says so."""
    usable, reliable = usable_concentrations(ACTIVE, TOXIC)
    assert usable.tolist() == [False, True, True, False]
    assert reliable
    assert best_concentration(COSINES, usable).tolist() == [1, 2, 2, 1, 2]
    usable, reliable = usable_concentrations(~np.ones(4, bool), TOXIC)
    assert usable.tolist() == [True, True, True, False]
    assert not reliable
    usable, reliable = usable_concentrations(ACTIVE, np.ones(4, bool))
    assert usable.all()
    assert not reliable
    usable, _ = usable_concentrations(np.ones(4, bool), np.array([False, True, False, False]))
    assert usable.tolist() == [True, False, False, False]


def test_a_target_has_its_rank_at_its_best_concentration(best):
    """PSMB5 is first of five at 0.1 uM; a target that is not on the map is listed as such."""
    table = on_targets(best, ["PSMB5", "PSMB11"])
    first = table.iloc[0]
    assert (first["label"], first["rank"], first["n"], first["concentration"]) == ("PSMB5", 1, 5, 0.1)
    assert table["on_map"].tolist() == [True, False]
    assert on_targets(best, ["TSC1"])["rank"].tolist() == [3]
    assert on_targets(best, []).empty
    assert on_targets(best, ["PSMB11"])["label"].tolist() == ["PSMB11"]


def test_off_targets_are_new_weak_or_known(best):
    """A pair or small set is known, a set of 139 only is weak, none is new; targets themselves are no off-targets."""
    related = lookup_of(PAIRS)
    table = off_targets(best, ["PSMB5"], related, significant=np.ones(5, bool)).set_index("label")
    assert table["relation"].to_dict() == {"PSMA1": KNOWN, "SNRPD3": WEAK, "RBM39": NEW, "TSC1": NEW}
    assert table.loc["PSMA1", "evidence"] == (("PSMB5", "StringDB", None), ("PSMB5", "CORUM", 28))
    assert table.loc["SNRPD3", "evidence"] == (("PSMB5", "CORUM", 139),)
    assert table["opposite"].to_dict() == {"PSMA1": False, "SNRPD3": False, "RBM39": False, "TSC1": True}
    without = off_targets(best, [], related, significant=np.arange(5) == 3)
    assert without["relation"].tolist() == [UNANNOTATED]
    assert off_targets(best, ["PSMB5"], related, significant=np.zeros(5, bool)).empty


def test_a_pair_in_two_sets_counts_by_the_smaller():
    """Of a large and a small shared set, the small one decides."""
    pairs = pd.DataFrame({"a": ["A", "B"], "b": ["B", "A"], "source": ["CORUM", "CORUM"], "size": [139, 12]})
    best = pd.DataFrame({"label": ["A"], "cosine": [0.5], "rank": [1]})
    table = off_targets(best, ["B"], lookup_of(pairs), significant=np.array([True]))
    assert table["relation"].tolist() == [KNOWN]
    assert len(table["evidence"].iloc[0]) == 2


def test_p_is_of_the_strongest_over_the_concentrations_that_were_looked_at():
    """The more concentrations were looked at, the larger p; those not usable do not count."""
    rng = np.random.default_rng(0)
    genes = unit(rng.normal(size=(50, 12))).astype(np.float32)
    null = similarity_null(rng.normal(size=(300, 12)), np.zeros(300), n_wells=4, draws=5000)
    cosines = np.vstack([genes @ unit(rng.normal(size=(1, 12)))[0] for _ in range(4)])
    given = {"concentrations": CONCENTRATIONS, "toxic": TOXIC, "nulls": [null] * 4, "gene_rows": genes}
    two = best_over_concentrations(cosines, range(50), active=ACTIVE, **given)
    index = best_concentration(cosines, np.array([False, True, True, False]))
    single = null.p(cosines[index, np.arange(50)], genes)
    np.testing.assert_allclose(two["p"], 1 - (1 - single) ** 2)
    assert (two["q"] >= two["p"]).all()

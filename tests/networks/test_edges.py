"""Every pair is either shown or has exactly one reason, and its p is that of noise of as many wells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.networks.edges import (
    ARMS,
    EVIDENCES,
    REASONS,
    SHOWN,
    SIGNS,
    Rule,
    noise_p,
    pair_table,
    reasons,
    rule_of,
    with_significance,
)
from explorer.statistics.consistency import unit
from explorer.statistics.gene_cosines import gene_cosines
from explorer.statistics.similarity_null import SimilarityNull

GENES = 24


@pytest.fixture(scope="module")
def rows():
    """Unit rows in which the first six genes are alike, and the sixth group's opposite follows."""
    rng = np.random.default_rng(1)
    made = rng.normal(size=(GENES, 16))
    made[:6] += 4 * np.eye(16)[0]
    made[6:9] -= 4 * np.eye(16)[0]
    return unit(made).astype(np.float32)


@pytest.fixture(scope="module")
def background(rows):
    """All cosines of the made map."""
    return gene_cosines(rows)


@pytest.fixture(scope="module")
def pairs(rows, background):
    """All pairs, some inactive, some on one arm, some known."""
    active, arms = np.arange(GENES) % 7 != 3, ["1p" if i % 3 == 0 else "" for i in range(GENES)]
    table = pair_table(rows, background=background, active=active, arms=arms)
    known = (table["a"] + table["b"]) % 4 == 0
    new = ~known & ~table["same_arm"]
    null = SimilarityNull(unit(np.random.default_rng(2).normal(size=(6000, 16))).astype(np.float16), 4)
    return with_significance(table.assign(known=known, new=new), rows, nulls=[null] * GENES)


@settings(max_examples=60, derandomize=True, database=None)
@given(
    st.floats(-1, 0), st.floats(0, 1), st.booleans(), st.sampled_from(SIGNS), st.sampled_from(EVIDENCES),
    st.sampled_from(ARMS), st.integers(1, 300),
)  # fmt: skip
def test_each_pair_has_one_state(pairs, background, low, high, by_q, sign, evidence, arm, most):
    """Shown and hidden add up, shown ones fulfil every condition, and no more are shown than fit."""
    rule, loose = Rule(low, high, by_q), rule_of("loose", background)
    why = reasons(pairs, rule=rule, loose=loose, sign=sign, evidence=evidence, arm=arm, most=most)
    assert set(why) <= {SHOWN, *REASONS}
    assert len(why) == len(pairs) == GENES * (GENES - 1) // 2
    shown = pairs[why == SHOWN]
    assert len(shown) <= most
    assert shown["active"].all()
    assert rule.keeps(shown["cosine"].to_numpy(), shown["q"].to_numpy()).all()
    assert not (sign == "similar" and (shown["cosine"] < 0).any())
    assert not (arm == "hide" and shown["same_arm"].any())
    assert not (arm == "only" and not shown["same_arm"].all())
    assert not (evidence == "known" and not shown["known"].all())
    assert not (evidence == "new" and (shown["known"] | shown["same_arm"]).any())
    if (why == "cap").any():
        assert shown["cosine"].abs().min() >= pairs.loc[why == "cap", "cosine"].abs().max()


def test_a_stricter_rule_shows_a_part_of_what_a_looser_one_shows(pairs, background):
    """Loose contains default contains strict, and q is never missed for what is shown by it."""
    kept = [
        set(
            np.flatnonzero(
                reasons(pairs, rule=rule_of(r, background), loose=rule_of("loose", background), most=3000) == SHOWN
            )
        )
        for r in ("loose", "default", "strict")
    ]
    assert kept[0] >= kept[1] >= kept[2]


def test_score_and_top_follow_the_map(pairs):
    """The strongest pair is at the top of the map, sign included, and the score grows with |cosine|."""
    best = pairs.loc[pairs["cosine"].idxmax()]
    assert best["score"] == pytest.approx(100, abs=0.5)
    assert best["top"] < 1
    ordered = pairs.sort_values("cosine", key=np.abs)
    assert (ordered["score"].abs().diff().dropna() >= -1e-9).all()


def test_p_is_the_count_of_noise_of_both_ways_round(pairs, rows):
    """p equals plain counting, the larger of the two ways, never 0; inactive pairs are not tested."""
    null = SimilarityNull(unit(np.random.default_rng(2).normal(size=(6000, 16))).astype(np.float16), 4)
    noise = np.abs(null.rows.astype(np.float32) @ rows.T)
    one = pairs[pairs["active"]].iloc[5]
    a, b = int(one["a"]), int(one["b"])
    counted = max((1 + (noise[:, g] >= abs(one["cosine"]) - 1e-5).sum()) / 6001 for g in (a, b))
    assert one["p"] == pytest.approx(counted, rel=0.05)
    assert pairs.loc[~pairs["active"], "p"].isna().all()
    assert (pairs["p"].dropna() > 0).all()
    assert noise_p(np.array([[1.0]]), rows[:1], null=null)[0, 0] == pytest.approx(1 / 6001)


def test_rules_that_are_none_are_refused(background):
    """An unknown rule and cut-offs the wrong way round are errors in words."""
    with pytest.raises(InputError, match="custom"):
        rule_of("custom", background)
    with pytest.raises(InputError, match="lower"):
        rule_of("custom", background, cut=(0.4, -0.4))
    with pytest.raises(InputError, match="strict"):
        rule_of("stricter", background)

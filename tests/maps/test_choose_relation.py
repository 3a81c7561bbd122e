"""`--relate auto` chooses what does better on data that its figures are not read from, and else keeps cosine."""

from __future__ import annotations

import numpy as np

from explorer.maps import choose_relation as choosing
from explorer.maps.choose_relation import Vectors, choose_relation
from explorer.maps.relate_setting import Setting


def planted(seed=0, hub=2.0):
    """300 genes in modules of five that share a weak direction, under a strong common one; pairs of the modules."""
    rng = np.random.default_rng(seed)
    module = np.arange(300) // 5
    values = rng.standard_normal((300, 40)) + 1.2 * rng.standard_normal((60, 40))[module]
    values *= np.r_[6, 4, np.ones(38)]
    values += hub * rng.standard_normal(40)
    i, j = np.triu_indices(300, k=1)
    pairs = np.column_stack([i, j])[module[i] == module[j]]
    return values, rng.permutation(pairs)


def vectors(values):
    n = len(values)
    return Vectors(values, np.full(n, "gene"), np.full(n, ""), np.arange(n))


def test_relationships_choose_what_recalls_held_out_ones():
    """With a common direction in the way, the setting that other sources choose recalls a source better than cosine."""
    values, pairs = planted()
    sources = {"one": pairs[:250], "two": pairs[200:450], "three": pairs[400:]}
    choice = choose_relation(vectors(values), sources=sources)
    assert choice.setting != Setting()
    assert choice.setting.name in choice.why
    assert choice.held_out["source"].tolist() == ["one", "two", "three"]
    assert (choice.held_out["recall"] > choice.held_out["cosine"] + 0.05).all()
    assert {"setting", "recall", "matched", "gain"} <= set(choice.tried)
    assert choice.setting == choose_relation(vectors(values), sources=sources).setting


def test_a_source_has_no_say_in_its_own_setting(monkeypatch):
    """No pair of the held-out source, in whatever source it is listed too, is looked at to choose for it."""
    values, pairs = planted()
    sources = {"one": pairs[:300], "two": pairs[150:], "three": pairs[:150]}
    folds = {}
    fold = choosing._fold
    monkeypatch.setattr(choosing, "_fold", lambda s, out, rng: folds.setdefault(out, fold(s, out, rng=rng)))
    choose_relation(vectors(values), sources=sources)
    for out in sources:
        assert out not in folds[out]
        held = {tuple(p) for p in sources[out].tolist()}
        for kept, _ in folds[out].values():
            assert not held & {tuple(p) for p in kept.tolist()}


def test_noise_keeps_cosine():
    """Where no setting does better, by relationships or by replicates, it stays cosine."""
    rng = np.random.default_rng(0)
    values = rng.standard_normal((300, 20))
    pairs = np.unique(np.sort(rng.integers(300, size=(900, 2)), axis=1), axis=0)
    pairs = rng.permutation(pairs[pairs[:, 0] != pairs[:, 1]])
    assert choose_relation(vectors(values), sources={"a": pairs[:400], "b": pairs[400:]}).setting == Setting()
    noise = [(rng.standard_normal((300, 20)), rng.standard_normal((300, 20)))]
    assert choose_relation(vectors(values), halves=noise).setting == Setting()


def test_replicates_choose_where_there_are_no_relationships():
    """Signal under axes of large common variation: whitening lets halves find each other; missing halves are fine."""
    rng = np.random.default_rng(0)
    signal = rng.standard_normal((200, 30))
    noise = np.r_[np.full(6, 12.0), np.full(24, 0.8)]
    a, b = (signal + rng.standard_normal((200, 30)) * noise for _ in range(2))
    a[0] = np.nan
    choice = choose_relation(vectors(signal + (np.nan_to_num(a) + b - 2 * signal) / 2), halves=[(a, b)])
    assert choice.setting.whitening > 0
    assert {"retrieval", "behind_best", "error"} <= set(choice.tried)


def test_nothing_to_choose_by_is_cosine():
    """One source alone cannot choose for itself; without replicates either, it says so."""
    values, pairs = planted()
    choice = choose_relation(vectors(values), sources={"only": pairs})
    assert choice.setting == Setting()
    assert "neither" in choice.why
    nothing = np.full((300, 40), np.nan)
    assert "too few" in choose_relation(vectors(values), halves=[(nothing, nothing)]).why


def test_arms_are_corrected_where_there_is_an_excess():
    """Genes of one arm that are more alike turn the correction on; without an excess it stays off."""
    rng = np.random.default_rng(0)
    arms = np.repeat(["1p", "1q", "2p"], 60)
    values = rng.standard_normal((180, 20))
    shared = values + rng.standard_normal((3, 20))[np.repeat([0, 1, 2], 60)]
    kinds = np.full(180, "gene")
    corrected = choose_relation(Vectors(shared, kinds, arms, np.arange(180)))
    assert corrected.setting.arm_shrinkage == 20
    assert "arms" in corrected.why
    assert choose_relation(Vectors(values, kinds, arms, np.arange(180))).setting == Setting()

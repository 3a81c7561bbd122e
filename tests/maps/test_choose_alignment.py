"""`--align auto` takes what removes batch effects without adding noise, and says what it compared."""

from __future__ import annotations

import inspect
import json

import numpy as np
import pytest

from explorer.cli import main
from explorer.errors import InputError
from explorer.maps import alignment_evidence
from explorer.maps.alignment import METHODS, fit_alignment
from explorer.maps.choose_alignment import CANDIDATES, WITHOUT_CONTROLS, choose_alignment
from explorer.maps.perturbation_map import open_map
from tests.small_screen import OPTIONS, write_screen


def screen(*, controls=24, shift=0.0, stretch=0.0, plates=6, perturbations=60, signal=0.7, seed=0):
    """Wells of plates that are batches, each with every perturbation once and some controls."""
    rng = np.random.default_rng(seed)
    group = np.tile(np.r_[np.full(controls, -1), np.arange(perturbations)], plates)
    plate = np.repeat(np.arange(plates), controls + perturbations)
    features = rng.standard_normal((len(group), 20))
    features[group >= 0] += signal * rng.standard_normal((perturbations, 20))[group[group >= 0]]
    features *= np.exp(stretch * rng.standard_normal((plates, 20)))[plate]
    features += shift * rng.standard_normal((plates, 20))[plate]
    return features.astype(np.float32), plate, group < 0, group


def choose(made, **more):
    names = [f"p{code}" for code in range(made[1].max() + 1)]
    return choose_alignment(*made, **{"batch_names": names} | more)


def line(choice, method):
    return next(found for found in choice.tried if found["method"] == method)


def test_batch_effects_are_taken_out():
    """Where plates are shifted, replicates on other plates are not found without alignment, which is not chosen."""
    choice = choose(screen(shift=2.0))
    assert line(choice, "none")["behind_best"] > 0.1
    assert choice.method not in ("none", "tvn")
    assert choice.why.startswith(choice.method)
    assert "in another batch" in choice.why
    assert [found["method"] for found in choice.tried] == list(CANDIDATES)


def test_few_controls_do_not_scale_a_plate():
    """Where plates do not differ, scaling each by three of its wells is clearly worse, and is not chosen."""
    choice = choose(screen(controls=3, plates=8))
    for method in ("centerscale", "pca-cs", "robust"):
        assert line(choice, method)["behind_best"] > 5 * line(choice, method)["error"]
    assert choice.method in ("none", "centerscale-shrunk", "pca-cs-shrunk", "tvn")


def test_without_controls_robust_or_none():
    """Only what can be fitted without controls is compared; shifts call for robust, their absence for nothing."""
    for shift, method in ((2.0, "robust"), (0.0, "none")):
        features, plate, controls, group = screen(shift=shift)
        choice = choose((features[~controls], plate[~controls], controls[~controls], group[~controls]))
        assert [found["method"] for found in choice.tried] == list(WITHOUT_CONTROLS)
        assert all(found["control_spread"] is None for found in choice.tried)
        assert choice.method == method


def test_replicates_on_one_plate_are_said_to_be_that():
    """Plates within a batch count as places; on one plate replicates are used and the limit is said."""
    features, plate, controls, group = screen()
    together = np.zeros_like(plate)
    assert "on another plate" in choose((features, together, controls, group), plates=plate).why
    single = choose((features, together, controls, group))
    assert "on the same plate" in single.why
    assert "batch effects were not judged" in single.why


def test_nothing_to_choose_by_is_none():
    """Too few replicates, or controls in some batches only: none, with the reason; no batch is an error."""
    features, plate, controls, group = screen(perturbations=8)
    few = choose((features, plate, controls, group))
    assert (few.method, few.tried) == ("none", [])
    assert "fewer than 20" in few.why
    partly = choose((features, plate, controls & (plate > 0), group))
    assert partly.method == "none"
    assert "1 batch has no controls" in partly.why
    with pytest.raises(InputError, match="no batch"):
        choose((features, np.where(plate == 1, -1, plate), controls, group))


def test_one_control_a_batch_is_survived():
    """No control can be held out of a single one: their spread is left open and the replicates choose."""
    choice = choose(screen(controls=1))
    assert all(found["control_spread"] is None for found in choice.tried)
    assert choice.method in METHODS


def test_the_choice_is_reproducible_and_changes_nothing():
    """Same seed, same comparison; no argument is edited; no annotation can be given."""
    made = screen(shift=0.5)
    kept = [a.copy() for a in made]
    first, second = choose(made, seed=3), choose(made, seed=3)
    assert (first.method, first.tried) == (second.method, second.tried)
    json.dumps(first.said())
    for before, now in zip(kept, made, strict=True):
        np.testing.assert_array_equal(before, now)
    assert set(inspect.signature(choose_alignment).parameters) == {
        *("features", "batches", "controls", "groups"),
        *("batch_names", "plates", "seed", "progress"),
    }


def test_a_large_screen_is_judged_by_a_sample(monkeypatch):
    """Beyond its limit a sample keeps batches that share perturbations, whole perturbations, and the same choice."""
    made = screen(shift=2.0, plates=12, perturbations=80)
    whole = choose(made)
    monkeypatch.setattr(alignment_evidence, "_MOST_VALUES", 0)
    monkeypatch.setattr(alignment_evidence, "_FEWEST_WELLS", 400)
    names = [f"p{code}" for code in range(12)]
    sample = alignment_evidence.draw_sample(*made, plates=made[1], batch_names=names)
    assert len(sample.features) <= 400
    assert 4 <= len(np.unique(sample.batches)) < 12
    assert np.unique(sample.batches[sample.controls]).tolist() == np.unique(sample.batches).tolist()
    assert sample.perturbations >= 20
    assert (choose(made).method in ("none", "tvn")) == (whole.method in ("none", "tvn"))


def test_a_build_says_what_was_chosen(tmp_path, capsys):
    """`--align auto` leaves the method in the recipe and the comparison beside it; a fixed method leaves none."""
    table = write_screen(tmp_path / "screen.csv")
    for align in ("auto", "centerscale"):
        words = ["build", "table", str(table), *OPTIONS, "--align", align, "--out", str(tmp_path / align), "--json"]
        assert main(words) == 0
        manifest, told = open_map(tmp_path / align).manifest, json.loads(capsys.readouterr().out)
        assert manifest["recipe"]["align"] == told["align"]["name"] in METHODS
        assert ("alignment_choice" in manifest) == (align == "auto")
    assert "why" not in told["align"]


@pytest.mark.parametrize("method", ["centerscale", "pca-cs"])
def test_shrunken_lies_between_one_scale_for_all_and_one_a_batch(method):
    """Many controls: as unshrunken. Few, and no difference between batches: as one batch. A shift is taken out."""
    names = [f"p{code}" for code in range(6)]

    def fit(made, of):
        return fit_alignment(*made[:3], method=of, batch_names=names)

    many = screen(controls=2000, shift=2.0, stretch=0.3, perturbations=1)
    plain, shrunken = fit(many, method), fit(many, f"{method}-shrunk")
    np.testing.assert_allclose(shrunken.location, plain.location, atol=0.05)
    np.testing.assert_allclose(shrunken.scale, plain.scale, rtol=0.02)
    few = screen(controls=3)
    plain, shrunken = fit(few, method), fit(few, f"{method}-shrunk")
    assert shrunken.location.std(axis=0).mean() < 0.4 * plain.location.std(axis=0).mean()
    assert shrunken.scale.std(axis=0).mean() < 0.3 * plain.scale.std(axis=0).mean()
    assert "lean on" in shrunken.notes[0]
    shifted = screen(controls=3, shift=5.0)
    rows = fit(shifted, f"{method}-shrunk").apply(*shifted[:2])[shifted[2]].reshape(6, 3, -1)
    assert np.abs(rows.mean(axis=1)).mean() < 0.2

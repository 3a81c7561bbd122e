"""Controls aligned by fits without them look like other wells that do nothing, which fitted controls do not."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.maps.alignment import fit_alignment
from explorer.maps.held_out_controls import held_out_controls


def screen(seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Four batches of 60 controls and 60 wells that do nothing, in 30 correlated dimensions, interleaved."""
    rng = np.random.default_rng(seed)
    batches = rng.permutation(np.repeat(np.arange(4), 120))
    controls = np.zeros(len(batches), dtype=bool)
    for code in range(4):
        controls[rng.choice(np.flatnonzero(batches == code), 60, replace=False)] = True
    features = rng.normal(size=(480, 30)) @ rng.normal(size=(30, 30)) + rng.normal(size=(4, 30))[batches]
    return features, batches, controls


@pytest.mark.parametrize("method", ["centerscale", "robust", "pca-cs", "tvn"])
def test_they_spread_as_wells_that_do_nothing(method):
    """Mean squared length is that of inactive wells within a few percent; of fitted controls it is smaller."""
    features, batches, controls = screen()
    names = [str(code) for code in range(4)]
    fitted = fit_alignment(features, batches, controls, method=method, batch_names=names)
    aligned = fitted.apply(features, batches)
    outside = held_out_controls(features, batches, controls, alignment=fitted)
    squares = {
        "wells": np.square(aligned[~controls]).sum(axis=1).mean(),
        "fitted": np.square(aligned[controls]).sum(axis=1).mean(),
        "held out": np.square(outside).sum(axis=1).mean(),
    }
    assert abs(squares["held out"] / squares["wells"] - 1) < 0.12
    assert squares["fitted"] < squares["wells"]


@pytest.mark.parametrize("method", ["pca-cs", "tvn"])
def test_they_keep_the_axes_of_the_map(method):
    """A held-out control points the way it does on the map, although its fold has principal axes of its own."""
    features, batches, controls = screen(1)
    fitted = fit_alignment(features, batches, controls, method=method, batch_names=list("abcd"))
    inside = fitted.apply(features[controls], batches[controls])
    outside = held_out_controls(features, batches, controls, alignment=fitted)
    lengths = np.linalg.norm(inside, axis=1) * np.linalg.norm(outside, axis=1)
    assert np.median((inside * outside).sum(axis=1) / lengths) > 0.85


def test_few_controls_and_no_alignment():
    """A batch with one control keeps it as it is, and without an alignment nothing changes."""
    features, batches, controls = screen(2)
    controls[np.flatnonzero(controls & (batches == 0))[1:]] = False
    fitted = fit_alignment(features, batches, controls, method="centerscale", batch_names=list("abcd"))
    outside = held_out_controls(features, batches, controls, alignment=fitted)
    assert np.isfinite(outside).all()
    alone = batches[controls] == 0
    np.testing.assert_allclose(outside[alone], fitted.apply(features[controls], batches[controls])[alone])
    unaligned = fit_alignment(features, batches, controls, method="none", batch_names=list("abcd"))
    np.testing.assert_array_equal(
        held_out_controls(features, batches, controls, alignment=unaligned), features[controls]
    )

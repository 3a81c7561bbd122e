"""Control wells aligned as if the alignment had not been fitted on them, for nulls to be drawn from.

An alignment fits its controls better than it fits any other well: with 144 controls a batch in 128 dimensions, whitened
controls keep half the variance of wells that do nothing. Nulls drawn from such controls make magnitudes far too
significant, and the strongest similarities a little.
"""

from __future__ import annotations

import numpy as np

from explorer.maps.alignment import Alignment, fit_alignment
from explorer.maps.control_statistics import batch_mean_and_sd

FOLDS = 5


def held_out_controls(
    features: np.ndarray,
    batches: np.ndarray,
    controls: np.ndarray,
    *,
    alignment: Alignment,
    folds: int = FOLDS,
    seed: int = 0,
) -> np.ndarray:
    """Align each control by a fit without its fold, turned into the axes of the alignment of the map.

    Parameters
    ----------
    features : float array, shape (n, d)
    batches : int array, shape (n,)
    controls : bool array, shape (n,)
        The wells that the alignment was fitted on.
    alignment : Alignment
        Fitted on all of them.
    folds : int
        Each costs one fit. Batches with fewer controls than folds are dealt with by one control a fold; the only
        control of a batch stays in.
    seed : int

    Returns
    -------
    array, shape (controls, output_dimensions), dtype of the features, in the order of the wells
    """
    features, batches = np.asarray(features), np.asarray(batches)
    wells = np.flatnonzero(controls)
    rows = alignment.apply(features[wells], batches[wells])
    if alignment.method == "none":
        return rows
    fold = _folds(batches[wells], folds=folds, seed=seed)
    for number in range(folds):
        held_out = fold == number
        kept = np.zeros(len(features), dtype=bool)
        kept[wells[~held_out]] = True
        if held_out.any() and kept.any():
            fitted = fit_alignment(features, batches, kept, method=alignment.method, batch_names=alignment.batch_names)
            turned = fitted.apply(features[wells[held_out]], batches[wells[held_out]])
            if alignment.rotation is not None:
                turned = turned @ (_axes(fitted, features, kept).T @ _axes(alignment, features, np.asarray(controls)))
            rows[held_out] = turned
    return rows


def _folds(batches: np.ndarray, *, folds: int, seed: int) -> np.ndarray:
    """Fold of each control, even within a batch; -1 for the only control of a batch."""
    order = np.random.default_rng(seed).permutation(len(batches))
    fold = np.full(len(batches), -1)
    for code in np.unique(batches):
        members = order[batches[order] == code]
        if len(members) > 1:
            fold[members] = np.arange(len(members)) % folds
    return fold


def _axes(alignment: Alignment, features: np.ndarray, fitted_on: np.ndarray) -> np.ndarray:
    """Orthonormal axes (d, k) of an alignment: its rotation without the scales that are folded into it."""
    axes = alignment.rotation
    if alignment.method == "tvn":
        rows = features[fitted_on].astype(np.float64)
        _, sd = batch_mean_and_sd(rows, np.array([len(rows)]), floor=None)
        axes = axes * sd[0][:, None]
    return axes / np.linalg.norm(axes, axis=0)

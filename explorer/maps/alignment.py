"""Align: take the differences between experiments out of a screen, measured on its control wells.

Fitting and applying are apart so that memory stays near the features: a fit copies only the control wells, and the
features then pass through `Alignment.apply` in blocks. The steps are those of the EFAAR framework (Celik et al. 2024,
doi:10.1371/journal.pcbi.1012463); TVN is from Ando et al. 2017 (doi:10.1101/161422).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from explorer.errors import InputError
from explorer.maps.control_statistics import (
    SHRINKAGE,
    batch_mean_and_sd,
    by_batch,
    covariance_whitening,
    median_and_mad,
    principal_axes,
    rounding_level,
    shrunken_mean_and_sd,
)
from explorer.maps.reference_wells import count_reference, listed, reference_notes

METHODS = ("centerscale", "centerscale-shrunk", "robust", "pca-cs", "pca-cs-shrunk", "tvn", "none")

_BLOCK_ROWS = 8192


@dataclass(frozen=True, eq=False)
class Alignment:
    """A fitted alignment: `(row - centre) @ rotation`, then location and scale of its batch, then its whitening.

    Attributes
    ----------
    method : str
        One of `METHODS`.
    batch_names : tuple of str
        Name of each batch code.
    dimensions : int
        Features a row must have.
    centre, rotation : arrays of shape (d,) and (d, k), or None
        Common to all batches.
    location, scale : arrays of shape (batches, k), or None
        NaN for a batch without wells.
    whitening : tuple of (axes (r, k), gains (r,)) or None, one a batch; empty where the method has none
        Inverse square root of a batch's covariance as `x / sqrt(SHRINKAGE) + ((x @ axes.T) * gains) @ axes`.
    notes : tuple of str
        What a reader of the map should know about this alignment.
    """

    method: str
    batch_names: tuple[str, ...]
    dimensions: int
    centre: np.ndarray | None = None
    rotation: np.ndarray | None = None
    location: np.ndarray | None = None
    scale: np.ndarray | None = None
    whitening: tuple[tuple[np.ndarray, np.ndarray] | None, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def output_dimensions(self) -> int:
        """Columns of an aligned row: fewer than `dimensions` only where a PCA had fewer controls than that."""
        return self.dimensions if self.rotation is None else self.rotation.shape[1]

    def apply(self, rows: np.ndarray, batches: np.ndarray) -> np.ndarray:
        """Align rows; computed in float64, returned in the dtype of the rows.

        Parameters
        ----------
        rows : float32 or float64 array, shape (n, d)
        batches : int array, shape (n,)
            Batch codes as they were fitted.

        Returns
        -------
        array, shape (n, output_dimensions)
            Always a new array.

        Raises
        ------
        InputError
            If a batch was not fitted.
        """
        rows, batches = np.asarray(rows), np.asarray(batches)
        if rows.ndim != 2 or rows.shape[1] != self.dimensions or batches.shape != (len(rows),):
            raise ValueError(
                f"expected (n, {self.dimensions}) rows and n batch codes, got {rows.shape}, {batches.shape}"
            )
        if self.method != "none":
            self._check_fitted(batches)
        dtype = rows.dtype if rows.dtype in (np.float32, np.float64) else np.dtype(np.float64)
        aligned = np.empty((len(rows), self.output_dimensions), dtype=dtype)
        for start in range(0, len(rows), _BLOCK_ROWS):
            block = slice(start, start + _BLOCK_ROWS)
            aligned[block] = self._apply_block(rows[block].astype(np.float64), batches[block])
        return aligned

    def _apply_block(self, block: np.ndarray, codes: np.ndarray) -> np.ndarray:
        if self.rotation is not None:
            block = (block - self.centre) @ self.rotation
        if self.location is not None:
            block -= self.location[codes]
            block /= self.scale[codes]
        if self.whitening:
            for code in np.unique(codes):
                axes, gains = self.whitening[code]
                members = codes == code
                x = block[members]
                block[members] = x / np.sqrt(SHRINKAGE) + ((x @ axes.T) * gains) @ axes
        return block

    def _check_fitted(self, batches: np.ndarray) -> None:
        used = np.unique(batches)
        if used.size and (used[0] < 0 or used[-1] >= len(self.batch_names)):
            raise InputError(
                f"batch codes {used[0]} to {used[-1]} are outside the {len(self.batch_names)} fitted batches"
            )
        unfitted = [
            self.batch_names[code]
            for code in used
            if (self.whitening and self.whitening[code] is None)
            or (self.location is not None and np.isnan(self.location[code, 0]))
        ]
        if unfitted:
            raise InputError(f"{listed(unfitted)} had no wells when the alignment was fitted; fit on all wells")


def fit_alignment(
    features: np.ndarray, batches: np.ndarray, controls: np.ndarray, *, method: str, batch_names: Sequence[str]
) -> Alignment:
    """Fit an alignment on the control wells of a screen.

    `centerscale`: mean and sd (ddof 0) of the controls of a batch. `robust`: median and 1.4826 MAD of the controls of a
    batch, or of all its wells where the data set has no controls at all. `pca-cs`: PCA fitted on all controls, all
    components, then centerscale a batch. `tvn`: centerscale on all controls, PCA, centerscale again, then each batch
    times the inverse square root of its control covariance (ddof 1) + 0.5 I, without centring the batch. A spread of
    zero divides by 1; so does one at the level of rounding, as in the directions that the controls do not span.
    `centerscale-shrunk`, `pca-cs-shrunk`: mean and sd of a batch are drawn toward those of all, the more the fewer its
    controls (`shrunken_mean_and_sd`).

    Parameters
    ----------
    features : float array, shape (n, d)
        Finite. May be memory-mapped; only its control rows are copied to float64.
    batches : int array, shape (n,)
        Batch code of each well.
    controls : bool array, shape (n,)
    method : str
        One of `METHODS`.
    batch_names : sequence of str
        Name of each code, for messages.

    Raises
    ------
    InputError
        For an unknown method, a well without a batch, no controls, or a batch without controls.
    """
    features, batches, controls = np.asarray(features), np.asarray(batches), np.asarray(controls, dtype=bool)
    names = tuple(str(name) for name in batch_names)
    if method not in METHODS:
        raise InputError(f"--align {method} is not known; choose one of {', '.join(METHODS)}")
    if features.ndim != 2 or batches.shape != (len(features),) or controls.shape != (len(features),):
        raise ValueError(f"expected (n, d) features, n batches and n controls, got {features.shape}, {batches.shape}")
    if method == "none":
        return Alignment(method, names, features.shape[1])
    everything = method == "robust" and not controls.any()
    reference = np.ones_like(controls) if everything else controls
    counts = count_reference(batches, reference, method=method, names=names)
    wells = np.flatnonzero(reference)
    wells = wells[np.argsort(batches[wells], kind="stable")]
    notes = reference_notes(counts, batches, names, everything=everything, shrunken=method in _SHRUNKEN)
    if method == "robust":
        location, scale = median_and_mad(features, wells, counts)
        return Alignment(method, names, features.shape[1], location=location, scale=scale, notes=notes)
    rows = _float64_rows(features, wells)
    if not np.isfinite(rows).all():
        raise InputError("the features of the control wells hold NaN or infinite values; drop these wells or columns")
    return _FITS[method](rows, counts, Alignment(method, names, features.shape[1], notes=notes))


def _float64_rows(features: np.ndarray, wells: np.ndarray) -> np.ndarray:
    """The rows of some wells as a new float64 array, without a float32 copy of them all on the way."""
    rows = np.empty((len(wells), features.shape[1]))
    for start in range(0, len(wells), _BLOCK_ROWS):
        rows[start : start + _BLOCK_ROWS] = features[wells[start : start + _BLOCK_ROWS]]
    return rows


# The fits own the rows that they are given: they centre and rotate them in place, since controls alone can be a
# third of a screen's float32 features once they are float64.


def _fit_centerscale(rows: np.ndarray, counts: np.ndarray, base: Alignment) -> Alignment:
    location, scale = _SHRUNKEN.get(base.method, batch_mean_and_sd)(rows, counts, floor=None)
    return replace(base, location=location, scale=scale)


def _fit_pca(rows: np.ndarray, counts: np.ndarray, base: Alignment) -> Alignment:
    centre = rows.mean(axis=0)
    rows -= centre
    rotation, notes = _components(rows, base)
    rotated = _rotated(rows, rotation)
    location, scale = _SHRUNKEN.get(base.method, batch_mean_and_sd)(rotated, counts, floor=rounding_level(rotated))
    return replace(base, centre=centre, rotation=rotation, location=location, scale=scale, notes=notes)


def _fit_tvn(rows: np.ndarray, counts: np.ndarray, base: Alignment) -> Alignment:
    together = np.array([len(rows)])
    centre, sd = (values[0] for values in batch_mean_and_sd(rows, together, floor=None))
    rows -= centre
    rows /= sd
    axes, notes = _components(rows, base)
    rotated = _rotated(rows, axes)
    _, spread = batch_mean_and_sd(rotated, together, floor=rounding_level(rotated))
    rotated /= spread[0]  # the mean of the controls is zero since the first step
    whitening = tuple(covariance_whitening(block) if len(block) else None for block in by_batch(rotated, counts))
    rotation = axes / sd[:, None] / spread[0]
    return replace(base, centre=centre, rotation=rotation, whitening=whitening, notes=notes)


_SHRUNKEN = dict.fromkeys(("centerscale-shrunk", "pca-cs-shrunk"), shrunken_mean_and_sd)
_FITS = {"centerscale": _fit_centerscale, "pca-cs": _fit_pca, "tvn": _fit_tvn}
_FITS |= {"centerscale-shrunk": _fit_centerscale, "pca-cs-shrunk": _fit_pca}


def _rotated(rows: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """`rows @ axes`, in the memory of the rows where all axes are kept."""
    if axes.shape[0] != axes.shape[1]:
        return rows @ axes
    for start in range(0, len(rows), _BLOCK_ROWS):
        rows[start : start + _BLOCK_ROWS] = rows[start : start + _BLOCK_ROWS] @ axes
    return rows


def _components(centred: np.ndarray, base: Alignment) -> tuple[np.ndarray, tuple[str, ...]]:
    """All min(n, d) principal axes as columns, and the notes with a word where they are fewer than the features."""
    if len(centred) < 2:
        raise InputError(f"--align {base.method} needs at least 2 control wells, found 1; use --align robust or none")
    axes = principal_axes(centred)[1].T
    if axes.shape[1] == centred.shape[1]:
        return axes, base.notes
    fewer = f"only {len(centred)} controls for {centred.shape[1]} features: the map keeps {axes.shape[1]} components"
    return axes, (*base.notes, fewer)

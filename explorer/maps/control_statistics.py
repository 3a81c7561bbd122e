"""Location, spread and axes of control wells: the arithmetic under an alignment.

Rows come sorted by batch with the number of rows of each batch, so that no step needs a table or a group-by. All sums
are float64.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

#: Added to every variance of a batch before its covariance is inverted.
SHRINKAGE = 0.5

#: Degrees of freedom that the pooled variance counts for where the variance of a batch is shrunk.
POOLED_WEIGHT = 20

_MAD_TO_SD = 1.4826
_BLOCK_ROWS = 2048
_EPS = float(np.finfo(np.float64).eps)


def principal_axes(centred: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Singular values and right singular vectors (as rows); the largest entry of each vector is positive."""
    if centred.shape[0] > centred.shape[1]:
        triangle = centred[:0]  # of the rows so far: the same singular values and vectors in at most d rows
        for start in range(0, len(centred), _BLOCK_ROWS):
            triangle = np.linalg.qr(np.concatenate([triangle, centred[start : start + _BLOCK_ROWS]]), mode="r")
        centred = triangle
    _, lengths, axes = np.linalg.svd(centred, full_matrices=False)
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    return lengths, axes * np.where(largest < 0, -1.0, 1.0)


def covariance_whitening(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Axes and gains of (cov + SHRINKAGE I)^(-1/2); the covariance of a single well is taken as zero.

    The covariance has at most n - 1 axes, so keeping these alone, in float32, stores n x k numbers a batch in place of
    k x k.
    """
    lengths, axes = principal_axes(rows - rows.mean(axis=0))
    variances = lengths**2 / max(len(rows) - 1, 1)
    return axes.astype(np.float32), 1 / np.sqrt(variances + SHRINKAGE) - 1 / np.sqrt(SHRINKAGE)


def batch_mean_and_sd(rows: np.ndarray, counts: np.ndarray, *, floor: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Mean and sd (ddof 0) of sorted rows a batch, shape (batches, d); an sd up to `floor` becomes 1."""
    means = np.full((len(counts), rows.shape[1]), np.nan)
    scales = means.copy()
    held = np.flatnonzero(counts)
    sizes = counts[held]
    starts = np.cumsum(sizes) - sizes
    means[held] = np.add.reduceat(rows, starts, axis=0) / sizes[:, None]
    sd = np.array([_sd(block, mean) for block, mean in zip(by_batch(rows, sizes), means[held], strict=True)])
    if floor is None:
        floor = sizes[:, None] * _EPS * np.abs(means[held])
    scales[held] = np.where(sd > floor, sd, 1.0)
    return means, scales


def _sd(rows: np.ndarray, mean: np.ndarray) -> np.ndarray:
    squares = np.zeros(rows.shape[1])
    for start in range(0, len(rows), _BLOCK_ROWS):
        squares += np.square(rows[start : start + _BLOCK_ROWS] - mean).sum(axis=0)
    return np.sqrt(squares / len(rows))


def shrunken_mean_and_sd(rows: np.ndarray, counts: np.ndarray, *, floor: float | None) -> tuple[np.ndarray, np.ndarray]:
    """As `batch_mean_and_sd`, with means and variances of a batch drawn toward those of all batches.

    A mean moves from the mean of all rows by t / (t + v / n) of the way, with v the variance within batches and t that
    between the means of batches beyond chance: batches that do not differ get one mean. A variance is
    (20 v + sum of squares) / (20 + n - 1). Moderated statistics after Smyth 2004, doi:10.2202/1544-6115.1027.
    """
    means, scales = (np.full((len(counts), rows.shape[1]), np.nan) for _ in range(2))
    held = np.flatnonzero(counts)
    sizes = counts[held][:, None].astype(np.float64)
    blocks = list(by_batch(rows, counts[held]))
    own = np.array([block.mean(axis=0) for block in blocks])
    squares = np.array([_sd(block, mean) ** 2 for block, mean in zip(blocks, own, strict=True)]) * sizes
    centre, total, degrees = rows.mean(axis=0), len(rows), len(rows) - len(held)
    strayed = (sizes * (own - centre) ** 2).sum(axis=0)
    within = (squares.sum(axis=0) / degrees) if degrees else strayed / max(total - 1, 1)
    between = np.zeros(rows.shape[1])
    if len(held) > 1:
        typical = (total - (sizes**2).sum() / total) / (len(held) - 1)
        between = np.maximum((strayed / (len(held) - 1) - within) / typical, 0)
    noise = within / sizes
    means[held] = centre + np.divide(between, between + noise, out=np.zeros_like(noise), where=between > 0) * (
        own - centre
    )
    sd = np.sqrt((POOLED_WEIGHT * within + squares) / (POOLED_WEIGHT + sizes - 1))
    if floor is None:
        floor = total * _EPS * np.abs(means[held])
    scales[held] = np.where(sd > floor, sd, 1.0)
    return means, scales


def rounding_level(rotated: np.ndarray) -> float:
    """Size of what a rotation leaves of a direction in which nothing varies."""
    return max(rotated.shape) * _EPS * max(float(rotated.max()), -float(rotated.min()))


def median_and_mad(features: np.ndarray, wells: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Median and scaled MAD of each batch's wells; NaN for a batch without any."""
    location = np.full((len(counts), features.shape[1]), np.nan)
    scale = location.copy()
    for code, members in enumerate(by_batch(wells, counts)):
        if len(members):
            rows = features[members].astype(np.float64)
            location[code] = np.median(rows, axis=0)
            mad = np.median(np.abs(rows - location[code]), axis=0)
            scale[code] = np.where(mad > 0, _MAD_TO_SD * mad, 1.0)
    return location, scale


def by_batch(rows: np.ndarray, counts: np.ndarray) -> Iterator[np.ndarray]:
    """The rows of each batch, given rows in order of batch and how many each has."""
    stops = np.cumsum(counts)
    return (rows[stop - count : stop] for stop, count in zip(stops, counts, strict=True))

"""What replicate wells give where there is no phenotype: nulls from control wells drawn as if they were a perturbation.

How wells are drawn is in `control_draws`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.statistics.consistency import mean_pairwise_cosine, unit
from explorer.statistics.control_draws import drawn_from, most_drawn, size_classes, wells_by_batch


@dataclass(frozen=True, eq=False)
class Null:
    """What pseudo-perturbations of one size give: sorted float64 arrays of shape (draws,)."""

    consistency: np.ndarray
    magnitude: np.ndarray


def typical_spread(groups: np.ndarray, batches: np.ndarray) -> int:
    """Median number of experiments over which a perturbation is replicated; 1 where there is none.

    Parameters
    ----------
    groups, batches : int arrays, shape (wells,)
        Perturbation (negative: none, such as a control) and experiment of each well.
    """
    groups, batches = np.asarray(groups), np.asarray(batches)
    pairs = np.unique(np.column_stack([groups, batches])[groups >= 0], axis=0)
    return int(np.median(np.unique(pairs[:, 0], return_counts=True)[1])) if len(pairs) else 1


def replicate_null(
    control_rows: np.ndarray,
    control_batches: np.ndarray,
    sizes: np.ndarray,
    *,
    spread: int = 1,
    draws: int = 5000,
    seed: int = 0,
) -> dict[int, Null]:
    """Consistency and magnitude of pseudo-perturbations of control wells, for each class of size.

    A draw takes n wells without replacement, evenly from `spread` experiments that follow in a random circle. Where
    one of them cannot give its share, with at least a fifth of its controls left over, it takes n wells from as few
    of the experiments that follow as can. Every experiment starts equally many draws.
    Classes: n itself up to 10 and for the eight commonest sizes of several perturbations, else the next lower of a
    ladder of ratio 1.1, and never more than four fifths of all controls. A smaller class has a wider null, so its
    p-value errs on the safe side.

    Limits, measured on simulated inactive wells with every alignment: p <= .05 of the consistency came for 0-6 % of
    perturbations, but for 14-20 % of those with more wells in one experiment than four fifths of its controls, and for
    23 % after tvn with 6 controls a batch. The p of the magnitude is too small wherever few controls set the scale of
    many dimensions (12 % after centerscale and all of them after tvn, on 16 controls a batch and 64 dimensions).

    Parameters
    ----------
    control_rows : float array, shape (c, d)
        Aligned controls. Give those of the experiments in which the perturbations are.
    control_batches : int array, shape (c,)
    sizes : int array
        Wells of each perturbation; repeated sizes tell which are common.
    spread : int
        Experiments over which a perturbation is replicated, see `typical_spread`. Replicates of one experiment share
        its batch effect and replicates of several do not, so a null of the wrong spread is too wide or too narrow.
    draws : int
        Pseudo-perturbations a class. The smallest p-value is 1 / (draws + 1).
    seed : int
        A class gives the same null whatever other sizes are asked for.

    Returns
    -------
    dict
        Class of size to `Null`; empty with fewer than two controls.
    """
    control_rows, control_batches = np.asarray(control_rows), np.asarray(control_batches)
    if len(control_rows) < 2:
        return {}
    drawn = {"spread": spread, "draws": draws, "seed": seed}
    return {
        size: null_of_class(control_rows, control_batches, size=size, **drawn)
        for size in size_classes(sizes, available=len(control_rows))
    }


def null_of_class(
    control_rows: np.ndarray,
    control_batches: np.ndarray,
    *,
    size: int,
    spread: int = 1,
    draws: int = 5000,
    seed: int = 0,
) -> Null:
    """The null of one class of size, the same as `replicate_null` gives it; arguments as there.

    `size` is one of `size_classes`, so at most four fifths of the controls.
    """
    batches = wells_by_batch(control_batches)
    consistencies, magnitudes = [], []
    for drawn in drawn_from(batches, size=size, spread=spread, draws=draws, seed=seed):
        pool = control_rows[drawn.pool].astype(np.float64)
        magnitudes.append(np.linalg.norm(drawn.means(pool), axis=1))
        lengths = np.linalg.norm(drawn.means(unit(pool)), axis=1)
        consistencies.append(mean_pairwise_cosine((size * lengths) ** 2, np.full(len(lengths), size)))
    return Null(np.sort(np.concatenate(consistencies)), np.sort(np.concatenate(magnitudes)))


def pseudo_vectors(
    control_rows: np.ndarray,
    control_batches: np.ndarray,
    *,
    size: int,
    spread: int = 1,
    draws: int = 5000,
    seed: int = 0,
) -> np.ndarray:
    """Mean vectors of pseudo-perturbations of one size: those whose lengths are the null of the magnitude.

    Parameters
    ----------
    control_rows, control_batches, spread, draws, seed
        As `replicate_null` takes them; also float16 rows.
    size : int
        Wells of a draw; more than four fifths of all controls are taken as four fifths.

    Returns
    -------
    float32 array, shape (draws, d)
        In an order that follows the experiments; empty, shape (0, d), with fewer than two controls.
    """
    control_rows, control_batches = np.asarray(control_rows), np.asarray(control_batches)
    if len(control_rows) < 2:
        return np.empty((0, control_rows.shape[1]), dtype=np.float32)
    size = max(min(int(size), most_drawn(len(control_rows))), 1)
    batches = wells_by_batch(control_batches)
    vectors = np.empty((draws, control_rows.shape[1]), dtype=np.float32)
    done = 0
    for drawn in drawn_from(batches, size=size, spread=spread, draws=draws, seed=seed):
        means = drawn.means(control_rows[drawn.pool].astype(np.float64))
        vectors[done : done + len(means)] = means
        done += len(means)
    return vectors

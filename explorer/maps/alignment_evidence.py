"""What alignments are compared by: replicates found on other plates, and the spread of held-out controls.

Both are measured on one sample of a screen, so that an alignment is judged in seconds and in little memory. Only the
perturbations that stand out of the controls count: what no alignment can tell from a control is not found, or is found
because all that does nothing is alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.maps.aggregation import aggregate
from explorer.maps.alignment import Alignment, fit_alignment
from explorer.statistics.replicates_elsewhere import replicate_pairs, share_beaten
from explorer.statistics.retrieval import halves_of_wells

#: Perturbations with replicates below which nothing is chosen.
FEWEST = 20
SAME_PLATE = "on the same plate"

_MOST = 1_000
_STANDING_OUT = 0.5
_MOST_VALUES = 8_000_000
_FEWEST_WELLS = 4_000
_MOST_WELLS = 2_000
_FOLDS = 5


@dataclass(frozen=True, eq=False)
class Sample:
    """The wells by which alignments are compared.

    Attributes
    ----------
    features, batches, controls : arrays, first dimension n
    batch_names : tuple of str
    cells : int array, shape (n,)
        Measured perturbation on a plate that a well is one of; -1 for controls and what is not measured.
    groups, plates : int arrays, shape (cells,)
    pairs : int array, shape (m, 2)
        Cells of one perturbation to be found from each other.
    found_in : str
        Where the replicates are: "in another batch", "on another plate" or "on the same plate".
    """

    features: np.ndarray
    batches: np.ndarray
    controls: np.ndarray
    batch_names: tuple[str, ...]
    cells: np.ndarray
    groups: np.ndarray
    plates: np.ndarray
    pairs: np.ndarray
    found_in: str

    @property
    def perturbations(self) -> int:
        """How many perturbations have replicates to be found."""
        return len(np.unique(self.groups[self.pairs[:, 0]]))

    def fit(self, method: str, *, controls: np.ndarray | None = None) -> Alignment:
        """An alignment fitted on all controls of the sample, or on some."""
        controls = self.controls if controls is None else controls
        return fit_alignment(self.features, self.batches, controls, method=method, batch_names=self.batch_names)

    def retrieval(self, rows: np.ndarray) -> np.ndarray:
        """Mean share beaten of each perturbation by aligned rows (n, k); NaN where nothing stands beside it."""
        means, _ = aggregate(rows, self.cells, n_groups=len(self.groups))
        shares = share_beaten(means, self.groups, self.plates, pairs=self.pairs)
        _, of = np.unique(self.groups[self.pairs[:, 0]], return_inverse=True)
        known = np.isfinite(shares)
        counts = np.bincount(of[known], minlength=of.max(initial=-1) + 1)
        sums = np.bincount(of[known], weights=shares[known], minlength=len(counts))
        return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)

    def control_spread(self, method: str, *, seed: int = 0) -> float:
        """Median squared distance of held-out controls from their centre, over that of the measured wells.

        Both are aligned by the same fits, each without a fifth of the controls of every batch. NaN without controls
        that can be held out: the only control of a batch cannot.
        """
        rng = np.random.default_rng(seed)
        wells = rng.permutation(np.flatnonzero(self.controls))
        turn = place_within(self.batches[wells])
        fold = np.where(np.bincount(self.batches[wells])[self.batches[wells]] > 1, turn % _FOLDS, -1)
        measured = rng.permutation(np.flatnonzero(self.cells >= 0))[:_MOST_WELLS]
        ratios = []
        for number in range(_FOLDS):
            held_out = wells[fold == number]
            if not len(held_out):
                continue
            kept = self.controls.copy()
            kept[held_out] = False
            fitted = self.fit(method, controls=kept)
            own, treated = (
                fitted.apply(self.features[w].astype(np.float64), self.batches[w]) for w in (held_out, measured)
            )
            centre = own.mean(axis=0)
            ratios.append([np.median(np.square(rows - centre).sum(axis=1)) for rows in (own, treated)])
        own, treated = np.array(ratios).reshape(-1, 2).T
        return float(np.mean(own / treated)) if len(own) and (treated > 0).all() else np.nan


def draw_sample(
    features: np.ndarray,
    batches: np.ndarray,
    controls: np.ndarray,
    groups: np.ndarray,
    *,
    plates: np.ndarray,
    batch_names: Sequence[str],
    seed: int = 0,
) -> Sample:
    """A sample of whole perturbations and of batches that share them; everything where a screen is small.

    Parameters
    ----------
    features : float array, shape (n, d)
    batches, plates : int arrays, shape (n,)
        Plates are unique across batches.
    controls : bool array, shape (n,)
    groups : int array, shape (n,)
        Perturbation of each well; negative for none.
    """
    rng = np.random.default_rng(seed)
    most = max(_MOST_VALUES // features.shape[1], _FEWEST_WELLS)
    wells = np.flatnonzero(controls | (groups >= 0))
    if len(wells) > most:
        wells = wells[np.isin(batches[wells], _batches_that_share(batches[wells], groups[wells], most=most, rng=rng))]
        wells = _thinned(wells, batches, controls, groups, most=most, rng=rng)
    features, batches, controls, plates = features[wells], batches[wells], controls[wells], plates[wells]
    groups = np.where(controls, -1, groups[wells])
    names = tuple(str(name) for name in batch_names)
    there = groups >= 0
    measured, found_in = _replicated(groups[there], plates[there]), "on another plate"
    if len(measured) < 2 * len(_replicated(groups[there], batches[there])):
        found_in = "in another batch"
    places = batches
    if len(measured) < FEWEST:
        found_in, places = SAME_PLATE, np.zeros_like(batches)
        _, on_plate = np.unique(np.column_stack([groups, plates]), axis=0, return_inverse=True)
        halves = halves_of_wells(np.where(there, on_plate.ravel(), -1), plates, seed=seed)
        plates = plates * 2 + np.maximum(halves, 0)
        measured = _replicated(groups[there], plates[there])
    measured = _standing_out(features, controls, groups, among=measured)
    measured = np.sort(rng.permutation(measured)[:_MOST])
    taking_part = np.isin(groups, measured)
    key = np.column_stack([groups, plates, places])[taking_part]
    table, inverse = np.unique(key, axis=0, return_inverse=True)
    cells = np.full(len(groups), -1)
    cells[taking_part] = inverse.ravel()
    of_cell, of_plate, of_place = table.T
    pairs = replicate_pairs(of_cell, of_plate, of_place, seed=seed)
    return Sample(features, batches, controls, names, cells, of_cell, of_plate, pairs, found_in)


def _replicated(groups: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Perturbations that are in more than one place."""
    pairs = np.unique(np.column_stack([groups, places]), axis=0)
    codes, times = np.unique(pairs[:, 0], return_counts=True)
    return codes[times > 1]


def _batches_that_share(batches: np.ndarray, groups: np.ndarray, *, most: int, rng: np.random.Generator) -> np.ndarray:
    """Random batches, each with the one that shares most perturbations with it, until they hold so many wells."""
    sizes = np.bincount(batches)
    held = np.unique(np.column_stack([batches, groups])[groups >= 0], axis=0)
    chosen: list[int] = []
    for batch in rng.permutation(np.flatnonzero(sizes)):
        if batch in chosen:
            continue
        chosen.append(int(batch))
        shared = np.bincount(held[np.isin(held[:, 1], held[held[:, 0] == batch, 1]), 0], minlength=len(sizes))
        shared[chosen] = 0
        if shared.any():
            chosen.append(int(shared.argmax()))
        if sizes[chosen].sum() >= most:
            break
    return np.array(chosen)


def _thinned(
    wells: np.ndarray,
    batches: np.ndarray,
    controls: np.ndarray,
    groups: np.ndarray,
    *,
    most: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """At most half as many controls, evenly over the batches, and whole perturbations for the rest."""
    kept = rng.permutation(wells[controls[wells]])
    kept = kept[np.argsort(place_within(batches[kept]), kind="stable")[: most // 2]]
    treated = wells[~controls[wells]]
    codes, sizes = np.unique(groups[treated], return_counts=True)
    order = rng.permutation(len(codes))
    fits = np.cumsum(sizes[order]) <= most - len(kept)
    fits[0] = True
    return np.sort(np.concatenate([kept, treated[np.isin(groups[treated], codes[order[fits]])]]))


def _standing_out(features: np.ndarray, controls: np.ndarray, groups: np.ndarray, *, among: np.ndarray) -> np.ndarray:
    """The half of some perturbations whose mean is furthest from all controls, whitened on them and whatever batch."""
    if np.count_nonzero(controls) < 2 or len(among) <= FEWEST:
        return among
    together = np.zeros(len(features), dtype=np.int64)
    whitened = fit_alignment(features, together, controls, method="tvn", batch_names=["all"])
    means, wells = aggregate(whitened.apply(features, together), groups)
    length = (wells * np.square(means).sum(axis=1))[among]
    kept = max(int(np.ceil(_STANDING_OUT * len(among))), FEWEST)
    return among[np.argsort(-length, kind="stable")[:kept]]


def place_within(codes: np.ndarray) -> np.ndarray:
    """0, 1, 2, ... among the rows of each code, in the order that they come."""
    order = np.argsort(codes, kind="stable")
    place = np.empty(len(codes), dtype=np.int64)
    place[order] = np.arange(len(codes)) - np.searchsorted(codes[order], codes[order])
    return place

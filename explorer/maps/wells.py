"""The wells of a build: aligned and aggregated in blocks of whole perturbations, and those that a map keeps.

Blocks keep memory near the size of the float32 features: nothing of the size of the screen is copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.datasets.profiles import Profiles, Progress
from explorer.errors import InputError
from explorer.maps.efaar import Alignment, aggregate
from explorer.statistics.replicates import unit

#: Wells aligned at a time.
BLOCK = 2_048
#: Control wells kept with a map, from which nulls are drawn again.
KEPT_CONTROLS = 20_000
#: No measurement is larger; the square of what is would not fit a float32.
LARGEST = 1e15
_HALF_PRECISION = 3e4


@dataclass(frozen=True)
class Aggregated:
    """What is left of the wells, all arrays filled in place since they are a large part of the memory of a build.

    Attributes
    ----------
    values, unit_sums : float32 arrays, shape (perturbations, dimensions)
        Mean or median of the wells, and sum of the wells at length 1.
    kept : float16 array, shape (compound wells, dimensions)
        The wells of compounds at length 1, in the order of `kept_wells`.
    kept_wells : int array, shape (compound wells,)
        Their rows in the profiles.
    energy : float64 array, shape (perturbations,)
        Energy distance of the wells to controls, NaN where it was not measured.
    """

    values: np.ndarray
    unit_sums: np.ndarray
    kept: np.ndarray
    kept_wells: np.ndarray
    energy: np.ndarray


def aggregate_wells(
    profiles: Profiles,
    alignment: Alignment,
    batches: np.ndarray,
    groups: np.ndarray,
    *,
    how: str,
    by_guide: bool,
    distances: Callable[[np.ndarray, np.ndarray, int, int], np.ndarray],
    progress: Progress,
) -> Aggregated:
    """Align and aggregate block by block; keep the unit wells of compounds. `distances` is that of a `Gate`."""
    compound = profiles.metadata["kind"].to_numpy() == "compound"
    guides = codes(profiles.metadata["guide"])[0] if by_guide else None
    treated, n, dimensions = int((groups >= 0).sum()), int(groups.max(initial=-1)) + 1, alignment.output_dimensions
    values = np.empty((n, dimensions), dtype=np.float32)
    sums, energy = np.empty_like(values), np.empty(n)
    kept_wells = np.empty(int((compound & (groups >= 0)).sum()), dtype=np.int64)
    kept = np.empty((len(kept_wells), dimensions), dtype=np.float16)
    done = end = 0
    for wells, first, last in _blocks(groups):
        rows = _align_block(alignment, profiles.features[wells], batches[wells])
        local = groups[wells] - first
        of_guides = None if guides is None else guides[wells]
        values[first:last] = aggregate(rows, local, how=how, guides=of_guides)[0]
        energy[first:last] = distances(rows, local, first, last)
        units = unit(rows)
        starts = np.searchsorted(local, np.arange(last - first))
        sums[first:last] = np.add.reduceat(units, starts, axis=0, dtype=np.float64)
        of_compounds = compound[wells]
        start, end = end, end + int(of_compounds.sum())
        kept[start:end], kept_wells[start:end] = units[of_compounds], wells[of_compounds]
        done += len(wells)
        progress("aligning and aggregating", done, treated)
    return Aggregated(values, sums, kept, kept_wells, energy)


def aggregate_halves(
    profiles: Profiles,
    alignment: Alignment,
    batches: np.ndarray,
    groups: np.ndarray,
    *,
    splits: Sequence[np.ndarray],
    how: str,
    by_guide: bool,
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Both halves of the wells of each group, aggregated, for each split of `halves_of_wells`.

    Returns
    -------
    list of pairs of float32 arrays, shape (groups, dimensions)
        NaN where a half has no wells, or no direction.
    """
    guides = codes(profiles.metadata["guide"])[0] if by_guide else None
    shape = (int(groups.max(initial=-1)) + 1, alignment.output_dimensions)
    halves = [tuple(np.empty(shape, dtype=np.float32) for _ in (0, 1)) for _ in splits]
    for wells, first, last in _blocks(groups):
        rows = _align_block(alignment, profiles.features[wells], batches[wells])
        of_guides = None if guides is None else guides[wells]
        for split, pair in zip(splits, halves, strict=True):
            for half, values in enumerate(pair):
                local = np.where(split[wells] == half, groups[wells] - first, -1)
                found = aggregate(rows, local, how=how, guides=of_guides, n_groups=last - first)[0]
                values[first:last] = np.where(found.any(axis=1, keepdims=True), found, np.nan)
    return halves


def codes(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Integer code of each row and the names of the codes; rows without a value share one unnamed batch."""
    codes, names = pd.factorize(column.astype(object).where(column.notna(), "all wells"), sort=True)
    return codes, [str(n) for n in names]


def compound_wells(
    metadata: pd.DataFrame, summed: Aggregated, rows: np.ndarray
) -> tuple[pd.DataFrame | None, np.ndarray | None]:
    """The wells of compounds, for the points in curves: their table and unit rows; `rows` is the row of each well."""
    kept = rows[summed.kept_wells] >= 0
    wells = summed.kept_wells[kept]
    if not len(wells):
        return None, None
    table = metadata.iloc[wells][["plate", "experiment", "cell_count"]].reset_index(drop=True)
    table.insert(0, "row", rows[wells].astype(np.int32))
    return table, summed.kept if kept.all() else summed.kept[kept]


def control_wells(
    metadata: pd.DataFrame, controls: np.ndarray, *, aligned: np.ndarray, seed: int
) -> tuple[pd.DataFrame | None, np.ndarray | None]:
    """Control wells from which nulls are drawn again: at most `KEPT_CONTROLS`, evenly over the experiments.

    Parameters
    ----------
    metadata : DataFrame, length wells
    controls : bool array, shape (wells,)
    aligned : array, shape (controls, d)
        Those controls, aligned, in their order.

    Returns
    -------
    table : DataFrame or None
        `experiment`, `plate`, `label`, and whether genes (`gene`) and compounds (`compound`) were run beside the well.
    features : float16 or float32 array, shape (kept, d), or None
        Aligned, not of length 1.
    """
    if not controls.any():
        return None, None
    experiments = metadata["experiment"].astype(object).where(metadata["experiment"].notna(), "all wells")
    table = metadata.loc[controls, ["plate", "label"]].astype(str).reset_index(drop=True)
    table.insert(0, "experiment", experiments[controls].astype(str).to_numpy())
    for kind in ("gene", "compound"):
        table[kind] = table["experiment"].isin(experiments[metadata["kind"].to_numpy() == kind].unique())
    shuffled = table["experiment"].iloc[np.random.default_rng(seed).permutation(len(table))]
    turn = shuffled.groupby(shuffled).cumcount().sort_values(kind="stable")
    kept = np.sort(turn.index.to_numpy()[:KEPT_CONTROLS])
    return table.iloc[kept].reset_index(drop=True), kept_precision(aligned[kept])


def kept_precision(aligned: np.ndarray) -> np.ndarray:
    """Aligned controls as they are kept: float16, whose 0.05 % is far below their noise, or float32 where too large."""
    half = np.abs(aligned).max(initial=0.0) < _HALF_PRECISION
    return aligned.astype(np.float16 if half else np.float32, copy=False)


def _align_block(alignment: Alignment, rows: np.ndarray, batches: np.ndarray) -> np.ndarray:
    """Aligned rows of a block, which must be of a size that can be computed with."""
    with np.errstate(over="ignore"):
        return within_size(alignment.apply(rows, batches), alignment)


def within_size(aligned: np.ndarray, alignment: Alignment) -> np.ndarray:
    """Aligned rows as they are, if their values can be computed with.

    Raises
    ------
    InputError
        Naming the first dimension with a value beyond `LARGEST`.
    """
    beyond = ~(np.abs(aligned) <= LARGEST)
    if beyond.any():
        column = int(beyond.any(axis=0).argmax())
        raise InputError(
            f"{int(beyond.any(axis=1).sum()):,} wells have values beyond {LARGEST:g} after --align {alignment.method}, "
            f"the first in dimension {column + 1}; leave such features out with --features, or use another --align"
        )
    return aligned


def _blocks(groups: np.ndarray) -> Iterator[tuple[np.ndarray, int, int]]:
    """Wells in order of their group, in blocks of whole groups: indices of the wells, first and last + 1 group."""
    order = np.argsort(groups, kind="stable")[np.count_nonzero(groups < 0) :]
    ends = np.cumsum(np.bincount(groups[order]))
    first = start = 0
    while first < len(ends):
        last = max(first + 1, int(np.searchsorted(ends, start + BLOCK, side="right")))
        yield order[start : ends[last - 1]], first, last
        first, start = last, ends[last - 1]

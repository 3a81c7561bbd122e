"""From profiles to a map: align, aggregate, unit rows, activity, save.

Wells are visited in blocks of whole perturbations, so memory stays near the size of the float32 features.
"""

from __future__ import annotations

import datetime
import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.datasets.profiles import Profiles, Progress, silent
from explorer.errors import InputError
from explorer.maps.efaar import Alignment, aggregate, fit_alignment
from explorer.maps.entities import entity_table, perturbation_ids
from explorer.maps.perturbation_map import building, publish, save_map
from explorer.statistics.replicates import Null, activity, replicate_null, typical_spread, unit

#: Wells aligned at a time.
BLOCK = 4_096
KEPT_CONTROLS = 1_000
PREFERRED_CONTROL = "EMPTY_control"
#: No measurement is larger; the square of what is would not fit a float32.
LARGEST = 1e15


@dataclass(frozen=True)
class Recipe:
    """How a map is made; kept in `map.json` and shown with the map."""

    align: str = "none"
    aggregate: str = "mean"
    by_guide: bool = False
    seed: int = 0
    null_draws: int = 5_000


@dataclass(frozen=True)
class Provenance:
    """Where a map comes from and what may be done with it."""

    name: str
    dataset: str
    licence: str = ""
    citation: str = ""
    simulated: bool = False


@dataclass(frozen=True)
class Aggregated:
    """What is left of the wells, all arrays filled in place since they are a large part of the memory of a build.

    Attributes
    ----------
    values, unit_sums : float32 arrays, shape (perturbations, dimensions)
        Mean or median of the wells, and sum of the wells at length 1.
    kept : float16 array, shape (compound wells + KEPT_CONTROLS, dimensions)
        The wells of compounds at length 1, in the order of `kept_wells`, and room for a sample of controls.
    kept_wells : int array, shape (compound wells,)
        Their rows in the profiles.
    """

    values: np.ndarray
    unit_sums: np.ndarray
    kept: np.ndarray
    kept_wells: np.ndarray


def build_map(
    profiles: Profiles,
    root: Path,
    *,
    recipe: Recipe,
    provenance: Provenance,
    progress: Progress = silent,
) -> Path:
    """Build a map from profiles into `root`, make it the current build, and return the folder of the build.

    Raises
    ------
    InputError
        When the profiles cannot be aligned as asked (a batch without controls), or `root` cannot take a map.
    """
    with building(root):
        parts = map_parts(profiles, recipe=recipe, provenance=provenance, progress=progress)
        progress("saving", 0, None)
        build = save_map(root, **parts)
        publish(root, build)
    return build


def map_parts(
    profiles: Profiles, *, recipe: Recipe, provenance: Provenance, progress: Progress = silent
) -> dict[str, object]:
    """Everything `save_map` writes, computed from profiles: manifest, vectors, tables and kept wells."""
    metadata = profiles.metadata
    batches, batch_names = _codes(metadata["experiment"])
    controls = _alignment_controls(metadata)
    progress("fitting the alignment", 0, None)
    alignment = fit_alignment(profiles.features, batches, controls, method=recipe.align, batch_names=batch_names)
    groups, perturbations = _perturbations(metadata)
    summed = _aggregate(profiles, alignment, batches, groups, recipe=recipe, progress=progress)
    norms = np.sqrt(np.einsum("gd,gd->g", summed.values, summed.values, dtype=np.float64)).astype(np.float32)
    usable = np.isfinite(norms) & (norms > 0)
    if not usable.any():
        raise InputError("no perturbation has a vector after alignment; check --control and --align")

    progress("testing for activity", 0, None)

    def aligned(wells: np.ndarray) -> np.ndarray:
        return _aligned(profiles.features, wells, batches, alignment=alignment)

    null = _nulls(perturbations, groups, batches, np.flatnonzero(controls), aligned=aligned, recipe=recipe)
    tested = activity(
        perturbations["kind"].to_numpy(),
        perturbations["n_wells"].to_numpy(),
        summed.unit_sums,
        magnitude=norms,
        null=null,
    )
    tested["active"] = tested["active"].astype(object).where(tested["q"].notna(), None)
    perturbations = pd.concat([perturbations, tested], axis=1)
    perturbations["relative_count"] = _relative_counts(metadata, controls, groups, len(perturbations))

    entities = entity_table(profiles.entities, perturbations)
    ids = entities.set_index(["kind", "label"])["entity"]
    perturbations.insert(
        0, "entity", ids.loc[list(zip(perturbations["kind"], perturbations["label"], strict=True))].array
    )
    names = perturbation_ids(perturbations["entity"], perturbations["concentration"])
    perturbations.insert(0, "perturbation", names)
    perturbations, row_of_group = perturbations[usable].reset_index(drop=True), np.cumsum(usable) - 1

    wells, well_features = _wells(
        metadata, summed, np.where(usable, row_of_group, -2)[groups], controls, aligned=aligned, seed=recipe.seed
    )
    vectors = summed.values if usable.all() else summed.values[usable]
    vectors /= norms[usable, None]
    dropped = dict(profiles.report.dropped)
    if (~usable).any():
        dropped["perturbation whose vector is zero after alignment"] = int((~usable).sum())
    manifest = {
        "name": provenance.name,
        "dataset": provenance.dataset,
        "licence": provenance.licence,
        "citation": provenance.citation,
        "simulated": provenance.simulated,
        "created": datetime.date.today().isoformat(),
        "recipe": asdict(recipe),
        "dimensions": int(summed.values.shape[1]),
        "wells": len(metadata),
        "controls": {
            str(k): int(v) for k, v in metadata["label"][metadata["kind"] == "control"].value_counts().items() if v
        },
        "control_wells_used": int(controls.sum()),
        "experiments": len(batch_names),
        "plates": int(metadata["plate"].nunique()),
        "source": {
            "files": list(profiles.report.sources),
            "rows": int(profiles.report.rows),
            "dropped": dropped,
            "notes": [*profiles.report.notes, *alignment.notes],
        },
        "versions": {p: version(p) for p in ("numpy", "pandas", "scipy", "rdkit")}
        | {"python": platform.python_version()},
    }
    return {
        "manifest": manifest,
        "features": vectors,
        "perturbations": perturbations,
        "entities": entities[entities["entity"].isin(perturbations["entity"])].reset_index(drop=True),
        "well_features": well_features,
        "wells": wells,
    }


def _align_block(alignment: Alignment, rows: np.ndarray, batches: np.ndarray) -> np.ndarray:
    """Aligned rows of a block, which must be of a size that can be computed with."""
    with np.errstate(over="ignore"):
        aligned = alignment.apply(rows, batches)
    beyond = ~(np.abs(aligned) <= LARGEST)
    if beyond.any():
        column = int(beyond.any(axis=0).argmax())
        raise InputError(
            f"{int(beyond.any(axis=1).sum()):,} wells have values beyond {LARGEST:g} after --align {alignment.method}, "
            f"the first in dimension {column + 1}; leave such features out with --features, or use another --align"
        )
    return aligned


def _codes(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Integer code of each row and the names of the codes; rows without a value share one unnamed batch."""
    codes, names = pd.factorize(column.astype(object).where(column.notna(), "all wells"), sort=True)
    return codes, [str(n) for n in names]


def _alignment_controls(metadata: pd.DataFrame) -> np.ndarray:
    """Wells that define "no effect": EMPTY_control where a screen has it (as EFAAR does), else every control."""
    control = metadata["kind"].to_numpy() == "control"
    empty = control & (metadata["label"].to_numpy() == PREFERRED_CONTROL)
    return empty if empty.any() else control


def _perturbations(metadata: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """Group code of each well (-1 for controls) and one row a group: genes first, by label and concentration."""
    treated = metadata["kind"].to_numpy() != "control"
    keys = metadata.loc[treated, ["kind", "label", "concentration"]]
    keys = keys.assign(kind=keys["kind"].astype(str), label=keys["label"].astype(str))
    grouped = keys.groupby([keys["kind"].ne("gene").rename("order"), "label", "concentration"], dropna=False, sort=True)
    groups = np.full(len(metadata), -1)
    groups[treated] = grouped.ngroup()
    perturbations = grouped.agg(kind=("kind", "first"), n_wells=("kind", "size")).reset_index()
    return groups, perturbations[["label", "kind", "concentration", "n_wells"]]


def _blocks(groups: np.ndarray) -> Iterator[tuple[np.ndarray, int, int]]:
    """Wells in order of their group, in blocks of whole groups: indices of the wells, first and last + 1 group."""
    order = np.argsort(groups, kind="stable")[np.count_nonzero(groups < 0) :]
    ends = np.cumsum(np.bincount(groups[order]))
    first = start = 0
    while first < len(ends):
        last = max(first + 1, int(np.searchsorted(ends, start + BLOCK, side="right")))
        yield order[start : ends[last - 1]], first, last
        first, start = last, ends[last - 1]


def _aggregate(
    profiles: Profiles,
    alignment: Alignment,
    batches: np.ndarray,
    groups: np.ndarray,
    *,
    recipe: Recipe,
    progress: Progress,
) -> Aggregated:
    """Align and aggregate block by block; keep the unit wells of compounds."""
    compound = profiles.metadata["kind"].to_numpy() == "compound"
    guides = _codes(profiles.metadata["guide"])[0] if recipe.by_guide else None
    treated, n, dimensions = int((groups >= 0).sum()), int(groups.max(initial=-1)) + 1, alignment.output_dimensions
    values = np.empty((n, dimensions), dtype=np.float32)
    sums = np.empty_like(values)
    kept_wells = np.empty(int((compound & (groups >= 0)).sum()), dtype=np.int64)
    kept = np.empty((len(kept_wells) + KEPT_CONTROLS, dimensions), dtype=np.float16)
    done = end = 0
    for wells, first, last in _blocks(groups):
        rows = _align_block(alignment, profiles.features[wells], batches[wells])
        local = groups[wells] - first
        of_guides = None if guides is None else guides[wells]
        values[first:last] = aggregate(rows, local, how=recipe.aggregate, guides=of_guides)[0]
        units = unit(rows)
        starts = np.searchsorted(local, np.arange(last - first))
        sums[first:last] = np.add.reduceat(units, starts, axis=0, dtype=np.float64)
        of_compounds = compound[wells]
        start, end = end, end + int(of_compounds.sum())
        kept[start:end], kept_wells[start:end] = units[of_compounds], wells[of_compounds]
        done += len(wells)
        progress("aligning and aggregating", done, treated)
    return Aggregated(values, sums, kept, kept_wells)


def _aligned(features: np.ndarray, wells: np.ndarray, batches: np.ndarray, *, alignment: Alignment) -> np.ndarray:
    """Some wells, aligned, without a copy of them all before they are."""
    rows = np.empty((len(wells), alignment.output_dimensions), dtype=features.dtype)
    for start in range(0, len(wells), BLOCK):
        block = wells[start : start + BLOCK]
        rows[start : start + BLOCK] = _align_block(alignment, features[block], batches[block])
    return rows


def _nulls(
    perturbations: pd.DataFrame,
    groups: np.ndarray,
    batches: np.ndarray,
    controls: np.ndarray,
    *,
    aligned: Callable[[np.ndarray], np.ndarray],
    recipe: Recipe,
) -> dict[str, dict[int, Null]]:
    """A null for each kind, from the controls of the experiments that hold its wells; none without controls."""
    nulls: dict[str, dict[int, Null]] = {}
    for kind, members in perturbations.groupby("kind").groups.items():
        of_kind = np.where(np.isin(groups, members), groups, -1)
        beside = controls[np.isin(batches[controls], np.unique(batches[of_kind >= 0]))]
        if len(beside):
            nulls[str(kind)] = replicate_null(
                aligned(beside),
                batches[beside],
                perturbations.loc[members, "n_wells"].to_numpy(),
                spread=typical_spread(of_kind, batches),
                draws=recipe.null_draws,
                seed=recipe.seed,
            )
    return nulls


def _relative_counts(metadata: pd.DataFrame, controls: np.ndarray, groups: np.ndarray, n: int) -> np.ndarray:
    """Median over wells of the cell count relative to the median control of the plate; NaN where not counted."""
    counts = metadata["cell_count"].astype(float)
    plate = metadata[["experiment", "plate"]].astype(object).where(metadata[["experiment", "plate"]].notna(), "")
    key = pd.Series(pd.factorize(pd.MultiIndex.from_frame(plate))[0], index=metadata.index)
    reference = counts[controls].groupby(key[controls]).median()
    relative = counts / key.map(reference)
    per_group = relative[groups >= 0].groupby(groups[groups >= 0]).median()
    return per_group.reindex(range(n)).to_numpy()


def _wells(
    metadata: pd.DataFrame,
    summed: Aggregated,
    rows: np.ndarray,
    controls: np.ndarray,
    *,
    aligned: Callable[[np.ndarray], np.ndarray],
    seed: int,
) -> tuple[pd.DataFrame | None, np.ndarray | None]:
    """The kept wells: all of compounds, and a sample of controls from the experiments where compounds are."""
    kept = rows[summed.kept_wells] >= 0
    wells, features = summed.kept_wells[kept], summed.kept
    if not len(wells):
        return None, None
    if not kept.all():
        features = features[np.concatenate([np.flatnonzero(kept), np.arange(len(kept), len(features))])]
    experiments = metadata["experiment"].iloc[wells].unique()
    beside = np.flatnonzero(metadata["experiment"].isin(experiments).to_numpy() & controls)
    sample = np.sort(np.random.default_rng(seed).permutation(beside)[:KEPT_CONTROLS])
    table = metadata.iloc[np.concatenate([wells, sample])][["plate", "experiment", "cell_count"]].reset_index(drop=True)
    table.insert(0, "row", np.concatenate([rows[wells], np.full(len(sample), -1)]).astype(np.int32))
    features[len(wells) : len(table)] = unit(aligned(sample))
    return table, features[: len(table)]

"""From profiles to a map: align, aggregate, unit rows, activity, save.

Wells are visited in blocks of whole perturbations, so memory stays near the size of the float32 features.
"""

from __future__ import annotations

import datetime
import platform
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.datasets.profiles import Profiles, Progress, silent
from explorer.errors import InputError
from explorer.maps.choose_alignment import AUTO, choose_alignment
from explorer.maps.efaar import Alignment, fit_alignment
from explorer.maps.entities import entity_table, perturbation_ids
from explorer.maps.gate import gate_of
from explorer.maps.held_out_controls import held_out_controls
from explorer.maps.map_folder import building, publish, save_map
from explorer.maps.projection import projection
from explorer.maps.relating import COSINE, Known, relate, served_rows, with_arms
from explorer.maps.wells import (
    aggregate_halves,
    aggregate_wells,
    codes,
    compound_wells,
    control_wells,
    kept_precision,
    within_size,
)
from explorer.statistics.retrieval import halves_of_wells
from explorer.statistics.toxicity import toxic_by_count, viability

PREFERRED_CONTROL = "EMPTY_control"
NOTHING_KNOWN = Known()

_SPLITS = 2


@dataclass(frozen=True)
class Recipe:
    """How a map is made; kept in `map.json` and shown with the map."""

    align: str = "none"
    aggregate: str = "mean"
    by_guide: bool = False
    seed: int = 0
    null_draws: int = 5_000
    relate: str = COSINE

    def said(self) -> dict[str, object]:
        """As `map.json` has it: plain cosine goes without saying."""
        return {k: v for k, v in asdict(self).items() if k != "relate" or v != COSINE}


@dataclass(frozen=True)
class Provenance:
    """Where a map comes from and what may be done with it."""

    name: str
    dataset: str
    licence: str = ""
    citation: str = ""
    simulated: bool = False


def build_map(
    profiles: Profiles,
    root: Path,
    *,
    recipe: Recipe,
    provenance: Provenance,
    known: Known = NOTHING_KNOWN,
    progress: Progress = silent,
) -> Path:
    """Build a map from profiles into `root`, make it the current build, and return the folder of the build.

    Raises
    ------
    InputError
        When the profiles cannot be aligned as asked (a batch without controls), or `root` cannot take a map.
    """
    with building(root):
        parts = map_parts(profiles, recipe=recipe, provenance=provenance, known=known, progress=progress)
        progress("saving", 0, None)
        build = save_map(root, **parts)
        publish(root, build)
    return build


def map_parts(
    profiles: Profiles,
    *,
    recipe: Recipe,
    provenance: Provenance,
    known: Known = NOTHING_KNOWN,
    progress: Progress = silent,
) -> dict[str, object]:
    """Everything `save_map` writes, computed from profiles: manifest, vectors, tables, kept wells and pictures."""
    parts = _measured_parts(profiles, recipe=recipe, provenance=provenance, known=known, progress=progress)
    progress("drawing the map", 0, None)  # when only what is saved is still held
    kinds = parts["perturbations"]["kind"].to_numpy()
    return parts | {"projection": projection(parts["features"], kinds, seed=recipe.seed)}


def _measured_parts(
    profiles: Profiles, *, recipe: Recipe, provenance: Provenance, known: Known, progress: Progress
) -> dict[str, object]:
    """All parts but the pictures."""
    metadata = profiles.metadata
    batches, batch_names = codes(metadata["experiment"])
    controls = _alignment_controls(metadata)
    groups, perturbations = _perturbations(metadata)
    chosen = {}
    if recipe.align == AUTO:
        screen = profiles.features, batches, controls, groups
        places = {"batch_names": batch_names, "plates": _plates(metadata)}
        choice = choose_alignment(*screen, **places, seed=recipe.seed, progress=progress)
        recipe, chosen = replace(recipe, align=choice.method), {"alignment_choice": choice.said()}
    progress("fitting the alignment", 0, None)
    alignment = fit_alignment(profiles.features, batches, controls, method=recipe.align, batch_names=batch_names)
    progress("aligning controls that are held out", 0, None)
    held_out = held_out_controls(profiles.features, batches, controls, alignment=alignment, seed=recipe.seed)
    held_out = kept_precision(within_size(held_out, alignment))
    drawn = {"draws": recipe.null_draws, "seed": recipe.seed}
    gate = gate_of(perturbations, groups, batches, held_out=held_out, control_batches=batches[controls], **drawn)
    way = {"how": recipe.aggregate, "by_guide": recipe.by_guide}
    summed = aggregate_wells(profiles, alignment, batches, groups, **way, distances=gate.distances, progress=progress)
    norms = np.sqrt(np.einsum("gd,gd->g", summed.values, summed.values, dtype=np.float64)).astype(np.float32)
    usable = np.isfinite(norms) & (norms > 0)
    if not usable.any():
        raise InputError("no perturbation has a vector after alignment; check --control and --align")

    progress("testing for activity", 0, None)

    tested = gate.tested(summed.unit_sums, magnitude=norms, energy=summed.energy)
    pooled = gate.pooled_over_concentrations(summed.unit_sums)
    perturbations = pd.concat([perturbations, tested, _counts(metadata, controls, groups, len(tested))], axis=1)

    entities = with_arms(entity_table(profiles.entities, perturbations), known.arms)
    entities = entities.merge(pooled.assign(kind="compound"), on=["kind", "label"], how="left")
    ids = entities.set_index(["kind", "label"])["entity"]
    perturbations.insert(
        0, "entity", ids.loc[list(zip(perturbations["kind"], perturbations["label"], strict=True))].array
    )
    names = perturbation_ids(perturbations["entity"], perturbations["concentration"])
    perturbations.insert(0, "perturbation", names)
    perturbations, row_of_group = perturbations[usable].reset_index(drop=True), np.cumsum(usable) - 1

    wells, well_features = compound_wells(metadata, summed, np.where(usable, row_of_group, -2)[groups])
    kept_controls, control_features = control_wells(metadata, controls, aligned=held_out, seed=recipe.seed)
    vectors = summed.values if usable.all() else summed.values[usable]
    related, said, served = None, {}, None
    if recipe.relate != COSINE:

        def halves() -> list[tuple[np.ndarray, np.ndarray]]:
            splits = [halves_of_wells(groups, _plates(metadata), seed=recipe.seed + s) for s in range(_SPLITS)]
            found = aggregate_halves(profiles, alignment, batches, groups, splits=splits, **way)
            return [(a[usable], b[usable]) for a, b in found]

        related, served, said = relate(
            vectors,
            perturbations,
            entities,
            asked=recipe.relate,
            relationships=known.relationships,
            halves=halves,
            seed=recipe.seed,
            progress=progress,
        )
        recipe = replace(recipe, relate=related.name)
    vectors /= norms[usable, None]
    if related is not None and related.name == COSINE:
        related = served = None
    if related is not None and wells is not None:
        of_row = norms[usable][wells["row"].to_numpy()]
        well_features = served_rows(related, well_features, "compound", lengths=of_row)
    manifest = asdict(provenance) | {
        "recipe": recipe.said(),
        "dimensions": int(summed.values.shape[1]),
        "control_wells_used": int(controls.sum()),
        "spread": dict(gate.spreads),
        "source": _source(profiles, alignment, without_direction=int((~usable).sum())),
        **_screen(metadata, len(batch_names)),
        **_made(),
        **({"relation": said} if said else {}),
        **chosen,
    }
    return {
        "manifest": manifest,
        "features": vectors if served is None else served,
        "perturbations": perturbations,
        "entities": entities[entities["entity"].isin(perturbations["entity"])].reset_index(drop=True),
        "well_features": well_features,
        "wells": wells,
        "control_features": control_features,
        "controls": kept_controls,
        "relation": related,
        "cosine_features": None if served is None else vectors,
    }


def _source(profiles: Profiles, alignment: Alignment, *, without_direction: int) -> dict:
    """What was read, what was left out by reason, and what a reader of the map should know."""
    dropped = dict(profiles.report.dropped)
    if without_direction:
        dropped["perturbation whose vector is zero after alignment"] = without_direction
    return {
        "files": list(profiles.report.sources),
        "rows": int(profiles.report.rows),
        "dropped": dropped,
        "notes": [*profiles.report.notes, *alignment.notes],
    }


def _screen(metadata: pd.DataFrame, experiments: int) -> dict:
    """The size of the screen: wells, controls by name, experiments, plates."""
    controls = metadata["label"][metadata["kind"] == "control"].value_counts()
    return {
        "wells": len(metadata),
        "controls": {str(name): int(n) for name, n in controls.items() if n},
        "experiments": experiments,
        "plates": int(metadata["plate"].nunique()),
    }


def _made() -> dict:
    """When and with what; neither is part of the build id."""
    versions = {name: version(name) for name in ("numpy", "pandas", "scipy", "rdkit")}
    return {
        "created": datetime.date.today().isoformat(),
        "versions": versions | {"python": platform.python_version()},
    }


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


def _counts(metadata: pd.DataFrame, controls: np.ndarray, groups: np.ndarray, n: int) -> pd.DataFrame:
    """Cell count of each perturbation against the controls of its plates: `relative_count`, `count_z`, `toxic`."""
    counted = toxic_by_count(viability(metadata["cell_count"], _plates(metadata), controls), groups, n_groups=n)
    return counted.rename(columns={"viability": "relative_count", "z": "count_z"})


def _plates(metadata: pd.DataFrame) -> np.ndarray:
    """Code of the plate of each well; a plate of the same name in another experiment is another."""
    place = metadata[["experiment", "plate"]].astype(object).where(metadata[["experiment", "plate"]].notna(), "")
    return pd.factorize(pd.MultiIndex.from_frame(place))[0]

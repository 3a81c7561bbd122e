"""From profiles to a map: align, aggregate, unit rows, activity, save.

Wells are visited in blocks of whole perturbations, so memory stays near the size of the float32 features.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.datasets.profiles import Profiles, Progress, silent
from explorer.errors import InputError
from explorer.maps.build_key import key_of
from explorer.maps.choose_alignment import AUTO, AlignmentChoice, choose_alignment
from explorer.maps.efaar import Alignment, fit_alignment
from explorer.maps.entities import entity_table, perturbation_ids
from explorer.maps.freed_memory import give_back
from explorer.maps.gate import Gate, gate_of
from explorer.maps.held_out_controls import held_out_controls
from explorer.maps.map_folder import building, publish, save_map
from explorer.maps.projection import projection, projection_from_arrays
from explorer.maps.recipe import Provenance, Recipe, made
from explorer.maps.relating import COSINE, Known, relate, served_rows, with_arms
from explorer.maps.screen import Screen, cell_counts, screen_of, size
from explorer.maps.unfinished import Keep, Unfinished, compute_only, discard
from explorer.maps.wells import (
    Aggregated,
    aggregate_halves,
    aggregate_wells,
    compound_wells,
    control_wells,
    kept_precision,
    within_size,
)
from explorer.statistics.retrieval import halves_of_wells

NOTHING_KNOWN = Known()

_SPLITS = 2


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

    What an interrupted build of the same profiles and recipe has finished is taken up, to the same bytes.

    Raises
    ------
    InputError
        When the profiles cannot be aligned as asked (a batch without controls), or `root` cannot take a map.
    """
    with building(root):
        progress("looking for an interrupted build", 0, None)
        keep = Unfinished(root, key_of(profiles, recipe, known), progress=progress).kept
        parts = map_parts(profiles, recipe=recipe, provenance=provenance, known=known, keep=keep, progress=progress)
        give_back()
        progress("saving", 0, None)
        build = save_map(root, **parts)
        publish(root, build)
        discard(root)
    return build


def map_parts(
    profiles: Profiles,
    *,
    recipe: Recipe,
    provenance: Provenance,
    known: Known = NOTHING_KNOWN,
    keep: Keep = compute_only,
    progress: Progress = silent,
) -> dict[str, object]:
    """Everything `save_map` writes, computed from profiles: manifest, vectors, tables, kept wells and pictures.

    What takes long goes through `keep`.
    """
    steps = {"keep": keep, "progress": progress}
    parts = _measured_parts(profiles, recipe=recipe, provenance=provenance, known=known, **steps)
    give_back()
    progress("drawing the map", 0, None)  # when only what is saved is still held
    kinds = parts["perturbations"]["kind"].to_numpy()
    drawn = keep("pictures", lambda: projection(parts["features"], kinds, seed=recipe.seed).as_arrays())
    return parts | {"projection": projection_from_arrays(drawn, kinds)}


def _measured_parts(
    profiles: Profiles, *, recipe: Recipe, provenance: Provenance, known: Known, keep: Keep, progress: Progress
) -> dict[str, object]:
    """All parts but the pictures."""
    steps = {"keep": keep, "progress": progress}
    screen = screen_of(profiles)
    recipe, chosen = _with_alignment(screen, recipe, **steps)
    wells, controls, groups = (screen.profiles.features, screen.batches), screen.controls, screen.groups
    give_back()
    progress("fitting the alignment", 0, None)
    alignment = fit_alignment(*wells, controls, method=recipe.align, batch_names=screen.batch_names)
    progress("aligning controls that are held out", 0, None)
    held_out = keep("held-out_controls", lambda: {"rows": _held_out(screen, alignment, seed=recipe.seed)})["rows"]
    drawn = {"draws": recipe.null_draws, "seed": recipe.seed, "control_batches": screen.batches[controls]}
    gate = gate_of(screen.perturbations, groups, screen.batches, held_out=held_out, **drawn)
    give_back()
    one_pass = partial(aggregate_wells, profiles, alignment, screen.batches, groups, progress=progress)
    summed = Aggregated(**keep("wells", lambda: vars(one_pass(**recipe.way, distances=gate.distances))))
    norms = np.sqrt(np.einsum("gd,gd->g", summed.values, summed.values, dtype=np.float64)).astype(np.float32)
    usable = np.isfinite(norms) & (norms > 0)
    if not usable.any():
        raise InputError("no perturbation has a vector after alignment; check --control and --align")

    give_back()
    progress("testing for activity", 0, None)
    tested = keep("tests", lambda: _tests(gate, summed, norms=norms))
    perturbations, entities = _tables(screen, _frame(tested["each"]), _frame(tested["pooled"]), arms=known.arms)
    perturbations, row_of_group = perturbations[usable].reset_index(drop=True), np.cumsum(usable) - 1
    kept, kept_features = compound_wells(profiles.metadata, summed, np.where(usable, row_of_group, -2)[groups])
    kept_controls, control_features = control_wells(profiles.metadata, controls, aligned=held_out, seed=recipe.seed)
    vectors = summed.values if usable.all() else summed.values[usable]

    relation, served, said = None, None, {}
    if recipe.relate != COSINE:
        how = {"asked": recipe.relate, "relationships": known.relationships, "seed": recipe.seed, **steps}
        halves = partial(_halves, screen, alignment, recipe, usable=usable)
        relation, served, said = relate(vectors, perturbations, entities, halves=halves, **how)
        recipe = replace(recipe, relate=relation.name)
    vectors /= norms[usable, None]
    if relation is not None and relation.name == COSINE:
        relation = served = None
    if relation is not None and kept is not None:
        of_row = norms[usable][kept["row"].to_numpy()]
        kept_features = served_rows(relation, kept_features, "compound", lengths=of_row)
    manifest = asdict(provenance) | {
        "recipe": recipe.said(),
        "dimensions": int(summed.values.shape[1]),
        "control_wells_used": int(controls.sum()),
        "spread": dict(gate.spreads),
        "source": _source(profiles, alignment, without_direction=int((~usable).sum())),
        **size(screen),
        **made(),
        **({"relation": said} if said else {}),
        **chosen,
    }
    return {
        "manifest": manifest,
        "features": vectors if served is None else served,
        "perturbations": perturbations,
        "entities": entities[entities["entity"].isin(perturbations["entity"])].reset_index(drop=True),
        "well_features": kept_features,
        "wells": kept,
        "control_features": control_features,
        "controls": kept_controls,
        "relation": relation,
        "cosine_features": None if served is None else vectors,
    }


def _with_alignment(screen: Screen, recipe: Recipe, *, keep: Keep, progress: Progress) -> tuple[Recipe, dict]:
    """The recipe with an alignment by name, and for `map.json` how `auto` chose it."""
    if recipe.align != AUTO:
        return recipe, {}
    wells = screen.profiles.features, screen.batches, screen.controls, screen.groups
    places = {"batch_names": screen.batch_names, "plates": screen.plates}
    choose = partial(choose_alignment, *wells, **places, seed=recipe.seed, progress=progress)
    choice = AlignmentChoice(**keep("alignment_choice", lambda: vars(choose())))
    return replace(recipe, align=choice.method), {"alignment_choice": choice.said()}


def _held_out(screen: Screen, alignment: Alignment, *, seed: int) -> np.ndarray:
    """Aligned controls that the alignment has not seen, as they are kept with a map."""
    wells = screen.profiles.features, screen.batches, screen.controls
    return kept_precision(within_size(held_out_controls(*wells, alignment=alignment, seed=seed), alignment))


def _tests(gate: Gate, summed: Aggregated, *, norms: np.ndarray) -> dict[str, dict]:
    """Activity of each perturbation and of compounds over their concentrations, as JSON can hold them."""
    each = gate.tested(summed.unit_sums, magnitude=norms, energy=summed.energy)
    frames = {"each": each, "pooled": gate.pooled_over_concentrations(summed.unit_sums)}
    return {k: {"columns": f.to_dict("list"), "types": f.dtypes.astype(str).to_dict()} for k, f in frames.items()}


def _frame(plain: dict[str, dict]) -> pd.DataFrame:
    return pd.DataFrame(plain["columns"], dtype=object).astype(plain["types"])


def _tables(
    screen: Screen, tested: pd.DataFrame, pooled: pd.DataFrame, *, arms: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Perturbations with their names, activity and cell counts, and the entities they are of."""
    perturbations = pd.concat([screen.perturbations, tested, cell_counts(screen)], axis=1)
    entities = with_arms(entity_table(screen.profiles.entities, perturbations), arms)
    entities = entities.merge(pooled.assign(kind="compound"), on=["kind", "label"], how="left")
    ids = entities.set_index(["kind", "label"])["entity"]
    of_row = ids.loc[list(zip(perturbations["kind"], perturbations["label"], strict=True))].array
    perturbations.insert(0, "entity", of_row)
    perturbations.insert(0, "perturbation", perturbation_ids(perturbations["entity"], perturbations["concentration"]))
    return perturbations, entities


def _halves(screen: Screen, alignment: Alignment, recipe: Recipe, *, usable: np.ndarray) -> list[tuple]:
    """Vectors of two halves of each perturbation's wells, split twice, for a choice by replicate retrieval."""
    splits = [halves_of_wells(screen.groups, screen.plates, seed=recipe.seed + s) for s in range(_SPLITS)]
    found = aggregate_halves(screen.profiles, alignment, screen.batches, screen.groups, splits=splits, **recipe.way)
    return [(a[usable], b[usable]) for a, b in found]


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

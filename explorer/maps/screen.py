"""The wells of a screen as a build looks at them: the controls, and what experiment, plate and group each is of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.datasets.profiles import Profiles
from explorer.maps.wells import codes
from explorer.statistics.toxicity import toxic_by_count, viability

PREFERRED_CONTROL = "EMPTY_control"


@dataclass(frozen=True)
class Screen:
    """Profiles, a code for each of their wells, and the perturbations they are wells of.

    Attributes
    ----------
    batches, plates : int array, shape (n wells,)
        Experiment, an index into `batch_names`; plate, where one of the same name in another experiment is another.
    controls : bool array, shape (n wells,)
        Wells that the alignment takes as "no effect".
    groups : int array, shape (n wells,)
        Row in `perturbations`; -1 for controls.
    perturbations : DataFrame
        `label`, `kind`, `concentration` (uM) and `n_wells`; genes first, by label and concentration.
    """

    profiles: Profiles
    batches: np.ndarray
    batch_names: list[str]
    plates: np.ndarray
    controls: np.ndarray
    groups: np.ndarray
    perturbations: pd.DataFrame


def screen_of(profiles: Profiles) -> Screen:
    """The wells of profiles, coded."""
    batches, batch_names = codes(profiles.metadata["experiment"])
    groups, perturbations = _perturbations(profiles.metadata)
    controls = _alignment_controls(profiles.metadata)
    return Screen(profiles, batches, batch_names, _plates(profiles.metadata), controls, groups, perturbations)


def cell_counts(screen: Screen) -> pd.DataFrame:
    """Cell count of each perturbation against the controls of its plates: `relative_count`, `count_z`, `toxic`."""
    alive = viability(screen.profiles.metadata["cell_count"], screen.plates, screen.controls)
    counted = toxic_by_count(alive, screen.groups, n_groups=len(screen.perturbations))
    return counted.rename(columns={"viability": "relative_count", "z": "count_z"})


def size(screen: Screen) -> dict:
    """The size of the screen: wells, controls by name, experiments, plates."""
    metadata = screen.profiles.metadata
    controls = metadata["label"][metadata["kind"] == "control"].value_counts()
    return {
        "wells": len(metadata),
        "controls": {str(name): int(n) for name, n in controls.items() if n},
        "experiments": len(screen.batch_names),
        "plates": int(metadata["plate"].nunique()),
    }


def _alignment_controls(metadata: pd.DataFrame) -> np.ndarray:
    """Wells that define "no effect": EMPTY_control where a screen has it (as EFAAR does), else every control."""
    control = metadata["kind"].to_numpy() == "control"
    empty = control & (metadata["label"].to_numpy() == PREFERRED_CONTROL)
    return empty if empty.any() else control


def _perturbations(metadata: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    treated = metadata["kind"].to_numpy() != "control"
    keys = metadata.loc[treated, ["kind", "label", "concentration"]]
    keys = keys.assign(kind=keys["kind"].astype(str), label=keys["label"].astype(str))
    grouped = keys.groupby([keys["kind"].ne("gene").rename("order"), "label", "concentration"], dropna=False, sort=True)
    groups = np.full(len(metadata), -1)
    groups[treated] = grouped.ngroup()
    perturbations = grouped.agg(kind=("kind", "first"), n_wells=("kind", "size")).reset_index()
    return groups, perturbations[["label", "kind", "concentration", "n_wells"]]


def _plates(metadata: pd.DataFrame) -> np.ndarray:
    place = metadata[["experiment", "plate"]].astype(object).where(metadata[["experiment", "plate"]].notna(), "")
    return pd.factorize(pd.MultiIndex.from_frame(place))[0]

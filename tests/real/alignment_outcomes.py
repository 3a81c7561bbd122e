"""Real screens aligned every way, and what of their biology is then found: read after a choice, never used for one."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Template

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from explorer.cli import parser
from explorer.commands.build import load
from explorer.datasets.profiles import Profiles, silent
from explorer.maps.choose_alignment import AlignmentChoice, choose_alignment
from explorer.maps.efaar import aggregate, fit_alignment, unit_rows
from explorer.maps.screen import Screen as CodedScreen
from explorer.maps.screen import screen_of
from tests.real.commands import COMMANDS

_EMBEDDING = (
    "keyhole build table"
    + "".join(f" $DATA/cpjump1_csn/MLP_profiles_plate{plate}.csv" for plate in (1, 2, 3, 4))
    + " --label Metadata_pert_iname --kind-all compound --batch Metadata_Plate --plate Metadata_Plate"
    " --well Metadata_Well --features '^f[0-9]+$' --name Embedding --out $MAPS/csn"
)
_BATCHES = "--batch 'Experimental Condition [Experimental Batch]'"

SCREENS = {
    "bbbc021": COMMANDS["bbbc021"],
    "injury": COMMANDS["injury"],
    "injury, a plate a batch": COMMANDS["injury"].replace(_BATCHES, "--batch Plate"),
    "cpjump1-a549": COMMANDS["cpjump1-a549"],
    "cpjump1-u2os": COMMANDS["cpjump1-u2os"],
    "cpjump1-csn": _EMBEDDING,
    "lincs": COMMANDS["lincs"],
    "periscope": COMMANDS["periscope"],
}


@dataclass(frozen=True, eq=False)
class Screen:
    """A screen as a build sees it before it is aligned."""

    name: str
    data: Path
    profiles: Profiles

    @cached_property
    def coded(self) -> CodedScreen:
        """Its wells, coded."""
        return screen_of(self.profiles)

    @property
    def wells(self) -> dict:
        """What `choose_alignment` takes, without the features."""
        names = ("batches", "controls", "groups", "batch_names", "plates")
        return {name: getattr(self.coded, name) for name in names}

    @property
    def perturbations(self) -> pd.DataFrame:
        """One row a perturbation."""
        return self.coded.perturbations

    def choose(self, *, seed: int = 0) -> AlignmentChoice:
        """The choice of `--align auto`."""
        return choose_alignment(self.profiles.features, **self.wells, seed=seed)

    def outcome(self, method: str) -> float:
        """Between 0 and 1, see `OUTCOMES`; NaN where there is none."""
        features, w = self.profiles.features, self.wells
        alignment = fit_alignment(features, w["batches"], w["controls"], method=method, batch_names=w["batch_names"])
        means, _ = aggregate(alignment.apply(features, w["batches"]), w["groups"], n_groups=len(self.perturbations))
        rows = unit_rows(means)
        return next((found(self, rows) for key, found in OUTCOMES.items() if self.name.startswith(key)), np.nan)


def read_screen(name: str, data: Path) -> Screen:
    """A screen by its name in `SCREENS`."""
    words = [Template(w).safe_substitute(DATA=data, MAPS="maps") for w in shlex.split(SCREENS[name])]
    return Screen(name, data, load(parser().parse_args(words[1:]), progress=silent))


def _same_mechanism(screen: Screen, rows: np.ndarray) -> float:
    labels = screen.perturbations["label"].to_numpy()
    known = screen.profiles.entities.set_index("label")["mechanism"].loc[labels].replace("", None).to_numpy()
    return _same_as_neighbour(rows, labels, known)


def _same_injury(screen: Screen, rows: np.ndarray) -> float:
    files = sorted((screen.data / "injury_dahlin").glob("*.csv.gz"))
    table = pd.concat([pd.read_csv(f, usecols=["Compound Name", "injury_type"]) for f in files])
    labels = screen.perturbations["label"].to_numpy()
    of = table.drop_duplicates("Compound Name").set_index("Compound Name")["injury_type"]
    return _same_as_neighbour(rows, labels, of.reindex(labels).to_numpy())


def _same_as_neighbour(rows: np.ndarray, labels: np.ndarray, classes: np.ndarray) -> float:
    """Share of treatments whose nearest neighbour of another compound is of the same class."""
    known = pd.notna(classes)
    rows, labels, classes = rows[known], labels[known], classes[known]
    cosines = np.array(rows @ rows.T)
    cosines[labels[:, None] == labels] = -2
    return float((classes[cosines.argmax(axis=1)] == classes).mean())


def _target_among_genes(screen: Screen, rows: np.ndarray) -> float:
    """Mean percentile of the knockout of a compound's target among all knockouts."""
    table = screen.perturbations
    genes, compounds = ({n: i for i, n in table["label"][table["kind"] == k].items()} for k in ("gene", "compound"))
    known = pd.read_csv(screen.data / "cpjump1_meta" / "JUMP-Target-1_compound_metadata_targets.tsv", sep="\t")
    known = known.dropna(subset=["pert_iname", "target"]).drop_duplicates("pert_iname")
    known = known[known["pert_iname"].isin(compounds) & known["target"].isin(genes)]
    cosines = rows[known["pert_iname"].map(compounds)] @ rows[list(genes.values())].T
    column = known["target"].map({gene: i for i, gene in enumerate(genes)}).to_numpy()
    return float((cosines < cosines[np.arange(len(known)), column][:, None]).mean())


def _same_target(screen: Screen, rows: np.ndarray) -> float:
    """Chance that two compounds of one target are more alike than two of different targets."""
    files = sorted((screen.data / "cpjump1_csn").glob("*.csv"))
    table = pd.concat([pd.read_csv(f, usecols=["Metadata_pert_iname", "Metadata_gene"]) for f in files])
    of = table.drop_duplicates("Metadata_pert_iname").set_index("Metadata_pert_iname")["Metadata_gene"]
    target = of.reindex(screen.perturbations["label"]).to_numpy()
    first, second = np.triu_indices(len(rows), k=1)
    same = (target[first] == target[second]) & pd.notna(target[first])
    ranks = rankdata((rows @ rows.T)[first, second])
    return float((ranks[same].mean() - (same.sum() + 1) / 2) / (~same).sum())


#: Start of a screen's name, and what is measured on it.
OUTCOMES: dict[str, Callable[[Screen, np.ndarray], float]] = {
    "bbbc021": _same_mechanism,
    "lincs": _same_mechanism,
    "injury": _same_injury,
    "cpjump1-csn": _same_target,
    "cpjump1": _target_among_genes,
}

"""The activity gate of a build: each perturbation against pseudo-perturbations of control wells run beside its kind.

Where the single concentrations of a compound are single wells, there is nothing to compare them with; then all its
wells are tested together, as one compound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.statistics.energy_distance import Reference, energy_distances, energy_null, energy_p, reference
from explorer.statistics.replicates import Null, activity, replicate_null, typical_spread

#: What `pooled_over_concentrations` adds to the compounds of a map.
POOLED = ("pooled_wells", "pooled_consistency", "pooled_p", "pooled_q", "pooled_active")


@dataclass(frozen=True, eq=False)
class Gate:
    """What perturbations are tested against.

    Attributes
    ----------
    perturbations : DataFrame
        One row a group: `kind`, `label`, `n_wells`.
    groups, batches : int arrays, shape (wells,)
        Perturbation of each well (-1 for controls), and its experiment.
    held_out, control_batches : arrays, shapes (controls, d) and (controls,)
        Controls aligned as if the alignment had not seen them, and their experiments.
    spreads : dict
        Kind to the experiments over which one of its perturbations is typically replicated.
    references : dict
        Kind to the control wells that energy distances are measured to.
    draws, seed : int
    """

    perturbations: pd.DataFrame
    groups: np.ndarray
    batches: np.ndarray
    held_out: np.ndarray
    control_batches: np.ndarray
    spreads: Mapping[str, int]
    references: Mapping[str, Reference]
    draws: int
    seed: int

    def distances(self, rows: np.ndarray, local: np.ndarray, first: int, last: int) -> np.ndarray:
        """Energy distance (last - first,) of the groups from `first` on; `local` are the codes of the aligned rows."""
        found = np.full(last - first, np.nan)
        kinds = self.perturbations["kind"].to_numpy()[first:last]
        for kind, to in self.references.items():
            of_kind = kinds == kind
            if of_kind.any():
                alike = np.where(of_kind[local], local, -1)
                found[of_kind] = energy_distances(rows, alike, to, n_groups=last - first)[of_kind]
        return found

    def tested(self, unit_sums: np.ndarray, *, magnitude: np.ndarray, energy: np.ndarray) -> pd.DataFrame:
        """Columns of `activity`, then `energy_distance` and `p_energy`, one row a group; `active` None if not tested.

        Parameters
        ----------
        unit_sums : array, shape (groups, d)
        magnitude, energy : arrays, shape (groups,)
        """
        kinds, sizes = self.perturbations["kind"].to_numpy(), self.perturbations["n_wells"].to_numpy()
        nulls = {kind: self._null(kind, sizes[kinds == kind], self.spreads[kind]) for kind in self.spreads}
        tested = activity(kinds, sizes, unit_sums, magnitude=magnitude, null=nulls)
        p = np.full(len(sizes), np.nan)
        for kind, to in self.references.items():
            of_kind, beside = kinds == kind, self._beside(kind)
            drawn = {"spread": self.spreads[kind], "draws": self.draws, "seed": self.seed}
            measured = sizes[of_kind & np.isfinite(energy)]
            null = energy_null(self.held_out[beside], self.control_batches[beside], measured, to=to, **drawn)
            p[of_kind] = energy_p(energy[of_kind], sizes[of_kind], null)
        return _unknown_if_untested(tested, "active", "q").assign(energy_distance=energy, p_energy=p)

    def pooled_over_concentrations(self, unit_sums: np.ndarray) -> pd.DataFrame:
        """Compounds some of whose concentrations are single wells, tested with all their wells together.

        Wells of all concentrations count as replicates, so a compound passes that does the same thing at most of them;
        one that acts at its highest concentration only can fail. Benjamini-Hochberg over these compounds.

        Returns
        -------
        DataFrame, one row such a compound
            `label` and `POOLED`; empty without any.
        """
        compounds = self.perturbations[self.perturbations["kind"] == "compound"]
        sizes = compounds.groupby("label", sort=True)["n_wells"].agg(["min", "sum"])
        sizes = sizes[(sizes["min"] == 1) & (sizes["sum"] > 1)]
        if sizes.empty or "compound" not in self.references:
            return pd.DataFrame(columns=["label", *POOLED])
        rows = compounds[compounds["label"].isin(sizes.index)]
        codes = np.full(len(self.perturbations), -1)
        codes[rows.index] = sizes.index.get_indexer(rows["label"])
        of_well = np.where(self.groups >= 0, codes[self.groups], -1)
        sums = np.zeros((len(sizes), unit_sums.shape[1]))
        np.add.at(sums, codes[rows.index], unit_sums[rows.index])
        n = sizes["sum"].to_numpy()
        null = self._null("compound", n, typical_spread(of_well, self.batches))
        tested = activity(np.full(len(n), "compound"), n, sums, magnitude=np.full(len(n), np.nan), null=null)
        tested = _unknown_if_untested(tested, "active", "q")[["consistency", "p", "q", "active"]]
        frame = pd.concat([pd.Series(n, name="wells"), tested], axis=1).add_prefix("pooled_")
        return frame.assign(label=sizes.index.to_numpy())[["label", *POOLED]]

    def _beside(self, kind: str) -> np.ndarray:
        return _controls_beside(kind, self.perturbations, self.groups, self.batches, self.control_batches)

    def _null(self, kind: str, sizes: np.ndarray, spread: int) -> dict[int, Null]:
        beside = self._beside(kind)
        if not beside.any():
            return {}
        drawn = {"spread": spread, "draws": self.draws, "seed": self.seed}
        return replicate_null(self.held_out[beside], self.control_batches[beside], sizes, **drawn)


def gate_of(
    perturbations: pd.DataFrame,
    groups: np.ndarray,
    batches: np.ndarray,
    *,
    held_out: np.ndarray,
    control_batches: np.ndarray,
    draws: int,
    seed: int,
) -> Gate:
    """The gate of a screen; arguments as the attributes of `Gate`."""
    spreads, references = {}, {}
    for kind, members in perturbations.groupby("kind").groups.items():
        spreads[str(kind)] = typical_spread(np.where(np.isin(groups, members), groups, -1), batches)
        beside = _controls_beside(str(kind), perturbations, groups, batches, control_batches)
        if beside.any():
            references[str(kind)] = reference(held_out[beside], seed=seed)
    return Gate(perturbations, groups, batches, held_out, control_batches, spreads, references, draws=draws, seed=seed)


def _controls_beside(
    kind: str, perturbations: pd.DataFrame, groups: np.ndarray, batches: np.ndarray, control_batches: np.ndarray
) -> np.ndarray:
    """Which controls are of the experiments that hold wells of a kind."""
    of_kind = (perturbations["kind"].to_numpy() == kind)[groups] & (groups >= 0)
    return np.isin(control_batches, np.unique(batches[of_kind]))


def _unknown_if_untested(tested: pd.DataFrame, flag: str, by: str) -> pd.DataFrame:
    return tested.assign(**{flag: tested[flag].astype(object).where(tested[by].notna(), None)})

"""At which concentration a compound kills: by cell counts where there are any, else by a labelled proxy.

The proxy is likeness to knockouts that kill. Its assumption is that cells dying of a compound look like cells dying of
a lost essential gene; it says "toxicity-like" and never "toxic".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.statistics.control_draws import by_class

TOXIC_VIABILITY, TOXIC_Z = 0.5, -3.0
CONTROL_QUANTILE = 0.99

#: Complexes without which cells die: the proteasome without the immunoproteasome, the ribosome without S6 kinases.
KILL_COMPLEXES = (
    r"PLK1",
    r"PSM[AC][1-7]|PSMB[1-7]|PSMD\d+",
    r"RPLP[0-2]|RP[LS]\d+[AXY]?",
    r"EIF3[A-M]",
    r"POLR2[A-M]",
)
KILL_CONTROLS = re.compile("|".join(KILL_COMPLEXES))
YARDSTICK = "PLK1"

#: On a plate with fewer counted controls than this, the spread is that of the controls of all plates.
_FEW_CONTROLS = 8
_TO_RISE = 3


def viability(counts: np.ndarray, plates: np.ndarray, controls: np.ndarray) -> pd.DataFrame:
    """Cell count of each well relative to the controls of its plate.

    Parameters
    ----------
    counts : array, shape (wells,)
        NaN where not counted.
    plates : int array, shape (wells,)
    controls : bool array, shape (wells,)

    Returns
    -------
    DataFrame, one row a well
        `viability` : count / median control of the plate; NaN without one
        `z` : (count - median) / (1.4826 MAD); where a plate has fewer than 8 controls, the MAD of count / median over
            the controls of all plates
    """
    frame = pd.DataFrame({"count": np.asarray(counts, dtype=np.float64), "plate": np.asarray(plates)})
    reference = frame[np.asarray(controls, dtype=bool) & frame["count"].notna()]
    medians = reference.groupby("plate")["count"].median()
    relative = frame["count"] / frame["plate"].map(medians.where(medians > 0))
    deviations = (relative[reference.index] - 1).abs()
    by_plate = deviations.groupby(reference["plate"]).agg(["median", "size"])
    pooled = deviations[deviations > 0].median()  # of few controls one is the median itself, which says nothing
    own = by_plate["median"].where(by_plate["size"] >= _FEW_CONTROLS, pooled)
    spread = 1.4826 * frame["plate"].map(own)
    return pd.DataFrame({"viability": relative, "z": (relative - 1) / spread.where(spread > 0)})


def toxic_by_count(wells: pd.DataFrame, groups: np.ndarray, *, n_groups: int) -> pd.DataFrame:
    """Median `viability` and `z` over the wells of each perturbation, and `toxic`: below 0.5, or z below -3.

    Parameters
    ----------
    wells : DataFrame
        From `viability`.
    groups : int array, shape (wells,)
        Negative codes are left out.
    n_groups : int

    Returns
    -------
    DataFrame, length n_groups; `toxic` is None where nothing was counted.
    """
    groups = np.asarray(groups)
    of_groups = wells[groups >= 0].groupby(groups[groups >= 0])[["viability", "z"]].median()
    table = of_groups.reindex(range(n_groups))
    toxic = (table["viability"] < TOXIC_VIABILITY) | (table["z"] < TOXIC_Z)
    return table.assign(toxic=toxic.astype(object).where(table["viability"].notna(), None))


def toxic_concentration(concentrations: np.ndarray, toxic: np.ndarray) -> float:
    """The lowest concentration of one compound that is toxic, NaN where none is; None counts as not toxic."""
    toxic = np.array([flag is True or flag is np.True_ for flag in np.asarray(toxic, dtype=object)], dtype=bool)
    return float(np.asarray(concentrations, dtype=np.float64)[toxic].min()) if toxic.any() else np.nan


def highest_non_toxic(concentrations: np.ndarray, toxic_um: float) -> float:
    """The highest tested concentration below the toxic one, NaN where there is none."""
    tested = np.asarray(concentrations, dtype=np.float64)
    below = tested if np.isnan(toxic_um) else tested[tested < toxic_um]
    return float(below.max()) if len(below) else np.nan


@dataclass(frozen=True)
class Window:
    """From the concentration of an effect to the toxic one: how many fold, and whether it is at least that."""

    fold: float
    at_least: bool


def window(effect_um: float, toxic_um: float, *, highest_um: float) -> Window:
    """The window between effect and toxicity; without toxicity, at least up to the highest concentration tested."""
    if np.isnan(toxic_um):
        return Window(highest_um / effect_um, at_least=True)
    return Window(toxic_um / effect_um, at_least=False)


@dataclass(frozen=True, eq=False)
class KillSignature:
    """What dying cells look like on this map.

    Attributes
    ----------
    names : tuple of str
        The kill controls.
    vectors : float64 array, shape (k, d)
        Their mean aligned vectors, not unit.
    yardstick : float64 array, shape (d,)
        The vector that scores 1: PLK1, else the mean of the kill controls.
    zero : float64 array, shape (d,)
        The vector that scores 0: the mean of the controls.
    """

    names: tuple[str, ...]
    vectors: np.ndarray
    yardstick: np.ndarray
    zero: np.ndarray

    def without(self, left_out: Collection[str]) -> KillSignature | None:
        """The signature with some kill controls left out; None where none is left."""
        keep = [name not in left_out for name in self.names]
        if not any(keep):
            return None
        names = tuple(name for name, kept in zip(self.names, keep, strict=True) if kept)
        return KillSignature(names, self.vectors[keep], self.yardstick, self.zero)

    def score(self, vectors: np.ndarray) -> np.ndarray:
        """Toxicity-like score (n,) of aligned mean vectors (n, d): 0 as controls, 1 as PLK1."""
        direction = self.vectors.mean(axis=0)
        unit_length = (self.yardstick - self.zero) @ direction
        return (np.asarray(vectors, dtype=np.float64) - self.zero) @ direction / unit_length


def kill_signature(
    labels: Iterable[str], vectors: np.ndarray, *, zero: np.ndarray | None = None, named: Collection[str] | None = None
) -> KillSignature | None:
    """The kill controls among some knockouts.

    Parameters
    ----------
    labels : iterable of str, length n
        Gene symbols, or the labels of other perturbations that are known to kill.
    vectors : array, shape (n, d)
        Mean aligned vectors, not unit.
    zero : array, shape (d,), optional
        Mean of the aligned controls; default 0, where alignment puts it.
    named : collection of str, optional
        The kill controls, in place of `KILL_CONTROLS`.

    Returns
    -------
    KillSignature or None
        None where there is no kill control.
    """
    labels = [str(label) for label in labels]
    chosen = [i for i, name in enumerate(labels) if (name in named if named else KILL_CONTROLS.fullmatch(name))]
    if not chosen:
        return None
    killing = np.asarray(vectors)[chosen].astype(np.float64)
    yardstick = np.asarray(vectors[labels.index(YARDSTICK)]) if YARDSTICK in labels else killing.mean(axis=0)
    zero = np.zeros(killing.shape[1]) if zero is None else np.asarray(zero, dtype=np.float64)
    return KillSignature(tuple(labels[i] for i in chosen), killing, yardstick.astype(np.float64), zero)


def own_complexes(targets: Iterable[str], labels: Iterable[str]) -> dict[str, list[str]]:
    """Target to the kill controls among `labels` of its own complex, by `KILL_COMPLEXES`; for `left_out`."""
    labels = list(labels)
    return {
        target: [x for x in labels if re.fullmatch(complex_, x)]
        for target in targets
        for complex_ in KILL_COMPLEXES
        if re.fullmatch(complex_, target)
    }


def left_out(targets: Iterable[str], complexes: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Genes that must not count as kill controls for a compound: its own targets and the members of their complexes."""
    targets = set(targets)
    return frozenset(targets.union(*(complexes.get(target, ()) for target in targets)))


def toxicity_like(
    vectors: np.ndarray,
    sizes: np.ndarray,
    concentrations: np.ndarray,
    *,
    signature: KillSignature,
    null: Mapping[int, np.ndarray],
) -> pd.DataFrame:
    """The proxy for one compound at all its concentrations.

    Parameters
    ----------
    vectors : array, shape (m, d)
        Mean aligned vectors, not unit.
    sizes, concentrations : arrays, shape (m,)
        Wells, and uM.
    signature : KillSignature
        Without the compound's own targets and their complexes, see `left_out`.
    null : mapping
        Number of wells to vectors (draws, d) of `pseudo_vectors`; a size is served by the next lower.

    Returns
    -------
    DataFrame, one row a concentration
        `score` : 0 as controls, 1 as PLK1
        `score_limit`, `magnitude`, `magnitude_limit` : with the 99 % quantiles of pseudo-perturbations
        `rises` : whether the score rises with concentration (rank correlation); None with fewer than three
        `flagged` : both above their limits here and at every higher concentration, and not known to fall; None
            without a null
    """
    from scipy import stats  # 50 MB, which a build can do without

    vectors, sizes = np.asarray(vectors, dtype=np.float64), np.asarray(sizes)
    score, magnitude = signature.score(vectors), np.linalg.norm(vectors, axis=1)
    limits = np.full((2, len(vectors)), np.nan)
    for size, members in by_class(sizes, null):
        drawn = np.asarray(null[size])
        values = signature.score(drawn), np.linalg.norm(drawn, axis=1)
        limits[:, members] = np.quantile(values, CONTROL_QUANTILE, axis=1)[:, None]
    rises = None
    if len(np.unique(concentrations)) >= _TO_RISE:
        rises = bool(stats.spearmanr(concentrations, score).statistic > 0)
    above = (score > limits[0]) & (magnitude > limits[1])
    lowest = np.max(concentrations, where=~above, initial=-np.inf)
    flagged = above & (np.asarray(concentrations) > lowest) & (rises is not False)
    frame = {"score": score, "score_limit": limits[0], "magnitude": magnitude, "magnitude_limit": limits[1]}
    tested = ~np.isnan(limits[0])
    return pd.DataFrame(frame).assign(rises=rises, flagged=pd.Series(flagged, dtype=object).where(tested, None))

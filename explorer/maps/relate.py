"""Relate: from aligned vectors to served rows, whose dot products are the similarities of a map.

Plain cosine is the default and what the field publishes. The other steps take out what many perturbations share, so
that what few share stands out; none uses a label. Whatever is chosen, a query is one product of the served rows with
one served vector. Measured by `benchmarks/relate.py`, which also lists what was tried and left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from explorer.errors import InputError
from explorer.maps.aggregation import unit_rows
from explorer.maps.relate_setting import Setting
from explorer.statistics.proximity_bias import arm_shifts

#: Perturbations that a relation other than cosine is fitted on.
FEWEST_ROWS = 20

_FEWEST_OF_KIND = 50


@dataclass(frozen=True, eq=False)
class Relation:
    """A fitted way to relate: turns aligned vectors into served rows.

    The dot product of two served rows is their similarity, within [-1, 1] for every vector there is. Under plain
    cosine, or whitening alone, it is a cosine. Where rows are centred or weighted it is the product of the deviations
    from what is common to all, in units in which the longest row of the map has length 1: 0 is as alike as two
    perturbations are on average, a perturbation's similarity with itself is its squared length, and it is comparable
    within one map only. The mean of served rows is a valid query, whose similarity is the mean of theirs.

    Attributes
    ----------
    name : str
        Of the setting.
    setting : Setting
    shifts : dict
        Chromosome arm to vector (d,) that is subtracted from its genes.
    axes : array (d, d) or None
        Partial whitening, `x @ axes`.
    strengths : dict
        Kind to the squared length of its median vector; `""` for kinds with few or no rows.
    centres : dict
        Kind to mean row (d,); `""` as above.
    scale : float
        Length of the longest row before it was brought to 1.
    """

    name: str = "cosine"
    setting: Setting = field(default_factory=Setting)
    shifts: Mapping[str, np.ndarray] = field(default_factory=dict)
    axes: np.ndarray | None = None
    strengths: Mapping[str, float] = field(default_factory=dict)
    centres: Mapping[str, np.ndarray] = field(default_factory=dict)
    scale: float = 1.0

    def apply(
        self,
        values: np.ndarray,
        kinds: np.ndarray | str = "",
        arms: np.ndarray | str = "",
        *,
        lengths: np.ndarray | None = None,
    ) -> np.ndarray:
        """Served rows of aligned vectors: those the relation was fitted on, wells, averages, or newcomers.

        Parameters
        ----------
        values : float array, shape (n, d)
            Aligned, of any length; with `weighting` or `arm_shrinkage` the length matters.
        kinds : str array, shape (n,), or one str for all
            `gene` or `compound`. A control well is given the kind that it is compared with.
        arms : str array, shape (n,), or one str for all
            Chromosome arm of a gene; empty for anything else.
        lengths : float array, shape (n,), optional
            Lengths to give the vectors first. A well, whose own length is mostly noise and which a map keeps at length
            1, gets the length of the aggregated vector of its perturbation.

        Returns
        -------
        float32 array, shape (n, d)
            No row is longer than 1. A newcomer that would be longer than any row of the map is cut to length 1.

        Raises
        ------
        InputError
            For a zero or missing vector, which has no direction.
        """
        values = np.asarray(values)
        if self.setting == Setting():
            return unit_rows(values)
        if lengths is not None:
            values = unit_rows(values).astype(np.float64) * np.asarray(lengths)[:, None]
        kinds, arms = (np.broadcast_to(np.asarray(x, dtype=str), len(values)) for x in (kinds, arms))
        rows = self._rows(values, kinds, arms) / self.scale
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / np.maximum(lengths, 1.0)).astype(np.float32)

    def fits(self, dimensions: int) -> bool:
        """Whether all its numbers are finite and made for vectors of so many dimensions."""
        d = (dimensions,)
        rows = [*self.shifts.values(), *self.centres.values(), *([] if self.axes is None else self.axes)]
        numbers = [*rows, *self.strengths.values(), self.scale]
        complete = (not self.setting.centred or "" in self.centres) and (not self.strengths or "" in self.strengths)
        square = self.axes is None or self.axes.shape == d * 2
        return (
            complete and square and all(np.shape(r) == d for r in rows) and all(np.isfinite(x).all() for x in numbers)
        )

    def as_arrays(self) -> dict[str, np.ndarray]:
        """All numbers as arrays for `numpy.savez`; `relation_from_arrays` is the way back."""
        numbers = {f"setting/{k}": np.float64(np.nan if v is None else v) for k, v in asdict(self.setting).items()}
        for part in ("shifts", "strengths", "centres"):
            numbers |= {f"{part}/{key}": np.asarray(v, dtype=np.float64) for key, v in getattr(self, part).items()}
        return numbers | {"scale": np.float64(self.scale)} | ({} if self.axes is None else {"axes": self.axes})

    def _rows(self, values: np.ndarray, kinds: np.ndarray, arms: np.ndarray) -> np.ndarray:
        """Float64 rows before they are scaled."""
        values = values.astype(np.float64)
        for arm, shift in self.shifts.items():
            values[arms == arm] -= shift
        if self.axes is not None:
            values = values @ self.axes
        rows = unit_rows(values).astype(np.float64)
        if self.strengths:
            squared = np.einsum("nd,nd->n", values, values) / np.array([self._of(self.strengths, k) for k in kinds])
            rows *= (squared / (squared + self.setting.weighting))[:, None]
        if self.centres:
            for kind in np.unique(kinds):
                rows[kinds == kind] -= self._of(self.centres, kind)
        return rows

    @staticmethod
    def _of(numbers: Mapping, kind: str) -> np.ndarray | float:
        return numbers.get(kind, numbers[""])


def fit_relation(
    values: np.ndarray,
    kinds: np.ndarray,
    arms: np.ndarray,
    *,
    centred: bool = False,
    whitening: float = 0.0,
    arm_shrinkage: float | None = None,
    weighting: float = 0.0,
) -> Relation:
    """Fit a way to relate on the aggregated vectors of a map; no label is used.

    In this order: arms, whitening, unit length, weighting, centring. The covariance is the mean of those within each
    kind of at least 50 rows (else of all rows), with min(1, d / n) of its mean variance added along every axis, so that
    an axis that n rows hardly span is not blown up. The centre and the median strength are those of each such kind.

    Parameters
    ----------
    values : float array, shape (n, d)
        Aggregated, before unit length. Genes and compounds.
    kinds, arms : str arrays, shape (n,)
        Arms: empty where not known.
    centred, whitening, arm_shrinkage, weighting
        As in `Setting`.

    Raises
    ------
    InputError
        With fewer than 20 rows to fit on, an option out of range, or no gene with an arm where arms are asked for.
    """
    setting = Setting(centred, whitening, arm_shrinkage, weighting)
    relation = Relation(setting.name, setting)
    values, kinds, arms = (
        np.asarray(values, dtype=np.float64),
        np.asarray(kinds, dtype=str),
        np.asarray(arms, dtype=str),
    )
    if setting == Setting():
        return relation
    if len(values) < FEWEST_ROWS:
        raise InputError(f"--relate {setting.name} is fitted on {FEWEST_ROWS} perturbations or more; here use cosine")
    if arm_shrinkage is not None:
        shifts = arm_shifts(values, arms, shrinkage=arm_shrinkage)
        if not shifts:
            raise InputError("--relate with arms needs chromosome arms and no gene of this map has one; see --arms")
        values, relation = _shifted(values, arms, shifts), replace(relation, shifts=shifts)
    groups = _kinds_of_size(kinds)
    if whitening:
        relation = replace(relation, axes=_whitening_axes(values, groups, whitening))
        values = values @ relation.axes
    if weighting:
        squared = np.einsum("nd,nd->n", values, values)
        relation = replace(relation, strengths={k: float(np.median(squared[of])) for k, of in groups.items()})
    if centred:
        before = replace(relation, shifts={}, axes=None)
        rows = before._rows(values, kinds, arms)
        relation = replace(relation, centres={k: rows[of].mean(axis=0) for k, of in groups.items()})
    if centred or weighting:
        rows = replace(relation, shifts={}, axes=None)._rows(values, kinds, arms)
        longest = float(np.linalg.norm(rows, axis=1).max())
        if not longest > 1e-6:
            raise InputError("all perturbations of this map point the same way; --relate centred leaves nothing")
        relation = replace(relation, scale=longest)
    return relation


def relation_from_arrays(numbers: Mapping[str, np.ndarray]) -> Relation:
    """The relation that `Relation.as_arrays` wrote."""
    parts: dict[str, dict] = {"setting": {}, "shifts": {}, "strengths": {}, "centres": {}}
    for key in numbers:
        part, slash, name = key.partition("/")
        if slash:
            value = np.asarray(numbers[key])
            parts[part][name] = value if value.ndim else float(value)
    s = parts.pop("setting")
    arms = None if math.isnan(s["arm_shrinkage"]) else s["arm_shrinkage"]
    setting = Setting(bool(s["centred"]), s["whitening"], arms, s["weighting"])
    axes = np.asarray(numbers["axes"]) if "axes" in numbers else None
    return Relation(setting.name, setting, axes=axes, scale=float(numbers["scale"]), **parts)


def _shifted(values: np.ndarray, arms: np.ndarray, shifts: Mapping[str, np.ndarray]) -> np.ndarray:
    moved = values.copy()
    for arm, shift in shifts.items():
        moved[arms == arm] -= shift
    return moved


def _kinds_of_size(kinds: np.ndarray) -> dict[str, np.ndarray]:
    """Rows of each kind that has enough of them to be measured by itself, and under `""` all rows."""
    names, counts = np.unique(kinds, return_counts=True)
    large = {str(name): kinds == name for name, n in zip(names, counts, strict=True) if n >= _FEWEST_OF_KIND}
    return {"": np.ones(len(kinds), dtype=bool)} | large


def _whitening_axes(values: np.ndarray, groups: Mapping[str, np.ndarray], power: float) -> np.ndarray:
    n, d = values.shape
    measured = [of for kind, of in groups.items() if kind] or [groups[""]]
    covariance = np.mean([np.cov(values[of], rowvar=False).reshape(d, d) for of in measured], axis=0)
    variances, axes = np.linalg.eigh(covariance)
    variances = np.maximum(variances, 0.0) + min(1.0, d / n) * max(variances.mean(), np.finfo(float).tiny)
    return axes * (variances / variances.max()) ** (-power / 2)

"""`--align auto`: choose the alignment by evidence in the screen itself, and keep the comparison with the map.

First, replicates: a method stays if it finds replicates on other plates as well as the best does, within chance. Then,
controls: of those, the ones that keep held-out controls closest together beside the perturbations, and of these the
simplest. Replicates alone would favour no alignment, since an offset or a few wide axes that all wells share make
replicates alike too; the spread of controls alone would favour whitening, whatever it does to the perturbations. No
mechanism, target or other annotation is looked at. How this does on real screens: benchmarks/align.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.datasets.profiles import Progress, silent
from explorer.errors import InputError
from explorer.maps.alignment_evidence import FEWEST, SAME_PLATE, Sample, draw_sample

AUTO = "auto"

#: Simplest first, and shrunken before plain: it is never far from plain where a batch has many controls.
CANDIDATES = ("none", "robust", "centerscale-shrunk", "centerscale", "pca-cs-shrunk", "pca-cs", "tvn")
WITHOUT_CONTROLS = ("none", "robust")

#: Standard errors by which a method may be behind in retrieval; concentrations of one compound are not independent.
_STANDARD_ERRORS = 3.0
#: Control spreads within this factor of the smallest are taken as equal.
_ALIKE = 1.25


@dataclass(frozen=True, eq=False)
class AlignmentChoice:
    """A method and why.

    Attributes
    ----------
    method : str
        One of `explorer.maps.alignment.METHODS`.
    why : str
        One sentence, shown with the map.
    tried : list of dict
        One a method: `method`; `retrieval`, mean share of other perturbations that a replicate beats (0.5 by chance);
        `behind_best` and `error`, how far its retrieval is behind the best and the standard error of that;
        `control_spread`, median squared distance of held-out controls from their centre over that of perturbations.
        None where not measured, then perhaps `problem`. Empty where nothing was compared.
    """

    method: str
    why: str
    tried: list[dict]

    def said(self) -> dict[str, object]:
        """For `map.json`: what was asked, why the method was taken, and the comparison."""
        return {"asked": AUTO, "why": self.why, "tried": self.tried}


def choose_alignment(
    features: np.ndarray,
    batches: np.ndarray,
    controls: np.ndarray,
    groups: np.ndarray,
    *,
    batch_names: Sequence[str],
    plates: np.ndarray | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> AlignmentChoice:
    """Choose how to align a screen.

    Parameters
    ----------
    features : float array, shape (n, d)
        May be memory-mapped; a sample of it is copied.
    batches : int array, shape (n,)
    controls : bool array, shape (n,)
        The wells an alignment is fitted on.
    groups : int array, shape (n,)
        Perturbation of each well; negative for none.
    batch_names : sequence of str
    plates : int array, shape (n,), optional
        Plate of each well within its batch; a replicate on the same plate does not count. Default: a batch is a plate.
    seed : int

    Returns
    -------
    AlignmentChoice
        `none` where too few perturbations have replicates, or where some batches but not all have controls.

    Raises
    ------
    InputError
        If a well has no batch.
    """
    batches, controls = np.asarray(batches), np.asarray(controls, dtype=bool)
    if len(batches) and batches.min() < 0:
        raise InputError("some wells have no batch; fill the batch column or drop these wells, or use --align none")
    some = np.isin(batches, batches[controls])
    if controls.any() and not some.all():
        without = len(np.unique(batches[~some]))
        have = "batch has" if without == 1 else "batches have"
        return AlignmentChoice("none", f"none: {without} {have} no controls to align by, others have", [])
    within = np.zeros_like(batches) if plates is None else np.asarray(plates)
    place = np.unique(np.column_stack([batches, within]), axis=0, return_inverse=True)[1].ravel()
    progress("choosing the alignment", 0, None)
    sample = draw_sample(features, batches, controls, groups, plates=place, batch_names=batch_names, seed=seed)
    if sample.perturbations < FEWEST:
        return AlignmentChoice("none", f"none: fewer than {FEWEST} perturbations have replicates to choose by", [])
    methods = CANDIDATES if controls.any() else WITHOUT_CONTROLS
    tried, shares = [], []
    for done, method in enumerate(methods):
        progress("choosing the alignment", done, len(methods))
        found = _measured(sample, method, seed=seed)
        tried.append(found[0])
        shares.append(found[1])
    return _decided(tried, np.array(shares), sample)


def _measured(sample: Sample, method: str, *, seed: int) -> tuple[dict, np.ndarray]:
    """What there is to say of a method, and its retrieval of each perturbation."""
    line: dict = {"method": method, "retrieval": None, "behind_best": None, "error": None, "control_spread": None}
    try:
        rows = sample.fit(method).apply(sample.features, sample.batches)
        shares, spread = sample.retrieval(rows), sample.control_spread(method, seed=seed)
    except InputError as error:
        return line | {"problem": str(error)}, np.full(sample.perturbations, np.nan)
    return line | {"control_spread": round(spread, 4) if np.isfinite(spread) else None}, shares


def _decided(tried: list[dict], shares: np.ndarray, sample: Sample) -> AlignmentChoice:
    measured = np.isfinite(shares).any(axis=1)
    known = np.isfinite(shares[measured]).all(axis=0)
    if known.sum() < FEWEST:
        return AlignmentChoice("none", f"none: fewer than {FEWEST} perturbations have others beside them", tried)
    shares = shares[:, known]
    means = shares.mean(axis=1)
    best = int(np.nanargmax(means))
    short = shares[best] - shares
    error = short.std(axis=1, ddof=1) / np.sqrt(known.sum())
    lines = [
        line | {"retrieval": _rounded(mean), "behind_best": _rounded(behind), "error": _rounded(e)}
        for line, mean, behind, e in zip(tried, means, short.mean(axis=1), error, strict=True)
    ]
    level = [i for i in np.flatnonzero(measured) if short[i].mean() <= _STANDARD_ERRORS * error[i]]
    spreads = {i: lines[i]["control_spread"] for i in level if lines[i]["control_spread"] is not None}
    smallest = min(spreads.values(), default=np.inf)
    close = [i for i in level if not spreads or spreads.get(i, np.inf) <= _ALIKE * smallest]
    chosen = lines[close[0]]
    return AlignmentChoice(chosen["method"], _why(chosen, lines[best], len(level), int(known.sum()), sample), lines)


def _why(chosen: dict, best: dict, level: int, perturbations: int, sample: Sample) -> str:
    said = f"{chosen['method']}: a replicate {sample.found_in} beats {chosen['retrieval']:.0%} of the others"
    if best["method"] != chosen["method"]:
        said += f" ({best['retrieval']:.0%} by {best['method']}, not clearly more)"
    said += f", over {perturbations} perturbations" + (" that stand out" if sample.controls.any() else "")
    if chosen["control_spread"] is not None and level > 1:
        said += f"; of {level} methods as good it keeps held-out controls closest together, or is simpler and as close"
    if sample.found_in == SAME_PLATE:
        said += "; too few perturbations are on several plates, so batch effects were not judged"
    return said


def _rounded(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None

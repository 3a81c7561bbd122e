"""The wells an alignment measures by: whether every batch has some, and what to say where they are few."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer.errors import InputError

#: Scaling by fewer reference wells than this adds more noise than it removes, and is noted on the map.
FEW_CONTROLS = 10

_NAMES_SHOWN = 5


def count_reference(batches: np.ndarray, reference: np.ndarray, *, method: str, names: tuple[str, ...]) -> np.ndarray:
    """Reference wells of each batch, once every batch is known to have some."""
    if len(batches) == 0:
        raise InputError("there are no wells to align")
    if batches.min() < 0:
        raise InputError(
            f"{int((batches < 0).sum()):,} wells have no batch; fill the batch column, drop these wells, "
            "or use --align none"
        )
    if batches.max() >= len(names):
        raise ValueError(f"batch code {batches.max()} has no name among {len(names)}")
    if not reference.any():
        raise InputError(
            f"--align {method} needs control wells and this data set has none; name its controls, or use "
            "--align robust (all wells of a batch) or --align none"
        )
    counts = np.bincount(batches[reference], minlength=len(names))
    present = np.bincount(batches, minlength=len(names)) > 0
    without = [names[code] for code in np.flatnonzero(present & (counts == 0))]
    if without:
        raise InputError(
            f"{listed(without)} without control wells, which --align {method} needs in every batch; "
            "name the controls there, leave these wells out, or use --align none"
        )
    return counts


def reference_notes(
    counts: np.ndarray, batches: np.ndarray, names: tuple[str, ...], *, everything: bool, shrunken: bool = False
) -> tuple[str, ...]:
    """Sentences about batches with few or no wells to align on, shown with the map."""
    cost = "location and scale lean on those of all batches" if shrunken else "scaling by so few adds noise"
    what = "wells" if everything else "controls"
    notes = ["no controls in this data set: median and MAD are those of all wells of a batch"] if everything else []
    present = np.flatnonzero(np.bincount(batches, minlength=len(names)))
    few = present[counts[present] < FEW_CONTROLS]
    if few.size > _NAMES_SHOWN:
        fewest = few[counts[few].argmin()]
        notes.append(
            f"{few.size} of {present.size} batches have fewer than {FEW_CONTROLS} {what} "
            f"(fewest: {names[fewest]} with {counts[fewest]}): {cost}"
        )
    else:
        for code in few:
            noun = what if counts[code] != 1 else what[:-1]
            notes.append(f"batch {names[code]} has {counts[code]} {noun}: {cost}")
    return tuple(notes)


def listed(names: Sequence[str]) -> str:
    """`batches a, b and 3 more`."""
    shown = ", ".join(names[:_NAMES_SHOWN])
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return f"{'batch' if len(names) == 1 else 'batches'} {shown}{more}"

"""Concentrations as people write them: two spellings of one level, wrong signs, units that a column name doubts."""

from __future__ import annotations

import re

import numpy as np

from explorer.errors import InputError

#: Levels closer than this, relative to the lower, are one level written twice (0.62 and 0.63 uM are 1.6 % apart).
SAME_LEVEL = 0.03

_OTHER_UNIT = re.compile(r"mmol|millimol|nanomol|(?<![A-Za-z])[mn]M(?![A-Za-z])|mg|ug/|ng/", re.IGNORECASE)
_MICRO = re.compile(r"micro|umol|µ|(?<![A-Za-z])uM(?![A-Za-z])", re.IGNORECASE)


def merge_levels(values: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Give levels that differ by less than 3 % one value, that of the shortest spelling, then of the most frequent.

    Parameters
    ----------
    values : float array, shape (rows,)
        uM; NaN and zero stay as they are.

    Returns
    -------
    merged : float array, shape (rows,)
    notes : tuple of str
        One sentence for each level that was merged.
    """
    levels, counts = np.unique(values[values > 0], return_counts=True)
    merged, notes = values.copy(), []
    start = 0
    for end in range(1, len(levels) + 1):
        if end < len(levels) and levels[end] < levels[start] * (1 + SAME_LEVEL):
            continue
        if end - start > 1:
            chosen = min(
                zip(levels[start:end], counts[start:end], strict=True), key=lambda p: (len(repr(float(p[0]))), -p[1])
            )[0]
            merged[np.isin(values, levels[start:end])] = chosen
            spelled = ", ".join(f"{level:.12g}" for level in levels[start:end])
            notes.append(f"The concentrations {spelled} differ by less than 3 %: all are taken as {chosen:.12g} uM.")
        start = end
    return merged, tuple(notes)


def check_values(values: np.ndarray, *, column: str) -> None:
    """Refuse negative and infinite concentrations.

    Raises
    ------
    InputError
    """
    wrong = (values < 0) | np.isinf(values)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError(
            f'Column "{column}" holds the concentration {values[row]:g} in row {row + 1}, and {int(wrong.sum()) - 1:,} '
            "more that are negative or infinite. They are taken as uM, not as logarithms; leave unknown ones empty."
        )


def unit_note(column: str) -> tuple[str, ...]:
    """A sentence for a column name that speaks of another unit than uM."""
    if _OTHER_UNIT.search(column.replace("_", " ")) and not _MICRO.search(column.replace("_", " ")):
        return (f'The name of column "{column}" speaks of another unit, but its values are taken as uM. Check them.',)
    return ()

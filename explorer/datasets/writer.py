"""Filling the features: one float32 array in place, each row checked, each row left out counted by its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from explorer.datasets.profiles import Profiles, ReadReport, validate
from explorer.datasets.reading import check_memory
from explorer.errors import InputError

NO_METADATA = "no metadata for the embedding"
NO_EMBEDDING = "no embedding for the well"
SECOND_EMBEDDING = "second embedding for the well"
SECOND_WELL = "well id is listed twice"
NO_LABEL = "no label"
NOT_FINITE = "feature is NaN or infinite"
ALL_ZERO = "all features are zero"

#: Rows checked at a time.
_ROWS = 8192


class Exclusions:
    """Rows of the metadata that are left out, each counted under the first reason that applied to it."""

    def __init__(self, rows: int):
        self.mask = np.zeros(rows, dtype=bool)
        self.counts: Counter[str] = Counter()

    def drop(self, where: np.ndarray, reason: str) -> int:
        """Leave out the rows that are true in `where` and not yet out; returns how many that were."""
        fresh = np.asarray(where, dtype=bool) & ~self.mask
        number = int(fresh.sum())
        if number:
            self.counts[reason] += number
            self.mask |= fresh
        return number


class ProfilesWriter:
    """Fills one float32 array in place, block by block, so that memory stays near the size of the features.

    Parameters
    ----------
    metadata : DataFrame
        As `metadata_frame` makes it: every row that may get features.
    features : sequence of str
        Names of the features, used in messages only.
    rows : int
        The most rows that are kept, with room for one more block to be read; untouched rows cost no memory.
    excluded : Exclusions, optional
        Rows of the metadata that are out already; their features are passed over.
    transform : callable, optional
        Applied to the rows that are kept, after the checks.
    """

    def __init__(
        self,
        metadata: pd.DataFrame,
        *,
        features: Sequence[str],
        rows: int,
        excluded: Exclusions | None = None,
        transform: Callable[[np.ndarray], np.ndarray] | None = None,
    ):
        check_memory(rows, len(features))
        self._metadata = metadata
        self._names = tuple(features)
        self._excluded = excluded if excluded is not None else Exclusions(len(metadata))
        self._transform = transform
        self._features = np.empty((rows, len(self._names)), dtype=np.float32)
        self._positions = np.empty(rows, dtype=np.int64)
        self._seen = np.zeros(len(metadata), dtype=bool)
        self._unusable = np.zeros(len(self._names), dtype=np.int64)
        self._dropped: Counter[str] = Counter()
        self._kept = 0

    def room(self, rows: int) -> np.ndarray:
        """An array of shape (rows, features) to read the next block into, inside the one array where it fits there."""
        if self._kept + rows <= len(self._features):
            return self._features[self._kept : self._kept + rows]
        return np.empty((rows, len(self._names)), dtype=np.float32)

    def add(self, block: np.ndarray, positions: np.ndarray) -> None:
        """Keep the usable rows of a block; `positions` are their rows in the metadata, -1 where they have none.

        A block that `room` gave is closed up in place: a kept row only ever moves towards the start.
        """
        for start in range(0, len(block), _ROWS):
            self._add(block[start : start + _ROWS], positions[start : start + _ROWS])

    def _add(self, block: np.ndarray, positions: np.ndarray) -> None:
        known = positions >= 0
        self._dropped[NO_METADATA] += int((~known).sum())
        first = np.zeros(len(positions), dtype=bool)
        first[np.unique(positions, return_index=True)[1]] = True
        fresh = known & first & ~self._seen[positions]
        self._dropped[SECOND_EMBEDDING] += int((known & ~fresh).sum())
        self._seen[positions[known]] = True

        keep = fresh & ~self._excluded.mask[positions]
        finite = np.isfinite(block).all(axis=1)
        if (unusable := keep & ~finite).any():
            self._dropped[NOT_FINITE] += int(unusable.sum())
            self._unusable += (~np.isfinite(block[unusable])).sum(axis=0)
        keep &= finite
        zero = keep & ~block.any(axis=1)
        self._dropped[ALL_ZERO] += int(zero.sum())
        keep &= ~zero
        if keep.any():
            self._append(block[keep], positions[keep])

    def _append(self, rows: np.ndarray, positions: np.ndarray) -> None:
        if self._transform is not None:
            rows = self._transform(rows)
        end = self._kept + len(rows)
        if end > len(self._features):
            raise InputError("More rows were read than the source said it has; is the file still being written?")
        self._features[self._kept : end] = rows
        self._positions[self._kept : end] = positions
        self._kept = end

    def finish(
        self,
        entities: pd.DataFrame,
        *,
        sources: Sequence[dict],
        notes: Sequence[str] = (),
        dropped: Mapping[str, int] | None = None,
    ) -> Profiles:
        """The validated profiles; rows of the metadata that no block brought features for are counted here.

        `dropped` adds rows that were never in the metadata given to the writer.
        """
        dropped = self._excluded.counts + self._dropped + Counter(dropped or {})
        dropped[NO_EMBEDDING] += int((~self._seen & ~self._excluded.mask).sum())
        dropped = {reason: number for reason, number in dropped.items() if number}
        notes = list(notes)
        if self._unusable.any():
            worst = int(self._unusable.argmax())
            notes.append(
                f'{dropped[NOT_FINITE]:,} rows hold a NaN or infinite feature, most often "{self._names[worst]}" '
                f"(in {self._unusable[worst]:,} of them)."
            )
        if not self._kept:
            told = "; ".join(f"{reason}: {number:,}" for reason, number in dropped.items()) or "the source is empty"
            raise InputError(" ".join([f"No row is left to make a map of ({told}).", *notes]))
        metadata = self._metadata.take(self._positions[: self._kept]).reset_index(drop=True)
        for column in ("experiment", "plate", "label", "guide"):
            metadata[column] = metadata[column].cat.remove_unused_categories()
        present = pd.MultiIndex.from_frame(metadata[["kind", "label"]].drop_duplicates().astype(object))
        listed = pd.MultiIndex.from_frame(entities[["kind", "label"]].astype(object)).isin(present)
        report = ReadReport(
            sources=tuple(sources),
            rows=self._kept + sum(dropped.values()),
            dropped=dropped,
            notes=tuple(notes),
        )
        return validate(
            Profiles(self._features[: self._kept], metadata, entities[listed].reset_index(drop=True), report)
        )

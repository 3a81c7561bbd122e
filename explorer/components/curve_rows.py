"""The numbers of curves by concentration, as they are saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from explorer.components.tables import rows

_COLUMNS = ("compared_with", "concentration", "cosine", "n_wells", "active", "toxic")


def curve_rows(frame: pd.DataFrame, *, against: str | pd.Series, first: Sequence[str]) -> list[dict]:
    """A row a point: the columns `first`, what it is compared with, concentration, similarity and what is behind it."""
    return rows(frame.assign(compared_with=against), (*first, *_COLUMNS))


def compared_with(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.Series:
    """What each `series` of some curves is compared with; a side of the band by its percentile of all genes."""
    return frame["series"].map(names).fillna("all genes, " + frame["part"].map({"low": "5 %", "high": "95 %"}))

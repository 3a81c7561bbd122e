"""What every query stands on: the memo, rows of the map, and which of them can be relied on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import OpenMap, opened
from explorer.cache import memoised
from explorer.errors import UnknownEntity


def map_build(of_map: str) -> str:
    """The build of an open map: what its answers are cached under."""
    return opened(of_map).map.build


memo = memoised(map_build)


def row(of_map: str, perturbation: str) -> int:
    """Row of a perturbation's vector; raises `UnknownEntity` for any id that is not exactly on the map."""
    found = opened(of_map).map.row_of.get(perturbation)
    if found is None:
        raise UnknownEntity(f"'{perturbation[:80]}' is not a perturbation of this map")
    return found


def is_tested(open_map: OpenMap) -> bool:
    """Whether the map tests activity; a single row may still be untested, such as that of one well."""
    return bool(open_map.map.perturbations["active"].notna().any())


def reliable(frame: pd.DataFrame, *, tested: bool) -> pd.Series:
    """Active and not toxic by count; where the map does not test activity, every row that is not toxic."""
    active = frame["active"].eq(True) if tested else True
    return active & ~frame["toxic"].eq(True)


def reliable_rows(open_map: OpenMap) -> np.ndarray:
    """Reliability of every row of the map."""
    return reliable(open_map.map.perturbations, tested=is_tested(open_map)).to_numpy()


def plain_values(record: pd.Series) -> dict:
    """A row as plain Python values; missing becomes None."""
    plain = {}
    for key, value in record.items():
        value = value.item() if isinstance(value, np.generic) else value
        value = list(value) if isinstance(value, np.ndarray | tuple) else value
        plain[key] = None if value is None or (not isinstance(value, list) and pd.isna(value)) else value
    return plain

"""What every query stands on: the memo, rows of the map, and which of them can be relied on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import OpenMap, opened
from explorer.cache import memoised
from explorer.errors import UnknownEntity


def map_build(of_map: str) -> str:
    """The build of an open map: what stands on its vectors alone is kept under."""
    return opened(of_map).map.build


def version(of_map: str) -> str:
    """Build of an open map and version of what is known beside it: what its answers are cached under."""
    return f"{map_build(of_map)}-{opened(of_map).biology.version}"


memo = memoised(version)


def row(of_map: str, perturbation: str) -> int:
    """Row of a perturbation's vector; raises `UnknownEntity` for any id that is not exactly on the map."""
    found = opened(of_map).map.row_of.get(perturbation)
    if found is None:
        raise UnknownEntity(f"'{perturbation[:80]}' is not a perturbation of this map")
    return found


def is_tested(open_map: OpenMap) -> bool:
    """Whether the map tests activity; a single row may still be untested, such as that of one well."""
    m = open_map.map
    return bool(m.perturbations["active"].notna().any() or m.entities["pooled_active"].notna().any())


def passes_gate(frame: pd.DataFrame) -> pd.Series:
    """Which rows (`active`, `pooled_active`) are active; an untested single well as its compound over all wells is."""
    return frame["active"].eq(True) | (frame["active"].isna() & frame["pooled_active"].eq(True))


def reliable(frame: pd.DataFrame, *, tested: bool) -> pd.Series:
    """Active and not toxic by count; where the map does not test activity, every row that is not toxic."""
    return (passes_gate(frame) if tested else True) & ~frame["toxic"].eq(True)


def reliable_rows(open_map: OpenMap) -> np.ndarray:
    """Reliability of every row of the map."""
    p, e = open_map.map.perturbations[["entity", "active", "toxic"]], open_map.map.entities
    pooled = e.set_index("entity")["pooled_active"].reindex(p["entity"]).to_numpy()
    return reliable(p.assign(pooled_active=pooled), tested=is_tested(open_map)).to_numpy()


def plain_values(record: pd.Series) -> dict:
    """A row as plain Python values; missing becomes None."""
    plain = {}
    for key, value in record.items():
        value = value.item() if isinstance(value, np.generic) else value
        value = list(value) if isinstance(value, np.ndarray | tuple) else value
        plain[key] = None if value is None or (not isinstance(value, list) and pd.isna(value)) else value
    return plain

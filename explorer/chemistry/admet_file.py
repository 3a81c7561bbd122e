"""Predictions on disk: one Parquet file beside the builds of a map, keyed by SMILES as the map has it.

The model tells tautomers apart that share an InChIKey. A file says itself which versions made it, when, and under
which licence; whoever reads it needs neither torch nor ADMET-AI. It is replaced whole; its pages carry checksums, so
that one that is damaged is said to be, and costs a page nothing but its predictions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.chemistry.endpoints import ENDPOINTS, KEYS, PROBABILITY
from explorer.chemistry.kept_files import replacing

#: Where a map root keeps its predictions.
PREDICTIONS = Path("chemistry") / "admet.parquet"
FORMAT = 1
AGAIN = "make it again with `keyhole chem admet`"
COLUMNS = ("smiles", "refused", "nearest", *KEYS)
_ABOUT = b"keyhole.admet"
_SLACK = 1e-4


@dataclass(frozen=True)
class Predictions:
    """What a file of predictions holds.

    Attributes
    ----------
    frame : DataFrame
        By `smiles`: `refused` (why there is no prediction, else empty), `nearest` (Tanimoto similarity to the
        nearest approved drug, NaN where it was not found), and a column an endpoint.
    about : dict
        `versions` by package, `date`, `licence`, `citation`, `drugs`: how many approved drugs were compared with.
    problem : str
        Why the file cannot be used, else empty; then there are no rows.
    """

    frame: pd.DataFrame
    about: dict
    problem: str = ""


def read_predictions(file: Path) -> Predictions | None:
    """The predictions in a file, None where there is no file; whatever is wrong with it is its `problem`."""
    try:
        if not file.exists():
            return None
        table = pq.read_table(file, page_checksum_verification=True)
        about = json.loads((table.schema.metadata or {})[_ABOUT])
        problem = _wrong(about, table.column_names)
        frame = table.select(COLUMNS).to_pandas() if not problem else pd.DataFrame()
        problem = problem or _wrong_values(frame)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, pa.ArrowException) as e:
        about, frame, problem = {}, pd.DataFrame(), f"it cannot be read ({type(e).__name__})"
    if problem:
        return Predictions(pd.DataFrame(columns=COLUMNS).set_index("smiles"), {}, f"{problem}; {AGAIN}")
    return Predictions(frame.set_index("smiles"), about)


def write_predictions(file: Path, frame: pd.DataFrame, about: dict) -> None:
    """Write predictions in place of what is there, whole or not at all.

    Parameters
    ----------
    frame : DataFrame
        `COLUMNS`.
    about : dict
        Kept with `FORMAT`.
    """
    table = pa.Table.from_pandas(frame[list(COLUMNS)], preserve_index=False)
    text = json.dumps({"format": FORMAT, **about}, sort_keys=True).encode()
    with replacing(file) as temporary:
        whole = table.replace_schema_metadata({_ABOUT: text})
        pq.write_table(whole, temporary, compression="zstd", write_page_checksum=True)


def _wrong(about: object, columns: list[str]) -> str:
    if not isinstance(about, dict) or not isinstance(about.get("versions"), dict):
        return "it does not say what made it"
    if about.get("format") != FORMAT:
        return "it is of another format than this Keyhole reads"
    missing = [c for c in COLUMNS if c not in columns]
    return f"{len(missing)} of its columns are missing" if missing else ""


def _wrong_values(frame: pd.DataFrame) -> str:
    """What is wrong with the values: keys that repeat, texts that are none, numbers out of their range."""
    texts = frame[["smiles", "refused"]]
    if not all(isinstance(x, str) for column in texts for x in texts[column]) or frame["smiles"].duplicated().any():
        return "its structures are not listed once each"
    numbers = frame[["nearest", *KEYS]].to_numpy(dtype=np.float64)
    if np.isinf(numbers).any():
        return "it holds numbers that are not finite"
    shares = frame[["nearest", *(e.key for e in ENDPOINTS if e.kind == PROBABILITY)]].to_numpy(dtype=np.float64)
    if ((shares < -_SLACK) | (shares > 1 + _SLACK)).any():
        return "it holds probabilities that are not between 0 and 1"
    if np.isnan(frame.loc[frame["refused"] == "", list(KEYS)].to_numpy(dtype=np.float64)).any():
        return "it lacks numbers without saying why"
    return ""

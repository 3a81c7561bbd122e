"""Predict many structures in parts that survive an interruption, then join them into one file.

A part is a small file of predictions of its own: a run that was killed goes on with what whole parts hold, and the
file that pages read is only ever replaced by a complete one.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.chemistry.admet import Forward, predict
from explorer.chemistry.admet_file import COLUMNS, PREDICTIONS, read_predictions, write_predictions
from explorer.chemistry.approved_drugs import nearest
from explorer.chemistry.kept_files import one_writer
from explorer.errors import InputError

PART = 64
_PARTS = ".admet-parts"

Progress = Callable[[str, int, int | None], None]


def complete(
    root: Path,
    structures: pd.DataFrame,
    *,
    forward: Callable[[], Forward],
    drugs: Callable[[], np.ndarray],
    about: dict,
    progress: Progress,
) -> tuple[pd.DataFrame, int]:
    """Predictions of all structures of a map, written to its root; those that are there are not asked for again.

    Parameters
    ----------
    root : Path
        The map root, not one build in it.
    structures : DataFrame
        `smiles`, each once, and `inchikey`.
    forward, drugs : callable
        `load_forward` and `approved_fingerprints`, called only when a structure is left to predict.
    about : dict
        What made them; earlier predictions count only where its `versions` are the same.

    Returns
    -------
    (DataFrame, int)
        `COLUMNS` in the order of `structures`, and how many rows were there before.

    Raises
    ------
    InputError
        When the root cannot be written, or another run is writing there.
    """
    with _writing(root / PREDICTIONS.parent) as folder:
        parts = folder / _PARTS
        earlier = _kept([folder / PREDICTIONS.name, *sorted(parts.glob("*.parquet"))], about["versions"])
        kept = earlier[earlier["smiles"].isin(structures["smiles"])]
        left = structures[~structures["smiles"].isin(kept["smiles"])]
        done = [kept]
        if len(left):
            parts.mkdir(exist_ok=True)
            progress("load the models", 0, None)
            done += _parts(left, parts, forward=forward(), drugs=drugs(), about=about, progress=progress)
        frame = pd.concat([d for d in done if len(d)] or [kept]).set_index("smiles")
        frame = frame.loc[structures["smiles"]].reset_index()
        if len(left) or len(earlier) > len(kept) or parts.exists():
            write_predictions(folder / PREDICTIONS.name, frame, about)
        shutil.rmtree(parts, ignore_errors=True)
    return frame, len(kept)


def _parts(
    left: pd.DataFrame, folder: Path, *, forward: Forward, drugs: np.ndarray, about: dict, progress: Progress
) -> list[pd.DataFrame]:
    found = []
    for start in range(0, len(left), PART):
        progress("predict", start, len(left))
        part = left.iloc[start : start + PART]
        smiles = part["smiles"].tolist()
        rows = predict(smiles, forward)
        rows = rows.assign(smiles=smiles, nearest=nearest(smiles, drugs))[list(COLUMNS)]
        write_predictions(folder / f"{start}-{part['inchikey'].iat[0]}.parquet", rows, about)
        found.append(rows)
    progress("predict", len(left), len(left))
    return found


def _kept(files: list[Path], versions: dict) -> pd.DataFrame:
    """Rows of earlier files that the same versions made, each structure once; a damaged file holds none."""
    read = [found for file in files if (found := read_predictions(file)) is not None]
    rows = [found.frame.reset_index() for found in read if len(found.frame) and found.about["versions"] == versions]
    empty = pd.DataFrame(columns=COLUMNS)
    return pd.concat(rows).drop_duplicates("smiles")[list(COLUMNS)] if rows else empty


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[Path]:
    """Hold the right to write predictions of a map."""
    with one_writer(folder, busy=f"another run is predicting for {folder.parent}; wait for it"):
        for leftover in folder.glob(f".{PREDICTIONS.name}-*"):  # of a run that was killed while it wrote
            leftover.unlink(missing_ok=True)
        try:
            yield folder
        except OSError as e:
            raise InputError(f"{folder} cannot be written: {e.strerror or e}; is there space?") from e

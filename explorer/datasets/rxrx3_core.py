"""RxRx3-core (Recursion): 222,601 wells of 735 genes and 1,674 compounds, embedded by OpenPhenom or Phenom."""

from __future__ import annotations

import re
from pathlib import Path

from explorer.datasets.parquet_table import ParquetTable
from explorer.datasets.profiles import Profiles, Progress, silent
from explorer.datasets.reading import closest, open_table, require, shown, source
from explorer.datasets.recursion import WellIndex, find_metadata, read_wells
from explorer.datasets.writer import ProfilesWriter
from explorer.errors import InputError

_METADATA = ("metadata_rxrx3_core.csv", "metadata.csv")


def load_rxrx3_core(folder: Path, *, embedding: str | None = None, progress: Progress = silent) -> Profiles:
    """Load RxRx3-core from a folder with its metadata and an embedding file.

    Parameters
    ----------
    folder : Path
        Holds `metadata_rxrx3_core.csv` and at least one Parquet file of `well_id` and `feature_*` columns.
    embedding : str, optional
        Which Parquet file, by its name or the start of it (`"OpenPhenom"`); needed where there are several.
    progress : callable
        Called as `progress(stage, done, total)`.

    Returns
    -------
    Profiles
        Features of shape (wells, 384) for OpenPhenom, 1024 for Phenom-1, 1664 for Phenom-2; concentrations in uM.

    Raises
    ------
    InputError
        A file or column is missing, several embeddings could be meant, or a file is damaged.

    Notes
    -----
    Source: RxRx3-core, doi:10.48550/arXiv.2503.20158. Its licence forbids passing the data on.
    """
    folder = Path(folder)
    path = find_metadata(folder, _METADATA)
    file = _embedding_file(folder, embedding)
    table = open_table(file)
    require(table, ["well_id"], purpose="the well of each embedding")
    features = feature_columns(table)
    wells = read_wells(path, progress=progress)
    index = WellIndex(wells)
    writer = ProfilesWriter(wells.metadata, features=features, rows=table.rows, excluded=wells.excluded)
    done = 0
    for block, ids in table.keyed_blocks(features, key="well_id", room=writer.room):
        writer.add(block, index.positions(ids))
        done += len(block)
        progress("read embeddings", done, table.rows)
    sources = [source(path, folder=folder), source(file, folder=folder)]
    return writer.finish(wells.entities, sources=sources, notes=wells.notes)


def feature_columns(table: ParquetTable) -> tuple[str, ...]:
    """The `feature_*` columns in the order of the file.

    Raises
    ------
    InputError
        There is none.
    """
    features = tuple(name for name in table.candidates if re.fullmatch(r"feature_\d+", name))
    if not features:
        raise InputError(
            f"{shown(table.path)} has no feature_0, feature_1, ... columns. {closest('feature_0', table.columns)}"
        )
    return features


def _embedding_file(folder: Path, embedding: str | None) -> Path:
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise InputError(f"{folder} holds no embeddings: no .parquet file is there.")
    names = ", ".join(file.name for file in files)
    if embedding is None:
        if len(files) > 1:
            raise InputError(f"{folder} holds several embeddings; say which one with its name: {names}.")
        return files[0]
    exact = [file for file in files if file.name.lower() == embedding.lower()]
    chosen = exact or [file for file in files if file.name.lower().startswith(embedding.lower())]
    if len(chosen) != 1:
        problem = "is none" if not chosen else "could be several"
        raise InputError(f'Embedding "{embedding}" {problem} of the files in {folder}: {names}.')
    return chosen[0]

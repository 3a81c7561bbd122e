"""RxRx3 (Recursion): 2.2 million wells, one small Parquet file a plate, in a tar or unpacked."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from explorer.datasets.parquet_table import ParquetTable
from explorer.datasets.profiles import Profiles, Progress, silent
from explorer.datasets.reading import rephrased, require, shown, source
from explorer.datasets.recursion import WellIndex, find_metadata, read_wells
from explorer.datasets.rxrx3_core import feature_columns
from explorer.datasets.writer import ProfilesWriter
from explorer.errors import InputError

_METADATA = ("metadata_rxrx3.csv", "metadata.csv", "metadata_rxrx3_public.csv")
_PLATE_FILE = "embeddings.parquet"
#: A plate is under 1 MB; a member beyond this is not one.
_MEMBER_BYTES = 1 << 30


def load_rxrx3(folder: Path, *, progress: Progress = silent) -> Profiles:
    """Load RxRx3 from a folder with its metadata and `embeddings.tar`, or the unpacked tree of it.

    Parameters
    ----------
    folder : Path
        Holds the metadata under one of its three names, and `embeddings.tar` (read plate by plate, nothing is
        unpacked to disk), or `gene-001/Plate1/embeddings.parquet` ..., there or under `embeddings/`. The tar is
        taken where both are there.
    progress : callable
        Called as `progress(stage, done, total)`.

    Returns
    -------
    Profiles
        Features of shape (wells, 128); concentrations in uM. Genes the source has blinded keep their id as label.

    Raises
    ------
    InputError
        A file or column is missing, plates differ in their features, or a file is damaged.

    Notes
    -----
    Source: RxRx3, doi:10.1101/2023.02.07.527350. Its licence forbids passing the data on.
    """
    folder = Path(folder)
    path = find_metadata(folder, _METADATA)
    tar = folder / "embeddings.tar"
    files = [] if tar.is_file() else _plate_files(folder)
    wells = read_wells(path, progress=progress)
    index = WellIndex(wells)
    writer, features, done = None, (), 0
    for plate in _members(tar) if not files else map(ParquetTable, files):
        require(plate, ["well_id"], purpose="the well of each embedding")
        if writer is None:
            features = feature_columns(plate)
            writer = ProfilesWriter(
                wells.metadata, features=features, rows=len(wells.metadata), excluded=wells.excluded
            )
        elif set(feature_columns(plate)) != set(features):
            raise InputError(f"{shown(plate.path)} has other features than the plates before it.")
        for block, ids in plate.keyed_blocks(features, key="well_id", room=writer.room):
            writer.add(block, index.positions(ids))
            done += len(block)
        progress("read embeddings", done, len(wells.metadata))
    if writer is None:
        raise InputError(f"{tar.name} holds no plate: no member is named gene-001/Plate1/{_PLATE_FILE} or the like.")
    sources = [source(file, folder=folder) for file in (path, *(files or [tar]))]
    return writer.finish(wells.entities, sources=sources, notes=wells.notes)


def _plate_files(folder: Path) -> list[Path]:
    files = sorted(file for file in folder.rglob(_PLATE_FILE) if file.is_file())
    if not files:
        raise InputError(
            f"{folder} holds no embeddings: neither embeddings.tar nor gene-001/Plate1/{_PLATE_FILE} is there."
        )
    return files


def _members(tar: Path) -> Iterator[ParquetTable]:
    """Each plate in the tar, held in memory one at a time."""
    with rephrased(tar), tarfile.open(tar, "r|*") as archive:
        for member in archive:
            if not member.isfile() or Path(member.name).name != _PLATE_FILE:
                continue
            if member.size > _MEMBER_BYTES:
                raise InputError(f"{tar.name}: {member.name} has {member.size:,} bytes, too many for one plate.")
            content = archive.extractfile(member)
            yield ParquetTable(Path(member.name), file=io.BytesIO(content.read()))

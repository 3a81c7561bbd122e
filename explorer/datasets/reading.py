"""One way to read tables: text columns as categories, features as blocks of float32, whatever the file's format.

The content decides the format, the name must agree with it, and whatever a library raises on a damaged file leaves here
as one sentence that names the file.
"""

from __future__ import annotations

import difflib
import os
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.types import union_categoricals

from explorer.errors import InputError

# Arrow's own allocator keeps what a reader has freed, a tenth of the features of a map; malloc gives it back.
pa.set_memory_pool(pa.system_memory_pool())

#: What stands for "no value" in a text column.
MISSING = ("", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null")

#: Gives an array of (rows, features) to read the next rows into.
Room = Callable[[int], np.ndarray]


class Table(Protocol):
    """A table on disk, read column by column or block by block.

    Attributes
    ----------
    path : Path
    columns : tuple of str
        Columns that can be read as metadata.
    candidates : tuple of str
        Columns that can be features; an expression selects among these.
    numeric : tuple of str
        Candidates that hold numbers.
    whole : frozenset of str
        Those of them that hold whole numbers only, as far as the file says.
    block_rows : int
        Rows in the largest block where the file says so, else 0 (blocks are small).
    """

    path: Path
    columns: tuple[str, ...]
    candidates: tuple[str, ...]
    numeric: tuple[str, ...]
    whole: frozenset[str]
    block_rows: int

    def metadata(self, *, text: Sequence[str] = (), plain: Sequence[str] = (), numbers: Sequence[str] = ()):
        """DataFrame of all rows: `text` as Categorical, `plain` as arrow strings, `numbers` as float64."""

    def blocks(self, features: Sequence[str], *, room: Room | None = None) -> Iterator[np.ndarray]:
        """Float32 arrays of shape (some rows, features), in the order of the file; a missing value is NaN.

        Each is an array that `room` gave for its number of rows, so that a caller can have them where they will stay.
        """


def open_table(path: Path) -> Table:
    """Open a Parquet, CSV, TSV (either gzipped) or .h5ad table.

    Raises
    ------
    InputError
        The file is absent, empty, no table, or not what its name says.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path} is a folder; name the table files in it.")
    with rephrased(path), path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise InputError(f"{path.name} is empty.")
    content = _content(start)
    named = _named(path)
    if named != content:
        raise InputError(
            f"{path.name} is named like a {named} file but holds {content}. Give it the right ending, "
            "or export it again."
        )
    if content == "Parquet":
        from explorer.datasets.parquet_table import ParquetTable as Reader
    elif content == "HDF5":
        from explorer.datasets.h5ad_table import H5adTable as Reader
    else:
        from explorer.datasets.csv_table import CsvTable as Reader
    return Reader(path)


def require(table: Table, columns: Iterable[str], *, purpose: str = "") -> None:
    """Refuse a table that lacks one of the columns, naming the closest that it has."""
    for column in columns:
        if column not in table.columns:
            wanted = f" ({purpose})" if purpose else ""
            raise InputError(f'{shown(table.path)} has no column "{column}"{wanted}. {closest(column, table.columns)}')


def closest(wanted: str, there: Iterable[str]) -> str:
    """A sentence with the names nearest to what was asked for, or with the first few where none is near."""
    there = [str(name) for name in there]
    lower = {name.lower(): name for name in reversed(there)}
    near = [lower[name] for name in difflib.get_close_matches(str(wanted).lower(), list(lower), n=4, cutoff=0.5)]
    listed = ", ".join(f'"{name}"' for name in (near or there[:8]))
    if not listed:
        return "It has none."
    return f"Closest: {listed}." if near else f"There are: {listed}{', ...' if len(there) > 8 else ''}."


def stack(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of equal columns below each other; categories are united, not turned into objects."""
    if len(frames) == 1:
        return frames[0]
    columns = {}
    for name in frames[0].columns:
        parts = [frame[name] for frame in frames]
        if isinstance(parts[0].dtype, pd.CategoricalDtype):
            columns[name] = union_categoricals(parts)
        else:
            columns[name] = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns)


def source(path: Path, *, folder: Path | None = None) -> dict:
    """The line of a read report for a file: its name (below `folder`, where given) and size."""
    name = path.relative_to(folder).as_posix() if folder is not None else path.name
    return {"file": name, "bytes": path.stat().st_size}


def shown(path: Path) -> str:
    """How messages name a file: its name, with the folders above it where every plate's file is named alike."""
    return "/".join(path.parts[-3:]) if path.name == "embeddings.parquet" else path.name


def check_memory(rows: int, features: int) -> None:
    """Refuse features that cannot fit the memory of this machine, with the arithmetic."""
    needed, there = rows * features * 4, memory_limit()
    if needed > there:
        raise InputError(
            f"{rows:,} rows x {features:,} features x 4 bytes = {needed / 1e9:,.1f} GB, and this machine has "
            f"{there / 1e9:,.1f} GB of memory. Use a larger machine, or fewer rows or features."
        )


def memory_limit() -> int:
    """Bytes of memory in this machine."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def rephrased(path: Path) -> Iterator[None]:
    """Turn what libraries raise on a missing, damaged or foreign file into an InputError that names it."""
    try:
        yield
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist.") from error
    except PermissionError as error:
        raise InputError(f"{path} may not be read: permission denied.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{shown(path)} is not UTF-8 text. Save it as UTF-8.") from error
    except (pa.ArrowException, OSError, EOFError, tarfile.TarError, zlib.error) as error:
        reason = " ".join(str(error).split())[:300]
        if "UTF8" in reason or "UTF-8" in reason:
            raise InputError(f"{shown(path)} is not UTF-8 text ({reason}). Save it as UTF-8.") from error
        raise InputError(f"{shown(path)} cannot be read, it may be cut short or damaged: {reason}") from error


def _content(start: bytes) -> str:
    if start.startswith(b"PAR1"):
        return "Parquet"
    if start.startswith(b"\x89HDF"):
        return "HDF5"
    if start.startswith(b"PK\x03\x04"):
        return "a ZIP archive or spreadsheet"
    return "text"


def _named(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    if name.endswith((".csv", ".tsv", ".txt")):
        return "text"
    if name.endswith((".parquet", ".pq")):
        return "Parquet"
    if name.endswith(".h5ad"):
        return "HDF5"
    raise InputError(f"{shown(path)} is no table that can be read: .parquet, .csv, .tsv, .csv.gz, .tsv.gz or .h5ad.")

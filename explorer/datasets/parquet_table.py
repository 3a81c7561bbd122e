"""Parquet tables: footers say what is there, pages stream through small buffers, never a whole file in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.datasets.reading import MISSING, Room, check_memory, rephrased, require, shown
from explorer.errors import InputError

#: Columns and rows decoded at a time.
_COLUMNS, _ROWS = 16, 16384


class ParquetTable:
    """A Parquet file as a `Table`; `file` reads another open file under the name of `path` (a member of a tar)."""

    def __init__(self, path: Path, *, file: BinaryIO | None = None):
        self.path = path
        self._source = file if file is not None else str(path)
        with rephrased(path), self._open() as parquet:
            schema = parquet.schema_arrow
            self.rows = parquet.metadata.num_rows
            groups = range(parquet.metadata.num_row_groups)
            self.block_rows = max((parquet.metadata.row_group(group).num_rows for group in groups), default=0)
        self._types = dict(zip(schema.names, schema.types, strict=True))
        self.columns = tuple(schema.names)
        self.candidates = tuple(name for name in schema.names if not name.startswith("__index_level_"))
        self.numeric = tuple(name for name in self.candidates if _is_number(self._types[name]))
        self.whole = frozenset(name for name in self.numeric if pa.types.is_integer(self._types[name]))

    def metadata(
        self, *, text: Sequence[str] = (), plain: Sequence[str] = (), numbers: Sequence[str] = ()
    ) -> pd.DataFrame:
        """All rows of the named columns; see `Table`."""
        wanted = list(dict.fromkeys([*text, *plain, *numbers]))
        require(self, wanted)
        with rephrased(self.path), self._open(read_dictionary=[c for c in text if c not in plain]) as parquet:
            table = parquet.read(columns=wanted, use_threads=False)
            columns = {name: categories(table.column(name)) for name in text}
            columns |= {name: plain_text(table.column(name)) for name in plain}
            columns |= {name: self._numbers(name, table.column(name)) for name in numbers}
        return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows))

    def blocks(self, features: Sequence[str], *, room: Room | None = None) -> Iterator[np.ndarray]:
        """Float32 blocks in the order of the file, one a row group; see `Table`."""
        for block, _ in self.keyed_blocks(features, room=room):
            yield block

    def keyed_blocks(
        self, features: Sequence[str], *, key: str | None = None, room: Room | None = None
    ) -> Iterator[tuple[np.ndarray, pa.ChunkedArray | None]]:
        """Float32 blocks, each with the text of the column `key` for the same rows (None without a key).

        A row group is read a few columns at a time: a reader holds a dictionary and a page of every column it is at,
        some 2 MB each, which for 384 columns at once is more than the features themselves.
        """
        self._require_numbers(features)
        room = room or (lambda rows: np.empty((rows, len(features)), dtype=np.float32))
        with rephrased(self.path), self._open() as parquet:
            for group in range(parquet.num_row_groups):
                rows = parquet.metadata.row_group(group).num_rows
                check_memory(rows, len(features))
                block = room(rows)
                for start in range(0, len(features), _COLUMNS):
                    self._fill(parquet, group, block, start, list(features[start : start + _COLUMNS]))
                ids = None
                if key is not None:
                    ids = parquet.read_row_group(group, columns=[key], use_threads=False).column(key).cast(pa.string())
                    ids.validate(full=True)
                yield block, ids

    def _fill(self, parquet: pq.ParquetFile, group: int, block: np.ndarray, start: int, names: list[str]) -> None:
        done = 0
        with np.errstate(over="ignore"):
            for batch in parquet.iter_batches(_ROWS, row_groups=[group], columns=names, use_threads=False):
                for number, name in enumerate(names, start):
                    block[done : done + batch.num_rows, number] = _floats(batch.column(name), np.float32)
                done += batch.num_rows
        if done != len(block):
            raise InputError(f"{shown(self.path)} is damaged: a row group says {len(block):,} rows and holds {done:,}.")

    def _numbers(self, name: str, column: pa.ChunkedArray) -> np.ndarray:
        if _is_number(column.type):
            return _floats(column, np.float64)
        return text_numbers(categories(column), column=name, path=self.path)

    def _open(self, **options) -> pq.ParquetFile:
        if not isinstance(self._source, str):
            self._source.seek(0)
        return pq.ParquetFile(self._source, pre_buffer=False, buffer_size=1 << 16, **options)

    def _require_numbers(self, columns: Sequence[str]) -> None:
        for name in columns:
            if name not in self._types:
                raise InputError(f'{shown(self.path)} has no column "{name}".')
            if not _is_number(self._types[name]):
                with rephrased(self.path), self._open() as parquet:
                    first = next(parquet.iter_batches(batch_size=1, columns=[name]), None)
                value = first.column(0)[0].as_py() if first is not None and first.num_rows else None
                raise InputError(
                    f'{shown(self.path)}: column "{name}" should hold numbers and holds {self._types[name]}, '
                    f'"{str(value)[:60]}" in row 1.'
                )


def categories(column: pa.ChunkedArray | pa.Array) -> pd.Categorical:
    """Any column as text categories; whole floats lose their ".0", and the usual spellings of "missing" become NaN."""
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column
        column = column.combine_chunks()
    if isinstance(column, pa.ChunkedArray):  # no chunk at all
        column = pa.array([], type=column.type)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    names = [as_text(value) for value in column.dictionary.to_pylist()]
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    renamed, unique = pd.factorize(np.array([*names, ""], dtype=object)[:-1])
    codes = np.where(codes >= 0, np.append(renamed, -1)[codes], -1)
    return pd.Categorical.from_codes(codes, categories=pd.Index(unique, dtype=object))


def plain_text(column: pa.ChunkedArray | pa.Array) -> pd.api.extensions.ExtensionArray:
    """A column of identifiers as arrow strings; missing is NA."""
    chunks = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    if pa.types.is_dictionary(chunks.type):
        chunks = chunks.cast(chunks.type.value_type)
    chunks = chunks.cast(pa.large_string())
    chunks.validate(full=True)
    return pd.array(chunks, dtype="string[pyarrow]")


def text_numbers(values: pd.Categorical, *, column: str, path: Path) -> np.ndarray:
    """Numbers that a file holds as text, shape (rows,), NaN where missing; the first that is none is an InputError."""
    parsed = pd.to_numeric(pd.Series(values.categories, dtype=object), errors="coerce").to_numpy(np.float64)
    if np.isnan(parsed).any():
        row = int(np.flatnonzero(np.isin(values.codes, np.flatnonzero(np.isnan(parsed))))[0])
        raise InputError(
            f'{path.name}: column "{column}" should hold numbers, but row {row + 1} holds "{values[row][:60]}".'
        )
    return np.append(parsed, np.nan)[values.codes]


def as_text(value: object) -> str | None:
    """The text of one value, None where it stands for a missing one."""
    if value is None:
        return None
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    return None if text in MISSING else text


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind)


def _floats(column: pa.ChunkedArray | pa.Array, dtype: type) -> np.ndarray:
    if pa.types.is_null(column.type):
        return np.full(len(column), np.nan, dtype=dtype)
    if isinstance(column, pa.ChunkedArray):
        return column.to_numpy().astype(dtype, copy=False)
    return column.to_numpy(zero_copy_only=False).astype(dtype, copy=False)

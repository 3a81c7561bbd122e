"""Text tables: comma, tab or semicolon, plain or gzipped, read twice (metadata, then features) in bounded blocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from explorer.datasets.parquet_table import categories, plain_text
from explorer.datasets.reading import MISSING, Room, rephrased, require
from explorer.errors import InputError

#: Bytes of text parsed at a time, more where the header is long, since a row must fit in a block.
_BLOCK_BYTES, _BLOCK_HEADERS = 1 << 20, 32
#: A header beyond this is none.
_HEADER_BYTES = 8 << 20


class CsvTable:
    """A CSV or TSV file as a `Table`; which columns are numbers is read off the first block."""

    def __init__(self, path: Path):
        self.path = path
        self._gzip = _is_gzip(path)
        self._delimiter, header_only = self._sniff()
        if header_only:
            raise InputError(f"{path.name} has a header and no rows.")
        schema = self._open().schema
        self.columns = tuple(schema.names)
        self._repeated = {name for name, number in Counter(schema.names).items() if number > 1}
        # A column without a name, or "Unnamed: 0", is the row index that pandas writes.
        self.candidates = tuple(name for name in self.columns if name and not name.startswith("Unnamed: "))
        kinds = dict(zip(schema.names, schema.types, strict=True))
        self.whole = frozenset(name for name in self.candidates if pa.types.is_integer(kinds[name]))
        self.numeric = tuple(n for n in self.candidates if n in self.whole or pa.types.is_floating(kinds[n]))
        self.block_rows = 0

    def metadata(
        self, *, text: Sequence[str] = (), plain: Sequence[str] = (), numbers: Sequence[str] = ()
    ) -> pd.DataFrame:
        """All rows of the named columns; see `Table`. A column named as text and as numbers is numbers."""
        require(self, [*text, *plain, *numbers])
        types = {name: pa.dictionary(pa.int32(), pa.string()) for name in text}
        columns: dict = self._read(types | {name: pa.string() for name in plain})
        columns = {
            name: plain_text(column) if name in plain else categories(column) for name, column in columns.items()
        }
        if numbers:
            parsed = self._read({name: pa.float64() for name in numbers})
            columns |= {name: column.to_numpy() for name, column in parsed.items()}
        return pd.DataFrame(columns)

    def blocks(self, features: Sequence[str], *, room: Room | None = None) -> Iterator[np.ndarray]:
        """Float32 blocks in the order of the file; see `Table`."""
        room = room or (lambda rows: np.empty((rows, len(features)), dtype=np.float32))
        types = {name: pa.float64() for name in features}
        with np.errstate(over="ignore"):
            for batch in self._batches(types):
                block = room(batch.num_rows)
                for number, name in enumerate(features):
                    block[:, number] = batch.column(name).to_numpy(zero_copy_only=False)
                yield block

    def _read(self, types: dict[str, pa.DataType]) -> dict[str, pa.ChunkedArray]:
        if not types:
            return {}
        batches = list(self._batches(types))
        table = pa.Table.from_batches(batches, schema=pa.schema(list(types.items())))
        return {name: table.column(name) for name in types}

    def _batches(self, types: dict[str, pa.DataType]) -> Iterator[pa.RecordBatch]:
        for name in types:
            if name in self._repeated:
                raise InputError(f'{self.path.name} has more than one column "{name}"; rename them.')
        try:
            with self._open(types) as reader:
                yield from reader
        except pa.ArrowInvalid as error:
            raise self._explained(error) from error
        except OSError as error:
            with rephrased(self.path):
                raise error

    def _open(self, types: dict[str, pa.DataType] | None = None) -> pa.csv.CSVStreamingReader:
        try:
            with rephrased(self.path):
                return pa.csv.open_csv(
                    self._stream(),
                    read_options=pa.csv.ReadOptions(use_threads=False, block_size=self._block),
                    parse_options=pa.csv.ParseOptions(delimiter=self._delimiter, newlines_in_values=True),
                    convert_options=pa.csv.ConvertOptions(
                        column_types=types,
                        include_columns=list(types) if types else None,
                        null_values=list(MISSING),
                        strings_can_be_null=True,
                        quoted_strings_can_be_null=True,
                    ),
                )
        except InputError as error:
            if isinstance(error.__cause__, pa.ArrowInvalid):
                raise self._explained(error.__cause__) from error
            raise

    def _stream(self) -> pa.NativeFile:
        return pa.input_stream(str(self.path), compression="gzip" if self._gzip else None)

    def _sniff(self) -> tuple[str, bool]:
        """The delimiter, and whether there is nothing after the header."""
        with rephrased(self.path), self._stream() as stream:
            start = stream.read(_HEADER_BYTES)
            line = start.split(b"\n", 1)[0].decode("utf-8")
        if not start.strip():
            raise InputError(f"{self.path.name} is empty.")
        tab = self.path.name.lower().removesuffix(".gz").endswith(".tsv")
        self._block = max(_BLOCK_BYTES, _BLOCK_HEADERS * len(line))
        order = "\t,;" if tab else ",\t;"
        return max(order, key=line.count), not start[len(line.encode()) :].strip()

    def _explained(self, error: pa.ArrowInvalid) -> InputError:
        """The column and the value, where pyarrow says which could not be read as a number."""
        found = re.search(r"CSV column #(\d+): (?:Row #(\d+): )?.*?invalid value '(.*)'", str(error), re.DOTALL)
        if found:
            where = f"row {found[2]} (the header is row 1)" if found[2] else "a row"
            return InputError(
                f'{self.path.name}: column "{self.columns[int(found[1])]}" should hold numbers, but {where} '
                f'holds "{found[3][:60]}". Correct it, or leave the column out of the features.'
            )
        found = re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", str(error))
        if found:
            return InputError(
                f"{self.path.name}: row {found[1]} has {found[3]} values where the header has {found[2]} columns. "
                "The file may be cut short, or a value with a delimiter is not quoted."
            )
        with_file = " ".join(str(error).split())[:300]
        if "UTF8" in with_file:
            return InputError(f"{self.path.name} is not UTF-8 text ({with_file}). Save it as UTF-8.")
        return InputError(f"{self.path.name} cannot be read as a table: {with_file}")


def _is_gzip(path: Path) -> bool:
    with rephrased(path), path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"

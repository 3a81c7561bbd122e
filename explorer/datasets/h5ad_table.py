"""AnnData files: `X` (dense or compressed rows) as features, `obs` as metadata, through h5py alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.datasets.parquet_table import as_text, text_numbers
from explorer.datasets.reading import Room, rephrased, require
from explorer.errors import InputError

#: Bytes of X read at a time.
BLOCK_BYTES = 16 << 20


class H5adTable:
    """A .h5ad file as a `Table`: the columns are those of `obs` (and its index), the candidates the names of `var`.

    The layout is the one that the AnnData project documents for on-disk files.
    """

    def __init__(self, path: Path):
        self.path = path
        with self._file() as file:
            for part in ("obs", "var", "X"):
                if part not in file:
                    raise InputError(f"{path.name} has no {part}; a .h5ad file holds X, obs and var.")
            if not hasattr(file["obs"], "keys"):
                raise InputError(f"{path.name} was written by a very old AnnData; open and save it with a newer one.")
            self._index = str(_attribute(file["obs"], "_index", "index"))
            self.columns = tuple(dict.fromkeys([*(n for n in file["obs"] if n != "__categories"), self._index]))
            self.candidates = tuple(
                as_text(v) or "" for v in _values(file["var"], _attribute(file["var"], "_index", "index"))
            )
            self.numeric = self.candidates
            self.whole = frozenset()
            self.block_rows = 0
            self._sparse = hasattr(file["X"], "keys")
            if self._sparse and "csc" in str(file["X"].attrs.get("encoding-type", "csr")):
                raise InputError(f"{path.name} stores X by columns (csc); save it as csr or dense.")
            self.rows = len(_values(file["obs"], self._index))
            shape = tuple(file["X"].attrs["shape"]) if self._sparse else file["X"].shape
            if tuple(shape) != (self.rows, len(self.candidates)):
                raise InputError(
                    f"{path.name}: X is {tuple(int(n) for n in shape)}, but obs has {self.rows:,} rows and var "
                    f"{len(self.candidates):,}."
                )

    def metadata(
        self, *, text: Sequence[str] = (), plain: Sequence[str] = (), numbers: Sequence[str] = ()
    ) -> pd.DataFrame:
        """All rows of the named columns of `obs`; see `Table`."""
        require(self, [*text, *plain, *numbers])
        columns: dict = {}
        with self._file() as file:
            for name in text:
                columns[name] = pd.Categorical([as_text(value) for value in _values(file["obs"], name)])
            for name in plain:
                columns[name] = pd.array([as_text(v) for v in _values(file["obs"], name)], dtype="string[pyarrow]")
            for name in numbers:
                column = pd.Categorical([as_text(value) for value in _values(file["obs"], name)])
                columns[name] = text_numbers(column, column=name, path=self.path)
        return pd.DataFrame(columns, index=pd.RangeIndex(self.rows))

    def blocks(self, features: Sequence[str], *, room: Room | None = None) -> Iterator[np.ndarray]:
        """Float32 blocks in the order of the file; see `Table`."""
        room = room or (lambda rows: np.empty((rows, len(features)), dtype=np.float32))
        where = {name: number for number, name in enumerate(self.candidates)}
        chosen = np.array([where[name] for name in features])
        everything = len(chosen) == len(self.candidates) and bool((np.diff(chosen) == 1).all())
        step = max(256, BLOCK_BYTES // (4 * max(1, len(self.candidates))))
        with self._file() as file, np.errstate(over="ignore"):
            for start in range(0, self.rows, step):
                end = min(start + step, self.rows)
                block = self._sparse_rows(file["X"], start, end) if self._sparse else file["X"][start:end]
                if not np.issubdtype(block.dtype, np.number):
                    raise InputError(f"{self.path.name}: X holds {block.dtype}, not numbers.")
                filled = room(end - start)
                filled[:] = block if everything else block[:, chosen]
                yield filled

    def _sparse_rows(self, x, start: int, end: int) -> np.ndarray:
        edges = np.asarray(x["indptr"][start : end + 1], dtype=np.int64)
        block = np.zeros((end - start, len(self.candidates)), dtype=np.float32)
        rows = np.repeat(np.arange(end - start), np.diff(edges))
        block[rows, x["indices"][edges[0] : edges[-1]]] = x["data"][edges[0] : edges[-1]]
        return block

    @contextmanager
    def _file(self) -> Iterator:
        try:
            import h5py
        except ImportError as error:
            raise InputError(
                f'{self.path.name} needs h5py, which is not installed: pip install "keyhole-explorer[h5ad]".'
            ) from error
        try:
            with rephrased(self.path), h5py.File(self.path, "r") as file:
                yield file
        except (LookupError, ValueError, TypeError, AttributeError, RuntimeError, MemoryError) as error:
            reason = " ".join(str(error).split())[:200]
            raise InputError(f"{self.path.name} is not laid out as AnnData writes it: {reason}") from error


def _attribute(group, name: str, otherwise: str) -> str:
    value = group.attrs.get(name, otherwise)
    return value.decode() if isinstance(value, bytes) else value


def _values(frame, name: str) -> np.ndarray:
    """One column of obs or var as an object or number array, None where missing."""
    column = frame[name]
    if hasattr(column, "keys"):
        if "codes" in column:
            codes, names = column["codes"][:], _strings(column["categories"])
            return np.append(np.asarray(names, dtype=object), None)[codes]
        values = np.asarray(_strings(column["values"]), dtype=object)
        return np.where(column["mask"][:], None, values)
    if "categories" in column.attrs:  # before AnnData 0.8
        codes, names = column[:], _strings(frame[column.attrs["categories"]])
        return np.append(np.asarray(names, dtype=object), None)[codes]
    return _strings(column)


def _strings(dataset) -> np.ndarray:
    import h5py

    return dataset.asstr()[:] if h5py.check_string_dtype(dataset.dtype) else dataset[:]

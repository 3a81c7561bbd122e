"""Learned embeddings of compounds as tables, anyone's: one row a molecule, a key, and numbers.

```text
MAP_ROOT/chemistry/embeddings/minimol.parquet   what `keyhole chem embed` writes; key: inchikey
MAP_ROOT/chemistry/embeddings/MolE.csv          a table that was put there; key: inchikey, name or compound
```

Every numeric column but the key is part of the vector, in the order of the file. What a table says of itself (model,
version, licence, date) is in the metadata of the Parquet file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.chemistry.kept_files import replacing
from explorer.errors import InputError

#: Folder of the tables in the root of a map.
BESIDE_MAP = Path("chemistry") / "embeddings"
KEYS = ("inchikey", "name", "compound")
ENDINGS = (".parquet", ".csv")
_FEWEST, _MOST = 2, 8_192
_MOST_BYTES = 400_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_METADATA = b"keyhole"


@dataclass(frozen=True, eq=False)
class Embedding:
    """A table of embeddings.

    Attributes
    ----------
    name : str
        As the file is called, without its ending.
    by : str
        What its keys are: `inchikey`, or `name` of a compound.
    keys : tuple of str
    vectors : float32 array, shape (keys, dimensions)
    about : mapping of str to str
        What the table says of itself; empty for a plain one.
    stamp : str
        Hash of the file: what is computed from it is kept under.
    """

    name: str
    by: str
    keys: tuple[str, ...]
    vectors: np.ndarray
    about: Mapping[str, str] = field(default_factory=dict)
    stamp: str = ""


def find_embeddings(folder: Path) -> tuple[tuple[Embedding, ...], tuple[str, ...]]:
    """The tables of a folder in the order of their names, and a sentence for each that cannot be used."""
    found: dict[str, Embedding] = {}
    problems = []
    try:
        files = sorted(f for f in Path(folder).iterdir() if f.suffix.lower() in ENDINGS and f.name[:1] != ".")
    except (FileNotFoundError, NotADirectoryError):
        return (), ()
    except OSError as error:
        return (), (f"{folder} cannot be read ({error.strerror}); check its permissions",)
    for file in files:
        try:
            one = read_embedding(file)
            if one.name.casefold() in found:
                raise InputError(f"{file.name} has the name of another table; give it another name")
            found[one.name.casefold()] = one
        except InputError as error:
            problems.append(str(error))
    return tuple(found[name] for name in sorted(found)), tuple(problems)


def read_embedding(file: Path) -> Embedding:
    """Read and check a table.

    Raises
    ------
    InputError
        Where it cannot be read, has no key or no numbers, or a row has no key, the key of another, or no number
        somewhere; names file, row and column.
    """
    file = Path(file)
    name = checked_name(file.stem)
    content = _content(file)
    frame, about = (_csv(file, content), {}) if file.suffix.lower() == ".csv" else _parquet(file, content)
    key = _key_column(file, frame)
    keys = _keys(file, frame[key])
    vectors = _vectors(file, frame.drop(columns=key))
    by = "inchikey" if key.strip().lower() == "inchikey" else "name"
    return Embedding(name, by, keys, vectors, about, hashlib.sha256(content).hexdigest()[:16])


def write_embedding(file: Path, embedding: Embedding) -> None:
    """Write a table as Parquet, whole or not at all."""
    columns = {embedding.by: pa.array(embedding.keys, pa.string())}
    columns |= {f"e{i}": pa.array(v) for i, v in enumerate(np.ascontiguousarray(embedding.vectors.T, np.float32))}
    table = pa.table(columns).replace_schema_metadata({_METADATA: json.dumps(dict(embedding.about)).encode()})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as temporary:
            pq.write_table(table, temporary, compression="zstd", use_dictionary=False, write_statistics=False)
    except OSError as error:
        raise InputError(f"{file} cannot be written ({error.strerror}); check the folder and the free space") from error


def checked_name(name: str) -> str:
    """The name of a table, which is also that of its file.

    Raises
    ------
    InputError
        Where it is not made of letters, digits, dot, dash and underscore.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"'{name[:60]}' cannot name embeddings; use up to 40 letters, digits, '.', '-' or '_'")
    return name


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise InputError(f"{file.name} has more than {_MOST_BYTES / 1e6:,.0f} MB; is it a table of embeddings?")
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); check the path and its permissions") from error


def _parquet(file: Path, content: bytes) -> tuple[pd.DataFrame, dict[str, str]]:
    try:
        table = pq.read_table(pa.BufferReader(content))
        told = json.loads((table.schema.metadata or {}).get(_METADATA, b"{}"))
        frame = table.replace_schema_metadata().to_pandas()
    except (pa.ArrowException, OSError, ValueError, RecursionError) as error:
        raise InputError(f"{file.name} cannot be read as Parquet ({_short(error)}); save it again") from error
    about = {str(k): str(v)[:400] for k, v in told.items()} if isinstance(told, dict) else {}
    return frame, about


def _csv(file: Path, content: bytes) -> pd.DataFrame:
    try:
        frame = pd.read_csv(pa.BufferReader(content), encoding="utf-8-sig", low_memory=False)
    except (ValueError, UnicodeDecodeError) as error:
        raise InputError(f"{file.name} is not a CSV table in UTF-8 ({_short(error)}); save it again") from error
    return frame.drop(columns=[c for c in frame.columns if str(c).startswith("Unnamed: ")])


def _key_column(file: Path, frame: pd.DataFrame) -> str:
    named = {str(c).strip().lower(): c for c in frame.columns}
    for key in KEYS:
        if key in named:
            return named[key]
    have = ", ".join(str(c) for c in frame.columns[:5])
    raise InputError(
        f"{file.name} has no column that says which molecule a row is; name one InChIKey, name or compound "
        f"(it has {have}, ...)"
    )


def _keys(file: Path, column: pd.Series) -> tuple[str, ...]:
    texts = [str(value).strip() if isinstance(value, str) or pd.notna(value) else "" for value in column]
    first: dict[str, int] = {}
    for row, text in enumerate(texts, start=1):
        if not text:
            raise InputError(f"{file.name}, row {row}: {column.name} is empty; each row is one molecule")
        if text.casefold() in first:
            raise InputError(
                f"{file.name}, row {row}: '{text[:60]}' stood in row {first[text.casefold()]} already; keep one"
            )
        first[text.casefold()] = row
    if not texts:
        raise InputError(f"{file.name} has no row")
    return tuple(texts)


def _vectors(file: Path, frame: pd.DataFrame) -> np.ndarray:
    for column in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[column]) or pd.api.types.is_bool_dtype(frame[column]):
            row = _first_text(frame[column])
            raise InputError(
                f"{file.name}, row {row + 1}: '{str(frame[column].iat[row])[:40]}' in column {str(column)[:40]} is no "
                "number; all columns but the key must be numbers, so leave out the others"
            )
    if not _FEWEST <= frame.shape[1] <= _MOST:
        raise InputError(
            f"{file.name} has {frame.shape[1]:,} columns of numbers; {_FEWEST} to {_MOST:,} make an embedding"
        )
    with np.errstate(over="ignore"):
        vectors = frame.to_numpy(dtype=np.float32, na_value=np.nan)
    wrong = np.argwhere(~np.isfinite(vectors))
    if len(wrong):
        row, column = wrong[0]
        raise InputError(
            f"{file.name}, row {row + 1}: column {str(frame.columns[column])[:40]} has no finite number "
            f"({len(wrong):,} such places in all); leave the molecule out or fill it"
        )
    flat = np.flatnonzero(~vectors.any(axis=1))
    if len(flat):
        raise InputError(f"{file.name}, row {flat[0] + 1}: all numbers are 0, which has no direction; leave it out")
    return vectors


def _first_text(column: pd.Series) -> int:
    """Position of the first value that is no number."""
    texts = pd.to_numeric(column, errors="coerce").isna() & column.notna()
    return int(np.flatnonzero(texts)[0]) if texts.any() else 0


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:120]

"""Cached similarity tables: flask-caching on disk, without pickle.

What is stored is Arrow (frames) or JSON (all else) behind a keyed hash, so a planted, cut or bit-flipped file is a
cache miss and never code, a wrong number or a crash.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import hmac
import io
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import IO, TypeVar

import pandas as pd
import pyarrow as pa
from flask import Flask, current_app, has_app_context
from flask_caching import Cache
from flask_caching.backends.filesystemcache import FileSystemCache

#: Bytes of the largest frame that is kept (genes of a whole genome make 2 MB), and of all that one installation keeps.
LARGEST = 8_000_000
BUDGET = 256_000_000
#: A sweep leaves this share of the budget, and comes after each process has written a 32nd of it.
_SWEPT, _BETWEEN = 0.75, 32
_BLOCK = 4096
_FRAME, _JSON = b"F", b"J"
_HASH_BYTES = 32

Query = TypeVar("Query", bound=Callable)


class SignedSerializer:
    """Frames as Arrow and plain values as JSON, each behind a blake2b hash under a key of this installation."""

    def __init__(self, key: bytes):
        self.key = key

    def dump(self, value: object, stream: IO[bytes]) -> None:
        payload = _FRAME + _arrow(value) if isinstance(value, pd.DataFrame) else _JSON + json.dumps(value).encode()
        stream.write(self._hash(payload) + payload)

    def load(self, stream: IO[bytes]) -> object | None:
        content = stream.read()
        found, payload = content[:_HASH_BYTES], content[_HASH_BYTES:]
        if not payload or not hmac.compare_digest(found, self._hash(payload)):
            return None
        if payload[:1] == _FRAME:
            return pa.ipc.open_stream(payload[1:]).read_all().to_pandas(use_threads=False)
        return json.loads(payload[1:])

    def _hash(self, payload: bytes) -> bytes:
        return hashlib.blake2b(payload, key=self.key, digest_size=_HASH_BYTES).digest()


class SignedFileCache(FileSystemCache):
    """flask-caching's file backend with the signed serializer; the key lies beside the folder, for its owner only.

    What all folders of an installation hold stays within `BUDGET`, also with eight processes that write at once:
    entries that were longest not asked for go first, those of older builds among them.
    """

    def __init__(self, cache_dir: str):
        folder = Path(cache_dir)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.serializer = SignedSerializer(_key(folder.parent / "key"))
        for unfinished in folder.glob(f"*{self._fs_transaction_suffix}"):
            unfinished.unlink(missing_ok=True)
        self._written = 0
        super().__init__(cache_dir, threshold=0, default_timeout=0)
        sweep(folder.parent)

    @classmethod
    def factory(cls, app: Flask, config: dict, args: list, kwargs: dict) -> SignedFileCache:
        """What flask-caching calls to make the backend."""
        return cls(config["CACHE_DIR"])

    def get(self, key: str) -> object | None:
        """The answer under a key, which then counts as asked for just now; None where there is none."""
        answer = super().get(key)
        if answer is not None:
            with contextlib.suppress(OSError):
                os.utime(self._get_filename(key))
        return answer

    def set(self, key: str, value: object, timeout: int | None = None, mgmt_element: bool = False) -> bool:
        """Keep an answer, and sweep where enough has been written."""
        kept = super().set(key, value, timeout, mgmt_element)
        with contextlib.suppress(OSError):
            self._written += _on_disk(os.stat(self._get_filename(key)))
        if self._written > BUDGET / _BETWEEN:
            self._written = 0
            sweep(Path(self._path).parent)
        return kept


def sweep(root: Path) -> None:
    """Remove the entries under `root` that were longest not asked for, until the budget has room again.

    Entries are the files of its folders that are named by a hash; whatever else is there stays.
    """
    entries, total = [], 0
    for file in root.glob("*/" + "[0-9a-f]" * 64):
        with contextlib.suppress(OSError):
            about = file.stat()
            entries.append((about.st_mtime_ns, _on_disk(about), file))
            total += entries[-1][1]
    for _, size, file in sorted(entries):
        if total <= BUDGET * _SWEPT:
            break
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)
            total -= size


def _on_disk(about: os.stat_result) -> int:
    """Bytes that a file takes, in whole blocks."""
    return -(-about.st_size // _BLOCK) * _BLOCK


def attach(app: Flask, folder: Path) -> None:
    """Give the app a cache in `folder`; where that cannot be written the app goes on without one."""
    config = {"CACHE_TYPE": "explorer.cache.SignedFileCache", "CACHE_DIR": str(folder)}
    try:
        app.extensions["keyhole-cache"] = Cache(app, config=config)
    except OSError as e:
        app.logger.warning("no cache: %s cannot be written (%s)", folder, e.strerror)


def memoised(version: Callable[[str], str]) -> Callable[[Query], Query]:
    """Cache a query by its name and code, the version of the map it asks (`version(map)`), and its arguments as JSON.

    An argument that JSON cannot write raises `TypeError`, so a bad key fails loudly. Without an app, and for answers
    past `LARGEST` bytes, the query is simply asked.
    """

    def decorate(query: Query) -> Query:
        code = _fingerprint(Path(query.__code__.co_filename).parent)

        @functools.wraps(query)
        def cached(of_map: str, *args: object, **kwargs: object) -> object:
            content = json.dumps([code, query.__name__, version(of_map), args, kwargs], sort_keys=True, allow_nan=False)
            cache = current_app.extensions.get("keyhole-cache") if has_app_context() else None
            if cache is None:
                return query(of_map, *args, **kwargs)
            key = hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
            answer = cache.get(key)
            if answer is None:
                answer = query(of_map, *args, **kwargs)
                if not isinstance(answer, pd.DataFrame) or answer.memory_usage().sum() <= LARGEST:
                    cache.set(key, answer)
            return answer

        return cached

    return decorate


@functools.cache
def _fingerprint(folder: Path) -> str:
    """Changes when a query's code does, so that an update never reads what an older version stored."""
    files = sorted(folder.glob("*.py"))
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()


def _arrow(frame: pd.DataFrame) -> bytes:
    table = pa.Table.from_pandas(frame, preserve_index=False, nthreads=1)
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    return stream.getvalue()


def _key(file: Path) -> bytes:
    """The key of this installation, made once; two processes that start together agree on one."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = file.read_bytes()
        if len(key) == _HASH_BYTES:
            return key
        file.unlink()
        return _key(file)
    with os.fdopen(handle, "wb") as out:
        key = secrets.token_bytes(_HASH_BYTES)
        out.write(key)
    return key

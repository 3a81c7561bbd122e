"""Files of computed chemistry beside a map: one run writes at a time, and a file is replaced whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from explorer.errors import InputError


@contextlib.contextmanager
def one_writer(folder: Path, *, busy: str) -> Iterator[None]:
    """Hold the right to write to a folder, which is made where it is not there.

    Raises
    ------
    InputError
        When it cannot be written; or, with the words of `busy`, when another run holds the right.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = open(folder / ".lock", "w")  # noqa: SIM115
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}; check its permissions") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(busy) from error
        yield


@contextlib.contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A path to write to; what is there takes the place of `file` at the end, and is taken away after an error."""
    temporary = file.with_name(f".{file.name}-{os.getpid()}")
    try:
        yield temporary
        with open(temporary, "rb") as written:
            os.fsync(written.fileno())
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)

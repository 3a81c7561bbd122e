"""Writing into the folder of registered annotations: one at a time, each source whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from explorer.annotations.registered import SOURCE, About, Registered, describe, find_registered, read_source
from explorer.errors import InputError

_TEMPORARY, _BEFORE = ".tmp-", ".before-"


@contextlib.contextmanager
def writing(root: Path) -> Iterator[Path]:
    """Hold the right to change `root`, and clear what a killed run left there.

    Raises
    ------
    InputError
        When the folder cannot be made or written, or another process is writing to it.
    """
    root = Path(root)
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = open(root / ".lock", "w")  # noqa: SIM115
    except OSError as error:
        raise InputError(
            f"annotations cannot be kept in {root} ({error.strerror}); name another folder with KEYHOLE_ANNOTATIONS"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(f"another `keyhole fetch` is writing to {root}; wait until it has ended") from error
        _clear(root)
        yield root


def register(root: Path, about: About, files: Mapping[str, bytes]) -> Registered:
    """Write a source under a temporary name, read it back, and put it in the place of the one that was there.

    Parameters
    ----------
    root : Path
        The folder of registered annotations, held with `writing`.
    about : About
    files : mapping
        File name, as `explorer.annotations.registered` lists them, to content.

    Raises
    ------
    InputError
        When it cannot be written, or what is read back is not what was written; what was there before stays.
    """
    target = Path(root) / about.key
    temporary = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=root))
    try:
        for name, content in files.items():
            _write(temporary / name, content)
        told = json.dumps(describe(about, files), indent=1, ensure_ascii=False) + "\n"
        _write(temporary / SOURCE, told.encode("utf-8"))
        written = read_source(temporary)
        for name in files:
            written.read(name)
        temporary.chmod(0o755)
        _swap(temporary, target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{about.name} cannot be written to {root} ({reason}); is there space?") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return read_source(target)


def unregister(root: Path, name: str) -> Registered:
    """Remove the source that is called so, by its name or its folder, and return what it was.

    Raises
    ------
    InputError
        When there is none of that name.
    """
    found = find_registered(root).sources
    wanted = [source for source in found if name.casefold() in {source.about.name.casefold(), source.folder.name}]
    if not wanted:
        there = ", ".join(source.folder.name for source in found) or "nothing"
        raise InputError(f"'{name[:60]}' is not registered in {root}; there is {there}")
    aside = Path(root) / f"{_TEMPORARY}{wanted[0].folder.name}"
    try:
        wanted[0].folder.rename(aside)
    except OSError as error:
        raise InputError(f"{wanted[0].folder} cannot be removed ({error.strerror}); check its permissions") from error
    shutil.rmtree(aside, ignore_errors=True)
    return wanted[0]


def _swap(temporary: Path, target: Path) -> None:
    """Rename to `target`; what was there before is put aside first, and comes back if that is as far as it gets."""
    before = target.with_name(f"{_BEFORE}{target.name}")
    if target.exists():
        target.rename(before)
    try:
        temporary.rename(target)
    finally:
        _settle(before)


def _clear(root: Path) -> None:
    for leftover in root.glob(f"{_TEMPORARY}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for before in root.glob(f"{_BEFORE}*"):
        _settle(before)


def _settle(before: Path) -> None:
    """Drop what was put aside where its successor is in place, else put it back."""
    target = before.with_name(before.name.removeprefix(_BEFORE))
    if target.exists():
        shutil.rmtree(before, ignore_errors=True)
    elif before.exists():
        before.rename(target)


def _write(file: Path, content: bytes) -> None:
    with open(file, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())

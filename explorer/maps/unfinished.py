"""What an interrupted build has finished, kept beside the map until it is published, for the next to go on from.

A part is one `.npz` file, written whole, with its checksum in its name; nothing in it is ever unpickled. Parts lie in a
folder that is named by a digest of all they depend on (`build_key`): those of other profiles, another recipe or another
version of the program are never taken up, and are removed by the next build.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from explorer.datasets.profiles import REMARK, Progress
from explorer.maps.perturbation_map import sha256

FOLDER = ".unfinished"

#: A part is kept where so many times its size is free: the map, which is little more than its parts, must fit too.
_ROOM = 3

#: Arrays, and what JSON can hold, by name.
Part = dict[str, object]
Keep = Callable[[str, Callable[[], Part]], Part]


class Unfinished:
    """The parts of one build in a map root; only to be used by who holds the right to build there.

    Parameters
    ----------
    root : Path
        That of the map.
    key : str
        Of the build, from `key_of`; parts of other keys are removed.
    progress : Progress
        Is told which parts are taken up, and why one could not be kept.
    """

    def __init__(self, root: Path, key: str, *, progress: Progress):
        self._folder, self._progress = root / FOLDER / key, progress
        for other in (root / FOLDER).glob("*"):
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)
        self._there = {file.name.split(".")[0]: file for file in sorted(self._folder.glob("*")) if _sound(file)}
        if self._there:
            self._remark(f"taken up from the interrupted build: {', '.join(map(_said, self._there))}")

    def kept(self, name: str, compute: Callable[[], Part]) -> Part:
        """The part `name` as the interrupted build left it, else as computed now, which is kept for the next."""
        part = _read(self._there[name]) if name in self._there else None
        if part is None:
            part = compute()
            self._keep(name, part)
        return part

    def _keep(self, name: str, part: Part) -> None:
        """Write a part; a disk without room for it is no reason to stop."""
        arrays = {k: v for k, v in part.items() if isinstance(v, np.ndarray)}
        rest = json.dumps({k: v for k, v in part.items() if k not in arrays}).encode()
        temporary = self._folder / f".{name}-{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(self._folder).free < _ROOM * sum(a.nbytes for a in arrays.values()):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            with open(temporary, "wb") as file:
                np.savez(file, **arrays, rest=np.frombuffer(rest, dtype=np.uint8))
            os.replace(temporary, self._folder / f"{name}.{sha256(temporary)}.npz")
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink()
            self._remark(f"{_said(name)} could not be kept for the case of an interruption: {error.strerror or error}")

    def _remark(self, sentence: str) -> None:
        self._progress(sentence, 0, REMARK)


def any_kept(root: Path) -> bool:
    """Whether a map root holds parts."""
    return any((root / FOLDER).glob("*/*.npz"))


def discard(root: Path) -> None:
    """Remove all parts in a map root."""
    shutil.rmtree(root / FOLDER, ignore_errors=True)


def compute_only(_: str, compute: Callable[[], Part]) -> Part:
    """A `Keep` for where nothing is kept."""
    return compute()


def _said(name: str) -> str:
    return name.replace("_", " ")


def _sound(file: Path) -> bool:
    """Whether a file is a part as it was written; what is not is removed."""
    try:
        if file.suffix == ".npz" and file.name.split(".")[1] == sha256(file):
            return True
        file.unlink()
    except OSError:
        pass
    return False


def _read(file: Path) -> Part | None:
    try:
        with np.load(file, allow_pickle=False) as stored:
            part = {name: stored[name] for name in stored.files}
        return part | json.loads(part.pop("rest").tobytes())
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None

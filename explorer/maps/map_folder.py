"""Where builds go: a map root with one folder a build and a `current` link, never a half-written map.

A build is written under a temporary name, renamed, and made current by swapping the link, so a reader sees the old map
or the new one. Two builds never write to one root at once, and what a killed build left is cleared by the next, but for
its finished steps (`unfinished`), which that one takes up.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.errors import InputError, MapError
from explorer.maps.perturbation_map import (
    CONTROL_FEATURES,
    CONTROLS,
    COSINE_FEATURES,
    CURRENT,
    ENTITIES,
    FEATURES,
    FORMAT,
    PERTURBATIONS,
    PROJECTION,
    RELATION,
    WELL_FEATURES,
    WELLS,
    build_id,
    open_map,
    sha256,
)
from explorer.maps.projection import Projection
from explorer.maps.relate import Relation
from explorer.maps.unfinished import any_kept, discard


def save_map(
    root: Path,
    *,
    manifest: dict,
    features: np.ndarray,
    perturbations: pd.DataFrame,
    entities: pd.DataFrame,
    well_features: np.ndarray | None = None,
    wells: pd.DataFrame | None = None,
    control_features: np.ndarray | None = None,
    controls: pd.DataFrame | None = None,
    relation: Relation | None = None,
    cosine_features: np.ndarray | None = None,
    projection: Projection | None = None,
) -> Path:
    """Write a build into `root`, whole or not at all, and return its folder, which is named by its content.

    The same numbers by the same recipe are the same build: it is written once and never edited.
    """
    temporary, aside = Path(tempfile.mkdtemp(prefix=".tmp-", dir=root)), None
    try:
        np.save(temporary / FEATURES, np.ascontiguousarray(features, dtype=np.float32))
        _write_parquet(temporary / PERTURBATIONS, perturbations)
        _write_parquet(temporary / ENTITIES, entities)
        if wells is not None:
            np.save(temporary / WELL_FEATURES, np.ascontiguousarray(well_features, dtype=np.float16))
            _write_parquet(temporary / WELLS, wells)
        if controls is not None:
            np.save(temporary / CONTROL_FEATURES, np.ascontiguousarray(control_features))
            _write_parquet(temporary / CONTROLS, controls)
        if relation is not None:
            np.savez(temporary / RELATION, **relation.as_arrays())
            np.save(temporary / COSINE_FEATURES, np.ascontiguousarray(cosine_features, dtype=np.float32))
        if projection is not None:
            np.savez(temporary / PROJECTION, **projection.as_arrays())
        files = {f.name: {"bytes": f.stat().st_size, "sha256": sha256(f)} for f in sorted(temporary.iterdir())}
        whole = {**manifest, "format": FORMAT, "files": files, "build": build_id(manifest, files)}
        _write_text(temporary / "map.json", json.dumps(whole, indent=1, sort_keys=True, allow_nan=False) + "\n")
        temporary.chmod(0o755)
        folder = root / whole["build"]
        if not _sound(folder):
            if folder.exists():  # damaged since: put aside, and cleared as a leftover by the next build at the latest
                folder.rename(aside := root / f".tmp-{folder.name}-{os.getpid()}")
            temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
    return folder


def publish(root: Path, build: Path) -> Path:
    """Make the folder `build`, a child of `root`, the one that `open_map(root)` opens; return `root`."""
    link = root / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(build.name)
    os.replace(link, root / CURRENT)
    return root


def prune(root: Path, *, keep: Path) -> None:
    """Remove the builds in `root` other than `keep`; not to be done under a server that may have one open."""
    for other in root.glob("*/map.json"):
        if other.parent != keep and not other.parent.is_symlink():
            shutil.rmtree(other.parent)


def check_root(root: Path) -> None:
    """Refuse a folder that cannot take a map, before any time is spent on one.

    Raises
    ------
    InputError
        When `root` is a file or a single build, or holds something that is not a map, or cannot be written.
    """
    try:
        if root.is_file() or (root / "map.json").exists():
            raise InputError(f"--out {root} is already taken by a file or a single build; choose another folder")
        known = (root / ".lock").exists() or (root / CURRENT).is_symlink()
        if root.is_dir() and not known and any(root.iterdir()):
            raise InputError(f"--out {root} holds files that are not a map; choose a new or empty folder")
        there = next(p for p in (root, *root.absolute().parents) if p.exists())
    except OSError as e:
        raise InputError(f"--out {root} cannot be used: {e.strerror}; choose a folder that can be written") from e
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise InputError(f"--out {root} cannot be made: {there} cannot be written; choose another folder")


@contextlib.contextmanager
def building(root: Path) -> Iterator[None]:
    """Hold the right to build into `root`, and clear what a killed build left there.

    An interrupted build leaves `root` as it was, and in it the steps that it has finished.

    Raises
    ------
    InputError
        When `root` cannot take a map or cannot be written, or another build is running there.
    """
    check_root(root)
    made = [p for p in (root, *root.absolute().parents) if not p.exists()]
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = open(root / ".lock", "w")  # noqa: SIM115
    except OSError as e:
        _remove(made)
        raise InputError(f"--out {root} cannot be written: {e.strerror}; choose another folder") from e
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as e:
            raise InputError(f"another build is writing to {root}; wait for it or choose another --out") from e
        for leftover in root.glob(".tmp-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        for leftover in root.glob(f".{CURRENT}-*"):
            leftover.unlink(missing_ok=True)
        try:
            yield
        except BaseException as e:
            if isinstance(e, InputError):
                discard(root)  # the same profiles would come to the same end
            if made and not any(root.glob("*/map.json")) and not any_kept(root):
                shutil.rmtree(root, ignore_errors=True)
                _remove(made[1:])
            if isinstance(e, OSError) and not isinstance(e, BrokenPipeError):  # that is whoever reads the progress
                reason = e.strerror or str(e).splitlines()[0]
                raise InputError(f"the map could not be written to {root}: {reason}; is there space?") from e
            raise


def _remove(folders: list[Path]) -> None:
    """Take away folders that were made for nothing, innermost first, as far as they are empty."""
    with contextlib.suppress(OSError):
        for folder in folders:
            folder.rmdir()


def _sound(folder: Path) -> bool:
    """Whether a build is there and whole."""
    try:
        open_map(folder)
    except MapError:
        return False
    return True


def _write_parquet(file: Path, frame: pd.DataFrame) -> None:
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), file, compression="zstd")


def _write_text(file: Path, text: str) -> None:
    with open(file, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())

"""The map on disk: an immutable folder that is written whole, checked when opened, and memory-mapped read-only.

A map root holds one folder a build and a `current` link; a build is written under a temporary name, renamed, and made
current by swapping the link, so a reader sees the old map or the new one and never half of either.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.errors import InputError, MapError

FORMAT = 1
CURRENT = "current"
FEATURES, PERTURBATIONS, ENTITIES = "features.npy", "perturbations.parquet", "entities.parquet"
WELL_FEATURES, WELLS = "well_features.npy", "wells.parquet"
REQUIRED = (FEATURES, PERTURBATIONS, ENTITIES)
#: What every reader of a map counts on; more columns are welcome.
COLUMNS = {
    PERTURBATIONS: (
        *("perturbation", "entity", "label", "kind", "concentration", "n_wells"),
        *("consistency", "magnitude", "p", "q", "active", "relative_count"),
    ),
    ENTITIES: (
        *("entity", "slug", "label", "kind", "blinded", "inchikey"),
        *("identifier", "synonyms", "smiles", "targets", "mechanism", "arm"),
    ),
    WELLS: ("row", "plate", "experiment", "cell_count"),
}
REBUILD = "build the map again with `keyhole build`"


@dataclass(frozen=True)
class PerturbationMap:
    """An open map.

    Attributes
    ----------
    folder : Path
        The folder of this build.
    manifest : dict
        `map.json`: name, build, recipe, source report, licence, `simulated`, versions, file hashes.
    features : float32 array, shape (perturbations, dimensions)
        Unit rows, memory-mapped; the cosine similarity of two perturbations is the dot product of their rows.
    perturbations : DataFrame
        One row a vector, in the order of `features`: `perturbation`, `entity`, `label`, `kind`, `concentration`
        (uM or NaN), `n_wells`, then the activity columns.
    entities : DataFrame
        One row a gene or compound: `entity`, `slug`, `label`, `kind`, `synonyms`, `blinded`, `smiles`, ...
    well_features : float16 array, shape (wells, dimensions), or None
        Unit rows of compound and control wells, where the map keeps them.
    wells : DataFrame or None
        One row a kept well: `row` into `perturbations` (-1 for a control), `plate`, `experiment`, `cell_count`.
    """

    folder: Path
    manifest: dict
    features: np.ndarray
    perturbations: pd.DataFrame
    entities: pd.DataFrame
    well_features: np.ndarray | None = None
    wells: pd.DataFrame | None = None

    @property
    def name(self) -> str:
        return self.manifest["name"]

    @property
    def build(self) -> str:
        return self.manifest["build"]

    @property
    def simulated(self) -> bool:
        return bool(self.manifest["simulated"])

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Perturbation id to row of `features`."""
        return {p: i for i, p in enumerate(self.perturbations["perturbation"])}

    @cached_property
    def rows_of_entity(self) -> dict[str, np.ndarray]:
        """Entity id to its rows, in order of concentration."""
        order = self.perturbations.sort_values(["entity", "concentration"], kind="stable")
        return {e: rows.to_numpy() for e, rows in order.index.to_series().groupby(order["entity"].to_numpy())}

    @cached_property
    def gene_rows(self) -> np.ndarray:
        """Rows of all gene knockouts."""
        return np.flatnonzero(self.perturbations["kind"].to_numpy() == "gene")

    @cached_property
    def compound_rows(self) -> np.ndarray:
        """Rows of all compounds at all concentrations."""
        return np.flatnonzero(self.perturbations["kind"].to_numpy() == "compound")

    @cached_property
    def concentrations(self) -> tuple[float, ...]:
        """Every concentration on the map, ascending, uM."""
        return tuple(sorted(self.perturbations["concentration"].dropna().unique().tolist()))


def save_map(
    root: Path,
    *,
    manifest: dict,
    features: np.ndarray,
    perturbations: pd.DataFrame,
    entities: pd.DataFrame,
    well_features: np.ndarray | None = None,
    wells: pd.DataFrame | None = None,
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
        files = {f.name: {"bytes": f.stat().st_size, "sha256": _sha256(f)} for f in sorted(temporary.iterdir())}
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


def build_id(manifest: dict, files: dict) -> str:
    """Twelve hex digits that change with the numbers and all that is said of them, but not with day or versions."""
    said = {k: v for k, v in manifest.items() if k not in ("created", "versions", "files", "build")} | {
        "format": FORMAT
    }
    content = [said, sorted((n, f["sha256"]) for n, f in files.items())]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


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
            if made and not any(root.glob("*/map.json")):
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


def open_map(path: Path, *, verify: bool = True) -> PerturbationMap:
    """Open a map root or a single build, read-only.

    Raises
    ------
    MapError
        When it is missing, half-written, truncated, edited, inconsistent, or of a newer format; says which file.
    """
    path = Path(path)
    folder = (path / CURRENT).resolve() if (path / CURRENT).is_symlink() else path
    manifest = _manifest(folder)
    for name, expected in manifest["files"].items():
        _check_file(folder / name, expected, verify=verify)
    features = _array(folder / FEATURES, np.float32)
    perturbations, entities = _frame(folder / PERTURBATIONS), _frame(folder / ENTITIES)
    wells = _frame(folder / WELLS) if WELLS in manifest["files"] else None
    well_features = _array(folder / WELL_FEATURES, np.float16) if wells is not None else None
    if len(features) != len(perturbations) or (wells is not None and len(wells) != len(well_features)):
        raise MapError(f"{folder}: vectors and their table differ in length; {REBUILD}")
    return PerturbationMap(folder, manifest, features, perturbations, entities, well_features, wells)


def _sound(folder: Path) -> bool:
    """Whether a build is there and whole."""
    try:
        open_map(folder)
    except MapError:
        return False
    return True


def _manifest(folder: Path) -> dict:
    if not folder.is_dir():
        raise MapError(f"no map at {folder}; make one with `keyhole build`, or use `demo`")
    try:
        manifest = json.loads((folder / "map.json").read_text(encoding="utf-8"))
        version = manifest["format"]
    except FileNotFoundError:
        raise MapError(f"{folder} is not a map: it has no map.json (a build that was stopped?); {REBUILD}") from None
    except (ValueError, KeyError, TypeError, RecursionError, OSError):
        raise MapError(f"{folder / 'map.json'} cannot be read as a map's description; {REBUILD}") from None
    if not isinstance(version, int) or version > FORMAT:
        raise MapError(f"{folder} has map format {version}, this Keyhole reads up to {FORMAT}; update Keyhole")
    missing = {"name", "build", "simulated", "recipe", "files"} - manifest.keys()
    missing |= set(REQUIRED) - (manifest["files"].keys() if isinstance(manifest.get("files"), dict) else set())
    if missing:
        raise MapError(f"{folder / 'map.json'} lacks {', '.join(sorted(missing))}; {REBUILD}")
    if not _is_file_list(manifest["files"]) or manifest["build"] != build_id(manifest, manifest["files"]):
        raise MapError(f"{folder / 'map.json'} was edited after the build; {REBUILD}")
    return manifest


def _is_file_list(files: dict) -> bool:
    """Whether it names files of the folder itself, each with its size and hash."""
    return all(
        "/" not in name and isinstance(f, dict) and isinstance(f.get("bytes"), int) and isinstance(f.get("sha256"), str)
        for name, f in files.items()
    )


def _check_file(file: Path, expected: dict, *, verify: bool) -> None:
    if not file.is_file():
        raise MapError(f"{file} is missing; {REBUILD}")
    size = file.stat().st_size
    if size != expected["bytes"]:
        raise MapError(f"{file} has {size:,} bytes instead of {expected['bytes']:,}: truncated or replaced; {REBUILD}")
    if verify and _sha256(file) != expected["sha256"]:
        raise MapError(f"{file} differs from its recorded SHA-256: it was changed after the build; {REBUILD}")


def _array(file: Path, dtype: type) -> np.ndarray:
    try:
        array = np.load(file, mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError) as e:
        raise MapError(f"{file} is not an array: {e}; {REBUILD}") from e
    if array.ndim != 2 or array.dtype != dtype:
        raise MapError(f"{file} holds {array.dtype} {array.shape}, not a {np.dtype(dtype)} table; {REBUILD}")
    return array


def _frame(file: Path) -> pd.DataFrame:
    try:
        frame = pq.read_table(file).to_pandas()
    except (pa.ArrowException, OSError) as e:
        raise MapError(f"{file} cannot be read: {str(e).splitlines()[0]}; {REBUILD}") from e
    lacking = [c for c in COLUMNS[file.name] if c not in frame]
    if lacking:
        raise MapError(f"{file} lacks the column(s) {', '.join(lacking)}; {REBUILD}")
    return frame


def _write_parquet(file: Path, frame: pd.DataFrame) -> None:
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), file, compression="zstd")


def _write_text(file: Path, text: str) -> None:
    with open(file, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def _sha256(file: Path) -> str:
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

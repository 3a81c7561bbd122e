"""The map on disk: an immutable folder, checked when opened, and memory-mapped read-only."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.errors import InputError, MapError
from explorer.maps.projection import Projection, projection_from_arrays
from explorer.maps.relate import Relation, relation_from_arrays

FORMAT = 1
CURRENT = "current"
FEATURES, PERTURBATIONS, ENTITIES = "features.npy", "perturbations.parquet", "entities.parquet"
WELL_FEATURES, WELLS = "well_features.npy", "wells.parquet"
CONTROL_FEATURES, CONTROLS = "control_features.npy", "controls.parquet"
RELATION, COSINE_FEATURES = "relation.npz", "cosine_features.npy"
PROJECTION = "projection.npz"
REQUIRED = (FEATURES, PERTURBATIONS, ENTITIES)
#: What every reader of a map counts on; more columns are welcome.
COLUMNS = {
    PERTURBATIONS: (
        *("perturbation", "entity", "label", "kind", "concentration", "n_wells"),
        *("consistency", "magnitude", "p", "q", "active", "relative_count", "toxic"),
    ),
    ENTITIES: (
        *("entity", "slug", "label", "kind", "blinded", "inchikey"),
        *("identifier", "synonyms", "smiles", "targets", "mechanism", "arm"),
    ),
    WELLS: ("row", "plate", "experiment", "cell_count"),
    CONTROLS: ("experiment", "plate", "label", "gene", "compound"),
}
#: Columns that earlier builds of this format did not write: read as missing from those.
ADDED = {
    PERTURBATIONS: ("energy_distance", "p_energy"),
    ENTITIES: ("pooled_wells", "pooled_consistency", "pooled_p", "pooled_q", "pooled_active"),
}
_UNREADABLE = (
    *(ValueError, KeyError, TypeError, AttributeError, OSError, EOFError),
    *(zipfile.BadZipFile, zlib.error),
)
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
        Served rows, memory-mapped: the similarity of two perturbations is the dot product of their rows. Unit rows,
        whose dot product is the cosine similarity, unless the map has a `relation`.
    perturbations : DataFrame
        One row a vector, in the order of `features`: `perturbation`, `entity`, `label`, `kind`, `concentration`
        (uM or NaN), `n_wells`, then the activity columns.
    entities : DataFrame
        One row a gene or compound: `entity`, `slug`, `label`, `kind`, `synonyms`, `blinded`, `smiles`, ...
    well_features : float16 array, shape (wells, dimensions), or None
        Unit rows of the wells of compounds.
    wells : DataFrame or None
        One row a kept well: `row` into `perturbations`, `plate`, `experiment`, `cell_count`.
    control_features : float16 or float32 array, shape (controls, dimensions), or None
        Aligned control wells, not of length 1: nulls are drawn from them again.
    controls : DataFrame or None
        One row a kept control: `experiment`, `plate`, `label`, and whether genes (`gene`) and compounds (`compound`)
        were run in its experiment.
    relation : Relation or None
        How `features` were made where it is not plain cosine; control wells are served through it.
    cosine_features : float32 array, shape (perturbations, dimensions), or None
        Unit rows before the relation, memory-mapped, to compare with; None on a map of plain cosine.
    projection : Projection or None
        The map as pictures; None on a map that was built without.
    """

    folder: Path
    manifest: dict
    features: np.ndarray
    perturbations: pd.DataFrame
    entities: pd.DataFrame
    well_features: np.ndarray | None = None
    wells: pd.DataFrame | None = None
    control_features: np.ndarray | None = None
    controls: pd.DataFrame | None = None
    relation: Relation | None = None
    cosine_features: np.ndarray | None = None
    projection: Projection | None = None

    @property
    def name(self) -> str:
        return self.manifest["name"]

    @property
    def build(self) -> str:
        return self.manifest["build"]

    @property
    def simulated(self) -> bool:
        return bool(self.manifest["simulated"])

    @property
    def unit_rows(self) -> np.ndarray:
        """Unit rows before any relation: what times `magnitude` is the aligned vector."""
        return self.features if self.cosine_features is None else self.cosine_features

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Perturbation id to row of `features`."""
        return {p: i for i, p in enumerate(self.perturbations["perturbation"])}

    @cached_property
    def rows_of_entity(self) -> dict[str, np.ndarray]:
        """Entity id to its rows, in order of concentration."""
        entities = self.perturbations["entity"].to_numpy()
        order = self.perturbations.sort_values(["entity", "concentration"], kind="stable").index.to_numpy()
        first = np.flatnonzero(np.r_[True, entities[order][1:] != entities[order][:-1]])
        return dict(zip(entities[order][first], np.split(order, first[1:]), strict=True))

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


def build_id(manifest: dict, files: dict) -> str:
    """Twelve hex digits that change with the numbers and all that is said of them, but not with day or versions."""
    said = {k: v for k, v in manifest.items() if k not in ("created", "versions", "files", "build")} | {
        "format": FORMAT
    }
    content = [said, sorted((n, f["sha256"]) for n, f in files.items())]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


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
    wells, well_features = _part(folder, manifest, WELLS, WELL_FEATURES)
    controls, control_features = _part(folder, manifest, CONTROLS, CONTROL_FEATURES)
    relation, cosine_features = _relation(folder, manifest, features.shape)
    if len(features) != len(perturbations):
        raise MapError(f"{folder}: vectors and their table differ in length; {REBUILD}")
    for name, part in ((WELL_FEATURES, well_features), (CONTROL_FEATURES, control_features)):
        if part is not None and part.shape[1] != features.shape[1]:
            wrong = f"{name} has {part.shape[1]} dimensions, features.npy {features.shape[1]}"
            raise MapError(f"{folder}: {wrong}; {REBUILD}")
    for name, ids in ((PERTURBATIONS, perturbations["perturbation"]), (ENTITIES, entities["entity"])):
        if not ids.is_unique:
            raise MapError(f"{folder / name} lists {ids[ids.duplicated()].iloc[0]} twice; {REBUILD}")
    return PerturbationMap(
        folder,
        manifest,
        features,
        perturbations,
        entities,
        well_features,
        wells,
        control_features,
        controls,
        relation,
        cosine_features,
        _projection(folder, manifest, perturbations),
    )


def _part(folder: Path, manifest: dict, table: str, vectors: str) -> tuple[pd.DataFrame | None, np.ndarray | None]:
    """A table with its vectors, which a map may do without."""
    if table not in manifest["files"]:
        return None, None
    frame, array = _frame(folder / table), _array(folder / vectors, np.float16, np.float32)
    if len(frame) != len(array):
        raise MapError(f"{folder}: {vectors} and {table} differ in length; {REBUILD}")
    return frame, array


def _relation(folder: Path, manifest: dict, shape: tuple[int, int]) -> tuple[Relation | None, np.ndarray | None]:
    """How the rows were related, and the rows as cosine has them, where it is not by plain cosine."""
    named = manifest["recipe"].get("relate", "cosine") if isinstance(manifest["recipe"], dict) else "cosine"
    there = {RELATION, COSINE_FEATURES} & manifest["files"].keys()
    if named == "cosine" and not there:
        return None, None
    if len(there) < 2:
        raise MapError(f"{folder}: {RELATION} and {COSINE_FEATURES} belong to relate {named}; {REBUILD}")
    try:
        with np.load(folder / RELATION, allow_pickle=False) as numbers:
            relation = relation_from_arrays(dict(numbers))
        fits = relation.fits(shape[1])
    except (*_UNREADABLE, InputError) as e:
        raise MapError(f"{folder / RELATION} cannot be read: {type(e).__name__}; {REBUILD}") from e
    cosine_features = _array(folder / COSINE_FEATURES, np.float32)
    if relation.name != named or not fits or cosine_features.shape != shape:
        raise MapError(f"{folder}: {RELATION} or {COSINE_FEATURES} is not of relate {named}; {REBUILD}")
    return relation, cosine_features


def _projection(folder: Path, manifest: dict, perturbations: pd.DataFrame) -> Projection | None:
    """The map as pictures, where the build drew them."""
    if PROJECTION not in manifest["files"]:
        return None
    try:
        with np.load(folder / PROJECTION, allow_pickle=False) as arrays:
            return projection_from_arrays(dict(arrays), perturbations["kind"].to_numpy())
    except (*_UNREADABLE, InputError) as e:
        raise MapError(f"{folder / PROJECTION} cannot be read: {type(e).__name__}; {REBUILD}") from e


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
    if verify and sha256(file) != expected["sha256"]:
        raise MapError(f"{file} differs from its recorded SHA-256: it was changed after the build; {REBUILD}")


def _array(file: Path, *dtypes: type) -> np.ndarray:
    try:
        array = np.load(file, mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError) as e:
        raise MapError(f"{file} is not an array: {e}; {REBUILD}") from e
    if array.ndim != 2 or array.dtype not in dtypes:
        wanted = " or ".join(str(np.dtype(d)) for d in dtypes)
        raise MapError(f"{file} holds {array.dtype} {array.shape}, not a {wanted} table; {REBUILD}")
    return array


def _frame(file: Path) -> pd.DataFrame:
    try:
        frame = pq.read_table(file).to_pandas()
    except (pa.ArrowException, OSError) as e:
        raise MapError(f"{file} cannot be read: {str(e).splitlines()[0]}; {REBUILD}") from e
    lacking = [c for c in COLUMNS[file.name] if c not in frame]
    if lacking:
        raise MapError(f"{file} lacks the column(s) {', '.join(lacking)}; {REBUILD}")
    return frame.assign(**{c: np.nan for c in ADDED.get(file.name, ()) if c not in frame})


def sha256(file: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

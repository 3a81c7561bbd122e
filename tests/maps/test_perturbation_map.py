"""The map on disk: whole or not at all, checked when opened, read-only, and safe against two builds and a kill."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explorer.errors import InputError, MapError
from explorer.maps.build import Provenance, Recipe, build_map, map_parts
from explorer.maps.map_folder import building, publish, save_map
from explorer.maps.perturbation_map import build_id, open_map
from tests.made_profiles import random_screen

ABOUT = Provenance("small", "a small screen", simulated=True)
RECIPE = Recipe(null_draws=20)
REPOSITORY = Path(__file__).resolve().parents[2]
REMEDY = "build the map again with `keyhole build`"


def build(root: Path, seed: int = 0) -> Path:
    return build_map(random_screen(seed), root, recipe=RECIPE, provenance=ABOUT)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """One build, to be copied before it is damaged."""
    return build(tmp_path_factory.mktemp("built") / "map")


@pytest.fixture
def folder(built, tmp_path) -> Path:
    """A copy of the build."""
    return Path(shutil.copytree(built, tmp_path / built.name))


@pytest.fixture(scope="module")
def parts() -> dict:
    return map_parts(random_screen(0), recipe=RECIPE, provenance=ABOUT)


def forge(folder: Path, **changes: object) -> None:
    """Write `map.json` with changes, with hashes and an id that fit the files as they are now."""
    from explorer.maps.perturbation_map import sha256

    manifest = json.loads((folder / "map.json").read_text()) | changes
    manifest["files"] = {
        n: {"bytes": (folder / n).stat().st_size, "sha256": sha256(folder / n)} for n in manifest["files"]
    }
    manifest["build"] = build_id(manifest, manifest["files"])
    (folder / "map.json").write_text(json.dumps(manifest))


def refused(folder: Path, *told: str) -> None:
    with pytest.raises(MapError) as caught:
        open_map(folder)
    for text in (*told, str(folder)):
        assert text in str(caught.value)


def test_what_is_saved_is_what_is_opened(parts, tmp_path):
    """Vectors, tables and kept wells come back as they were saved."""
    m = open_map(save_map(tmp_path, **parts))
    np.testing.assert_array_equal(m.features, parts["features"])
    np.testing.assert_array_equal(m.well_features, parts["well_features"])
    pd.testing.assert_frame_equal(m.perturbations, parts["perturbations"], check_dtype=False)
    pd.testing.assert_frame_equal(m.wells.astype(object), parts["wells"].astype(object))
    for column in ("entity", "slug", "kind", "label", "blinded"):
        assert m.entities[column].tolist() == parts["entities"][column].tolist()
    assert [tuple(x) for x in m.entities["synonyms"]] == parts["entities"]["synonyms"].tolist()
    assert (m.name, m.simulated, m.build) == ("small", True, m.folder.name)


def test_lookups_agree_with_the_tables(built):
    """Rows by id, by entity in order of concentration, and by kind are those of the table."""
    m = open_map(built)
    p = m.perturbations
    assert [m.row_of[x] for x in p["perturbation"]] == list(range(len(p)))
    assert sorted(np.concatenate(list(m.rows_of_entity.values()))) == list(range(len(p)))
    for entity, rows in m.rows_of_entity.items():
        assert (p["entity"].iloc[rows] == entity).all()
        assert p["concentration"].iloc[rows].is_monotonic_increasing or len(rows) == 1
    assert set(m.gene_rows) | set(m.compound_rows) == set(range(len(p)))
    assert m.concentrations == (0.1, 1.0)


def test_an_open_map_cannot_be_written(built):
    """Vectors are memory-mapped read-only: writing raises, and the file stays as it was."""
    m = open_map(built)
    for array in (m.features, m.well_features):
        assert isinstance(array, np.memmap)
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1
    open_map(built)


def test_a_map_without_kept_wells_opens(parts, tmp_path):
    """Kept wells are optional; without them both are None."""
    m = open_map(save_map(tmp_path, **{**parts, "wells": None, "well_features": None}))
    assert m.wells is None
    assert m.well_features is None


def test_the_same_content_is_the_same_build(built, parts, tmp_path):
    """The same numbers by the same recipe have one id, on another day and with other libraries too."""
    later = {**parts["manifest"], "created": "2099-01-01", "versions": {"numpy": "9"}}
    assert save_map(tmp_path, **{**parts, "manifest": later}).name == built.name
    changed = {**parts, "features": parts["features"][:, ::-1]}
    assert save_map(tmp_path, **changed).name != built.name


def test_no_folder(tmp_path):
    """A map that is not there is named, with both ways to one."""
    with pytest.raises(MapError, match=r"no map at .*nowhere; make one with `keyhole build`, or use `demo`"):
        open_map(tmp_path / "nowhere")


def test_half_written(folder):
    """Without map.json a folder is no map: it is the last file that a build writes."""
    (folder / "map.json").unlink()
    refused(folder, "map.json", REMEDY)


@pytest.mark.parametrize(
    "name", ["features.npy", "perturbations.parquet", "entities.parquet", "well_features.npy", "wells.parquet"]
)
@pytest.mark.parametrize("damage", ["missing", "truncated", "flipped"])
def test_damaged_files_are_named(folder, name, damage):
    """A file that is missing, cut short or changed in one bit is named, with the remedy."""
    file = folder / name
    content = bytearray(file.read_bytes())
    if damage == "missing":
        file.unlink()
    else:
        content[-9] ^= 1
        file.write_bytes(content[:-5] if damage == "truncated" else content)
    refused(folder, name, REMEDY, {"missing": "is missing", "truncated": "truncated", "flipped": "SHA-256"}[damage])


def test_swapped_files_of_one_size(folder):
    """Another build's file of the same size is told by its hash."""
    (folder / "features.npy").write_bytes((folder / "features.npy").read_bytes()[:-4] + b"\0\0\0\0")
    refused(folder, "features.npy", "SHA-256", REMEDY)


def test_an_edited_parquet(folder):
    """A table that was opened and saved again by another tool is refused."""
    table = pd.read_parquet(folder / "entities.parquet")
    table["label"] = "edited"
    table.to_parquet(folder / "entities.parquet")
    refused(folder, "entities.parquet", REMEDY)


@pytest.mark.parametrize(
    "edit",
    [
        {"name": "other"},
        {"simulated": False},
        {"licence": "do what you like"},
        {"recipe": {"align": "tvn"}},
        {"source": {"dropped": {}}},
        {"control_wells_used": 1000},
        {"build": "0" * 12},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_an_edited_description(folder, edit):
    """Whatever is said of the numbers in map.json belongs to the build: editing it is noticed."""
    manifest = json.loads((folder / "map.json").read_text()) | edit
    (folder / "map.json").write_text(json.dumps(manifest))
    refused(folder, "map.json", "edited", REMEDY)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": "1"}', "\xff"])
def test_an_unreadable_description(folder, text):
    """A map.json that is none is refused in words."""
    (folder / "map.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(MapError, match=r"build the map again|update Keyhole"):
        open_map(folder)


def test_a_newer_format(folder):
    """A map of a newer Keyhole says so, and what to update."""
    manifest = json.loads((folder / "map.json").read_text()) | {"format": 2}
    (folder / "map.json").write_text(json.dumps(manifest))
    refused(folder, "map format 2", "reads up to 1", "update Keyhole")


FORGED = {
    "pickled objects": np.array([{"a": 1}], dtype=object),
    "float64": np.ones((10, 6)),
    "one dimension": np.ones(10, dtype=np.float32),
    "no array": None,
}


@pytest.mark.parametrize("name", FORGED)
def test_arrays_of_another_kind(folder, name):
    """Vectors that are pickled objects, of another dtype or shape, or no array are refused even where hashes fit."""
    if FORGED[name] is None:
        (folder / "features.npy").write_bytes(b"these are not numbers")
    else:
        np.save(folder / "features.npy", FORGED[name], allow_pickle=True)
    forge(folder)
    refused(folder, "features.npy", REMEDY)


def test_a_header_that_claims_more_than_there_is(folder):
    """An array whose header claims a trillion rows is refused, and nothing of that size is made."""
    data = (folder / "features.npy").read_bytes()
    shape = f"({len(np.load(folder / 'features.npy'))}, 6)".encode()
    lie = b"(999999999999, 6)"
    (folder / "features.npy").write_bytes(
        data.replace(shape + b" " * (len(lie) - len(shape)), lie, 1).replace(shape, lie, 1)
    )
    forge(folder)
    refused(folder, "features.npy", REMEDY)


@pytest.mark.parametrize(("array", "table"), [("features.npy", "perturbations"), ("well_features.npy", "wells")])
def test_lengths_must_agree(folder, array, table):
    """Vectors and their table of another length are refused even where hashes fit."""
    np.save(folder / array, np.load(folder / array)[:-1])
    forge(folder)
    refused(folder, "differ in length", REMEDY)


def test_a_damaged_build_is_written_anew(tmp_path):
    """Building the same again over a damaged build repairs it."""
    root = tmp_path / "map"
    folder = build(root)
    (folder / "features.npy").write_bytes(b"")
    assert build(root) == folder
    open_map(root)


def test_publishing_swaps_and_the_old_build_stays(tmp_path):
    """A new build becomes current at once; a reader of the old one goes on reading what it opened."""
    root = tmp_path / "map"
    old = build(root, seed=0)
    reader = open_map(root)
    before = np.array(reader.features)
    new = build(root, seed=1)
    assert open_map(root).folder == new != old
    np.testing.assert_array_equal(reader.features, before)
    assert open_map(old).build == old.name
    publish(root, old)
    assert open_map(root).folder == old
    assert sorted(p.name for p in root.iterdir() if p.name != ".lock") == sorted([old.name, new.name, "current"])


def test_two_builds_at_once(tmp_path):
    """The second build is told of the first and leaves it alone."""
    root = tmp_path / "map"
    with building(root), pytest.raises(InputError, match=r"another build is writing to .*; wait for it or choose"):
        build(root)
    build(root)
    open_map(root)


def test_a_failed_first_build_leaves_nothing(tmp_path):
    """A build that fails takes back the folder that it made; one beside an older build leaves that alone."""
    root = tmp_path / "maps" / "map"
    with pytest.raises(RuntimeError), building(root):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    old = build(root)
    with pytest.raises(RuntimeError), building(root):
        raise RuntimeError
    assert open_map(root).folder == old


@pytest.mark.parametrize("taken", ["a file", "a single build", "other files"])
def test_a_root_that_is_taken(tmp_path, built, taken):
    """Nothing is written over a file, into a single build, or among files that are no map."""
    root = tmp_path / "map"
    if taken == "a file":
        root.write_text("mine")
    elif taken == "a single build":
        shutil.copytree(built, root)
    else:
        root.mkdir()
        (root / "notes.txt").write_text("mine")
    before = sorted(p.name for p in tmp_path.rglob("*"))
    with pytest.raises(InputError, match=r"--out .*; choose"):
        build(root)
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


def test_a_closed_pipe_is_not_a_full_disk(tmp_path):
    """Whoever stops reading the progress stops the build; the message does not blame the disk."""

    def broken(*_: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(BrokenPipeError):
        build_map(random_screen(0), tmp_path / "map", recipe=RECIPE, provenance=ABOUT, progress=broken)
    assert list(tmp_path.iterdir()) == []


KILLED = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from tests.made_profiles import random_screen
from explorer.maps.build import Provenance, Recipe, build_map
print("ready", flush=True)
for seed in range(1, 10_000):
    build_map(random_screen(seed), Path(sys.argv[1]), recipe=Recipe(null_draws=5), provenance=Provenance("small", "x"))
"""


def test_a_build_killed_at_any_moment_breaks_nothing(tmp_path):
    """After SIGKILL at random moments the current map opens whole, and the next build clears what was left."""
    root, moments = tmp_path / "map", random.Random(7)
    build(root)
    paths = [str(root), str(REPOSITORY), str(REPOSITORY / "tests")]
    left = 0
    for _ in range(10):
        process = subprocess.Popen([sys.executable, "-c", KILLED, *paths], stdout=subprocess.PIPE)
        assert process.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0.0, 0.4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        m = open_map(root)
        assert len(m.features) == len(m.perturbations)
        for folder in root.glob("*/map.json"):
            open_map(folder.parent) if not folder.parent.is_symlink() else None
        left += len(list(root.glob(".tmp-*")))
    (root / ".tmp-left").mkdir()
    (root / ".current-99999").symlink_to("nothing")
    build(root, seed=2)
    names = {p.name for p in root.iterdir()}
    assert not {n for n in names if n.startswith((".tmp-", ".current-"))}, f"{left} were left by the kills"
    open_map(root)

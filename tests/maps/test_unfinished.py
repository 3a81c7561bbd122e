"""A build that was interrupted goes on from what it has finished, to the same bytes, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.datasets.profiles import REMARK
from explorer.errors import InputError
from explorer.maps import build as build_module
from explorer.maps import relating, unfinished
from explorer.maps.build import Provenance, Recipe, build_map
from explorer.maps.build_key import key_of
from explorer.maps.relating import Known
from tests.made_profiles import random_screen

ABOUT = Provenance("small", "a small screen", licence="none", citation="nobody", simulated=True)
RECIPE = Recipe(align="auto", relate="auto", null_draws=50)
REPOSITORY = Path(__file__).resolve().parents[2]

#: Parts in the order in which they are kept, and what computes each of them.
COSTLY = {
    "alignment_choice": (build_module, "choose_alignment"),
    "held-out_controls": (build_module, "held_out_controls"),
    "wells": (build_module, "aggregate_wells"),
    "tests": (build_module, "_tests"),
    "relate_choice": (relating, "_chosen"),
    "pictures": (build_module, "projection"),
}
SAVING = (build_module, "save_map")


@pytest.fixture(scope="module")
def screen():
    return random_screen(0, genes=8, compounds=14)


@pytest.fixture(scope="module")
def whole(screen, tmp_path_factory):
    """A build that nothing interrupted."""
    return build_map(screen, tmp_path_factory.mktemp("whole"), recipe=RECIPE, provenance=ABOUT)


def stop(*_, **__):
    raise KeyboardInterrupt


def parts_in(root: Path) -> dict[str, Path]:
    return {file.name.split(".")[0]: file for file in (root / unfinished.FOLDER).glob("*/*")}


def interrupted(screen, root: Path, monkeypatch, *, at: tuple = SAVING, **options) -> None:
    """Build until something is called, which raises."""
    with monkeypatch.context() as patch:
        patch.setattr(*at, stop)
        with pytest.raises(KeyboardInterrupt):
            rebuilt(screen, root, **options)


def rebuilt(screen, root: Path, *, told: list[str] | None = None, **options) -> tuple[Path, list[str]]:
    """Build, and the remarks on the way."""
    told = [] if told is None else told

    def progress(stage: str, done: int, total: int | None) -> None:
        if total == REMARK:
            told.append(stage)

    options = {"recipe": RECIPE, "provenance": ABOUT} | options
    return build_map(screen, root, **options, progress=progress), told


def same_bytes(one: Path, other: Path) -> bool:
    names = {file.name for file in one.iterdir()} | {file.name for file in other.iterdir()}
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


@pytest.mark.parametrize("step", [*COSTLY, "saving"])
def test_an_interrupted_build_goes_on_to_the_same_bytes(screen, whole, tmp_path, monkeypatch, step):
    """Stopped at any step: what was finished is not computed again, it is said, and every file is the same."""
    root, finished = tmp_path / "map", [*COSTLY, "saving"][: [*COSTLY, "saving"].index(step)]
    interrupted(screen, root, monkeypatch, at=COSTLY.get(step, SAVING))
    assert root.exists() == bool(finished)  # a folder that was made for nothing is taken away
    assert set(parts_in(root)) == set(finished)
    for name in finished:
        monkeypatch.setattr(*COSTLY[name], stop)
    again, told = rebuilt(screen, root)
    assert same_bytes(again, whole)
    names = ", ".join(name.replace("_", " ") for name in sorted(finished))
    assert told == ([f"taken up from the interrupted build: {names}"] if finished else [])
    assert sorted(file.name for file in root.iterdir()) == [".lock", again.name, "current"]


@pytest.mark.parametrize(("align", "relate"), [("tvn", "auto"), ("robust", "whitening:0.25"), ("none", "cosine")])
def test_every_part_gives_back_what_was_computed(screen, tmp_path, monkeypatch, align, relate):
    """With other steps too, a build of kept parts alone has the bytes of one that computes them."""
    recipe = replace(RECIPE, align=align, relate=relate)
    interrupted(screen, tmp_path / "a", monkeypatch, recipe=recipe)
    again, told = rebuilt(screen, tmp_path / "a", recipe=recipe)
    fresh, said = rebuilt(screen, tmp_path / "b", recipe=recipe)
    assert same_bytes(again, fresh)
    assert len(told) == 1
    assert not said


def changed_feature(screen):
    features = screen.features.copy()
    features[-1, -1] += 1e-3
    return replace(screen, features=features)


def changed_count(screen):
    return replace(screen, metadata=screen.metadata.assign(cell_count=np.float32(7)))


def changed_entity(screen):
    return replace(screen, entities=screen.entities.assign(arm="1p"))


@pytest.mark.parametrize(
    ("profiles", "options"),
    [
        (changed_feature, {}),
        (changed_count, {}),
        (changed_entity, {}),
        (replace, {"recipe": replace(RECIPE, seed=1)}),
        (replace, {"known": Known(arms={"KRAS": "12p"})}),
    ],
)
def test_nothing_is_taken_up_by_another_build(screen, tmp_path, monkeypatch, profiles, options):
    """Other profiles, another recipe or other knowledge: nothing is taken up, and what was kept goes."""
    interrupted(screen, tmp_path, monkeypatch, at=COSTLY["wells"])
    old = parts_in(tmp_path)["held-out_controls"]
    interrupted(profiles(screen), tmp_path, monkeypatch, at=COSTLY["tests"], **options)
    assert not old.parent.exists()
    assert set(parts_in(tmp_path)) == {"alignment_choice", "held-out_controls", "wells"}
    again, told = rebuilt(profiles(screen), tmp_path, **options)
    assert len(told) == 1
    assert again.is_dir()


def test_the_program_itself_is_part_of_the_key(screen, monkeypatch, tmp_path):
    """A kept part of a version that computed otherwise is of another key."""
    before = key_of(screen, RECIPE, Known())
    assert before == key_of(screen, RECIPE, Known())
    (tmp_path / "step.py").write_text("ROUNDS = 2\n")
    monkeypatch.setattr("explorer.__file__", str(tmp_path / "__init__.py"))
    assert key_of(screen, RECIPE, Known()) != before


@pytest.mark.parametrize("at", [0, 0.5, -1])
def test_a_damaged_part_is_computed_again(screen, whole, tmp_path, monkeypatch, at):
    """One turned byte, wherever: the part is not used, the others are."""
    interrupted(screen, tmp_path, monkeypatch, at=COSTLY["tests"])
    file = parts_in(tmp_path)["wells"]
    content = bytearray(file.read_bytes())
    content[int(at * len(content))] ^= 1
    file.write_bytes(content)
    again, told = rebuilt(screen, tmp_path)
    assert told == ["taken up from the interrupted build: alignment choice, held-out controls"]
    assert same_bytes(again, whole)


def test_an_object_in_a_part_is_never_unpickled(screen, whole, tmp_path, monkeypatch):
    """Even with its right checksum a part with a pickle in it is computed again."""
    interrupted(screen, tmp_path, monkeypatch, at=COSTLY["tests"])
    file = parts_in(tmp_path)["wells"]
    np.savez(file, values=np.array([print], dtype=object), rest=np.zeros(0, np.uint8))
    file.rename(file.with_name(f"wells.{unfinished.sha256(file)}.npz"))
    again, _ = rebuilt(screen, tmp_path)
    assert same_bytes(again, whole)


def full(*_, **__):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("explorer.maps.unfinished.np.savez", full),
        ("explorer.maps.unfinished.os.replace", full),
        ("explorer.maps.unfinished.shutil.disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0)),
    ],
)
def test_a_full_disk_does_not_stop_a_build(screen, whole, tmp_path, monkeypatch, call, answer):
    """A part that cannot be kept, or would leave no room for the map, is said and done without."""
    told: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(call, answer)
        interrupted(screen, tmp_path / "map", monkeypatch, told=told)
    assert "wells could not be kept for the case of an interruption: No space left on device" in told
    assert "wells" not in parts_in(tmp_path / "map")
    assert same_bytes(rebuilt(screen, tmp_path / "map")[0], whole)


def test_what_cannot_become_a_map_keeps_nothing(screen, tmp_path, monkeypatch):
    """An error of the profiles would come again: no part stays, and no folder."""

    def wrong(*_, **__):
        raise InputError("no")

    monkeypatch.setattr(*COSTLY["tests"], wrong)
    with pytest.raises(InputError):
        build_map(screen, tmp_path / "map", recipe=RECIPE, provenance=ABOUT)
    assert not (tmp_path / "map").exists()


CHILD = """
import sys, time
from pathlib import Path
from explorer.maps import build as b
from tests.made_profiles import random_screen
from tests.maps.test_unfinished import ABOUT, RECIPE

b.projection = lambda *_, **__: (print("here", flush=True), time.sleep(60))
b.build_map(random_screen(0, genes=8, compounds=14), Path(sys.argv[1]), recipe=RECIPE, provenance=ABOUT)
"""


def test_a_killed_build_goes_on_and_two_at_once_are_refused(screen, whole, tmp_path, monkeypatch):
    """SIGKILL in the last costly step: another build is refused before, and takes up all steps but that one after."""
    command = [sys.executable, "-W", "ignore", "-c", CHILD, str(tmp_path / "map")]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "here\n"
        with pytest.raises(InputError, match="another build is writing"):
            rebuilt(screen, tmp_path / "map")
        os.kill(child.pid, signal.SIGKILL)
    for name in list(COSTLY)[:-1]:
        monkeypatch.setattr(*COSTLY[name], stop)
    again, told = rebuilt(screen, tmp_path / "map")
    assert len(told) == 1
    assert same_bytes(again, whole)
    assert not (tmp_path / "map" / unfinished.FOLDER).exists()

"""Registered annotations are whole or not there, and are read back as they were written or refused by name."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path

import pytest

from explorer.annotations import registering
from explorer.annotations.registered import (
    PAIRS,
    SETS,
    About,
    Found,
    find_registered,
    read_pairs,
    read_sets,
    read_source,
)
from explorer.annotations.registering import register, unregister, writing
from explorer.errors import InputError

PAIRS_OF_TWO = gzip.compress(b"a,b\nAAA1,NA\nBBB1,CCC1\n")


def about(name: str = "Made up", kind: str = "relationships", **more) -> About:
    texts = {"licence": "CC0", "version": "1", "citation": "", "home": "", "fetched": "2026-11-22", "fetch": "made-up"}
    return About(name=name, kind=kind, **(texts | {"n": 2} | more))


@pytest.fixture
def root(tmp_path):
    with writing(tmp_path / "kept") as folder:
        yield folder


def test_a_source_is_read_back_as_it_was_written(root):
    """Pairs keep every symbol, also one that pandas would take for a missing value."""
    written = register(root, about(), {PAIRS: PAIRS_OF_TWO})
    assert written.folder == root / "made-up"
    (found,) = find_registered(root).of_kind("relationships")
    assert found == written
    assert read_pairs(found).to_numpy().tolist() == [["AAA1", "NA"], ["BBB1", "CCC1"]]
    assert find_registered(root).problems == ()


def test_sets_are_named_by_the_prefix_of_their_source(root):
    """The id of a set says where it comes from."""
    source = register(root, about(kind="gene_sets", prefix="made"), {SETS: "S:1\tÄ set\tAAA1\tBBB1\n".encode()})
    assert read_sets(source) == (("made:S:1", "Ä set", ("AAA1", "BBB1")),)


def test_there_is_nothing_where_nothing_was_fetched(tmp_path):
    """A folder that does not exist, is a file or is empty holds no source, and is no error."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "kept" / "own").mkdir(parents=True)
    (tmp_path / "kept" / "notes").write_text("x")
    for place in ("nowhere", "file", "file/below", "kept"):
        assert find_registered(tmp_path / place) == Found((), ())


@pytest.mark.parametrize("damage", ["flipped", "shorter", "absent"])
def test_a_changed_file_is_refused_by_its_name(root, damage):
    """One flipped bit, a cut file or none: the message names the file and how to bring it again."""
    source = register(root, about(), {PAIRS: PAIRS_OF_TWO})
    file = source.folder / PAIRS
    if damage == "absent":
        file.unlink()
    else:
        cut = PAIRS_OF_TWO[:-1]
        file.write_bytes(cut if damage == "shorter" else cut + bytes([PAIRS_OF_TWO[-1] ^ 1]))
    with pytest.raises(InputError, match=r"pairs\.csv\.gz.*keyhole fetch made-up"):
        read_pairs(find_registered(root).sources[0])


DAMAGED = [
    b"", b"\xff", b"[]", b"null", b"{}", b"[" * 100_000, b" " * 200_000,
    *({"files": wrong} for wrong in (None, {}, {"../../x": "0" * 64}, {PAIRS: "0"}, {PAIRS: 3})),
    {"n": -1}, {"n": True}, {"n": "2"}, {"kind": "rumours"}, {"kind": "genes"}, {"name": 3}, {"name": "x" * 9_999},
    *({"origin": wrong} for wrong in (None, {}, [None], [{}], [{"file": "x", "url": "", "bytes": "1", "sha256": ""}])),
]  # fmt: skip


@pytest.mark.parametrize("wrong", DAMAGED, ids=lambda wrong: str(wrong)[:40])
def test_a_description_that_is_none_is_a_problem_and_the_others_stay(root, wrong):
    """One damaged folder costs itself only, and the sentence names its file."""
    register(root, about("Whole"), {PAIRS: PAIRS_OF_TWO})
    file = register(root, about(), {PAIRS: PAIRS_OF_TWO}).folder / "source.json"
    file.write_bytes(json.dumps(json.loads(file.read_bytes()) | wrong).encode() if isinstance(wrong, dict) else wrong)
    found = find_registered(root)
    assert [source.about.name for source in found.sources] == ["Whole"]
    assert len(found.problems) == 1
    assert str(file) in found.problems[0]


def test_a_failed_writing_leaves_what_was_there(root, monkeypatch):
    """Whatever step of writing fails, the source that was there before is still there and nothing else is."""
    register(root, about(version="old"), {PAIRS: PAIRS_OF_TWO})
    for step in ("write", "fsync", "rename"):
        with monkeypatch.context() as patched:
            fail_at(step, patched)
            with pytest.raises(InputError, match=r"Made up cannot be written .*is there space\?"):
                register(root, about(version="new"), {PAIRS: PAIRS_OF_TWO})
        assert sorted(f.name for f in root.iterdir()) == [".lock", "made-up"]
        assert read_source(root / "made-up").about.version == "old"


def fail_at(step: str, patched: pytest.MonkeyPatch) -> None:
    def full(*_):
        raise OSError(28, "No space left on device")

    if step == "rename":
        rename = Path.rename
        patched.setattr(Path, "rename", lambda a, b: full() if a.name.startswith(".tmp-") else rename(a, b))
    elif step == "fsync":
        patched.setattr(os, "fsync", full)
    else:
        patched.setattr(registering, "_write", full)


def test_what_a_killed_run_put_aside_comes_back(tmp_path):
    """Killed between the two renames, the source of before is there again at the next start, and no leftovers are."""
    with writing(tmp_path) as root:
        register(root, about(), {PAIRS: PAIRS_OF_TWO})
    (tmp_path / "made-up").rename(tmp_path / ".before-made-up")
    (tmp_path / ".tmp-half").mkdir()
    with writing(tmp_path):
        assert [source.folder.name for source in find_registered(tmp_path).sources] == ["made-up"]
    assert sorted(f.name for f in tmp_path.iterdir()) == [".lock", "made-up"]
    shutil.copytree(tmp_path / "made-up", tmp_path / ".before-made-up")
    with writing(tmp_path):
        assert not (tmp_path / ".before-made-up").exists()


def test_one_at_a_time(root):
    """A second writer is refused at once and told why; readers are not."""
    with pytest.raises(InputError, match="another `keyhole fetch` is writing"), writing(root):
        pass
    assert find_registered(root).sources == ()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    """The message names the folder and the setting."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"file/below.*KEYHOLE_ANNOTATIONS"), writing(tmp_path / "file" / "below"):
        pass


def test_a_source_is_removed_by_its_name(root):
    """By its name or its folder; another name removes nothing and says what there is."""
    register(root, about(), {PAIRS: PAIRS_OF_TWO})
    for wrong in ("other", "..", "", "own", "../kept"):
        with pytest.raises(InputError, match="there is made-up"):
            unregister(root, wrong)
    unregister(root, "MADE UP")
    assert find_registered(root).sources == ()
    assert [f.name for f in root.iterdir()] == [".lock"]

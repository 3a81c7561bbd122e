"""The cache on disk: what is read back is exactly what was written, or nothing."""

from __future__ import annotations

import io
import os
import pickle
import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from explorer import cache
from explorer.cache import SignedFileCache, SignedSerializer, memoised

FRAME = pd.DataFrame(
    {
        "label": ["KRAS", "Δ <b>", ""],
        "cosine": [0.5, -1.0, np.nan],
        "rank": np.array([1, 2, 3]),
        "active": np.array([True, None, False], dtype=object),
    }
)
FLIPS = 2_000

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@pytest.fixture
def serializer() -> SignedSerializer:
    return SignedSerializer(b"k" * 32)


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "cache" / "build"


@pytest.fixture
def flask_app(folder) -> Flask:
    """A bare Flask app with the cache attached."""
    app = Flask("test")
    cache.attach(app, folder)
    return app


def written(serializer: SignedSerializer, value: object) -> bytes:
    stream = io.BytesIO()
    serializer.dump(value, stream)
    return stream.getvalue()


@given(plain)
def test_plain_values_come_back_as_they_were(value):
    """JSON in, the same JSON out."""
    serializer = SignedSerializer(b"k" * 32)
    assert serializer.load(io.BytesIO(written(serializer, value))) == value


def test_frames_come_back_as_they_were(serializer):
    """Values, types, missing values and columns of a frame survive."""
    pd.testing.assert_frame_equal(serializer.load(io.BytesIO(written(serializer, FRAME))), FRAME)
    empty = FRAME.iloc[:0]
    assert list(serializer.load(io.BytesIO(written(serializer, empty))).columns) == list(FRAME)


@pytest.mark.parametrize("value", [FRAME, {"n": 1, "text": ["a", 2.5, None]}], ids=["frame", "json"])
def test_a_flipped_bit_is_a_miss(serializer, value):
    """No damaged entry is ever a value: not a wrong number, not a crash."""
    content = written(serializer, value)
    rng = np.random.default_rng(0)
    for bit in rng.integers(0, 8 * len(content), FLIPS // 2):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << (bit % 8)
        assert serializer.load(io.BytesIO(bytes(damaged))) is None


def test_a_cut_entry_is_a_miss(serializer):
    """Every truncation, down to nothing, is a miss."""
    content = written(serializer, FRAME)
    for length in range(0, len(content), 7):
        assert serializer.load(io.BytesIO(content[:length])) is None


def test_an_entry_of_another_installation_is_a_miss(serializer):
    """What was written under another key is not believed."""
    assert SignedSerializer(b"x" * 32).load(io.BytesIO(written(serializer, FRAME))) is None


class Planted:
    """Unpickling this makes a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def test_a_planted_pickle_is_a_miss_without_side_effect(folder, tmp_path):
    """Whoever can write the folder cannot run code through it."""
    stored = SignedFileCache(str(folder))
    assert stored.set("key", {"a": 1})
    entry = Path(stored._get_filename("key"))
    pwned = tmp_path / "pwned"
    for head in (b"", entry.read_bytes()[:4], entry.read_bytes()[:36]):
        entry.write_bytes(head + pickle.dumps(Planted(pwned)))
        assert stored.get("key") is None
    assert not pwned.exists()


def test_key_and_folder_are_for_their_owner_alone(folder):
    """The key is mode 0600, the folder 0700, and the key stays the same from one start to the next."""
    SignedFileCache(str(folder)).set("key", 1)
    key = folder.parent / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = key.read_bytes()
    assert SignedFileCache(str(folder)).get("key") == 1
    assert key.read_bytes() == before


def test_a_damaged_key_is_made_anew(folder):
    """A key file of the wrong length costs the entries, not the start."""
    SignedFileCache(str(folder)).set("key", 1)
    (folder.parent / "key").write_bytes(b"short")
    again = SignedFileCache(str(folder))
    assert again.get("key") is None
    assert again.set("key", 2)
    assert again.get("key") == 2


def test_unfinished_files_are_swept_at_the_start(folder):
    """What a full disk or a kill left half-written does not pile up."""
    SignedFileCache(str(folder)).set("key", 1)
    left = folder / f"tmpabc{SignedFileCache._fs_transaction_suffix}"
    left.write_bytes(b"half")
    assert SignedFileCache(str(folder)).get("key") == 1
    assert not left.exists()


def test_the_app_goes_on_without_a_folder_to_write(tmp_path, caplog):
    """Where the cache cannot be made there is a warning, and queries are simply asked."""
    (tmp_path / "file").write_text("in the way")
    app = Flask("test")
    cache.attach(app, tmp_path / "file" / "build")
    assert "no cache" in caplog.text
    asked = []
    query = counted(asked)
    with app.app_context():
        assert [query("demo", 1), query("demo", 1)] == [{"x": 1}, {"x": 1}]
    assert len(asked) == 2


def counted(asked: list, version=lambda of_map: f"build of {of_map}"):
    @memoised(version)
    def query(of_map: str, x: object, *, y: object = None) -> dict:
        asked.append((of_map, x, y))
        return {"x": x}

    return query


def test_a_query_is_asked_once(flask_app):
    """The same map and arguments are answered from the cache; other arguments, and other builds, are asked anew."""
    asked, build = [], ["one"]
    query = counted(asked, version=lambda of_map: build[0])
    with flask_app.app_context():
        for _ in range(3):
            assert query("demo", [1, "a", None], y=0.5) == {"x": [1, "a", None]}
        assert len(asked) == 1
        query("demo", [1, "a"], y=0.5)
        build[0] = "two"
        query("demo", [1, "a", None], y=0.5)
    assert len(asked) == 3


def test_a_frame_is_asked_once_and_comes_back_equal(flask_app):
    """A cached frame is the frame that was computed."""
    asked = []

    @memoised(lambda of_map: of_map)
    def query(of_map: str) -> pd.DataFrame:
        asked.append(of_map)
        return FRAME

    with flask_app.app_context():
        pd.testing.assert_frame_equal(query("demo"), FRAME)
        pd.testing.assert_frame_equal(query("demo"), FRAME)
    assert asked == ["demo"]


@pytest.mark.parametrize(
    "argument", [{1, 2}, np.arange(3), FRAME, object(), b"x", np.float32(1)], ids=lambda a: type(a).__name__
)
def test_an_argument_that_json_cannot_write_fails_loudly(flask_app, argument):
    """A key that could not tell two questions apart is a TypeError, never a wrong answer."""
    asked = []
    with flask_app.app_context(), pytest.raises(TypeError):
        counted(asked)("demo", argument)
    assert not asked


def test_not_a_number_is_no_argument(flask_app):
    """NaN is not JSON, so it is refused rather than stored under a key that nothing equals."""
    with flask_app.app_context(), pytest.raises(ValueError, match="not JSON compliant"):
        counted([])("demo", float("nan"))


def test_a_damaged_entry_is_asked_again(flask_app, folder):
    """A bad file on disk costs one computation."""
    asked = []
    query = counted(asked)
    with flask_app.app_context():
        query("demo", 1)
        for file in folder.iterdir():
            file.write_bytes(file.read_bytes()[:-1] + b"?")
        assert query("demo", 1) == {"x": 1}
        assert query("demo", 1) == {"x": 1}
    assert len(asked) == 2


def test_large_frames_are_not_stored(flask_app, folder):
    """A frame past the limit is answered and left out of the cache."""
    asked = []

    @memoised(lambda of_map: of_map)
    def query(of_map: str) -> pd.DataFrame:
        asked.append(of_map)
        return pd.DataFrame({"x": np.zeros(cache.LARGEST)})

    with flask_app.app_context():
        query("demo")
        query("demo")
    assert len(asked) == 2
    assert sum(f.stat().st_size for f in folder.iterdir()) < cache.LARGEST


def kept_bytes(root: Path) -> int:
    """What the entries of an installation take on disk, in whole blocks."""
    return sum(-(-f.stat().st_size // 4096) * 4096 for f in root.glob("*/*"))


@pytest.fixture
def small_budget(monkeypatch) -> int:
    """A budget of 64 blocks."""
    monkeypatch.setattr(cache, "BUDGET", 64 * 4096)
    return cache.BUDGET


def test_a_frame_of_a_whole_genome_is_kept(flask_app):
    """17,000 rows of twenty columns are within the largest that is kept."""
    asked = []

    @memoised(lambda of_map: of_map)
    def query(of_map: str) -> pd.DataFrame:
        asked.append(of_map)
        return pd.DataFrame({f"x{i}": np.zeros(17_000) for i in range(20)})

    with flask_app.app_context():
        query("demo")
        query("demo")
    assert asked == ["demo"]


@pytest.mark.parametrize("size", [10, 5_000, 40_000])
def test_the_folders_never_pass_their_budget(folder, small_budget, size):
    """Whatever is written, small or large, after every answer the installation is within its budget of bytes."""
    stored = [SignedFileCache(str(folder.with_name(name))) for name in ("one", "two")]
    for i in range(150):
        stored[i % 2].set(f"key {i}", "x" * size)
        assert kept_bytes(folder.parent) <= small_budget
    assert stored[1].get("key 149") == "x" * size


def test_what_was_asked_for_last_stays(folder, small_budget):
    """Entries that are read outlive those that are not, however old they are."""
    stored = SignedFileCache(str(folder))
    stored.set("wanted", 1)
    for i in range(200):
        stored.set(f"key {i}", "x" * 4_000)
        assert stored.get("wanted") == 1
    assert stored.get("key 0") is None


def test_a_start_sweeps_what_older_builds_left(folder, monkeypatch, tmp_path):
    """Entries of builds that are not served any more count, and go first; whatever else lies there is left alone."""
    older = SignedFileCache(str(folder.with_name("older")))
    for i in range(100):
        older.set(f"key {i}", i)
    ontology = folder.parent / "phenotypes.parquet.checked"
    ontology.write_bytes(b"x" * 1_000_000)
    beside = folder.with_name("older") / "notes.txt"
    beside.write_text("mine")
    monkeypatch.setattr(cache, "BUDGET", 16 * 4096)
    stored = SignedFileCache(str(folder))
    assert len(list(folder.parent.glob("older/*"))) == 1 + 12
    assert ontology.exists()
    assert beside.exists()
    assert stored.set("key", 1)


def test_an_entry_that_vanishes_is_a_miss(folder):
    """Another process may sweep at any time: that costs one computation and no error."""
    stored = SignedFileCache(str(folder))
    stored.set("key", 1)
    for file in folder.iterdir():
        file.unlink()
    assert stored.get("key") is None
    assert stored.set("key", 2)

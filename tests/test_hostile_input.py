"""Whatever is put in, a build makes a map or says in one line what is wrong with it, and leaves nothing behind."""

import gzip
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from explorer import atlas
from explorer.cli import main
from explorer.maps.perturbation_map import build_id, open_map
from tests.small_screen import OPTIONS, small_screen, write_screen

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def keep_the_open_atlas():
    """The command line opens maps of its own; other tests get back the one they use."""
    before = atlas._current
    yield
    atlas._current = before


def refused(capsys, arguments, *, code, says):
    """The command ends with this code and one line that has all of these words."""
    assert main([str(a) for a in arguments]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("keyhole: "), err
    assert err.count("\n") == 1, err
    assert "Traceback" not in err
    for words in says:
        assert words in err, f"'{words}' is not in: {err}"


def edited(**columns):
    """The small screen with columns replaced, as a file."""

    def write(folder):
        small_screen().assign(**columns).to_csv(folder / "screen.csv", index=False)
        return [folder / "screen.csv"]

    return write


def content(name, data):
    """A file with this content in place of a table."""

    def write(folder):
        (folder / name).write_bytes(data)
        return [folder / name]

    return write


def screen(folder):
    """The small screen as it should be."""
    return [write_screen(folder / "screen.csv")]


def cut(name, share):
    """The small screen in a format, cut short."""

    def write(folder):
        whole = folder / ("whole." + name.split(".", 1)[1])
        table = small_screen()
        if name.endswith(".parquet"):
            table.to_parquet(whole)
        else:
            table.to_csv(whole, index=False)
        data = whole.read_bytes()
        whole.unlink()
        return content(name, data[: int(len(data) * share)])(folder)

    return write


def two_tables(folder):
    """A second table lacks a feature."""
    small_screen().drop(columns="f3").to_csv(folder / "second.csv", index=False)
    return [*screen(folder), folder / "second.csv"]


def spreadsheet(folder):
    with zipfile.ZipFile(folder / "screen.csv", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return [folder / "screen.csv"]


def two_columns_alike(folder):
    [file] = screen(folder)
    file.write_text(file.read_text().replace("f1,", "f0,", 1))
    return [file]


def ragged(folder):
    [file] = screen(folder)
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines[:5], lines[5] + ",7,8", *lines[6:]]) + "\n")
    return [file]


def renamed_parquet(folder):
    small_screen().to_parquet(folder / "screen.csv")
    return [folder / "screen.csv"]


N = len(small_screen())
TEXT = small_screen().to_csv(index=False)
KIND = ["--label", "label", "--name", "x", "--features", "^f"]
ALL = [*KIND, "--kind-all", "compound"]

TABLES = {
    "no such file": (lambda f: [f / "absent.csv"], OPTIONS, ["absent.csv", "does not exist"]),
    "a folder": (lambda f: [f], OPTIONS, ["is a folder", "name the table files"]),
    "empty": (content("screen.csv", b""), OPTIONS, ["screen.csv", "empty"]),
    "blank lines only": (content("screen.csv", b"\n\n\n"), OPTIONS, ["screen.csv", "empty"]),
    "a header only": (content("screen.csv", TEXT.split("\n")[0].encode() + b"\n"), OPTIONS, ["screen.csv", "no rows"]),
    "random bytes": (content("screen.csv", bytes(range(256)) * 40), OPTIONS, ["screen.csv"]),
    "zero bytes": (content("screen.csv", b"\0" * 4096), OPTIONS, ["screen.csv"]),
    "Latin-1": (
        content("screen.csv", TEXT.replace("drug one", "drüg one").encode("latin-1")),
        OPTIONS,
        ["screen.csv", "Save it as UTF-8"],
    ),
    "UTF-16": (content("screen.csv", TEXT.encode("utf-16")), OPTIONS, ["screen.csv", "UTF-8"]),
    "a spreadsheet": (spreadsheet, OPTIONS, ["screen.csv", "spreadsheet", "export it again"]),
    "Parquet by another name": (renamed_parquet, OPTIONS, ["screen.csv", "holds Parquet", "right ending"]),
    "text named Parquet": (content("screen.parquet", TEXT.encode()), OPTIONS, ["screen.parquet", "right ending"]),
    "text named h5ad": (content("screen.h5ad", TEXT.encode()), OPTIONS, ["screen.h5ad", "right ending"]),
    "half an h5ad": (content("screen.h5ad", b"\x89HDF\r\n\x1a\n" + b"\0" * 900), OPTIONS, ["screen.h5ad"]),
    "an unknown format": (content("screen.xyz", TEXT.encode()), OPTIONS, ["screen.xyz", ".parquet, .csv"]),
    "half a gzip": (cut("screen.csv.gz", 0.5), OPTIONS, ["screen.csv.gz", "cut short"]),
    "half a Parquet": (cut("screen.parquet", 0.5), OPTIONS, ["screen.parquet", "cut short"]),
    "no gzip": (content("screen.csv.gz", b"\x1f\x8b" + b"junk" * 20), OPTIONS, ["screen.csv.gz", "damaged"]),
    "a row too long": (ragged, OPTIONS, ["screen.csv", "row 6", "cut short, or a value"]),
    "two columns of one name": (two_columns_alike, [*OPTIONS, "--count", "f0"], ["f0", "rename them"]),
    "tables that differ": (two_tables, OPTIONS, ["second.csv", "f3", "must have the same"]),
    "a label column that is not there": (screen, ["--label", "lable", *OPTIONS[2:]], ["lable", 'Closest: "label"']),
    "a count column that is not there": (screen, [*OPTIONS, "--count", "cels"], ["cels", "cells"]),
    "a batch column that is not there": (screen, [*OPTIONS, "--batch", "day"], ["day", "screen.csv"]),
    "text among the features": (edited(f2=["x"] * N), [*ALL], ["f2", "Correct it"]),
    "one word among the features": (edited(f2=["x", *range(N - 1)]), [*ALL], ["f2", '"x"', "Correct it"]),
    "only NaN": (edited(**{f"f{i}": [np.nan] * N for i in range(12)}), ALL, ["NaN", "f0"]),
    "one column of NaN": (edited(f4=[np.nan] * N), ALL, ["NaN", '"f4"']),
    "only zeros": (edited(**{f"f{i}": [0.0] * N for i in range(12)}), ALL, ["all features are zero"]),
    "only infinities": (edited(**{f"f{i}": [np.inf] * N for i in range(12)}), ALL, ["infinite", "f0"]),
    "only controls": (
        edited(label=["DMSO"] * N, kind="compound"),
        OPTIONS,
        ["Every row is a control", "fewer controls"],
    ),
    "only missing labels": (edited(label=[""] * N), ALL, ["no label"]),
    "a batch without controls": (
        edited(batch=np.where(small_screen()["label"] == "AAA", "b3", "b1")),
        OPTIONS,
        ["b3", "control"],
    ),
    "no controls to align on": (screen, [*ALL, "--align", "tvn"], ["tvn", "control"]),
    "text concentrations": (edited(concentration=["high"] * N), OPTIONS, ["concentration", '"high"', "Correct it"]),
    "log concentrations": (edited(concentration=[-6.0] * N), OPTIONS, ["concentration", "not as logarithms"]),
    "infinite concentrations": (
        edited(concentration=[np.inf] * N),
        OPTIONS,
        ["concentration", "leave unknown ones empty"],
    ),
    "a control that is not there": (screen, [*OPTIONS, "--control", "DMS"], ['"DMS"', 'Closest: "DMSO"']),
    "a value that is not there": (screen, [*OPTIONS, "--where", "batch=b9"], ["b9", "batch", "b1"]),
    "a kind that is not there": (screen, [*OPTIONS, "--kind-values", "gene=crispr"], ["crispr", "kind", "gene"]),
    "a kind that there cannot be": (
        screen,
        [*OPTIONS, "--kind-values", "orf=orf"],
        ["orf", "gene, compound and control"],
    ),
    "kinds without sense": (screen, [*OPTIONS, "--kind-values", "gene"], ["--kind-values", "gene=VALUE"]),
    "where without a value": (screen, [*OPTIONS, "--where", "batch"], ["--where", "COLUMN=VALUE"]),
    "where of two minds": (screen, [*OPTIONS, "--where", "batch=b1", "--where", "batch=b2"], ["batch", "ask for one"]),
    "no kind": (screen, KIND, ["kind_all"]),
    "two kinds": (screen, [*ALL, "--kind", "kind"], ["not both"]),
    "no expression": (screen, [*OPTIONS, "--features", "f["], ["f[", "regular expression"]),
    "an expression for nothing": (screen, [*OPTIONS, "--features", "^Cells_"], ["^Cells_", "screen.csv"]),
    "an alignment that there is not": (screen, [*OPTIONS, "--align", "magic"], ["magic", "centerscale"]),
    "a seed below zero": (screen, [*OPTIONS, "--seed", "-1"], ["--seed", "from 0"]),
    "a name of nothing": (screen, [*OPTIONS, "--name", " "], ["--name", "printable"]),
    "a name of two lines": (screen, [*OPTIONS, "--name", "a\nb"], ["--name", "printable"]),
    "a shortened option": (screen, [*OPTIONS, "--alig", "none"], ["--alig", "--help"]),
    "no compound table": (screen, [*OPTIONS, "--compounds", "absent.csv"], ["absent.csv", "does not exist"]),
    "a key without a table": (screen, [*OPTIONS, "--compounds-key", "name"], ["compounds_key", "needs compounds"]),
}


@pytest.mark.parametrize("case", list(TABLES))
def test_a_table_that_cannot_be_used(tmp_path, capsys, case):
    """Exit code 2, one line that names the file or column and the remedy, and no trace of a map."""
    write, options, says = TABLES[case]
    (tmp_path / "maps").mkdir()
    (tmp_path / "in").mkdir()
    files = write(tmp_path / "in")
    out = tmp_path / "maps" / "deep" / "map"
    refused(capsys, ["build", "table", *files, *options, "--out", out], code=2, says=says)
    assert list((tmp_path / "maps").iterdir()) == []


def test_json_carries_the_error(tmp_path, capsys):
    """With --json the one document on stdout is the error, and stderr is empty."""
    for arguments in (
        ["build", "table", "absent.csv", *OPTIONS, "--out", str(tmp_path / "m")],
        ["check", "absent"],
        ["build"],
    ):
        code = main([*arguments, "--json"])
        out, err = capsys.readouterr()
        assert err == ""
        assert json.loads(out)["exit_code"] == code
        assert json.loads(out)["error"]


def test_a_table_beyond_the_memory(tmp_path, capsys, monkeypatch):
    """Refused before it is read, with the arithmetic."""
    monkeypatch.setattr("explorer.datasets.reading.memory_limit", lambda: 1000)
    arguments = ["build", "table", *screen(tmp_path), *OPTIONS, "--out", tmp_path / "map"]
    refused(capsys, arguments, code=2, says=["GB of memory", "fewer rows or features"])
    assert not (tmp_path / "map").exists()


def taken_by_a_file(folder):
    (folder / "map").write_text("mine")
    return folder / "map"


def taken_by_files(folder):
    (folder / "map").mkdir()
    (folder / "map" / "thesis.docx").write_text("mine")
    return folder / "map"


def below_a_file(folder):
    return taken_by_a_file(folder) / "map"


OUTS = {
    "a file": (taken_by_a_file, "choose another folder"),
    "a folder of other files": (taken_by_files, "choose a new or empty folder"),
    "below a file": (below_a_file, "choose"),
    "where nothing can be made": (lambda folder: Path("/proc/keyhole/map"), "choose"),
    "a name too long": (lambda folder: folder / ("m" * 300), "choose"),
}


@pytest.mark.parametrize("case", list(OUTS))
def test_an_out_folder_that_cannot_take_a_map(tmp_path, capsys, case):
    """Exit code 2 with the folder and a remedy; what was there is untouched."""
    take, remedy = OUTS[case]
    maps = tmp_path / "maps"
    maps.mkdir()
    out = take(maps)
    before = sorted(maps.rglob("*"))
    refused(capsys, ["build", "table", *screen(tmp_path), *OPTIONS, "--out", out], code=2, says=[str(out)[:60], remedy])
    assert sorted(maps.rglob("*")) == before


def test_a_folder_that_may_not_be_written(tmp_path, capsys, monkeypatch):
    """A folder of somebody else is refused before the table is read."""
    (tmp_path / "map").mkdir()
    monkeypatch.setattr("os.access", lambda path, mode: False)
    arguments = ["build", "table", "absent.csv", *OPTIONS, "--out", tmp_path / "map"]
    refused(capsys, arguments, code=2, says=["cannot be written", "choose another folder"])


def test_a_full_disk(tmp_path, capsys):
    """Steps that cannot be kept are told; a map that cannot is one sentence, and what was written is gone."""
    files = screen(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (256, before[1]))
    try:
        code = main(["build", "table", *map(str, files), *OPTIONS, "--out", str(tmp_path / "map")])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert code == 2
    *steps, last = capsys.readouterr().err.splitlines()
    assert steps
    assert all("could not be kept for the case of an interruption" in told for told in steps)
    assert last.startswith(f"keyhole: the map could not be written to {tmp_path / 'map'}")
    assert not (tmp_path / "map").exists()


def test_two_builds_into_one_folder(tmp_path, capsys):
    """The second is refused while the first holds the folder, whose map stays as it is."""
    import fcntl

    arguments = ["build", "table", *screen(tmp_path), *OPTIONS, "--out", tmp_path / "map"]
    assert main([str(a) for a in arguments]) == 0
    capsys.readouterr()
    with open(tmp_path / "map" / ".lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused(capsys, arguments, code=2, says=["another build", "wait for it"])
    assert main(["check", str(tmp_path / "map")]) == 0


def core(folder, *names):
    (folder / "metadata_rxrx3_core.csv").write_text("well_id,experiment_name\n")
    for name in names:
        pd.DataFrame({"well_id": ["a"], "feature_0": [1.0]}).to_parquet(folder / name)


def rxrx3(folder, tar):
    header = "well_id,experiment_name,plate,address,gene,treatment,SMILES,concentration,perturbation_type,cell_type\n"
    (folder / "metadata_rxrx3.csv").write_text(header + "g-1_1_A,g-1,1,A,AAA,AAA_guide_1,,,CRISPR,HUVEC\n")
    (folder / "embeddings.tar").write_bytes(tar)


def a_tar(folder, name, data):
    (folder / "member").write_bytes(data)
    with tarfile.open(folder / "made.tar", "w") as archive:
        archive.add(folder / "member", name)
    made = (folder / "made.tar").read_bytes()
    (folder / "member").unlink()
    (folder / "made.tar").unlink()
    return made


FOLDERS = {
    "rxrx3 absent": ("rxrx3", lambda f: f.rmdir(), ["does not exist"]),
    "rxrx3 empty": ("rxrx3", lambda f: None, ["no metadata", "metadata_rxrx3.csv"]),
    "rxrx3 no tar": ("rxrx3", lambda f: rxrx3(f, b"junk" * 500), ["embeddings.tar"]),
    "rxrx3 empty tar": ("rxrx3", lambda f: rxrx3(f, b""), ["embeddings.tar"]),
    "rxrx3 tar of something else": (
        "rxrx3",
        lambda f: rxrx3(f, a_tar(f, "notes.txt", b"x")),
        ["embeddings.tar", "gene-001/Plate1"],
    ),
    "rxrx3 plate damaged": (
        "rxrx3",
        lambda f: rxrx3(f, a_tar(f, "gene-001/Plate1/embeddings.parquet", b"PAR1junk")),
        ["gene-001/Plate1/embeddings.parquet", "damaged"],
    ),
    "core several embeddings": ("rxrx3-core", lambda f: core(f, "a.parquet", "b.parquet"), ["a.parquet, b.parquet"]),
    "core without columns": ("rxrx3-core", lambda f: core(f, "a.parquet"), ["metadata_rxrx3_core.csv"]),
    "jump empty": ("jump", lambda f: None, ["metadata"]),
}


@pytest.mark.parametrize("case", list(FOLDERS))
def test_a_data_set_that_is_not_there(tmp_path, capsys, case):
    """Exit code 2, and the file that is missing or damaged."""
    source, prepare, says = FOLDERS[case]
    (tmp_path / "data").mkdir()
    (tmp_path / "maps").mkdir()
    prepare(tmp_path / "data")
    arguments = ["build", source, tmp_path / "data", "--out", tmp_path / "maps" / "map"]
    refused(capsys, arguments, code=2, says=says)
    assert list((tmp_path / "maps").iterdir()) == []


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A sound map, to be copied and damaged."""
    folder = tmp_path_factory.mktemp("whole")
    table = write_screen(folder / "screen.csv")
    assert main(["build", "table", str(table), *OPTIONS, "--out", str(folder / "map"), "--json"]) == 0
    return folder / "map"


def rewrite(folder, **changes):
    """`map.json` with changes and with hashes that fit the files, as a careful forger would write it."""
    manifest = json.loads((folder / "map.json").read_text()) | changes
    from hashlib import sha256

    for name in manifest["files"]:
        data = (folder / name).read_bytes()
        manifest["files"][name] = {"bytes": len(data), "sha256": sha256(data).hexdigest()}
    manifest["build"] = build_id(manifest, manifest["files"])
    (folder / "map.json").write_text(json.dumps(manifest))


def change_features(change):
    def damage(folder):
        features = np.load(folder / "features.npy")
        np.save(folder / "features.npy", change(features), allow_pickle=True)
        rewrite(folder)

    return damage


def flip(folder):
    data = bytearray((folder / "features.npy").read_bytes())
    data[-3] ^= 1
    (folder / "features.npy").write_bytes(data)


def shorten(folder):
    data = (folder / "features.npy").read_bytes()
    (folder / "features.npy").write_bytes(data[: len(data) // 2])


def swap(folder):
    (folder / "features.npy").write_bytes((folder / "well_features.npy").read_bytes())


def with_nan(features):
    features[1, 0] = np.nan
    return features


def edit_table(name, edit):
    def damage(folder):
        edit(pd.read_parquet(folder / name)).to_parquet(folder / name)
        rewrite(folder)

    return damage


def edit_manifest(**changes):
    def damage(folder):
        manifest = json.loads((folder / "map.json").read_text()) | changes
        (folder / "map.json").write_text(json.dumps(manifest))

    return damage


def text_manifest(text):
    return lambda folder: (folder / "map.json").write_text(text)


def junk(name):
    def damage(folder):
        (folder / name).write_bytes(b"junk" * 99)
        rewrite(folder)

    return damage


AGAIN = "build the map again"
MAPS = {
    "absent": (lambda f: shutil.rmtree(f), ["no map at", "keyhole build"]),
    "empty": (lambda f: [x.unlink() for x in f.iterdir()], ["map.json", AGAIN]),
    "without map.json": (lambda f: (f / "map.json").unlink(), ["map.json", AGAIN]),
    "half a map.json": (text_manifest('{"format": 1, "na'), ["map.json", AGAIN]),
    "map.json of another kind": (text_manifest("[1, 2]"), ["map.json", AGAIN]),
    "map.json too deep": (text_manifest("[" * 200_000), ["map.json", AGAIN]),
    "map.json in another encoding": (lambda f: (f / "map.json").write_bytes(b"\xff\xfe{"), ["map.json", AGAIN]),
    "map.json without files": (edit_manifest(files={}), ["features.npy", AGAIN]),
    "map.json with wrong files": (
        edit_manifest(files={"features.npy": 1, "perturbations.parquet": 2, "entities.parquet": 3}),
        ["map.json", AGAIN],
    ),
    "map.json renamed": (edit_manifest(name="Other"), ["map.json", "edited", AGAIN]),
    "newer": (edit_manifest(format=99), ["format 99", "update Keyhole"]),
    "no format": (edit_manifest(format="one"), ["format one", "update Keyhole"]),
    "features cut": (shorten, ["features.npy", "truncated", AGAIN]),
    "features changed": (flip, ["features.npy", "SHA-256", AGAIN]),
    "features swapped": (swap, ["features.npy", AGAIN]),
    "features missing": (lambda f: (f / "features.npy").unlink(), ["features.npy is missing", AGAIN]),
    "a table missing": (lambda f: (f / "entities.parquet").unlink(), ["entities.parquet is missing", AGAIN]),
    "features of fewer rows": (change_features(lambda x: x[:-1]), ["differ in length", AGAIN]),
    "features of fewer columns": (change_features(lambda x: x[:, :5]), ["features.npy", AGAIN]),
    "features of one dimension": (change_features(lambda x: x.ravel()), ["features.npy", AGAIN]),
    "features of other numbers": (change_features(lambda x: x.astype(np.float64)), ["features.npy", "float64", AGAIN]),
    "features that are objects": (change_features(lambda x: x.astype(object)), ["features.npy", AGAIN]),
    "features with NaN": (change_features(with_nan), ["features.npy", "1 row", AGAIN]),
    "features not unit": (change_features(lambda x: x * 2), ["features.npy", "length 1", AGAIN]),
    "junk for features": (junk("features.npy"), ["features.npy", AGAIN]),
    "junk for a table": (junk("perturbations.parquet"), ["perturbations.parquet", AGAIN]),
    "a table without a column": (
        edit_table("perturbations.parquet", lambda t: t.drop(columns="active")),
        ["active", AGAIN],
    ),
    "entities without a column": (edit_table("entities.parquet", lambda t: t.drop(columns="slug")), ["slug", AGAIN]),
    "a perturbation twice": (
        edit_table("perturbations.parquet", lambda t: t.assign(perturbation=t["perturbation"].iat[0])),
        ["perturbations.parquet", "twice", AGAIN],
    ),
    "an entity too few": (edit_table("entities.parquet", lambda t: t.iloc[1:]), ["entities.parquet", AGAIN]),
    "wells that point nowhere": (
        edit_table("wells.parquet", lambda t: t.assign(row=np.int32(9999))),
        ["wells.parquet", AGAIN],
    ),
}


@pytest.mark.parametrize("command", ["check", "info", "neighbours"])
@pytest.mark.parametrize("case", list(MAPS))
def test_a_damaged_map(whole, tmp_path, capsys, case, command):
    """`check` ends with 3 and names the file; no other command shows a traceback or changes the map."""
    damage, says = MAPS[case]
    folder = tmp_path / "map"
    shutil.copytree(open_map(whole).folder, folder)
    damage(folder)
    before = {f.name: f.read_bytes() for f in folder.iterdir()} if folder.exists() else None
    arguments = [command, folder, *(["AAA"] if command == "neighbours" else [])]
    if command == "check":
        refused(capsys, arguments, code=3, says=says)
    else:
        code = main([str(a) for a in arguments])
        err = capsys.readouterr().err
        assert code in (0, 3, 4), err
        assert code == 0 or (err.startswith("keyhole: ") and err.count("\n") == 1)
    assert ({f.name: f.read_bytes() for f in folder.iterdir()} if folder.exists() else None) == before


def test_a_map_whose_current_build_is_gone(whole, tmp_path, capsys):
    """A link to nowhere is a missing map."""
    shutil.copytree(whole, tmp_path / "map", symlinks=True)
    shutil.rmtree((tmp_path / "map" / "current").resolve())
    refused(capsys, ["check", tmp_path / "map"], code=3, says=["no map at", "keyhole build"])


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "@",
        "@@1",
        "gene:",
        "compound:@1",
        "x" * 100_000,
        "../../etc/passwd",
        "\x1b[31mred",
        "drug one@nan",
        "🧬",
        "DMSO",
    ],
)
def test_names_without_sense(whole, capsys, name):
    """Exit code 4 and one printable line, however long or strange the name."""
    assert main(["neighbours", str(whole), name]) == 4
    err = capsys.readouterr().err
    assert err.startswith("keyhole: ")
    assert err.rstrip("\n").isprintable()
    assert len(err) < 500


NAMES = st.one_of(
    st.sampled_from(["A", "a", "A ", "DMSO", "B@1", "NA", "", "x/y", "é", "ß", "µ", "=1+1", "'", "A_2", "A-2"]),
    st.text(max_size=5),
)
NUMBERS = st.one_of(
    st.floats(-3, 3, width=32), st.sampled_from([0.0, 1.0, float("nan"), float("inf"), 1e30, 1e-30, -0.0, 3e38])
)


@settings(
    max_examples=60,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_small_table_is_a_map_or_a_sentence(tmp_path_factory, capsys, data):
    """Odd names, numbers and concentrations: either a map that passes `check`, with every row accounted for, or 2."""
    n = data.draw(st.integers(1, 12))
    many = {"min_size": n, "max_size": n}
    columns = {
        "label": data.draw(st.lists(NAMES, **many)),
        "kind": data.draw(st.lists(st.sampled_from(["gene", "compound", "control", "orf", ""]), **many)),
        "um": data.draw(st.lists(st.sampled_from([0.0, 0.1, 0.1001, 1.0, 30.0, float("nan")]), **many)),
        "batch": data.draw(st.lists(st.sampled_from(["1", "2", ""]), **many)),
        "f0": data.draw(st.lists(NUMBERS, **many)),
        "f1": data.draw(st.lists(NUMBERS, **many)),
    }
    align = data.draw(st.sampled_from(["none", "centerscale", "robust", "pca-cs", "tvn"]))
    how = data.draw(
        st.sampled_from([["--aggregate", "mean"], ["--aggregate", "median"], ["--by-guide", "--guide", "batch"]])
    )
    folder = tmp_path_factory.mktemp("any")
    pd.DataFrame(columns).to_csv(folder / "t.csv", index=False)
    options = ["--label", "label", "--kind", "kind", "--concentration", "um", "--batch", "batch", "--features", "^f"]
    arguments = ["build", "table", str(folder / "t.csv"), *options, "--align", align, *how, "--name", "any"]
    code = main([*arguments, "--out", str(folder / "map"), "--json"])
    out, err = capsys.readouterr()
    assert err == ""
    told = json.loads(out)
    if code == 0:
        assert (
            told["wells"] + sum(v for k, v in told["dropped"].items() if "vector is zero" not in k) == told["rows_read"]
        )
        assert main(["check", str(folder / "map")]) == 0
        capsys.readouterr()
    else:
        assert code == 2, told
        assert sorted(p.name for p in folder.iterdir()) == ["t.csv"]
    shutil.rmtree(folder)


KILLED = """
import sys, time
from explorer.cli import main
from explorer.maps import map_folder as p
wait, at = float("{wait}"), "{at}"
inner = getattr(p, at)
def slow(*a, **k):
    print("now", flush=True)
    time.sleep(60)
    return inner(*a, **k)
setattr(p, at, slow)
main(sys.argv[1:])
"""


@pytest.mark.parametrize("at", ["_write_parquet", "_write_text", "sha256"])
@pytest.mark.parametrize("again", [False, True])
def test_a_killed_build_is_cleared_by_the_next(tmp_path, capsys, at, again):
    """`kill -9` in the middle: the map that was there still opens, and the next build clears what was left."""
    arguments = ["build", "table", *map(str, screen(tmp_path)), *OPTIONS, "--out", str(tmp_path / "map")]
    if again:
        assert main(arguments) == 0
        first = open_map(tmp_path / "map").build
        arguments += ["--seed", "1"]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED.format(wait=60, at=at), *arguments], cwd=REPOSITORY, stdout=-1, text=True
    )
    with process:
        assert process.stdout.readline() == "now\n"
        process.send_signal(signal.SIGKILL)
    assert list((tmp_path / "map").glob(".tmp-*"))
    if again:
        assert open_map(tmp_path / "map").build == first
    else:
        assert main(["check", str(tmp_path / "map")]) == 3
    assert main(arguments) == 0
    assert main(["check", str(tmp_path / "map")]) == 0
    assert not list((tmp_path / "map").glob(".tmp-*"))
    assert not list((tmp_path / "map").glob(".current-*"))


def test_a_build_killed_at_any_moment(tmp_path, capsys):
    """Killed twice at unplanned moments: the next build works and nothing is left over."""
    arguments = ["build", "table", *map(str, screen(tmp_path)), *OPTIONS, "--out", str(tmp_path / "map")]
    for wait in (0.9, 1.3):
        process = subprocess.Popen([sys.executable, "-m", "explorer", *arguments], cwd=REPOSITORY, stdout=-1, stderr=-1)
        time.sleep(wait)
        process.kill()
        process.communicate()
    assert main(arguments) == 0
    assert main(["check", str(tmp_path / "map")]) == 0
    assert not [p for p in (tmp_path / "map").iterdir() if p.name.startswith((".tmp-", ".current-"))]
    assert os.readlink(tmp_path / "map" / "current") == open_map(tmp_path / "map").build


def test_a_table_of_one_value_compressed_many_times(tmp_path, capsys):
    """A small file of very many equal rows is read in blocks: few rows of a gene are one vector."""
    header, row = "label,f0,f1\n", "AAA,1,2\n"
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress((header + row * 200_000).encode()))
    arguments = ["build", "table", str(tmp_path / "t.csv.gz"), "--label", "label", "--kind-all", "gene", "--name", "x"]
    assert main([*arguments, "--out", str(tmp_path / "map"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["vectors"] == 1

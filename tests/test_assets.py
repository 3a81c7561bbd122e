"""`keyhole assets`: the pinned packages and no others, nothing outside their folders, and what is said without them."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import tarfile
from dataclasses import replace
from pathlib import Path

import plotly
import pytest

from explorer.cli import main
from explorer.commands import assets
from explorer.commands.assets import install, unpacked
from explorer.components.drawing_editor import EDITOR
from explorer.errors import InputError
from explorer.figures.map_scatter import MAP_CONFIG
from explorer.figures.theme import GRAPH_CONFIG
from explorer.server import LAZY_PLOTLY
from explorer.vendored import JSME, PACKAGES, PLOTLY, VENDOR

REPOSITORY = Path(__file__).resolve().parent.parent


def made(folder: Path, members: dict[str, bytes | str]) -> tuple[Path, object]:
    """A package file of these members (text: a symbolic link to it), and the pin that fits it; all `*.js` is wanted."""
    file = folder / "made.tgz"
    with tarfile.open(file, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            if isinstance(content, str):
                member.type, member.linkname = tarfile.SYMTYPE, content
                archive.addfile(member)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    digest = base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()
    return file, replace(JSME, integrity=f"sha512-{digest}", wanted=("*.js",), entry="a.js")


def test_the_pinned_version_is_that_of_plotly():
    """The strict bundle replaces the one that plotly.py carries, so both are of one version."""
    bundle = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    head = bundle.read_text(encoding="utf-8")[:500]
    assert re.search(r"plotly\.js v([\d.]+)", head)[1] == PLOTLY.version


def test_another_package_is_refused(tmp_path):
    """A file that is not the pinned package is not unpacked."""
    file = tmp_path / "package.tgz"
    file.write_bytes(b"something else")
    with pytest.raises(InputError, match="not the pinned package"):
        unpacked(file, JSME)


def test_wanted_files_are_unpacked_and_no_others(tmp_path):
    """Those that fit a pattern, by their path in the package."""
    file, package = made(tmp_path, {"package/a.js": b"1", "package/sub/b.js": b"2", "package/c.txt": b"3"})
    assert unpacked(file, package) == {"a.js": b"1", "sub/b.js": b"2"}
    with pytest.raises(InputError, match="has no"):
        unpacked(file, replace(package, wanted=("*.js", "licence")))


@pytest.mark.parametrize(
    "members",
    [
        {"package/../../out.js": b""},
        {"/etc/out.js": b""},
        {"other/out.js": b""},
        {"package/..\\out.js": b""},
        {"package/link.js": "/etc/passwd"},
    ],
)
def test_nothing_is_unpacked_outside_the_folder(tmp_path, members):
    """Paths that lead out, and links, are refused, even in a package whose hash fits."""
    file, package = made(tmp_path, {"package/a.js": b"1"} | members)
    with pytest.raises(InputError, match="no plain file of it; nothing was installed"):
        unpacked(file, package)


def test_a_package_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    """Bytes and files are limited."""
    file, package = made(tmp_path, {f"package/{i}.js": b"12345" for i in range(4)})
    monkeypatch.setattr(assets, "MOST_BYTES", 19)
    with pytest.raises(InputError, match="unpacks to more than"):
        unpacked(file, package)
    monkeypatch.setattr(assets, "MOST_BYTES", 20)
    assert len(unpacked(file, package)) == 4
    monkeypatch.setattr(assets, "MOST_FILES", 3)
    with pytest.raises(InputError, match="unpacks to more than"):
        unpacked(file, package)


def test_a_folder_is_replaced_whole(tmp_path):
    """What an older version left is gone, and nothing unfinished stays."""
    install({"a.js": b"1", "sub/old.js": b"2"}, tmp_path / "editor")
    install({"a.js": b"3"}, tmp_path / "editor")
    assert {f.relative_to(tmp_path).as_posix() for f in tmp_path.rglob("*")} == {"editor", "editor/a.js"}
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="cannot be written"):
        install({"a.js": b"1"}, tmp_path / "file" / "editor")


def test_the_command_installs_every_package(tmp_path, monkeypatch, capsys):
    """Each in its folder, told as JSON; npm is not needed for this test."""
    names = {"plotly-strict.min.js", "LICENSE", "jsme.nocache.js"}
    monkeypatch.setattr(assets, "packed", lambda folder, package: package)
    monkeypatch.setattr(assets, "unpacked", lambda file, package: dict.fromkeys(names, b"x"))
    assert main(["assets", "--json", "--out", str(tmp_path)]) == 0
    assert [t["package"] for t in json.loads(capsys.readouterr().out)] == [p.name for p in PACKAGES]
    assert all(p.installed(tmp_path) for p in PACKAGES)


def test_without_npm_the_command_says_what_the_app_does_instead(tmp_path, monkeypatch, capsys):
    """Exit code 2 and one sentence."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["assets", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "npm is not installed" in said
    assert PLOTLY.without in said
    assert JSME.without in said


def test_the_scripts_are_ignored_by_git():
    """Nothing of others is committed."""
    ignored = (REPOSITORY / ".gitignore").read_text().split()
    assert f"{VENDOR.relative_to(REPOSITORY).as_posix()}/" in ignored


def test_pages_load_neither_the_editor_nor_its_frame(client):
    """Dash loads what lies in assets; the editor's scripts belong to its own document."""
    text = client.get("/").get_data(as_text=True)
    assert "/assets/structure.js" in text
    assert "/assets/draw/" not in text
    assert "jsme" not in text.lower()


@pytest.mark.skipif(not PLOTLY.installed(), reason="`keyhole assets` has not brought plotly's strict bundle")
def test_the_strict_bundle_stands_where_dash_looks_for_plotly(client):
    """A graph asks for it when it appears; no page does before."""
    assert client.get(LAZY_PLOTLY).data == (VENDOR / PLOTLY.folder / PLOTLY.entry).read_bytes()
    assert not re.findall(r"<script[^>]*plotly[-\w]*\.min\.js", client.get("/").get_data(as_text=True))


def test_without_the_editor_the_page_says_what_would_bring_it(app, client, render, monkeypatch):
    """The SMILES field stays alone; the frame's document is not there."""
    monkeypatch.setitem(app.server.config, EDITOR, False)
    page = render("/structure")
    assert "keyhole assets" in page
    assert "structure-smiles" in page
    assert "structure-frame" not in page
    assert client.get("/draw").status_code == 404


def test_with_the_editor_the_page_has_a_button(app, render, monkeypatch):
    """And nothing is loaded into the frame before it is pressed."""
    monkeypatch.setitem(app.server.config, EDITOR, True)
    page = render("/structure")
    assert "structure-draw" in page
    assert "keyhole assets" not in page
    assert '"src": "/draw"' not in page


def test_the_map_sends_nothing_elsewhere():
    """The map's buttons add the lasso and the box, and none that uploads a chart."""
    removed = set(GRAPH_CONFIG["modeBarButtonsToRemove"]) - set(MAP_CONFIG["modeBarButtonsToRemove"])
    assert removed == {"select2d", "lasso2d"}
    assert MAP_CONFIG["showSendToCloud"] is False

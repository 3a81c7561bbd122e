"""The command line does what its help says: commands, reports, exit codes, serving."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explorer import atlas, cli
from explorer.cli import main
from explorer.commands import build_options, progress, report
from explorer.commands import serve as serve_command
from explorer.maps import aggregation, alignment
from explorer.maps.perturbation_map import open_map
from explorer.settings import VARIABLES
from tests.small_screen import OPTIONS, write_screen

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def keep_the_open_atlas():
    """The command line opens maps of its own; other tests get back the one they use."""
    before = atlas._current
    yield
    atlas._current = before


@pytest.fixture
def screen(tmp_path):
    return write_screen(tmp_path / "screen.csv")


@pytest.fixture
def built(screen, tmp_path, capsys):
    """A small map of genes and compounds, built by the command line."""
    assert main(["build", "table", str(screen), *OPTIONS, "--out", str(tmp_path / "map"), "--json"]) == 0
    capsys.readouterr()
    return tmp_path / "map"


def answer(capsys, *arguments):
    """The JSON document that a command prints, and its exit code."""
    code = main([*map(str, arguments), "--json"])
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out), code


def test_help_is_quick_and_documents_every_exit_code():
    """`keyhole --help` imports nothing slow, and names the codes that errors end with."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "explorer", "--help"], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert time.monotonic() - began < 2
    assert not re.search(r"\b(numpy|pandas|pyarrow|dash|rdkit)$", done.stderr, re.MULTILINE)
    for code in (0, 1, 2, 3, 4, 130):
        assert re.search(rf"^  {code} ", done.stdout, re.MULTILINE)


def test_serve_help_lists_every_setting(capsys):
    """The variables that settings.py reads are those of the help."""
    assert main(["serve", "--help"]) == 0
    told = capsys.readouterr().out
    for name, default, meaning in VARIABLES:
        assert f"{name} " in told
        assert f"{meaning}; default {default}" in told


def test_choices_are_those_of_the_methods():
    """The alignments and aggregations of the help are the ones there are."""
    assert set(build_options.ALIGNMENTS) == set(alignment.METHODS)
    assert set(build_options.AGGREGATIONS) == set(aggregation.HOW)


def test_defaults_of_the_published_data_sets():
    """Each data set has its alignment and licence without being asked."""
    defaults = {
        "rxrx3": ("tvn", "Recursion non-commercial EULA; never redistribute"),
        "rxrx3-core": ("pca-cs", "Recursion non-commercial EULA; never redistribute"),
        "jump": ("none", "CC0"),
    }
    for source, (align, licence) in defaults.items():
        asked = cli.parser().parse_args(["build", source, "folder", "--out", "map"])
        assert (asked.align, asked.licence, asked.aggregate, asked.seed) == (align, licence, "mean", 0)


def test_a_build_reports_what_became_of_every_row(screen, tmp_path, capsys):
    """Build id, counts, dropped rows by reason, notes, time and memory, as text and as JSON."""
    out = tmp_path / "map"
    table = pd.read_csv(screen)
    table.loc[0, "f0"] = np.nan
    table.to_csv(screen, index=False)
    found, code = answer(capsys, "build", "table", screen, *OPTIONS, "--out", out)
    assert code == 0
    assert found["build"] == open_map(out).build
    assert (found["genes"], found["compounds"]) == (4, 2)
    assert found["dropped"] == {"feature is NaN or infinite": 1}
    assert found["wells"] + 1 == found["rows_read"] == len(table)
    assert found["seconds"] > 0
    assert found["peak_memory_mb"] > 10
    assert main(["build", "table", str(screen), *OPTIONS, "--out", str(out)]) == 0
    told, err = capsys.readouterr()
    assert err == ""
    assert re.search(rf"^build +{found['build']}$", told, re.MULTILINE)
    assert re.search(r"^dropped +1 row: feature is NaN or infinite$", told, re.MULTILINE)
    assert re.search(r"^took +[\d.]+ s, at most [\d,]+ MB of memory$", told, re.MULTILINE)


def test_the_same_build_twice_is_one_build(built, screen, capsys):
    """Same table, same recipe: the same build id, and one folder."""
    before = open_map(built).build
    found, _ = answer(capsys, "build", "table", screen, *OPTIONS, "--out", built)
    assert found["build"] == before
    assert len(list(built.glob("*/map.json"))) == 2  # the build and `current`


def test_a_damaged_build_is_healed_by_building_again(built, screen, capsys):
    """The remedy that the message names works, though the new build has the name of the damaged one."""
    features = open_map(built).folder / "features.npy"
    features.write_bytes(features.read_bytes()[:-8])
    assert main(["check", str(built)]) == 3
    assert main(["build", "table", str(screen), *OPTIONS, "--out", str(built)]) == 0
    assert main(["check", str(built)]) == 0
    assert not list(built.glob(".tmp-*"))


def test_info_says_what_a_map_is(built, capsys):
    """Counts, recipe, licence and sources; everything of map.json with --json."""
    assert main(["info", str(built)]) == 0
    told = capsys.readouterr().out
    assert "align centerscale, aggregate mean, seed 0" in told
    assert "screen.csv" in told
    found, code = answer(capsys, "info", built)
    assert code == 0
    assert found["manifest"]["recipe"]["align"] == "centerscale"


def test_check_reports_activity_and_absences(built, capsys):
    """A sound map: what was verified, the share active, and what the map does not have."""
    found, code = answer(capsys, "check", built)
    assert code == 0
    assert found["sound"] is True
    assert found["activity"]["gene"]["n"] == 4
    assert "absent" in found


def test_neighbours_are_ranked_and_aligned(built, capsys):
    """A table whose columns line up: the twin of a gene first, its opposite with --opposite."""
    assert main(["neighbours", str(built), "AAA"]) == 0
    told = capsys.readouterr().out.splitlines()
    at = next(i for i, line in enumerate(told) if line.startswith("rank"))
    assert re.match(r"^ +1  AAB +0\.\d{3} +100\.0$", told[at + 1])
    found, code = answer(capsys, "neighbours", built, "AAA", "--opposite", "-k", 1)
    assert code == 0
    assert [n["label"] for n in found["neighbours"]] == ["ZZZ"]
    assert found["neighbours"][0]["cosine"] < -0.5


@pytest.mark.parametrize(
    "asked", [["drug one@1"], ["drug one", "--concentration", "1"], ["compound:drug-one@1"], ["DRUG-ONE@1.0"]]
)
def test_a_compound_is_asked_at_a_concentration(built, capsys, asked):
    """As part of the name or as an option, by name or id, in any case."""
    found, code = answer(capsys, "neighbours", built, *asked)
    assert code == 0
    assert found["query"]["perturbation"] == "compound:drug-one@1"
    assert found["kind"] == "gene"


def test_without_a_concentration_the_choice_is_explained(built, capsys):
    """A compound without a concentration is asked where it is best, and the reason is given."""
    found, _ = answer(capsys, "neighbours", built, "drug one", "--kind", "compound")
    assert found["query"]["why"]
    assert all(n["label"] == "drug two" for n in found["neighbours"])


def test_an_inactive_query_is_said_to_be_inactive(built, capsys):
    """The neighbours of what has no phenotype come with a warning."""
    assert main(["neighbours", str(built), "NIL"]) == 0
    assert "NIL is not active" in capsys.readouterr().out


def test_a_missing_demo_says_how_to_make_it(tmp_path, capsys, monkeypatch):
    """The remedy is `keyhole demo`."""
    monkeypatch.setattr(atlas, "DEMO", tmp_path / "absent")
    assert main(["check", "demo"]) == 3
    assert "`keyhole demo`" in capsys.readouterr().err


def test_a_query_that_kills_cells_is_said_to_be_toxic(screen, tmp_path, capsys):
    """A compound whose wells have lost half their cells or more is asked about with a warning."""
    table = pd.read_csv(screen)
    table.loc[table["label"] == "drug one", "cells"] = 20
    table.to_csv(screen, index=False)
    assert main(["build", "table", str(screen), *OPTIONS, "--out", str(tmp_path / "map"), "--json"]) == 0
    assert main(["neighbours", str(tmp_path / "map"), "drug one@1"]) == 0
    assert "drug one at 1 uM is toxic by count: its wells hold 20 % of the cells" in capsys.readouterr().out


@pytest.mark.parametrize("asked", ["AAC", "drug one@7", "nothing like it"])
def test_an_unknown_entity_ends_with_4(built, capsys, asked):
    """With the closest names, on one line, or as JSON."""
    assert main(["neighbours", str(built), asked]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("keyhole: '")
    assert err.count("\n") == 1
    found, code = answer(capsys, "neighbours", built, asked)
    assert code == found["exit_code"] == 4


@pytest.mark.parametrize("wrong", [["build"], ["neighbours", "demo"], ["nonsense"], ["serve", "--port", "0"]])
def test_wrong_arguments_end_with_2_and_point_to_the_help(capsys, wrong):
    """One sentence, not a page of usage."""
    assert main(wrong) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"keyhole: .*; see `keyhole.* --help`\n", err)


def test_an_unexpected_error_ends_with_1_and_offers_the_traceback(built, capsys, monkeypatch):
    """A bug is one sentence; --debug shows where it is."""
    monkeypatch.setattr("explorer.queries.summary", lambda key: 1 / 0)
    assert main(["info", str(built)]) == 1
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert "--debug" in err
    assert main(["info", str(built), "--debug"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [(MemoryError(), 2, "not enough memory for the step"), (KeyboardInterrupt(), 130, "interrupted")],
)
def test_a_build_that_is_stopped_before_anything_is_finished_leaves_nothing(
    screen, tmp_path, capsys, monkeypatch, raised, code, said
):
    """Interrupted, or out of memory in the middle: one sentence, and no folder."""

    def stop(*_, **__):
        raise raised

    monkeypatch.setattr("explorer.maps.build.screen_of", stop)
    assert main(["build", "table", str(screen), *OPTIONS, "--out", str(tmp_path / "new" / "map")]) == code
    assert said in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["screen.csv"]


def test_an_interrupted_build_says_that_it_goes_on_and_does(screen, tmp_path, capsys, monkeypatch):
    """Interrupted late: it is said, and the same command takes up what is finished and says that too."""

    def stop(*_, **__):
        raise KeyboardInterrupt

    command = ["build", "table", str(screen), *OPTIONS, "--out", str(tmp_path / "map")]
    with monkeypatch.context() as patch:
        patch.setattr("explorer.maps.build.save_map", stop)
        assert main(command) == 130
    assert "the same command goes on from what is finished" in capsys.readouterr().err
    assert main(command) == 0
    assert "taken up from the interrupted build: held-out controls, pictures, tests, wells" in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error(built):
    """`keyhole info MAP | head -1` ends quietly."""
    with subprocess.Popen(
        [sys.executable, "-m", "explorer", "info", str(built)], cwd=REPOSITORY, stdout=-1, stderr=-1, text=True
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(30) == 0


class Terminal:
    """A stream that says it is a terminal and keeps what is written."""

    def __init__(self, terminal):
        self.terminal, self.text = terminal, ""

    def isatty(self):
        return self.terminal

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def test_progress_is_one_line_on_a_terminal_and_rare_elsewhere():
    """In place with rate and time left on a terminal; in a log no more than a line each ten seconds."""
    shown, logged = Terminal(True), Terminal(False)
    for stream in (shown, logged):
        line = progress.ProgressLine(stream=stream)
        line("read", 1_000, 10_000)
        line("align", 2_000, 10_000)
        line.clear()
    assert "\n" not in shown.text
    assert shown.text.count("\r") == 3
    assert logged.text == ""
    told = progress.describe("read", 2_500, 10_000, rate=100)
    assert told == "read: 2,500 of 10,000 rows (25 %), 100 rows/s, 1 min 15 s left"


def test_text_tables_line_up():
    """Numbers to the right, text to the left, whatever their length."""
    told = report.table(["rank", "label"], [["1", "A"], ["100", "LONGER"]])
    assert told == "rank  label\n   1  A\n 100  LONGER"


def test_demo_is_rebuilt_elsewhere_on_request(tmp_path, capsys):
    """`keyhole demo --out` builds the simulated map by its one recipe and leaves the one that comes along alone.

    What is known beside it comes along, and what was computed of its compounds.
    """
    truth = (REPOSITORY / "data" / "demo" / "truth.json").stat().st_mtime_ns
    found, code = answer(capsys, "demo", "--out", tmp_path / "demo")
    assert code == 0
    assert found["simulated"] is True
    m = open_map(tmp_path / "demo")
    assert (m.manifest["recipe"]["align"], m.manifest["recipe"]["aggregate"]) == ("tvn", "mean")
    assert (REPOSITORY / "data" / "demo" / "truth.json").stat().st_mtime_ns == truth
    assert (tmp_path / "demo" / "annotations" / "sources.csv").is_file()
    assert (tmp_path / "demo" / "chemistry" / "admet.parquet").is_file()
    assert (tmp_path / "demo" / "chemistry" / "embeddings" / "minimol.parquet").is_file()
    assert (REPOSITORY / "data" / "demo" / "map" / "annotations" / "sources.csv").is_file()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_other_machines_are_let_in_only_behind_a_proxy(capsys, host):
    """A server without a login does not listen to the network by accident."""
    assert main(["serve", "--host", host]) == 2
    assert "--behind-proxy" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "own"), [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("10.0.0.1", False)]
)
def test_loopback_is_recognised(host, own):
    """This machine's own addresses, and no other."""
    assert serve_command.is_loopback(host) is own


def test_a_port_in_use_is_one_sentence(capsys):
    """Said at once, before any map is opened."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "no such map", "--port", str(port)]) == 2
    assert re.fullmatch(rf"keyhole: port {port} of 127\.0\.0\.1 .*; choose another .*\n", capsys.readouterr().err)


def test_serving_answers_and_stops(built, tmp_path):
    """`keyhole serve` says where it is when it answers, leaves nothing in the home folder, and stops when told."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = tmp_path / "home"
    home.mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KEYHOLE_") and k != "XDG_RUNTIME_DIR"}
    environment |= {"HOME": str(home), "KEYHOLE_CACHE": str(tmp_path / "cache"), "KEYHOLE_PORT": str(port)}
    environment["KEYHOLE_MAPS"] = str(built)
    process = subprocess.Popen(
        [sys.executable, "-m", "explorer", "serve"], cwd=REPOSITORY, env=environment, stdout=-1, stderr=-1, text=True
    )
    try:
        assert process.stdout.readline() == f"Keyhole is at http://127.0.0.1:{port} (Small screen)\n"
        for path in ("/healthz", "/?x=" + "a" * 6000):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as reply:
                assert reply.status == 200
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    assert process.returncode == 0
    assert "Traceback" not in err
    assert list(home.iterdir()) == []

"""PERISCOPE through the command line: `keyhole check` prints the recalls of the README, those of `auto` among them."""

import json
import re
import shlex
from pathlib import Path
from string import Template

import pytest

from explorer import atlas, queries
from explorer.atlas import open_atlas
from explorer.cli import main
from explorer.components.quality_parts import recall_table
from tests.real.commands import COMMANDS
from tests.real.test_recall_real import MEASURED, WANTED_OF_AUTO

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def build(real_data, tmp_path_factory):
    """Build PERISCOPE by its command line in the README, with arms and more options."""
    maps = tmp_path_factory.mktemp("maps")
    words = [Template(w).safe_substitute(DATA=real_data, MAPS=maps) for w in shlex.split(COMMANDS["periscope"])]

    def build(name, *more):
        out = maps / name
        arms = ["--arms", str(real_data / "annot" / "gene_arm.tsv.gz")]
        assert main([*words[1:], *arms, *map(str, more), "--out", str(out), "--json"]) == 0
        return out

    return build


def of_readme(way):
    """Source to recall, as text, from the README's table."""
    sources, row = (re.search(rf"^\| {way}\|(.*)\|$", README, re.MULTILINE)[1] for way in ("", f"{way} "))
    return dict(zip((s.strip() for s in sources.split("|")), (f"0{r.strip()}" for r in row.split("|")), strict=True))


def printed(told, way):
    """Source to recall 5/95, as text, from what `keyhole check` prints."""
    return dict(re.findall(rf"^(\w+) +[\d,]+  {way} +(\d\.\d{{3}}) ", told, re.MULTILINE))


def test_the_quality_page_shows_the_recalls_of_the_readme(build, wheel, capsys):
    """What `keyhole check` kept stands on the page to the third decimal, its random baseline beside it."""
    out = build("page")
    assert main(["check", str(out), "--relationships", str(wheel)]) == 0
    capsys.readouterr()
    atlas.use(open_atlas([out]))
    found = queries.recall(atlas.current().first)
    shown = {row[0]: row[2] for row in rows_of(recall_table(found, tail="05"))}
    assert shown == of_readme("cosine")
    assert all(abs(r["random_05"] - 0.1) < 0.005 for r in found["cosine"])
    arms = queries.arm_bias(atlas.current().first)
    assert (round(arms["all_within"].iat[0], 3), round(arms["all_between"].iat[0], 3)) == (0.047, 0.004)


def rows_of(table):
    """Texts of the body of a small table."""
    _, body = table.children.children
    return [[cell.children for cell in row.children] for row in body.children]


def test_check_prints_the_recalls_of_the_readme(build, wheel, capsys):
    """To the third decimal, on as many pairs as were counted, and with the excess of genes on one arm."""
    out = build("cosine")
    capsys.readouterr()
    assert main(["check", str(out), "--relationships", str(wheel)]) == 0
    told = capsys.readouterr().out
    assert printed(told, "cosine") == of_readme("cosine") == {s: f"{r:.3f}" for s, (_, r) in MEASURED.items()}
    assert re.search(r"^cosine +0\.047 +0\.004 +0\.002  yes$", told, re.MULTILINE)
    (kept,) = out.glob("check-*.json")
    found = json.loads(kept.read_text())["recall"]["cosine"]
    assert {one["source"]: one["pairs"] for one in found} == {s: n for s, (n, _) in MEASURED.items()}


def test_auto_reaches_what_is_wanted_through_the_command_line(build, wheel, capsys):
    """Recalls of the README, each at least the one asked for, above matched pairs, and no same-arm excess."""
    out = build("auto", "--relate", "auto", "--relationships", wheel)
    capsys.readouterr()
    assert main(["check", str(out), "--relationships", str(wheel), "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)["quality"]
    served = {one["source"]: one for one in measured["recall"]["served"]}
    assert {s: one["recall_05"] for s, one in served.items() if one["recall_05"] < WANTED_OF_AUTO[s]} == {}
    assert {s: f"{one['recall_05']:.3f}" for s, one in served.items()} == of_readme("auto")
    assert all(one["recall_05"] - one["matched_05"] > 0.05 for one in served.values())
    by_cosine = {one["source"]: round(one["recall_05"], 3) for one in measured["recall"]["cosine"]}
    assert by_cosine == {s: round(r, 3) for s, (_, r) in MEASURED.items()}
    assert not measured["proximity_bias"]["served"]["excess"]
    assert measured["proximity_bias"]["cosine"]["excess"]

"""Stories on a real map of knockouts: they run as far as its data allow, and say why they go no further."""

from __future__ import annotations

import shlex

import pytest

from explorer import atlas, queries
from explorer.atlas import open_atlas
from explorer.cli import main
from explorer.components.story_words import outcome, plain
from tests.real.commands import COMMANDS


@pytest.fixture(scope="module")
def periscope(real_data, tmp_path_factory):
    """PERISCOPE, built as the README says."""
    folder = tmp_path_factory.mktemp("maps")
    line = COMMANDS["periscope"].replace("$DATA", str(real_data)).replace("$MAPS", str(folder))
    assert main(shlex.split(line)[1:]) == 0
    return folder / "periscope"


@pytest.fixture
def of_map(periscope, tmp_path, monkeypatch):
    opened = open_atlas([str(periscope)], annotations=tmp_path, cache=tmp_path)
    monkeypatch.setattr(atlas, "_current", opened)
    return opened.first


def test_the_disease_term_is_found_and_drawn(of_map):
    """Breast cancer: the term by its synonym; what needs relationships, arms or absent genes says so."""
    told = [queries.story_step(of_map, "breast-cancer", n) for n in range(1, 7)]
    for t in told:
        print(t["holds"], plain(outcome(t)))
    assert [t["holds"] for t in told] == ["yes", "cannot", "cannot", "cannot", "cannot", "cannot"]
    assert told[0]["values"]["on_map"] == 16
    assert queries.story_picture(of_map, "breast-cancer")["kind"] == "circle"


def test_the_pathway_says_which_genes_are_absent(of_map):
    """RAS and RAF: three of nine genes are there, no pair passes, and no compound can be asked."""
    told = [queries.story_step(of_map, "ras", n) for n in range(1, 6)]
    assert [t["holds"] for t in told] == ["no", "no", "cannot", "cannot", "cannot"]
    assert told[0]["values"]["absent"] == ["KRAS", "BRAF", "MAP2K1", "MAP2K2", "PTPN11", "SOS1"]
    assert told[1]["values"]["n"] == 3


def test_the_others_cannot_be_told(of_map):
    """No compounds, no RBM39: each step has its reason."""
    for name in ("bortezomib", "cdk13"):
        steps = len(queries.STORIES[name].steps)
        assert {queries.story_step(of_map, name, n)["holds"] for n in range(1, steps + 1)} == {"cannot"}
        assert queries.story(of_map, name)["why"]

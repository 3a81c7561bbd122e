"""`--align auto` on real screens: what it chooses without any annotation is never far below the best in hindsight."""

import json
import shlex
from string import Template

import numpy as np
import pytest

from explorer import atlas
from explorer.cli import main
from explorer.maps.alignment import METHODS
from explorer.maps.choose_alignment import WITHOUT_CONTROLS
from explorer.maps.perturbation_map import open_map
from tests.real.alignment_outcomes import SCREENS, read_screen
from tests.real.commands import COMMANDS

POINTS = 0.02


@pytest.fixture(scope="module")
def screens(real_data):
    """Each screen, read once."""
    read = {}

    def once(name):
        read[name] = read.get(name) or read_screen(name, real_data)
        return read[name]

    return once


@pytest.mark.parametrize("name", [n for n in SCREENS if n not in ("periscope", "injury, a plate a batch")])
def test_the_choice_is_within_two_points_of_the_best(screens, name):
    """No fixed alignment finds more of a screen's biology than the chosen one does, by more than two points."""
    screen = screens(name)
    methods = METHODS if screen.wells["controls"].any() else WITHOUT_CONTROLS
    outcomes = {method: screen.outcome(method) for method in methods}
    choice = screen.choose()
    assert outcomes[choice.method] >= max(outcomes.values()) - POINTS, (choice.why, outcomes)


def test_six_controls_a_plate_do_not_scale_a_plate(screens):
    """On bbbc021 centerscale loses fourteen points of mechanism accuracy; replicates say so, for whatever seed."""
    screen = screens("bbbc021")
    assert screen.outcome("none") - screen.outcome("centerscale") == pytest.approx(0.14, abs=0.01)
    assert screen.outcome("centerscale-shrunk") >= 0.9
    for seed in (1, 2):
        choice = screen.choose(seed=seed)
        assert choice.method not in ("centerscale", "robust")
        assert screen.outcome(choice.method) >= 0.89
    tried = {line["method"]: line for line in choice.tried}
    assert tried["centerscale"]["behind_best"] > 5 * tried["centerscale"]["error"]


@pytest.mark.parametrize(
    ("name", "method"),
    [("cpjump1-a549", "robust"), ("cpjump1-u2os", "robust"), ("lincs", "none"), ("periscope", "none")],
)
def test_without_controls_or_replicates(screens, name, method):
    """Plates without controls are aligned on all their wells; without replicates nothing is done, and that is said."""
    choice = screens(name).choose()
    assert choice.method == method
    assert choice.tried or "replicates" in choice.why


def test_a_build_keeps_the_comparison(real_data, tmp_path, capsys):
    """The map says which alignment was taken, why, and how each of the others did."""
    before = atlas._current
    words = [Template(w).safe_substitute(DATA=real_data, MAPS=tmp_path) for w in shlex.split(COMMANDS["bbbc021"])]
    assert main([*words[1:], "--align", "auto", "--json"]) == 0
    atlas._current = before
    found = json.loads(capsys.readouterr().out)
    manifest = open_map(tmp_path / "bbbc021").manifest
    said = manifest["alignment_choice"]
    assert manifest["recipe"]["align"] == found["align"]["name"] != "auto"
    assert said["why"].startswith(manifest["recipe"]["align"])
    assert {line["method"] for line in said["tried"]} == set(METHODS)
    assert all(np.isfinite(line["retrieval"]) for line in said["tried"])

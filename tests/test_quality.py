"""`keyhole build --relate` and `keyhole check`: options in, figures out, and where they are kept."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from explorer import atlas
from explorer.cli import main
from explorer.maps.perturbation_map import open_map
from explorer.statistics.recall import ANCHORS
from tests.odd_maps import ODD, build_odd

GENES, COMPLEX = 60, 5
OPTIONS = [
    *("--label", "label", "--kind", "kind", "--control", "DMSO", "--control-col", "label", "--batch", "batch"),
    *("--align", "centerscale", "--name", "Complexes"),
]


@pytest.fixture(autouse=True)
def keep_the_open_atlas():
    """The command line opens maps of its own; other tests get back the one they use."""
    before = atlas._current
    yield
    atlas._current = before


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A screen of complexes with compounds against some of their genes, arms, and pairs of genes of one complex."""
    folder, rng = tmp_path_factory.mktemp("files"), np.random.default_rng(0)
    genes = [f"G{i}" for i in range(GENES)]
    directions = rng.normal(size=(GENES // COMPLEX, 16)) * 2
    hit = rng.normal(size=(3, 16))  # every gene of an arm shares some of its direction
    rows, features = [], []
    for i, gene in enumerate([*genes, *(f"drug {j}" for j in range(6)), *["DMSO"] * 20]):
        kind = "gene" if i < GENES else "control" if gene == "DMSO" else "compound"
        at = i if i < GENES else 7 * (i - GENES)
        effect = 0 if kind == "control" else directions[at // COMPLEX] + (hit[at % 3] if kind == "gene" else 0)
        for well in range(4):
            rows.append((kind, gene, f"b{well % 2}"))
            features.append(effect + rng.normal(size=16))
    table = pd.DataFrame(rows, columns=["kind", "label", "batch"])
    values = pd.DataFrame(np.array(features), columns=[f"f{i}" for i in range(16)])
    pd.concat([table, values], axis=1).to_csv(folder / "screen.csv", index=False)
    pairs = [(genes[i], genes[j]) for i in range(GENES) for j in range(i) if i // COMPLEX == j // COMPLEX]
    pd.DataFrame(pairs, columns=["a", "b"]).to_csv(folder / "complexes.csv", index=False)
    arms = pd.DataFrame({"symbol": genes, "map_location": [f"{i % 3 + 1}p12" for i in range(GENES)]})
    arms.to_csv(folder / "arms.tsv", sep="\t", index=False)
    targets = pd.DataFrame({"name": [f"drug {j}" for j in range(6)], "target": [f"G{7 * j}" for j in range(6)]})
    targets.to_csv(folder / "targets.csv", index=False)
    return folder


def build(files, out, *more):
    about = ["--compounds", str(files / "targets.csv"), "--compounds-key", "name"]
    return main(["build", "table", str(files / "screen.csv"), *OPTIONS, *about, *map(str, more), "--out", str(out)])


@pytest.fixture
def related(files, tmp_path, capsys):
    more = ["--relate", "arms:5,centred", "--arms", files / "arms.tsv"]
    assert build(files, tmp_path / "map", *more) == 0
    capsys.readouterr()
    return tmp_path / "map"


def check(capsys, *arguments):
    code = main(["check", *map(str, arguments), "--json"])
    return json.loads(capsys.readouterr().out), code


@pytest.mark.parametrize("source", ["rxrx3", "rxrx3-core", "jump", "table"])
def test_every_builder_takes_the_options(capsys, source):
    """The help of each source lists them."""
    assert main(["build", source, "--help"]) == 0
    told = capsys.readouterr().out
    assert all(option in told for option in ("--relate", "--arms", "--relationships"))


def test_what_was_chosen_is_told(files, related, capsys):
    """By the build, by info, and in map.json."""
    assert build(files, related, "--relate", "auto", "--relationships", files / "complexes.csv") == 0
    assert "related by" in capsys.readouterr().out
    assert main(["info", str(related), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["relate"]["asked"] == "auto"
    assert found["relate"]["name"] == found["manifest"]["recipe"].get("relate", "cosine")
    assert build(files, related, "--relate", "centred") == 0
    assert main(["info", str(related)]) == 0
    assert "seed 0, relate centred" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--relate", "nonsense"], "--relate nonsense is not known"),
        (["--relate", "whitening:7"], "whitening is a number from 0 to 1"),
        (["--relate", "arms"], "see --arms"),
        (["--arms", "absent.tsv"], "absent.tsv"),
        (["--relate", "auto", "--relationships", "absent"], "no relationships at absent"),
    ],
)
def test_options_that_cannot_be_used_end_with_2(files, tmp_path, capsys, more, says):
    """One sentence, and no folder."""
    assert build(files, tmp_path / "map", *more) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "map").exists()


def test_check_measures_cosine_and_what_is_served(files, related, capsys):
    """Recall with its baselines and anchors, arms and targets, each by both."""
    found, code = check(capsys, related, "--relationships", files / "complexes.csv")
    assert code == 0
    measured = found["quality"]
    assert measured["relate"] == "arms:5,centred"
    recall = measured["recall"]
    assert recall["anchors"] == ANCHORS
    assert recall["sources"] == [{"source": "complexes", "licence": "licence not stated", "pairs": 120}]
    for way in ("cosine", "served"):
        (one,) = recall[way]
        assert (one["source"], one["pairs"]) == ("complexes", 120)
        assert one["recall_10"] >= one["recall_05"] > 0.5
        assert one["random_05"] == pytest.approx(0.1, abs=0.02)
        assert one["random_10"] == pytest.approx(0.2, abs=0.03)
        assert 0 < one["p_05"] < 0.01
        target = measured["drug_target"][way]
        assert target["compounds"] == target["targets"] == 6
        assert target["auc"] > 0.8 > 0.7 > target["random_auc"]
        assert target["ap"] > target["random_ap"]
    bias = measured["proximity_bias"]
    assert bias["genes"] == GENES
    assert bias["cosine"]["excess"]
    assert bias["cosine"]["within"] > bias["cosine"]["between"]
    assert bias["served"]["within"] - bias["served"]["between"] < bias["cosine"]["within"] - bias["cosine"]["between"]


def test_check_on_plain_cosine_measures_once(files, tmp_path, capsys):
    """There is one way then, and the activity report is as it was."""
    assert build(files, tmp_path / "map") == 0
    capsys.readouterr()
    found, _ = check(capsys, tmp_path / "map", "--relationships", files / "complexes.csv")
    assert found["sound"] is True
    assert found["activity"]["gene"]["n"] == GENES
    assert set(found["quality"]["recall"]) == {"genes", "sources", "cosine", "anchors"}
    assert found["quality"]["proximity_bias"] is None
    assert set(found["quality"]["drug_target"]) == {"cosine", "anchors"}


def test_check_as_text(files, related, capsys):
    """Tables with both ways beside the published figures; without relationships a sentence says what to do."""
    assert main(["check", str(related), "--relationships", str(files / "complexes.csv")]) == 0
    told = capsys.readouterr().out
    assert "66 served vectors" in told
    assert "source     pairs  relate   5/95  random      p  matched  10/90  random      p\n" in told
    assert "\ncomplexes    120  cosine  " in told
    assert "\ncomplexes    120  served  " in told
    assert "\nPhenom-2                           0.486  0.553     0.197     0.415       -\n" in told
    assert "\npublished: OpenPhenom, RxRx3-core          -  0.266   0.220    0.541   0.500" in told
    assert "Proximity bias: mean similarity of 60 genes" in told
    assert main(["check", str(related)]) == 0
    assert "Recall: not measured; name known relationships with --relationships" in capsys.readouterr().out


def test_the_result_is_kept_beside_the_build(files, related, capsys):
    """In the root, named by the build, whose folder is not touched; a recall stays when none is asked for again."""
    folder = open_map(related).folder
    before = {f.name: f.stat().st_mtime_ns for f in folder.iterdir()}
    found, _ = check(capsys, related, "--relationships", files / "complexes.csv")
    kept = related / f"check-{folder.name}.json"
    assert found["stored"] == str(kept.resolve())
    stored = json.loads(kept.read_text())
    assert (stored["build"], stored["map"]) == (folder.name, "Complexes")
    assert {k: v for k, v in stored.items() if k not in ("build", "map")} == found["quality"]
    assert {f.name: f.stat().st_mtime_ns for f in folder.iterdir()} == before
    again, _ = check(capsys, related)
    assert again["quality"]["recall"] is None
    assert json.loads(kept.read_text()) == stored
    assert build(files, related) == 0  # the root still takes a build


def test_a_build_without_a_root_is_checked_and_not_kept(files, related, tmp_path, capsys):
    """A folder that holds one build may be anywhere: nothing is written beside it."""
    alone = open_map(related).folder.rename(tmp_path / "alone")
    found, code = check(capsys, alone)
    assert (code, found["stored"]) == (0, None)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["alone", "map"]


def test_a_spoilt_earlier_result_is_replaced(related, capsys):
    """What is not JSON is no reason to fail."""
    kept = related / f"check-{open_map(related).build}.json"
    kept.write_text("{nonsense")
    assert check(capsys, related)[1] == 0
    assert json.loads(kept.read_text())["recall"] is None


@pytest.mark.parametrize("name", list(ODD))
def test_odd_maps_are_checked_too(tmp_path, files, capsys, name):
    """Maps that lack genes, compounds or controls: what cannot be measured is said, and nothing fails."""
    root = build_odd(name, tmp_path)
    assert main(["check", str(root), "--relationships", str(files / "complexes.csv")]) == 0
    assert "not measured" in capsys.readouterr().out


def test_relationships_that_cannot_be_read_end_with_2(related, capsys):
    """One sentence."""
    assert main(["check", str(related), "--relationships", "absent"]) == 2
    assert "no relationships at absent" in capsys.readouterr().err

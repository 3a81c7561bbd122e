"""Predictions on pages and from the command line: present, absent, damaged, refused; never a verdict, never torch."""

import ast
import json
import shutil

import numpy as np
import pandas as pd
import pytest

from explorer import atlas, queries
from explorer.chemistry import admet
from explorer.chemistry.admet_file import PREDICTIONS, read_predictions, write_predictions
from explorer.chemistry.endpoints import ENDPOINTS, EVIDENCE
from explorer.chemistry.fingerprints import morgan
from explorer.cli import main
from explorer.commands import chem_admet
from explorer.components.predictions import prediction_notes, prediction_rows, predictions_tile
from tests.chemistry.made_predictions import ABOUT, made_forward
from tests.test_structure import MODULES, imported


def said(*parts):
    """Everything that is written in some components, and their attributes."""
    return " ".join(json.dumps(part.to_plotly_json(), cls=_Plain, ensure_ascii=False) for part in parts)


class _Plain(json.JSONEncoder):
    def default(self, part):
        return part.to_plotly_json()


@pytest.fixture
def opened_beside(demo, tmp_path):
    """A copy of the demo map with the predictions that a test gives it, opened; the open atlas comes back after."""
    before = atlas._current
    root = tmp_path / "demo"
    shutil.copytree(demo, root, symlinks=True, ignore=shutil.ignore_patterns("chemistry", ".lock"))

    def opened(change=None):
        if change is not None:
            (root / PREDICTIONS).parent.mkdir(exist_ok=True)
            change(root / PREDICTIONS)
        atlas.use(atlas.open_atlas([root]))
        return root

    yield opened
    atlas._current = before


# ---- pages ----


def test_the_demo_ships_predictions_for_its_structures(client):
    """Every compound with a structure has 39 endpoints, none of them hidden, and the file says what made it."""
    e = atlas.opened("demo").map.entities
    found = [queries.admet("demo", s) for s in e.loc[e["inchikey"].notna(), "slug"]]
    assert {f["state"] for f in found} == {"predicted"}
    assert all(len(f["rows"]) == 39 for f in found)
    (source,) = queries.prediction_sources("demo")
    assert source["on_map"] == len(found)
    assert (source["licence"], source["problem"]) == ("MIT", "")
    assert "predictions, not measured" in source["name"]
    assert source["version"].startswith("ADMET-AI 2.0.1, 20")


def test_a_prediction_stands_once_with_its_test_score(client):
    """Four rows of evidence and 35 in the table, no endpoint in both; each with its shipped metric, no mark."""
    told = queries.admet("demo", "bortezomib")
    rows, tile = prediction_rows(told), predictions_tile(told)
    assert len(rows) == len(EVIDENCE)
    evidence, table = said(*rows), said(*tile)
    for e in ENDPOINTS:
        assert (evidence.count(f'"{e.label}"'), table.count(f'"{e.label}"')) == (
            (0, 0) if e.hidden else (1, 0) if e.key in EVIDENCE else (0, 1)
        ), e.label
    assert "AUROC 0.84 on held-out test" in evidence
    assert "caution" not in evidence
    assert evidence.count('"prediction"') == 4


def test_what_predictions_are_is_always_said(client):
    """They are predictions, may be recalled, and do not see cytotoxicity; and how near the structure is to drugs."""
    told = queries.admet("demo", "bortezomib")
    note, tile = said(*prediction_notes(told)), said(*predictions_tile(told))
    for text in (note, tile):
        assert "Prediction" in text
        assert "may be in the training data" in text
        assert "Nearest of 2,845 approved drugs: Tanimoto 1.00" in text
    assert "does not see cytotoxicity: AUROC at most 0.67" in note
    far = said(*prediction_notes(told | {"nearest": 0.21}))
    assert "Tanimoto 0.21, outside: no drug is like it" in far
    assert "Nearest" not in said(*prediction_notes(told | {"nearest": None}))


def test_a_value_that_cannot_be_is_written_as_its_limit(client):
    """The model knows no limits: more than 100 % of a drug is never bound."""
    told = queries.admet("demo", "bortezomib")
    rows = [r | ({"value": 111.4, "limit": 100.0} if r["unit"] == "%" else {}) for r in told["rows"]]
    text = said(*predictions_tile(told | {"rows": rows}))
    assert "≥ 100" in text
    assert "the model gave 111.4, which cannot be" in text


def test_the_pages_show_them(render):
    """The compound page has the tile, the Data page the source with its licence."""
    assert "Predicted properties (ADMET-AI)" in render("/compound/bortezomib")
    assert "ADMET-AI: predictions, not measured" in render("/data")


def test_without_a_file_one_line_says_what_the_command_would_add(client, opened_beside):
    """No tile, no rows, one quiet line; nothing among the sources."""
    opened_beside()
    told = queries.admet("demo", "bortezomib")
    assert told["state"] == "absent"
    assert prediction_rows(told) == predictions_tile(told) == queries.prediction_sources("demo") == []
    (note,) = prediction_notes(told)
    assert "keyhole chem admet" in said(note)


def test_a_damaged_file_costs_the_page_nothing_else(client, opened_beside):
    """The page says what is wrong and what to do, the Data page too."""
    opened_beside(lambda file: file.write_bytes(b"PAR1 not really"))
    told = queries.admet("demo", "bortezomib")
    assert told["state"] == "damaged"
    assert "make it again with `keyhole chem admet`" in said(*prediction_notes(told))
    assert predictions_tile(told) == []
    assert queries.prediction_sources("demo")[0]["problem"]


def test_refused_and_missing_structures_say_so(client, demo, opened_beside):
    """A reason of the file is shown; a structure that is not in it is not called refused."""
    found = read_predictions(demo / PREDICTIONS)
    e = atlas.opened("demo").map.entities.set_index("slug")
    one, other = e.loc["bortezomib", "smiles"], e.loc["imatinib", "smiles"]
    frame = found.frame.drop(index=other).reset_index()
    frame.loc[frame["smiles"] == one, "refused"] = "900 heavy atoms"
    opened_beside(lambda file: write_predictions(file, frame, found.about))
    assert "Not predicted: 900 heavy atoms." in said(*prediction_notes(queries.admet("demo", "bortezomib")))
    assert queries.admet("demo", "imatinib")["state"] == "not predicted"


def test_odd_maps_have_no_predictions_and_pages(client, opened):
    """No structures, no compounds: nothing is asked of a file that is not there."""
    for key, one in opened.maps.items():
        for slug in one.map.entities.loc[one.map.entities["kind"] == "compound", "slug"].head(2):
            assert queries.admet(key, slug)["state"] == ("predicted" if key == "demo" else "absent")


def test_the_app_never_imports_the_model():
    """torch and what comes with it are imported inside functions of one module, which no part of the app imports."""
    model = {"torch", "chemprop", "admet_ai", "lightning"}
    users = {name for name, _, tree in MODULES if {i.split(".")[0] for i in imported(tree)} & model}
    assert users == {"explorer.chemistry.admet"}
    (tree,) = [tree for name, _, tree in MODULES if name == "explorer.chemistry.admet"]
    at_the_top = ast.Module([n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)], [])
    assert not {i.split(".")[0] for i in imported(at_the_top)} & model
    computing = {"explorer.chemistry.admet", "explorer.chemistry.admet_run", "explorer.chemistry.approved_drugs"}
    using = {n for n, _, t in MODULES if any(i.rpartition(".")[0] in computing for i in imported(t))}
    assert using - computing == {"explorer.commands.chem_admet"}


# ---- command ----


@pytest.fixture
def injected(monkeypatch):
    """The command with a made-up model and two drugs in place of the optional packages."""
    monkeypatch.setattr(chem_admet, "versions", lambda: ABOUT["versions"])
    monkeypatch.setattr(chem_admet, "load_forward", lambda: made_forward)
    monkeypatch.setattr(chem_admet, "approved_fingerprints", lambda: morgan(["CCO", "c1ccccc1O"]))


def test_the_command_writes_what_pages_read(client, injected, opened_beside, capsys):
    """One file beside the builds; a second run finds all of it there."""
    root = opened_beside()
    for before in (0, 156):
        assert main(["chem", "admet", str(root), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["predicted"], found["there_before"], found["refused"]) == (156, before, [])
    assert main(["chem", "admet", str(root)]) == 0
    assert "156 structures, 156 of them there before" in capsys.readouterr().out
    opened_beside()
    told = queries.admet("demo", "bortezomib")
    weight = next(r["value"] for r in told["rows"] if r["key"] == "LD50_Zhu")
    assert weight == pytest.approx(384.2, abs=0.1)
    assert told["drugs"] == 2


def test_without_the_extra_one_sentence_says_what_to_install(opened_beside, monkeypatch, capsys):
    """Exit code 2, no traceback, nothing written."""
    monkeypatch.setattr(admet.importlib.util, "find_spec", lambda name: None)
    root = opened_beside()
    assert main(["chem", "admet", str(root)]) == 2
    err = capsys.readouterr().err
    assert "pip install -e '.[admet]'" in err
    assert err.count("\n") == 1
    assert not (root / "chemistry").exists()


def test_a_map_without_structures_is_told_so(injected, odd, capsys):
    """Nothing to predict is an error with its reason, not an empty file."""
    before = atlas._current
    for key in odd:
        entities = atlas.open_atlas([odd[key]]).maps[key].map.entities
        if entities["inchikey"].isna().all():
            assert main(["chem", "admet", str(odd[key])]) == 2
            assert "has a structure that can be read" in capsys.readouterr().err
            assert not (odd[key] / PREDICTIONS).exists()
    atlas._current = before


def test_compounds_of_one_structure_are_asked_once(injected, demo):
    """Each SMILES has one row, and what cannot be read is counted."""
    m = atlas.open_map(demo)
    twice = pd.concat([m.entities, m.entities[m.entities["kind"] == "compound"].head(3)])
    broken = m.entities[m.entities["kind"] == "compound"].head(1).assign(inchikey=None, smiles="C1CC")
    changed = type("Map", (), {"entities": pd.concat([twice, broken])})
    structures, unreadable = chem_admet.structures_of(changed)
    assert structures["smiles"].is_unique
    assert (len(structures), unreadable) == (156, 1)
    assert np.all(structures["smiles"].str.len() > 0)

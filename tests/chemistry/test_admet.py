"""Predictions keep their place, say why they are missing, survive interruption, and are read with suspicion."""

import json
from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.atlas import DEMO
from explorer.chemistry import admet_run
from explorer.chemistry.admet import MAX_HEAVY_ATOMS, predict
from explorer.chemistry.admet_file import COLUMNS, PREDICTIONS, read_predictions, write_predictions
from explorer.chemistry.approved_drugs import nearest
from explorer.chemistry.endpoints import ENDPOINTS, EVIDENCE, GROUPS, KEYS
from explorer.chemistry.fingerprints import morgan
from explorer.chemistry.structures import inchikey
from explorer.errors import InputError
from tests.chemistry.made_predictions import ABOUT, made_forward, made_rows

CHAINS = ["C" * n for n in range(1, 11)]
NO_DRUGS = morgan([])


# ---- registry ----


def test_the_registry_has_41_endpoints_and_hides_two():
    """Those that did worse on held-out molecules than their mean are hidden; everything else is shown with its test."""
    assert len(ENDPOINTS) == len(set(KEYS)) == 41
    assert {e.key for e in ENDPOINTS if e.hidden} == {"VDss_Lombardo", "Half_Life_Obach"}
    assert {e.group for e in ENDPOINTS} == set(GROUPS)
    assert set(EVIDENCE) <= set(KEYS)
    assert all(0.5 < e.score < 1 for e in ENDPOINTS if e.metric == "AUROC")


def test_units_are_those_of_the_values():
    """A probability has none, everything else has one; permeability is log10 cm/s, whatever the package says."""
    assert Counter(e.kind for e in ENDPOINTS) == {"probability": 31, "value": 10}
    assert all((e.kind == "value") == bool(e.unit) for e in ENDPOINTS)
    assert next(e.unit for e in ENDPOINTS if e.key == "Caco2_Wang") == "log10 cm/s"


# ---- predicting ----


def test_what_is_refused_keeps_its_row_and_moves_no_other():
    """Unreadable, huge, open and carbon-free structures get a reason; all others get their own numbers."""
    asked = ["CCO", "not a molecule", None, "C" * (MAX_HEAVY_ATOMS + 1), "CC*", "[Na+].[Cl-]", "", "c1ccccc1"]
    found = predict(asked, made_forward)
    alone = pd.concat([predict([s], made_forward) for s in asked], ignore_index=True)
    pd.testing.assert_frame_equal(found, alone)
    assert (found["refused"] == "").tolist() == [True, *[False] * 6, True]
    assert f"{MAX_HEAVY_ATOMS + 1} heavy atoms" in found["refused"][3]
    assert "no carbon" in found["refused"][5]
    assert found.loc[found["refused"] != "", list(KEYS)].isna().all(axis=None)
    assert found["LD50_Zhu"][[0, 7]].tolist() == pytest.approx([46.07, 78.11], abs=0.01)


def test_a_molecule_that_breaks_the_model_takes_no_other_with_it():
    """Where a batch fails, each is asked alone; the one at fault, and one without a number, say so."""

    def breaks(molecules):
        if any(m.GetNumAtoms() == 3 for m in molecules):
            raise RuntimeError("shape")
        found = made_forward(molecules)
        found[[m.GetNumAtoms() == 5 for m in molecules]] = np.nan
        return found

    found = predict(CHAINS, breaks)
    assert found.index[found["refused"] != ""].tolist() == [2, 4]
    kept = found["refused"] == ""
    expected = predict([s for s, k in zip(CHAINS, kept, strict=True) if k], made_forward)
    np.testing.assert_array_equal(found.loc[kept, list(KEYS)], expected[list(KEYS)])


def test_the_nearest_drug_is_one_number():
    """1 for a drug itself, less for others, none without a structure or without drugs."""
    drugs = morgan(["CC(=O)Oc1ccccc1C(=O)O", "CCO"])
    found = nearest(["OCC", "OC(=O)c1ccccc1O", None], drugs)
    assert found[0] == 1
    assert 0 < found[1] < 1
    assert np.isnan(found[2])
    assert np.isnan(nearest(["CCO"], NO_DRUGS)).all()


# ---- runs ----


def run_to_the_end(root, smiles, forward, about=ABOUT):
    """A run over structures, and how many were there before."""
    structures = pd.DataFrame({"inchikey": [inchikey(s) for s in smiles], "smiles": smiles})
    quiet = {"drugs": lambda: NO_DRUGS, "progress": lambda *_: None}
    return admet_run.complete(root, structures, forward=lambda: forward, about=about, **quiet)


def test_an_interrupted_run_goes_on_where_it_was(tmp_path, monkeypatch):
    """What whole parts hold is not asked for again, and the end is as if nothing had happened."""
    monkeypatch.setattr(admet_run, "PART", 4)
    asked = []

    def counted(molecules):
        asked.extend(m.GetNumAtoms() for m in molecules)
        if len(asked) > 6:
            raise KeyboardInterrupt
        return made_forward(molecules)

    with pytest.raises(KeyboardInterrupt):
        run_to_the_end(tmp_path, CHAINS, counted)
    assert not (tmp_path / PREDICTIONS).exists()
    asked.clear()
    parts = sorted((tmp_path / PREDICTIONS.parent).rglob("*.parquet"))
    assert len(parts) == 1
    parts[0].with_name("killed.parquet").write_bytes(parts[0].read_bytes()[:900])  # a part that was cut off
    (tmp_path / PREDICTIONS).with_name(".admet.parquet-123").write_bytes(b"half")
    frame, before = run_to_the_end(tmp_path, CHAINS, lambda ms: asked.extend(ms) or made_forward(ms))
    assert (before, len(asked)) == (4, 6)
    expected = made_rows(predict(CHAINS, made_forward), frame["smiles"])
    pd.testing.assert_frame_equal(frame[list(KEYS)], expected[list(KEYS)])
    assert sorted(p.name for p in (tmp_path / "chemistry").iterdir()) == [".lock", "admet.parquet"]


def test_only_what_is_new_is_predicted_and_other_versions_count_for_nothing(tmp_path):
    """A second run asks for added structures alone; one with another model asks for all of them again."""
    run_to_the_end(tmp_path, CHAINS[:6], made_forward)
    assert run_to_the_end(tmp_path, CHAINS, made_forward)[1] == 6
    written = (tmp_path / PREDICTIONS).stat().st_mtime_ns
    assert run_to_the_end(tmp_path, CHAINS, None)[1] == 10
    assert (tmp_path / PREDICTIONS).stat().st_mtime_ns == written
    assert run_to_the_end(tmp_path, CHAINS, made_forward, about=ABOUT | {"versions": {"admet-ai": "0.1"}})[1] == 0


def test_two_spellings_of_one_key_are_two_structures(tmp_path):
    """Tautomers that share an InChIKey differ to the model: each is predicted, and a map's new form is asked for."""
    drawn = ["CN(C)C(=N)NC(=N)N", "CN(C)C(=N)N=C(N)N"]
    assert inchikey(drawn[0]) == inchikey(drawn[1])
    run_to_the_end(tmp_path, drawn[:1], made_forward)
    frame, before = run_to_the_end(tmp_path, drawn, made_forward)
    assert (before, frame["smiles"].tolist()) == (1, drawn)


def test_two_runs_never_write_at_once(tmp_path):
    """The second one is refused with a sentence."""
    with admet_run._writing(tmp_path / "chemistry"), pytest.raises(InputError, match="another run"):
        run_to_the_end(tmp_path, CHAINS, made_forward)


# ---- the file ----


@pytest.fixture
def written(tmp_path):
    """A sound file of three structures."""
    file = tmp_path / "admet.parquet"
    frame = predict(["CCO", "CCN", "[Na+].[Cl-]"], made_forward)
    write_predictions(file, made_rows(frame, ["A", "B", "C"]), ABOUT)
    return file


def test_a_file_comes_back_as_it_was_written(written):
    """Rows by InChIKey, reasons, and what made them."""
    found = read_predictions(written)
    assert found.problem == ""
    assert found.frame.index.tolist() == ["A", "B", "C"]
    assert found.frame.loc["C", "refused"].startswith("no carbon")
    assert found.about["versions"] == {"admet-ai": "0.0"}
    assert read_predictions(written.with_name("other")) is None


def changed(file, change, about=None):
    """The file with another table or other words about it."""
    table = pq.read_table(file)
    frame = change(table.to_pandas())
    kept = table.schema.metadata if about is None else about
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(kept), file)


DAMAGE = {
    "a column is gone": (lambda f: f.drop(columns="hERG"), None),
    "a structure twice": (lambda f: f.assign(smiles="A"), None),
    "a key that is no text": (lambda f: f.assign(smiles=[1, 2, 3]), None),
    "no number, no reason": (lambda f: f.assign(refused=""), None),
    "a probability of 7": (lambda f: f.assign(AMES=7.0), None),
    "infinite": (lambda f: f.assign(LD50_Zhu=np.inf), None),
    "text for a number": (lambda f: f.assign(LD50_Zhu="x"), None),
    "nothing about it": (lambda f: f, {}),
    "about is no JSON": (lambda f: f, {b"keyhole.admet": b"{"}),
    "about is a list": (lambda f: f, {b"keyhole.admet": b"[1]"}),
    "newer": (lambda f: f, {b"keyhole.admet": json.dumps({"format": 2, "versions": {}}).encode()}),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_file_is_said_to_be(written, what):
    """Whatever is wrong with it, there are no rows and one sentence that ends in what to do."""
    changed(written, *DAMAGE[what])
    found = read_predictions(written)
    assert found.problem.endswith("make it again with `keyhole chem admet`")
    assert len(found.frame) == 0


@pytest.mark.parametrize("size", [0, 3, 500])
def test_a_cut_file_is_said_to_be_damaged(written, size):
    """Also one that is empty."""
    written.write_bytes(written.read_bytes()[:size])
    assert "cannot be read" in read_predictions(written).problem
    assert set(COLUMNS) > set(read_predictions(written).frame.columns)


def test_a_turned_byte_is_never_served(tmp_path):
    """One byte of the demo's file turned, anywhere: the file is refused, or says exactly what it said."""
    file = DEMO / PREDICTIONS
    whole, good, copy = file.read_bytes(), read_predictions(file), tmp_path / file.name
    for i in range(4, len(whole), len(whole) // 60):
        copy.write_bytes(whole[:i] + bytes([whole[i] ^ 0xFF]) + whole[i + 1 :])
        found = read_predictions(copy)
        assert found.problem or (found.frame.equals(good.frame) and found.about == good.about), i

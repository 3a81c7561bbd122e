"""The real model says what it said before, and what its makers say; skipped where the extra is not installed."""

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import numpy as np
import pandas as pd
import pytest

from explorer.chemistry.admet import installed_at, load_forward, predict
from explorer.chemistry.endpoints import ENDPOINTS, KEYS
from tests.chemistry.record_admet import MOLECULES, RECORDED, predicted

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("admet_ai") is None, reason="the optional package admet-ai is not installed"
)


@pytest.fixture(scope="module")
def forward():
    return load_forward()


@pytest.fixture(scope="module")
def drugs():
    """Approved drugs with the predictions that the package ships; read where it is installed, never copied."""
    return pd.read_csv(installed_at() / "resources" / "data" / "drugbank_approved.csv").iloc[:2845:45]


def test_ten_named_molecules_have_their_recorded_values():
    """All 41 endpoints of each, to 1e-3."""
    recorded = pd.read_csv(RECORDED, index_col="name")
    assert list(recorded.columns) == list(KEYS)
    assert list(recorded.index) == list(MOLECULES)
    np.testing.assert_allclose(predicted().to_numpy(), recorded.to_numpy(), rtol=0, atol=1e-3)


def test_drugs_have_the_values_that_the_package_ships(forward, drugs):
    """The direct pass equals the makers' own predictions of 64 approved drugs."""
    found = predict(drugs["smiles"].tolist(), forward)
    ok = (found["refused"] == "").to_numpy()
    assert ok.sum() >= 60
    np.testing.assert_allclose(found.loc[ok, list(KEYS)], drugs.loc[ok, list(KEYS)], rtol=1e-4, atol=1e-3)


def test_known_facts_come_out_right(forward):
    """hERG blockers and harmless molecules, mutagens: recall of what is probably in the training data."""
    found = predict(list(MOLECULES.values()), forward).set_index(pd.Index(MOLECULES))
    assert (found.loc[["terfenadine", "haloperidol"], "hERG"] > 0.9).all()
    assert (found.loc[["aspirin", "metformin", "ethanol"], "hERG"] < 0.1).all()
    assert found.loc["2-nitrofluorene", "AMES"] > 0.9


def test_threads_agree(forward, drugs):
    """Six at once get what one gets alone."""
    smiles = drugs["smiles"].tolist()[:12]
    alone = predict(smiles, forward)[list(KEYS)].to_numpy()
    with ThreadPoolExecutor(6) as pool:
        for found in pool.map(lambda _: predict(smiles, forward), range(6)):
            np.testing.assert_allclose(found[list(KEYS)].to_numpy(), alone, rtol=1e-4, atol=1e-4)


def test_scores_and_versions_are_those_of_the_package():
    """Each metric of the registry is the shipped one to its digits; RDKit is not an older one that others pin."""
    shipped = pd.read_csv(installed_at() / "resources" / "data" / "admet.csv").set_index("id")
    for e in ENDPOINTS:
        assert e.score == pytest.approx(shipped.loc[e.key, {"AUROC": "AUROC", "R²": "R^2"}[e.metric]], abs=6e-4), e.key
    assert version("rdkit") >= "2026.9.1"

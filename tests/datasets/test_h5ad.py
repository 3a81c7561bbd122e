"""AnnData files, written here as its documentation lays them out, with h5py alone."""

import sys

import numpy as np
import pytest

from explorer.datasets.table import TableOptions, load_table
from explorer.errors import InputError

h5py = pytest.importorskip("h5py")
OPTIONS = TableOptions(label="gene", kind_all="gene", batch="batch", controls=("ctrl",), count="n")
X = np.array([[1, 0, 2], [0, 3, 0], [0, 0, 4], [5, 6, 7]], np.float32)


def text(group, name, values):
    group.create_dataset(name, data=[value.encode() for value in values], dtype=h5py.string_dtype())


def write(path, *, x="dense", shape=X.shape, index="_index"):
    with h5py.File(path, "w") as file:
        obs, var = file.create_group("obs"), file.create_group("var")
        for group, names in ((obs, ["a", "b", "c", "d"]), (var, ["f1", "f2", "f3"])):
            group.attrs["_index"] = index
            text(group, index, names)
        gene = obs.create_group("gene")
        gene.attrs["encoding-type"] = "categorical"
        gene.create_dataset("codes", data=np.array([0, 1, -1, 2], np.int8))
        text(gene, "categories", ["TP53", "MYC", "ctrl"])
        text(obs, "batch", ["x", "x", "y", "y"])
        nullable = obs.create_group("n")
        nullable.create_dataset("values", data=[10, 20, 30, 40])
        nullable.create_dataset("mask", data=[False, True, False, False])
        if x == "dense":
            file.create_dataset("X", data=X)
        elif x == "text":
            text(file, "X", ["a"])
        else:
            group = file.create_group("X")
            group.attrs["encoding-type"] = f"{x}_matrix"
            group.attrs["shape"] = shape
            rows, columns = np.nonzero(X)
            group.create_dataset("data", data=X[rows, columns])
            group.create_dataset("indices", data=columns)
            group.create_dataset("indptr", data=np.append(0, np.cumsum((X != 0).sum(axis=1))))
    return path


@pytest.mark.parametrize("x", ["dense", "csr"])
def test_dense_and_sparse_rows_read_to_the_same(tmp_path, x):
    """X in either layout, categorical, text and nullable columns of obs, and a missing label."""
    profiles = load_table([write(tmp_path / "t.h5ad", x=x)], options=OPTIONS)
    assert profiles.features.tolist() == X[[0, 1, 3]].tolist()
    assert profiles.metadata["label"].tolist() == ["TP53", "MYC", "ctrl"]
    assert profiles.metadata["kind"].tolist() == ["gene", "gene", "control"]
    assert profiles.metadata["experiment"].tolist() == ["x", "x", "y"]
    assert profiles.metadata["cell_count"].fillna(-1).tolist() == [10, -1, 40]
    assert profiles.report.dropped == {"no label": 1}


def test_features_are_chosen_among_the_names_of_var(tmp_path):
    """The expression selects variables; the index of obs can be a column."""
    options = TableOptions(label="_index", kind_all="gene", features="[13]$")
    profiles = load_table([write(tmp_path / "t.h5ad", x="csr")], options=options)
    assert profiles.features.tolist() == [[1, 2], [0, 4], [5, 7]]
    assert profiles.metadata["label"].tolist() == ["a", "c", "d"]
    assert profiles.report.dropped == {"all features are zero": 1}


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"x": "csc"}, "by columns"),
        ({"x": "csr", "shape": (9, 3)}, "obs has 4 rows"),
        ({"x": "text"}, r"X is \(1,\)"),
    ],
)
def test_layouts_that_cannot_be_read_are_named(tmp_path, how, problem):
    """Columns-first, disagreeing shapes and X of text are each one sentence."""
    with pytest.raises(InputError, match=problem):
        load_table([write(tmp_path / "t.h5ad", **how)], options=OPTIONS)


def test_damaged_files_are_named(tmp_path):
    """A cut file and a file that only looks like HDF5 are InputErrors."""
    path = write(tmp_path / "t.h5ad")
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(InputError, match=r"t\.h5ad"):
        load_table([path], options=OPTIONS)
    with h5py.File(tmp_path / "u.h5ad", "w") as file:
        file.create_dataset("other", data=[1])
    with pytest.raises(InputError, match="has no obs"):
        load_table([tmp_path / "u.h5ad"], options=OPTIONS)


def test_without_h5py_the_extra_is_named(tmp_path, monkeypatch):
    """A missing h5py is no traceback but the name of what to install."""
    path = write(tmp_path / "t.h5ad")
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(InputError, match=r"keyhole-explorer\[h5ad\]"):
        load_table([path], options=OPTIONS)

"""Anyone's table of embeddings is read, or refused with the file, the row and what to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explorer.chemistry.embeddings import Embedding, find_embeddings, read_embedding, write_embedding
from explorer.chemistry.learned import aligned
from explorer.errors import InputError

GOOD = "name,a,b\nbortezomib,1,0.5\nMG-132,-1,2\n"


def write(folder: Path, text: str, name: str = "MolE.csv") -> Path:
    """A table on disk."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_table_by_name_is_read(tmp_path: Path):
    """Keys, numbers in the order of the file, and the name of the file."""
    one = read_embedding(write(tmp_path, GOOD))
    assert (one.name, one.by, one.keys) == ("MolE", "name", ("bortezomib", "MG-132"))
    assert one.vectors.dtype == np.float32
    assert one.vectors.tolist() == [[1, 0.5], [-1, 2]]


@pytest.mark.parametrize("header", ["InChIKey", "inchikey", "INCHIKEY", " InChIKey"])
def test_a_column_inchikey_is_the_key_however_it_is_written(tmp_path: Path, header: str):
    """Case and space around it do not matter."""
    assert read_embedding(write(tmp_path, f"{header},a,b\nAAA,1,2\n")).by == "inchikey"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,a,b\nx,1,2\nX,3,4\n", "row 2: 'X' stood in row 1 already"),
        ("name,a,b\nx,1,\n", "row 1: column b has no finite number (1 such places in all)"),
        ("name,a,b\nx,1,inf\n", "row 1: column b has no finite number"),
        ("name,a,b\nx,1,2\ny,1,high\n", "row 2: 'high' in column b is no number"),
        ("name,a,b\n,1,2\n", "row 1: name is empty"),
        ("name,a,b\nx,0,0\n", "row 1: all numbers are 0"),
        ("name,a\nx,1\n", "1 columns of numbers"),
        ("molecule,a,b\nx,1,2\n", "no column that says which molecule a row is"),
        ("name,a,b\n", "has no row"),
        ("", "is not a CSV table"),
    ],
)
def test_a_table_that_cannot_be_used_says_which_row_and_what_to_do(tmp_path: Path, text: str, said: str):
    """Each mistake has its sentence, with the file."""
    with pytest.raises(InputError) as refused:
        read_embedding(write(tmp_path, text))
    assert said in str(refused.value)
    assert "MolE.csv" in str(refused.value)


@pytest.mark.parametrize("name", ["a b.csv", ".hidden.csv", "x" * 41 + ".csv"])
def test_names_are_plain(tmp_path: Path, name: str):
    """The name stands in pages and in tables."""
    with pytest.raises(InputError, match="cannot name embeddings"):
        read_embedding(write(tmp_path, GOOD, name))


def test_what_is_written_is_read_again(tmp_path: Path):
    """Numbers exactly, and what the table says of itself; nothing else is left in the folder."""
    vectors = np.random.default_rng(0).normal(size=(3, 512)).astype(np.float32)
    one = Embedding("minimol", "inchikey", ("A", "B", "C"), vectors, {"model": "MiniMol v1", "licence": "MIT"})
    file = tmp_path / "new" / "minimol.parquet"
    write_embedding(file, one)
    again = read_embedding(file)
    assert (again.by, again.keys, dict(again.about)) == ("inchikey", one.keys, dict(one.about))
    assert np.array_equal(again.vectors, vectors)
    assert [f.name for f in file.parent.iterdir()] == ["minimol.parquet"]


def test_a_damaged_table_does_not_take_the_others_along(tmp_path: Path):
    """The rest is found; the damage is a sentence."""
    write(tmp_path, GOOD)
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 cut off")
    (tmp_path / ".part.parquet").write_bytes(b"")
    found, problems = find_embeddings(tmp_path)
    assert [one.name for one in found] == ["MolE"]
    assert len(problems) == 1
    assert "cut.parquet cannot be read as Parquet" in problems[0]
    assert find_embeddings(tmp_path / "nowhere") == ((), ())


def test_two_files_of_one_name_are_told_apart(tmp_path: Path):
    """The second is refused, since pages could not name it."""
    write(tmp_path, GOOD)
    pd.DataFrame({"name": ["x"], "a": [1.0], "b": [2.0]}).to_parquet(tmp_path / "mole.parquet")
    found, problems = find_embeddings(tmp_path)
    assert len(found) == len(problems) == 1


def test_rows_are_laid_along_a_map(tmp_path: Path):
    """Length 1, NaN where there is none, and unknown keys named."""
    one = read_embedding(write(tmp_path, GOOD + "nobody,3,4\n"))
    vectors, unknown = aligned(one, rows={"bortezomib": [2], "mg-132": [0]}, n=4)
    assert unknown == ["nobody"]
    assert np.isnan(vectors[[1, 3]]).all()
    np.testing.assert_allclose(np.linalg.norm(vectors[[0, 2]], axis=1), 1, rtol=1e-6)

"""Relationships are read from a folder, the wheel or an edge list, as undirected pairs of two genes, each once."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from explorer.annotations.arms import arm_of, arms_of_labels, read_arms
from explorer.annotations.relationships import NO_LICENCE, pairs_on_map, read_relationships, without_shared
from explorer.errors import InputError

TEXT = "entity1,entity2\nB,A\nA,B\nA,A\nC,B\nNAN,NA\n,A\n"


@pytest.fixture(params=["folder", "unpacked", "wheel", "edges"])
def place(request, tmp_path):
    if request.param == "wheel":
        path = tmp_path / "efaar_benchmarking-1.0-py2.py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("efaar_benchmarking/benchmark_annotations/CORUM.txt", TEXT)
            archive.writestr("efaar_benchmarking/benchmark_annotations/LICENSE", "text")
        return path
    inner = tmp_path / "efaar_benchmarking" / "benchmark_annotations" if request.param == "unpacked" else tmp_path
    inner.mkdir(parents=True, exist_ok=True)
    (inner / "CORUM.txt").write_text(TEXT)
    return tmp_path / "CORUM.txt" if request.param == "edges" else tmp_path


def test_every_place_gives_the_same_pairs(place):
    """Both directions are one pair, a gene with itself and an empty symbol none, and `NA` is a symbol."""
    (source,) = read_relationships(place)
    assert source.name == "CORUM"
    assert source.licence.startswith("CC BY-NC")
    assert source.pairs.to_numpy().tolist() == [["A", "B"], ["B", "C"], ["NA", "NAN"]]
    assert source.n == 3


def test_an_edge_list_of_ones_own_has_no_known_licence(tmp_path):
    """Two columns of any name do, by their order; tabs in a .tsv."""
    (tmp_path / "mine.tsv").write_text("from\tto\tscore\nX\tY\t1\n")
    (source,) = read_relationships(tmp_path / "mine.tsv")
    assert (source.name, source.licence, source.n) == ("mine", NO_LICENCE, 1)


def test_pairs_on_the_map_are_positions():
    """Genes that are not on the map drop out, each pair is ascending and once, and shared pairs can be taken off."""
    (source,) = [_source([("B", "A"), ("C", "B"), ("A", "X")])]
    pairs = pairs_on_map(source, ["C", "B", "A"])
    assert pairs.tolist() == [[0, 1], [1, 2]]
    assert without_shared(pairs, np.array([[1, 2], [0, 9]])).tolist() == [[0, 1]]
    assert pairs_on_map(source, ["Q"]).shape == (0, 2)
    with pytest.raises(InputError, match="twice"):
        pairs_on_map(source, ["A", "A"])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("no.whl", b"PK not a zip", "download it again"),
        ("one.csv", b"gene\nA\n", "single column"),
        ("self.csv", b"a,b\nA,A\n", "no pair"),
        ("empty.csv", b"", "cannot be read"),
        ("what.docx", b"A,B", "no edge list"),
    ],
)
def test_what_is_no_source_is_refused(tmp_path, name, content, said):
    """Each refusal says what is wrong and with which file."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_relationships(tmp_path / name)


def test_a_folder_or_wheel_without_sources_is_refused(tmp_path):
    """What was looked for is named."""
    with pytest.raises(InputError, match=r"CORUM\.txt"):
        read_relationships(tmp_path)
    with pytest.raises(InputError, match="no relationships at"):
        read_relationships(tmp_path / "nowhere")
    with zipfile.ZipFile(tmp_path / "other.whl", "w") as archive:
        archive.writestr("other/file.txt", "x")
    with pytest.raises(InputError, match=r"efaar-benchmarking 1\.0"):
        read_relationships(tmp_path / "other.whl")


def test_arms_come_from_arms_or_bands(tmp_path):
    """A band is on its arm, a gene on two arms or none has none, and neither has a symbol that is not listed."""
    (tmp_path / "arms.tsv").write_text("symbol\tmap_location\nA\t17q21.31\nB\tchrXp\nC\t\nD\tXp22\nD\tYp11\n")
    arms = read_arms(tmp_path / "arms.tsv")
    assert arms == {"A": "17q", "B": "Xp"}
    assert arms_of_labels(["B", "RXRX3-1", "A"], arms).tolist() == ["Xp", "", "17q"]
    assert [arm_of(x) for x in ("1p", "23q", "12", "mitochondria", "22Q11")] == ["1p", "", "", "", "22q"]


def test_a_table_without_arms_is_refused(tmp_path):
    """The column that is missing is named."""
    (tmp_path / "a.csv").write_text("symbol,x\nA,1\n")
    with pytest.raises(InputError, match="no column arm"):
        read_arms(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("symbol,arm\nA,?\n")
    with pytest.raises(InputError, match="holds no arm"):
        read_arms(tmp_path / "b.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_arms(tmp_path / "c.csv")


def _source(pairs):
    import pandas as pd

    from explorer.annotations.relationships import RelationshipSource

    return RelationshipSource("x", "", pd.DataFrame(pairs, columns=["a", "b"]))

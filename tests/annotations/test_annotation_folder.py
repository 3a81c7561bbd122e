"""A folder of one's own: each file is read for what its folder says it is, and a bad one never costs the others."""

from __future__ import annotations

import csv
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.annotations.annotation_folder import KINDS, read_annotation_folder
from explorer.annotations.relationships import NO_LICENCE, read_relationships
from explorer.annotations.unblinding import read_unblinding
from explorer.errors import InputError

SOUND = {
    "gene_sets/mine.gmt": "A\tx\tKRAS\tBRAF\nB\tx\tTP53\tMDM2\n",
    "gene_sets/complexes.tsv": "Ku\tXRCC5 XRCC6\n",
    "relationships/edges.csv": "entity1,entity2,size,set\nKRAS,BRAF,,\nCDK12,RBM39,139,Spliceosome\n",
    "compounds/targets.csv": "compound,gene,potency\nbortezomib,PSMB5,0.6\n",
    "unblinding/names.csv": "blinded,symbol\nRXRX3-00001,BRCA1\n",
    "arms/arms.tsv": "symbol\tarm\nKRAS\t12p\n",
    "README.md": "what this is",
    "sources.csv": "file,name,licence,version,citation,relates,note\n"
    "gene_sets/mine.gmt,Our sets,CC BY 4.0,2026-01,Us,no,for us\n",
}


def write(folder, files: dict[str, str | bytes]):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def problems(found) -> dict[str, str]:
    return {f.file: f.problem for f in found.files if f.problem}


def test_every_kind_is_read(tmp_path):
    """Sets, complexes, pairs, compounds, names and arms, each listed with how much it holds."""
    found = read_annotation_folder(write(tmp_path, SOUND), prefix="own/")
    assert problems(found) == {}
    assert {f.file: f.n for f in found.files} == {
        "own/gene_sets/mine.gmt": 2,
        "own/gene_sets/complexes.tsv": 1,
        "own/relationships/edges.csv": 2,
        "own/compounds/targets.csv": 1,
        "own/unblinding/names.csv": 1,
        "own/arms/arms.tsv": 1,
    }
    assert [s.id for source in found.gene_sets for s in source.sets] == [
        "own/complexes:Ku",
        "own/mine:A",
        "own/mine:B",
    ]
    assert found.relationships[0].pairs.fillna("").to_numpy().tolist() == [
        ["BRAF", "KRAS", "", ""],
        ["CDK12", "RBM39", 139, "Spliceosome"],
    ]
    assert found.unblinding == {"RXRX3-00001": "BRCA1"}
    assert found.arms == {"KRAS": "12p"}


def test_sources_csv_says_what_a_file_is(tmp_path):
    """Name, licence, version, citation, note, whether sets relate; what it leaves out has no stated licence."""
    found = read_annotation_folder(write(tmp_path, SOUND))
    ours = {s.name: s for s in found.gene_sets}
    assert (ours["Our sets"].licence, ours["Our sets"].version, ours["Our sets"].citation) == (
        "CC BY 4.0",
        "2026-01",
        "Us",
    )
    assert not ours["Our sets"].relates
    assert ours["complexes"].relates
    assert {f.name: (f.licence, f.note) for f in found.files}["Our sets"] == ("CC BY 4.0", "for us")
    assert {f.name: f.licence for f in found.files}["edges"] == NO_LICENCE


BAD = {
    "gene_sets/binary.gmt": bytes(range(256)),
    "gene_sets/empty.gmt": b"",
    "relationships/one.csv": b"gene\nKRAS\n",
    "relationships/sizes.csv": b"entity1,entity2,size\nA,B,many\n",
    "relationships/some.docx": b"A,B",
    "compounds/nothing.csv": b"compound\nx\n",
    "compounds/potency.csv": b"compound,gene,potency\nx,KRAS,-3\n",
    "unblinding/twice.csv": b"blinded,symbol\nRXRX3-1,A\nRXRX3-1,B\n",
    "unblinding/other.csv": b"a,b\n1,2\n",
    "arms/none.csv": b"symbol,arm\nKRAS,nowhere\n",
    "loose.csv": b"entity1,entity2\nA,B\n",
}


def test_a_bad_file_is_listed_and_the_others_are_used(tmp_path):
    """Each with its reason in one line; a loose file is told where to go."""
    found = read_annotation_folder(write(tmp_path, SOUND | BAD))
    said = problems(found)
    assert said.keys() == BAD.keys()
    assert all(text and text.isprintable() and len(text) <= 400 for text in said.values())
    assert "folder" in said["loose.csv"]
    assert "row 2" in said["compounds/potency.csv"]
    assert "many" in said["relationships/sizes.csv"]
    assert (len(found.gene_sets), len(found.relationships), len(found.compounds)) == (2, 1, 1)


def test_a_bad_sources_csv_costs_only_what_it_says(tmp_path):
    """It is listed, and the files are read all the same."""
    for content in (b"\xff\xfe", b"name,licence\nx,y\n"):
        found = read_annotation_folder(write(tmp_path, SOUND | {"sources.csv": content}))
        assert "sources.csv" in problems(found)
        assert len(found.gene_sets) == 2


def test_what_is_no_folder_holds_nothing(tmp_path):
    """Nor does a file in its place; hidden files, folders and pipes are left alone."""
    (tmp_path / "file").write_text("x")
    assert read_annotation_folder(tmp_path / "nowhere").files == ()
    assert read_annotation_folder(tmp_path / "file").files == ()
    for kind in KINDS:
        (tmp_path / kind / "folder.gmt").mkdir(parents=True)
        (tmp_path / kind / ".hidden.csv").write_text("x")
        os.mkfifo(tmp_path / kind / "pipe.gmt")
    (tmp_path / "file").unlink()
    assert read_annotation_folder(tmp_path).files == ()


def test_a_gene_is_unblinded_once(tmp_path):
    """Two names of one id, or two ids of one name, are refused; repeated rows and empty cells do not count."""
    (tmp_path / "a.csv").write_text("Blinded,Symbol\nR1, BRCA1\nR1,BRCA1\nR2,\n,TP53\n")
    assert read_unblinding(tmp_path / "a.csv") == {"R1": "BRCA1"}
    (tmp_path / "b.csv").write_text("blinded,symbol\nR1,BRCA1\nR2,BRCA1\n")
    with pytest.raises(InputError, match="BRCA1"):
        read_unblinding(tmp_path / "b.csv")


@given(content=st.binary(max_size=150))
def test_any_bytes_are_listed_or_used(tmp_path_factory, content):
    """Whatever users put into their folder, it is used or has a reason, and never raises."""
    folder = tmp_path_factory.mktemp("own")
    files = {f"{kind}/any{end}": content for kind in KINDS for end in (".csv", ".tsv", ".gmt")}
    found = read_annotation_folder(write(folder, files | {"sources.csv": content}))
    assert {f.file for f in found.files} >= files.keys() - {"relationships/any.gmt"}


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=6)


@given(rows=st.lists(st.tuples(cells, cells), max_size=6))
def test_any_edge_list_is_pairs_or_refused(tmp_path_factory, rows):
    """Pairs of two different genes, each once, in order; or a sentence."""
    file = tmp_path_factory.mktemp("edges") / "e.csv"
    with open(file, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("entity1", "entity2"), *rows])
    wanted = {tuple(sorted((a.strip(), b.strip()))) for a, b in rows}
    wanted = {p for p in wanted if p[0] != p[1] and p[0]}
    try:
        (source,) = read_relationships(file)
    except InputError:
        assert not wanted
        return
    assert list(source.pairs.itertuples(index=False, name=None)) == sorted(wanted)

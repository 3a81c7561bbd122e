"""What lies beside the demo map may be passed on, is attributed, is made by one command, and is small."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.annotations.annotation_folder import read_annotation_folder
from explorer.annotations.demo_annotations import PLANTED, write_demo_annotations
from explorer.commands.demo import named_genes, planted_modules
from explorer.errors import InputError

REPOSITORY = Path(__file__).resolve().parents[2]
BESIDE = REPOSITORY / "data" / "demo" / "map" / "annotations"


def content(folder: Path) -> dict[str, str]:
    return {str(f.relative_to(folder)): f.read_text() for f in sorted(folder.rglob("*")) if f.is_file()}


def test_it_is_what_the_wheel_gives(efaar_wheel, tmp_path):
    """The committed files are those that the command writes from the wheel, to the byte."""
    made = write_demo_annotations(tmp_path / "a", efaar_wheel, genes=named_genes(), modules=planted_modules())
    assert content(made) == content(BESIDE)
    again = write_demo_annotations(tmp_path / "a", efaar_wheel, genes=named_genes(), modules=planted_modules())
    assert content(again) == content(BESIDE)
    assert [f.name for f in tmp_path.iterdir()] == ["a"]


def test_only_open_sources_are_there():
    """CC0 and CC BY pairs with licence, version and citation; of CORUM one cited fact; nothing else."""
    found = read_annotation_folder(BESIDE)
    assert not [f for f in found.files if f.problem]
    licences = {s.name: s.licence for s in found.relationships}
    assert {n: text for n, text in licences.items() if "NC" in text}.keys() == {"CORUM"}
    assert licences.keys() == {"HuMAP", "Reactome", "StringDB", "CORUM"}
    assert all(s.version and "doi:" in s.citation for s in found.relationships)
    (fact,) = [s.pairs for s in found.relationships if s.name == "CORUM"]
    assert fact.to_numpy().tolist() == [["CDK12", "RBM39", 139, "Spliceosome"]]


def test_every_pair_is_of_two_genes_of_the_demo():
    """And no blinded one."""
    genes = set(named_genes())
    for source in read_annotation_folder(BESIDE).relationships:
        assert set(source.pairs["a"]) | set(source.pairs["b"]) <= genes
    assert not [g for g in genes if g.startswith("RXRX3")]


def test_planted_modules_say_what_they_are():
    """Their source says that they are planted, and they relate no genes."""
    (planted,) = read_annotation_folder(BESIDE).gene_sets
    assert planted.name == PLANTED
    assert not planted.relates
    assert "planted:hr_core" in planted.by_id
    assert "planted:kill" not in planted.by_id


def test_the_demo_stays_small():
    """All of data/ below 5 MB."""
    assert sum(f.stat().st_size for f in (REPOSITORY / "data").rglob("*") if f.is_file()) < 5_000_000


def test_a_wheel_of_something_else_is_refused(tmp_path):
    """And leaves what was there as it was."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "kept").write_text("x")
    (tmp_path / "edges.csv").write_text("entity1,entity2\nA,B\n")
    with pytest.raises(InputError, match="lacks"):
        write_demo_annotations(tmp_path / "a", tmp_path / "edges.csv", genes=["A", "B"], modules={})
    assert content(tmp_path / "a") == {"kept": "x"}

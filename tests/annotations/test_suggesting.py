"""Entities and terms have one ranking, and a registered table of genes tells what is known from what is not."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from explorer.annotations.known_genes import KnownGenes, registered_genes
from explorer.annotations.names import NameIndex
from explorer.annotations.registered import GENES as GENES_FILE
from explorer.annotations.registered import About
from explorer.annotations.registering import register, writing
from explorer.annotations.resolving import resolve_name
from explorer.annotations.spellings import Spellings
from explorer.annotations.suggesting import suggest
from explorer.annotations.term_names import Term, TermIndex
from explorer.atlas import open_atlas
from explorer.datasets.profiles import entities_frame
from explorer.maps.entities import entity_table

GENES = [{"kind": "gene", "label": label} for label in ("AARS", "ERBB2", "RAD51", "RXRX3-00001", "AR", "ARX")]
TERMS = TermIndex(
    (
        Term("x:1", "set", "AR signalling", "x", (), 9),
        Term("x:2", "set", "AR", "x", (), 4),
        Term("x:3", "set", "Repair of RAD51 foci", "x", (), 9),
        Term("x:4", "phenotype", "Breast carcinoma", "x", ("Breast cancer",), 71),
        Term("x:5", "phenotype", "Breast cyst", "x", (), 0),
    )
)
TABLE = pd.DataFrame(
    {
        "symbol": ["AARS1", "ERBB2", "TP53", "AAA1", "AAA2"],
        "aliases": [[], ["HER2"], ["P53"], ["SHARED"], ["SHARED"]],
        "previous": [["AARS"], [], [], [], []],
        "entrez": ["16", "2064", "7157", "", ""],
        "ensembl": ["ENSG00000090861", "ENSG00000141736", "", "", ""],
    }
)


def index(known: pd.DataFrame | None = None) -> NameIndex:
    present = pd.DataFrame([(g["kind"], g["label"]) for g in GENES], columns=["kind", "label"])
    entities = entity_table(entities_frame(GENES), present)
    return NameIndex(entities, KnownGenes(known) if known is not None else None)


def labels(text: str) -> list[str]:
    return [s.label for s in suggest(text, names=index(), terms=TERMS)]


def test_an_exact_symbol_outranks_a_term_of_that_name():
    """The gene AR comes before the set AR, and both before what begins so."""
    assert labels("AR")[:2] == ["AR", "AR"]
    assert suggest("AR", names=index(), terms=TERMS)[0].kind == "gene"


def test_a_phrase_favours_terms():
    """Met alike, several words mean a term."""
    assert suggest("AR signalling", names=index(), terms=TERMS)[0].id == "x:1"


def test_terms_without_genes_come_last():
    """Of those met alike, a term with genes is what is meant."""
    assert labels("breast") == ["Breast carcinoma", "Breast cyst"]
    assert suggest("breast cancer", names=index(), terms=TERMS)[0].via == "Breast cancer"


def test_neither_sort_is_crowded_out():
    """Of twelve places each sort keeps three where it has as many."""
    many = TermIndex(tuple(Term(f"x:{i}", "set", f"AR{i}", "x", (), 5) for i in range(30)))
    found = suggest("AR", names=index(), terms=many)
    assert len(found) == 12
    assert {s.label for s in found if s.kind == "gene"} == {"AR", "ARX"}


def test_a_registered_table_finds_old_and_new_symbols():
    """Aliases, previous symbols, Entrez and Ensembl ids of the table find the gene as the map calls it."""
    names = index(TABLE)
    for text, label in {"AARS1": "AARS", "HER2": "ERBB2", "2064": "ERBB2", "ENSG00000090861": "AARS"}.items():
        assert [names.entities["label"].iat[r] for r in resolve_name(text, names=names).rows] == [label]
        assert names.suggest(text)[0].label == label


def test_a_known_gene_that_is_not_here_is_told_from_a_typing_error():
    """`TP53` is a known gene, not on this map; nonsense is not; a blinded id gets no name from the table."""
    names = index(TABLE)
    assert resolve_name("P53", names=names).note == "a known gene (TP53), not on this map"
    assert resolve_name("SHARED", names=names).note == "a known gene (AAA1, AAA2), not on this map"
    assert resolve_name("qqqqq", names=names).note == ""
    assert resolve_name("RXRX3-00001", names=names).status == "blinded"
    assert not [n for n in names._of_known() if names.entities["blinded"].iat[n[0]]]


@pytest.mark.parametrize("seed", range(3))
def test_the_quick_filter_loses_nothing(seed):
    """What rapidfuzz finds behind the filter is what it finds without."""
    from rapidfuzz import fuzz

    random = np.random.default_rng(seed)
    made = ["".join(random.choice(list("abcdeg12"), size=random.integers(2, 9))) for _ in range(300)]
    spellings = Spellings([(i, n, True) for i, n in enumerate(made)])
    for text in ("abcd", "gg21", "aaaaab", "b1"):
        slow = {i for i, n in enumerate(made) if fuzz.ratio(text, n) >= 70}
        assert {f.row for f in spellings.near(text, limit=300, cutoff=70)} == slow


@pytest.mark.parametrize("seed", range(3))
def test_the_joined_search_finds_what_a_plain_scan_finds(seed):
    """One search of the joined string meets the same rows as looking at every name."""
    random = np.random.default_rng(seed)
    made = ["".join(random.choice(list("abc1"), size=random.integers(1, 6))) for _ in range(120)]
    spellings = Spellings([(i, n, True) for i, n in enumerate(made)])
    for text in ("abc", "a1b", "cab1", "bbb"):
        assert {f.row for f in spellings.search(text, limit=120)} == {i for i, n in enumerate(made) if text in n}


def test_registered_genes_are_opened_with_a_map(tmp_path, demo):
    """What `keyhole fetch` registered tells known genes from others; without it, or changed on disk, none are known."""
    about = About("HGNC", "genes", "CC0", "1", "", "", "2026-11-22", "genes", n=len(TABLE))
    stream = io.BytesIO()
    TABLE.to_parquet(stream, index=False)
    with writing(tmp_path / "kept") as root:
        source = register(root, about, {GENES_FILE: stream.getvalue()})
        opened = open_atlas([demo], annotations=root).maps["demo"]
        assert resolve_name("AAA1", names=opened.names).note == "a known gene, not on this map"
        assert registered_genes(tmp_path / "nothing") is registered_genes(None) is None
        (source.folder / GENES_FILE).write_bytes(b"changed")
        assert registered_genes(root) is None

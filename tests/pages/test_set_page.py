"""The set page: planted modules are coherent and chance is not, a member left out is found, any id has an answer."""

from __future__ import annotations

from urllib.parse import quote, unquote

import numpy as np
import pytest
from scipy import stats

from explorer import atlas, queries
from explorer.errors import UnknownEntity

PLANTED = "planted in the simulated demo"


@pytest.fixture(autouse=True)
def _use(opened):
    atlas.use(opened)


@pytest.fixture(scope="module")
def modules(opened) -> dict[str, list[str]]:
    """Active members of each planted module with at least four of them."""
    atlas.use(opened)
    p = opened.maps["demo"].map.perturbations
    active = set(p.loc[(p["kind"] == "gene") & p["active"].eq(True), "entity"])
    (source,) = (s for s in opened.maps["demo"].biology.gene_sets if s.name == PLANTED)
    found = {s.id: queries.set_on_map("demo", s.id)["on_map"] for s in source.sets}
    found = {i: [g for g in genes if f"gene:{g}" in active] for i, genes in found.items()}
    return {i: genes for i, genes in found.items() if len(genes) >= 4}


def test_planted_modules_are_coherent(modules):
    """All of them at p <= .05, and nearly all without the pairs of one arm as well."""
    found = [queries.coherence("demo", genes) for genes in list(modules.values())[::3]]
    assert all(f["p"] <= 0.05 and f["mean"] > f["random_95"] for f in found)
    assert np.mean([f["apart_p"] <= 0.05 for f in found if f["apart_p"] is not None]) > 0.9


def test_random_sets_are_not(opened):
    """p of random sets of active named genes is uniform (Kolmogorov-Smirnov)."""
    p = opened.maps["demo"].map.perturbations
    named = (p["kind"] == "gene") & p["active"].eq(True) & ~p["label"].str.startswith("RXRX3")
    pool, rng = p.loc[named, "entity"].str.removeprefix("gene:").tolist(), np.random.default_rng(0)
    found = [queries.coherence("demo", rng.choice(pool, 8, replace=False).tolist())["p"] for _ in range(60)]
    assert stats.kstest(found, "uniform").pvalue > 0.01


def test_a_member_left_out_is_suggested_first(modules):
    """Taken out one by one, the members of most modules come back first, nearly all among the first five."""
    rng, first, five, n = np.random.default_rng(1), 0, 0, 0
    for genes in modules.values():
        left_out = genes[rng.integers(len(genes))]
        rest = [g for g in genes if g != left_out]
        frame = queries.beside_set("demo", rest, 5)
        first, five, n = first + (frame["slug"].iat[0] == left_out), five + (left_out in set(frame["slug"])), n + 1
    assert first / n > 0.65
    assert five / n > 0.9


def test_candidates_say_how_they_stand_to_the_members():
    """Outside the set, with q and relation; blinded genes get no relation, and none is called a member."""
    genes = queries.set_on_map("demo", "hpo:HP:0003002")["on_map"]
    frame = queries.beside_set("demo", genes)
    assert not set(frame["slug"]) & set(genes)
    assert (frame["q"].dropna() > 0).all()
    near = frame[frame["cosine"] > 0].head(20)
    assert set(near.loc[~near["blinded"], "relation"]) <= {"known", "co-listed, weak", "new", "none; arm?"}
    assert (near.loc[near["blinded"], "relation"] == "").all()
    assert ((near["relation"] == "known") <= (near["related_to"] > 0)).all()
    assert not ((near["relation"] == "new") & near["same_arm"]).any()


def test_without_relationships_none_is_new():
    """A map without a source calls no pair new."""
    assert not queries.known_sources("genes-only")
    assert set(queries.beside_set("genes-only", ["KRAS", "BRAF"])["relation"].fillna("")) == {""}


def test_compounds_of_a_set():
    """The planted PARP inhibitors come first for homologous recombination, at a named concentration."""
    genes = queries.set_on_map("demo", "planted:hr_core")["on_map"]
    frame = queries.compounds_beside_set("demo", genes)
    assert {"olaparib", "talazoparib"} <= set(frame["label"].head(4))
    assert frame["concentration"].notna().all()
    assert frame["slug"].is_unique


def test_the_page_of_a_phenotype(render):
    """Title, source, licence, version, sizes, synonyms, the terms around it, and the way to its network."""
    page = render(f"/set/{quote('hpo:HP:0003002', safe='')}")
    for said in (
        "Breast carcinoma",
        "HPO",
        "2025",
        "Breast cancer",
        "Neoplasm of the breast",
        "/network?set=hpo",
    ):
        assert said in page
    assert page == render("/set/hpo:HP:0003002")


def test_ids_with_slashes_and_colons(opened, render, monkeypatch):
    """`own/FILE:NAME` gets its page encoded or not."""
    one = queries.set_on_map("demo", "planted:hr_core") | {"id": "own/my sets.gmt:a/b: c%", "name": "Mine, own"}
    asked = []
    monkeypatch.setattr(queries, "set_on_map", lambda m, id, text="": asked.append(id) or one)
    for segment in (quote(one["id"], safe=""), quote(one["id"], safe="/:")):
        assert "Mine, own" in render(f"/set/{segment}")
    assert asked == [one["id"]] * 2


def test_a_pasted_list_drops_nothing(render):
    """Aliases are found, what is absent is named, repeats count once."""
    told = queries.set_on_map("demo", "list", "KRAS,HER2,xyzzy,KRAS, ,<b>,bortezomib")
    assert (told["on_map"], told["absent"]) == (["KRAS", "ERBB2"], ["xyzzy", "<b>", "bortezomib (compound)"])
    page = unquote(render("/set/list/mine?genes=KRAS,HER2,xyzzy,BRAF,KRAS"))
    assert "1 member not on this map" in page
    assert "xyzzy" in page
    assert "network?genes=KRAS,ERBB2,BRAF" in page


@pytest.mark.parametrize("address", ["/set/list", "/set/list?genes=", "/set/list?genes=,,%20;"])
def test_an_empty_list_says_so(render, address):
    """A list without a name is refused with an example."""
    assert "names no gene" in render(address)


@pytest.mark.parametrize(
    "id",
    [
        "x", "-1", "hpo:", "hpo:HP:9999999", "hpo:HP:0003002%00", "planted:HR_COREE", "../../etc/passwd",
        "%F0%9F%92%A9", "%ff%fe", "<script>", "own%2F", "a" * 5000, "lists", "None",
    ],
)  # fmt: skip
def test_unknown_ids_get_a_page_that_says_so(render, id):
    """No id is somebody else's set; near ones are offered."""
    page = render(f"/set/{id}")
    assert "Not on this map" in page
    if id == "planted:HR_COREE":
        assert "/set/planted:hr_core" in unquote(page)


def test_sets_on_maps_that_lack_things(render):
    """No gene of the set, one gene, no controls: each page says what can be told."""
    assert "None of its genes is on this map" in render("/set/hpo%3AHP%3A0003002?map=compounds-only")
    one = queries.coherence("lone", ["KRAS"])
    assert (one["members"], one.get("mean")) == (1, None)
    assert queries.coherence("no-controls", ["KRAS", "BRAF"])["tested"] is False
    assert queries.beside_set("lone", ["KRAS"]).empty
    assert queries.set_members("lone", ["KRAS"])["cosine"].isna().all()


def test_the_square_is_symmetric_and_ordered():
    """All pairs of the members, each gene once, itself at 1."""
    genes = queries.set_on_map("demo", "planted:hr_core")["on_map"]
    frame = queries.set_square("demo", genes)
    assert sorted(frame.columns) == sorted(genes)
    assert np.allclose(frame, frame.T, atol=1e-6)
    assert np.allclose(np.diag(frame), 1, atol=1e-3)


def test_overlapping_sets():
    """A set overlaps with its parent and not with itself."""
    genes = queries.set_on_map("demo", "planted:hr_core")["on_map"]
    frame = queries.overlapping_sets("demo", genes, "planted:hr_core")
    assert frame["id"].iat[0] == "planted:homologous_repair"
    assert "planted:hr_core" not in set(frame["id"])
    assert frame["jaccard"].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("breast cancer", "hpo:HP:0003002"),
        ("HP:0003002", "hpo:HP:0003002"),
        ("hr_core", "planted:hr_core"),
        ("recombination RAD51", "planted:hr_core"),
        ("homologus recombination", "planted:hr_core"),
    ],
)
def test_sets_are_found(text, id):
    """By synonym, id, words in any order, and with a slip."""
    assert id in set(queries.find_sets("demo", text)["id"].head(8))


def test_sets_of_a_gene_are_found_and_junk_is_not():
    """A symbol finds the sets that hold it; nonsense finds none."""
    frame = queries.find_sets("demo", "RAD51")
    assert "planted:hr_core" in set(frame["id"])
    assert queries.find_sets("demo", "zzqqxxyy").empty
    assert len(queries.find_sets("demo", "")) == 200


def test_the_index_names_sources(render):
    """Each source with its number of sets, version and licence."""
    page = render("/set")
    assert PLANTED in page
    assert "11,4" in page
    assert "HPO licence" in page


def test_unknown_set_is_an_unknown_entity():
    """With the closest ids, as for genes."""
    with pytest.raises(UnknownEntity) as refused:
        queries.set_on_map("demo", "planted:hrcore")
    assert "planted:hr_core" in [i for i, _ in refused.value.closest]

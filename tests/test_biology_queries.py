"""What is known is asked of a map: pairs, sets, phenotypes, enrichment, sources; what is not known is never made up."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explorer import atlas, queries
from explorer.atlas import open_atlas
from explorer.errors import UnknownEntity

REPOSITORY = Path(__file__).resolve().parent.parent
TRUTH = json.loads((REPOSITORY / "data" / "demo" / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("ontology")


@pytest.fixture(scope="module")
def known(demo, cache):
    """The demo and what lies beside it; nothing registered."""
    return open_atlas([demo], cache=cache)


@pytest.fixture(autouse=True)
def in_use(known, monkeypatch):
    monkeypatch.setattr(atlas, "_current", known)


@pytest.fixture
def own(demo, cache, tmp_path, monkeypatch):
    """The demo with a folder of the user's own; call it with file name to content."""

    def opened(files: dict[str, str]):
        for name, text in files.items():
            (tmp_path / "own" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "own" / name).write_text(text)
        found = open_atlas([demo], annotations=tmp_path, cache=cache)
        monkeypatch.setattr(atlas, "_current", found)
        return found

    return opened


def test_the_way_round_cdk13_is_weak_and_not_new():
    """CDK12 and RBM39 are listed together in a complex of 139; CCNK is known; a pair that nobody lists is not there."""
    found = queries.relations("demo", ["RBM39", "CDK12", "CCNK", "SNRPD3", "PSMB5"]).set_index(["a", "b"])
    assert found.loc[("RBM39", "CDK12"), ["relation", "sources", "size"]].tolist() == ["co-listed, weak", "CORUM", 139]
    assert found.loc[("CDK12", "CCNK"), "relation"] == "known"
    assert not {("SNRPD3", "PSMB5"), ("PSMB5", "SNRPD3")} & set(found.index)


def test_relations_by_label_reach_genes_that_are_not_on_the_map():
    """Rows are of the genes asked, against the others; a gene has none to itself, and both lists may hold it."""
    found = queries.relations_to("demo", ["CCNK", "CDK12", "NOWHERE"], ["CDK12", "CDK13"])
    assert set(zip(found["a"], found["b"], strict=True)) == {("CCNK", "CDK12"), ("CCNK", "CDK13"), ("CDK12", "CDK13")}
    assert list(found) == ["a", "b", "relation", "sources", "size", "evidence"]
    assert queries.relations_to("demo", [], ["CDK12"]).empty
    assert queries.relations_to("demo", ["CDK12"], ["CDK12"]).empty


def test_relations_of_one_gene_are_those_of_all_pairs():
    """One against all says what all pairs say."""
    genes = queries.similar_genes("demo", "gene:BRCA1")["slug"].head(200).tolist()
    pairs = queries.relations("demo", ["BRCA1", *genes])
    one = queries.relations_of("demo", "BRCA1").set_index("slug")
    of_pairs = pairs[pairs["a"] == "BRCA1"].set_index("b")
    assert len(of_pairs) > 10
    for slug, row in of_pairs.iterrows():
        assert (
            one.loc[slug, ["relation", "sources", "evidence"]].tolist()
            == row[["relation", "sources", "evidence"]].tolist()
        )


def test_planted_modules_are_no_known_relationships():
    """What the simulation planted is a gene set, and no pair is called known for it."""
    sources = queries.known_sources("demo")
    assert [s["name"] for s in sources] == ["HuMAP", "Reactome", "StringDB", "CORUM"]
    assert all(s["n_pairs"] == s["n_on_map"] for s in sources)
    assert all(s["licence"] and s["version"] and s["citation"] for s in sources)


def test_breast_carcinoma_on_the_map():
    """71 genes, those on the map by slug, the others by name; where it stands in the ontology."""
    found = queries.gene_set("demo", "hpo:HP:0003002")
    assert (found["name"], found["source"], len(found["genes"])) == ("Breast carcinoma", "HPO", 71)
    assert len(found["on_map"]) + len(found["absent"]) == 71
    assert found["synonyms"] == ["Breast cancer"]
    assert found["parents"] == [("hpo:HP:0100013", "Neoplasm of the breast")]
    assert found["version"]
    json.dumps(found)


def test_a_set_that_is_not_there_names_the_closest():
    """Whatever is asked, a sentence and sets that exist."""
    with pytest.raises(UnknownEntity) as raised:
        queries.gene_set("demo", "planted:hr_cor")
    assert ("planted:hr_core", "Homologous recombination, RAD51 loading") in raised.value.closest
    for junk in ("", "hpo:", ":", "x" * 100_000, "\ud800", "hpo:HP:-1", "\x00"):
        with pytest.raises(UnknownEntity):
            queries.gene_set("demo", junk)


def test_sets_of_a_gene():
    """Complexes first, then phenotypes, smallest first; a blinded gene is in none."""
    found = queries.sets_of("demo", "BRCA1")
    assert found["id"].iat[0] == "planted:brca1_bard1"
    assert len(found) == 20
    assert (found["on_map"] <= found["size"]).all()
    blinded = next(g for g in TRUTH["genes"] if g.startswith("RXRX3"))
    assert queries.sets_of("demo", blinded).empty


@pytest.mark.parametrize(
    ("gene", "wanted"),
    [("BRCA2", "homologous_repair"), ("PSMB5", "proteasome"), ("RPL3", "ribosome"), ("MLH1", "mismatch_repair")],
)
def test_neighbours_name_the_planted_complex(gene, wanted):
    """The set that is planted around a gene comes first among what its similar genes share, with q below 1e-4."""
    near = queries.top_neighbours("demo", f"gene:{gene}")
    found = queries.enrichment("demo", near["genes"])
    print(f"{gene}: {found['name'].iat[0]}, {found['hits'].iat[0]} of {len(near['genes'])}, q {found['q'].iat[0]:.1e}")
    assert found["id"].iat[0] == f"planted:{wanted}"
    assert found["q"].iat[0] < 1e-4


def test_planted_complexes_are_enriched_in_themselves():
    """Every planted module of five active genes or more is found again, by itself or by its family."""
    missed = []
    for key, module in TRUTH["modules"].items():
        genes = [g for g, w in module["genes"].items() if w >= 0.5 and not g.startswith("RXRX3")]
        found = queries.enrichment("demo", genes, most=3) if len(genes) >= 5 and key != "kill" else None
        if found is not None and not ({f"planted:{key}", f"planted:{module['parent']}"} & set(found["id"])):
            missed.append(key)
    assert not missed


def test_enrichment_is_of_named_active_genes():
    """Blinded and inactive genes are neither in the universe nor in the selection; hits are named."""
    entities = atlas.opened("demo").map.entities
    genes = queries.gene_set("demo", "planted:proteasome_20s")["on_map"]
    blinded = entities["slug"][entities["blinded"]].tolist()[:5]
    found = queries.enrichment("demo", [*genes, *blinded, *TRUTH["inactive_genes"][:5], "nowhere"])
    top = found.iloc[0]
    assert top["selected"] == len(genes)
    p = atlas.opened("demo").map.perturbations
    named = set(entities["label"][(entities["kind"] == "gene") & ~entities["blinded"]])
    active = p[(p["kind"] == "gene") & p["active"].eq(True) & p["label"].isin(named)]
    assert top["universe"] == len(active)
    assert set(top["genes"].split(", ")) <= set(genes)
    assert queries.enrichment("demo", []).empty
    assert queries.enrichment("demo", blinded).empty


def test_a_random_selection_is_not_enriched():
    """Of 20 random selections of 30 active genes, next to none has a set with q up to 0.05."""
    m = atlas.opened("demo").map
    rng = np.random.default_rng(0)
    genes = m.perturbations[(m.perturbations["kind"] == "gene") & m.perturbations["active"].eq(True)]
    slugs = genes["entity"].str.removeprefix("gene:").to_numpy()
    called = [queries.enrichment("demo", rng.choice(slugs, 30, replace=False).tolist()) for _ in range(20)]
    assert sum(bool(len(f) and f["q"].min() <= 0.05) for f in called) <= 2


def test_maps_without_anything_known_say_so(opened, monkeypatch):
    """No sources beside a map is an empty list; queries answer with empty frames, also where there is no gene."""
    monkeypatch.setattr(atlas, "_current", opened)
    for key in opened.maps:
        if key == "demo":
            continue
        genes = opened.maps[key].map.entities.query("kind == 'gene'")["slug"].tolist()
        assert queries.known_sources(key) == []
        assert queries.relations(key, genes).empty
        assert isinstance(queries.enrichment(key, genes), pd.DataFrame)
        for gene in genes:
            assert len(queries.sets_of(key, gene)) >= 0
            assert queries.relations_of(key, gene).empty


def test_own_files_are_used_and_listed(own):
    """Sets, pairs, compounds, arms and names of the user's own, each with its count on the map; a bad file is told."""
    blinded = next(g for g in TRUTH["genes"] if g.startswith("RXRX3"))
    entities = atlas.opened("demo").map.entities
    without = entities["label"][(entities["kind"] == "gene") & entities["arm"].isna() & ~entities["blinded"]].tolist()
    own(
        {
            "gene_sets/ours.gmt": "A list\t\tKRAS\tBRAF\tNOWHERE\n",
            "relationships/ours.csv": "entity1,entity2\nSNRPD3,PSMB5\nNOWHERE,KRAS\n",
            "compounds/ours.csv": "compound,gene,potency,unit,source\n"
            "Velcade,PSMB5,0.6,nM,our assay\nVelcade,PSMB1,5,uM,x\n",
            "unblinding/ours.csv": f"blinded,symbol\n{blinded},ZNF999\n",
            "arms/ours.csv": "symbol,arm\n" + "".join(f"{g},1p\n" for g in [*without[:1], "KRAS"]),
            "relationships/bad.csv": "one\nx\n",
        }
    )
    listed = {f["file"]: f for f in queries.annotation_sources("demo")}
    assert {f: listed[f"own/{f}/ours.{'gmt' if f == 'gene_sets' else 'csv'}"]["on_map"] for f in
            ("gene_sets", "relationships", "compounds", "unblinding")} == {
        "gene_sets": 1, "relationships": 1, "compounds": 1, "unblinding": 1,
    }  # fmt: skip
    assert listed["own/relationships/bad.csv"]["problem"]
    assert queries.gene_set("demo", "own/ours:A list")["absent"] == ["NOWHERE"]
    assert queries.relations("demo", ["SNRPD3", "PSMB5"])["sources"].tolist() == ["ours"]
    facts = queries.compound_targets("demo", "compound:bortezomib")
    assert facts[["gene", "nm", "source", "table"]].values.tolist()[0] == ["PSMB5", 0.6, "our assay", "ours"]
    weak = queries.compound_targets("demo", "compound:bortezomib", most_nm=1000)
    assert "PSMB1" in facts["gene"].tolist()
    assert "PSMB1" not in weak["gene"].tolist()
    assert "this map" in weak["table"].tolist()
    assert queries.unblinded("demo", blinded) == "ZNF999"
    arms = atlas.opened("demo").map.entities.set_index("label")["arm"]
    assert arms["KRAS"] == "12p"
    assert not without or arms[without[0]] == "1p"


def test_an_answer_changes_with_what_is_known(own, app):
    """What was cached before a file was added is not what is answered after."""
    genes = ["KRAS", "BRAF", "RAF1", "MAP2K1", "MAP2K2", "NRAS"]
    with app.server.app_context():
        before = queries.enrichment("demo", genes)
        own({"gene_sets/ours.gmt": "Our own RAF list\t\t" + "\t".join(genes) + "\n"})
        after = queries.enrichment("demo", genes)
    assert "own/ours:Our own RAF list" not in set(before["id"])
    assert after["id"].iat[0] == "own/ours:Our own RAF list"


def test_recorded_targets_show_their_potency_and_the_filter_that_is_on(own, render):
    """A table of one's own brings potencies; above 1,000 nM they are left out until asked for, and that is said."""
    rows = "Velcade,PSMB5,0.6,nM,our assay\nVelcade,CTSG,3,uM,our assay\n"
    own({"compounds/ours.csv": f"compound,gene,potency,unit,source\n{rows}"})
    page = render("/compound/bortezomib")
    assert "Targets on record" in page
    assert "1 beyond the limit" in page
    assert "CTSG" not in page
    assert "CTSG" in render("/compound/bortezomib?nm=all")
    assert "3,000" in render("/compound/bortezomib?nm=10000")


def test_without_a_table_no_targets_on_record_are_shown(render):
    """The map's own targets stand in the card; there is no empty tile beside them."""
    assert "Targets on record" not in render("/compound/bortezomib")

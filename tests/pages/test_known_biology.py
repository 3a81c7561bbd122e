"""The gene page says what is known of each neighbour and why; the Data page says where that is from."""

from __future__ import annotations

import json

import pytest

from explorer import atlas, queries
from explorer.atlas import open_atlas
from explorer.components.known import ARM, NEW, NONE, UNTOLD, enrichment_rows, links, set_rows
from explorer.components.sources import sources_tile
from explorer.pages.gene import gene_rows


@pytest.fixture(autouse=True)
def in_use(opened, monkeypatch):
    monkeypatch.setattr(atlas, "_current", opened)


def rows_of(gene: str) -> dict[str, dict]:
    return {row["label"]: row for row in gene_rows("demo", f"gene:{gene}")}


def test_each_neighbour_has_its_link():
    """Known, listed together in a large complex, cannot tell; each with its evidence."""
    rows = rows_of("CDK12")
    assert (rows["CCNK"]["link"], rows["RBM39"]["link"]) == ("known", "co-listed 139")
    assert "Spliceosome" in rows["RBM39"]["evidence"]
    blinded = [row for row in rows.values() if row["blinded"]]
    assert blinded
    assert {row["link"] for row in blinded} == {UNTOLD}
    assert all(row["evidence"] for row in rows.values())


def test_new_is_said_only_of_what_passes_and_lies_on_another_arm():
    """A pair that no source lists is new with q up to 0.05; on one arm it is in doubt; else it is none."""
    seen = set()
    for gene in ("BRCA1", "CDK12", "MED1", "ERBB2", "KRAS"):
        for row in rows_of(gene).values():
            seen.add(row["link"].split()[0])
            if row["link"] == NEW:
                assert row["q"] <= 0.05
                assert not row["same_arm"]
            elif row["link"] == ARM:
                assert row["same_arm"]
            elif row["link"] == NONE:
                assert row["q"] > 0.05
    assert {"known", "new", "none", "none;", "co-listed", "cannot"} <= seen


def test_without_sources_nothing_is_called_known_or_new(render, opened):
    """On a map with nothing beside it there is no column, and the page says so."""
    key = "no-structures"
    gene = opened.maps[key].map.entities.query("kind == 'gene'")["slug"].iat[0]
    page = render(f"/gene/{gene}?map={key}")
    assert "No relationships are loaded" in page
    assert '"field": "link"' not in page
    assert "link" not in gene_rows(key, f"gene:{gene}")[0]


def test_the_gene_page_names_its_sources_and_tests(render):
    """Which sources links are from; what was tested, against which genes, with versions."""
    page = render("/gene/BRCA1")
    assert "Links: HuMAP, Reactome, StringDB, CORUM." in page
    assert "named active genes of this map" in page
    assert "HPO 20" in page
    assert "sets of 5 to 500 genes" in page


def test_tables_of_sets_are_linked():
    """Rows lead to the page of their set."""
    sets, enriched = set_rows("demo", "BRCA1"), enrichment_rows("demo", "gene:BRCA1")
    assert sets[0]["href"] == "/set/planted%3Abrca1_bard1"
    assert enriched[0]["name"].startswith("Homologous recombination")
    json.dumps([sets, enriched])


def test_the_data_page_lists_every_source(render):
    """Licence, version, citation, how much it holds and how much of that is on this map."""
    page = render("/data")
    for text in (
        "CC BY 4.0",
        "doi:10.1093/nar/gkac1000",
        "HPO licence",
        "3,192 pairs",
        "planted in the simulated demo",
    ):
        assert text in page


def test_a_file_that_cannot_be_used_is_told_on_the_data_page(demo, tmp_path, monkeypatch):
    """With its reason; text from it is never code."""
    (tmp_path / "own" / "gene_sets").mkdir(parents=True)
    (tmp_path / "own" / "gene_sets" / "<script>x.gmt").write_text("no tabs here")
    monkeypatch.setattr(atlas, "_current", open_atlas([demo], annotations=tmp_path))
    tile = json.dumps(sources_tile(queries.annotation_sources("demo"), folder_hint="").to_plotly_json(), default=str)
    assert "line 1" in tile
    assert "not used" in tile


@pytest.mark.parametrize("junk", [None, 1, {}, {"map": "demo"}, {"map": "demo", "gene": "gene:-1"}, {"map": []}])
def test_hostile_pages_are_refused(client, junk):
    """A store that was tampered with gets a 400, not a traceback."""
    for index in ("gene-enrichment", "gene-sets"):
        output = json.dumps({"index": index, "type": "table"}, separators=(",", ":"))
        body = {
            "output": f"{output}.rowData",
            "outputs": {"id": {"type": "table", "index": index}, "property": "rowData"},
            "inputs": [{"id": "gene-page", "property": "data", "value": junk}],
            "changedPropIds": ["gene-page.data"],
        }
        assert client.post("/_dash-update-component", json=body).status_code == 400


def test_links_follow_the_rows():
    """One word and one reason a row, in their order, also for an empty table."""
    frame = queries.similar_genes("demo", "gene:CDK12")
    told = links("demo", "CDK12", frame, arm="17q")
    assert len(told["link"]) == len(told["evidence"]) == len(frame)
    assert links("demo", "CDK12", frame.iloc[:0], arm=None) == {"link": [], "evidence": []}

"""The network page by clicking: a phenotype becomes a picture that answers, changes, is saved and reopened."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import ROWS, settle, visit

BREAST = "/network?set=hpo:HP:0003002"
DRAWN = "() => document.querySelector('#network-canvas')?.dataset.drawn > 0"


def draw(page: Page, address: str) -> None:
    """Open a network and wait for its canvas."""
    visit(page, address)
    page.wait_for_function(DRAWN)


def js(page: Page, expression: str) -> object:
    """Ask the canvas; `cy` is its Cytoscape."""
    return page.evaluate(
        "() => { const cy = document.querySelector('#network-canvas')._cyreg.cy; return " + expression + "; }"
    )


def positions(page: Page) -> dict:
    """Where the genes stand."""
    return js(page, "Object.fromEntries(cy.nodes('.gene').map((n) => [n.id(), [n.position().x, n.position().y]]))")


def edges(page: Page) -> int:
    """Edges on the canvas that are counted."""
    return js(page, "cy.edges('.pair').not('.dotted').length")


def at(page: Page, node: str) -> tuple[float, float]:
    """Where a node is on the screen."""
    x, y = js(page, f"(() => {{ const p = cy.getElementById('{node}').renderedPosition(); return [p.x, p.y]; }})()")
    box = page.locator("#network-canvas").bounding_box()
    return box["x"] + x, box["y"] + y


def choose(page: Page, control: str, label: str) -> None:
    """Pick a segment and wait until the canvas has answered."""
    page.locator(f"#network-{control}").get_by_text(label, exact=False).first.click()
    page.wait_for_timeout(700)
    settle(page)


def test_breast_cancer_finds_its_biology(page: Page):
    """The term stands in the centre with its spokes, and the answer beats random sets of the same size."""
    draw(page, BREAST)
    expect(page.locator("h1")).to_have_text("Breast carcinoma")
    answer = page.locator("#network-answer").inner_text()
    found, of, mean, high = map(float, re.search(r"(\d+) of (\d+).* (\d+\.\d) \(95 % \d+ to (\d+)", answer).groups())
    assert mean < high < found <= of
    assert js(page, "cy.edges('.spoke').length") == js(page, "cy.nodes('.gene').length")
    expect(page.locator(".k-simulated")).to_be_visible()


def test_a_threshold_moves_edges_and_no_gene(page: Page):
    """Presets change the edges and the live count; positions stay; the address follows and the link reopens it."""
    draw(page, BREAST)
    before, where = edges(page), positions(page)
    choose(page, "rule", "strict")
    assert 0 < edges(page) < before
    assert positions(page) == where
    expect(page.locator("#network-counts summary")).to_contain_text(f"{edges(page)} edge")
    assert parse_qs(urlsplit(page.url).query)["pct"] == ["0.1"]
    choose(page, "lay", "force")
    assert positions(page) != where
    strict, forced, address = edges(page), positions(page), page.url
    draw(page, address)
    assert (edges(page), positions(page)) == (strict, forced)


def test_every_hidden_pair_is_counted_under_a_reason(page: Page):
    """The reasons open by a click and add up to all pairs with the shown ones."""
    draw(page, BREAST)
    page.locator("#network-counts summary").click()
    listed = [
        int(re.match(r"[\d,]+", t)[0].replace(",", "")) for t in page.locator(".k-net-reasons li").all_inner_texts()
    ]
    genes = js(page, "cy.nodes('.gene').length")
    assert sum(listed) + edges(page) == genes * (genes - 1) / 2


def test_hiding_one_arm_keeps_brca1_with_bard1(page: Page):
    """Same-arm edges are marked, hidden on demand, and BRCA1-BARD1 on two chromosomes stays."""
    draw(page, BREAST)
    assert js(page, "cy.edges('.arm').length") > 10
    choose(page, "arm", "hide")
    assert js(page, "cy.edges('.arm').length") == 0
    pair = "cy.getElementById('g:BRCA1').edgesWith(cy.getElementById('g:BARD1')).filter('.similar').length"
    assert js(page, pair) == 1


def test_hover_reads_and_click_selects_until_escape(page: Page):
    """Hovering shows a card; a click keeps it, writes the address and offers nothing else; Esc clears."""
    draw(page, BREAST)
    page.mouse.move(*at(page, "g:BRCA1"))
    expect(page.locator("#network-card")).to_contain_text("BRCA1")
    page.mouse.click(*at(page, "g:BRCA1"))
    page.mouse.move(600, 12)
    expect(page.locator("#network-card")).to_contain_text("phenotype")
    expect(page).to_have_url(re.compile("hi=BRCA1"))
    page.keyboard.press("Escape")
    expect(page.locator("#network-card")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("hi="))


def test_a_double_click_opens_the_gene(page: Page):
    """Without a reload."""
    draw(page, BREAST)
    page.mouse.dblclick(*at(page, "g:BRCA1"))
    expect(page).to_have_url(re.compile("/gene/BRCA1"))
    expect(page.locator("h1")).to_have_text("BRCA1")


def test_kras_brings_its_nearest_and_compounds_attach(page: Page):
    """+5 nearest of the selected KRAS adds RAF or MEK genes, marked; compounds attach MEK and RAF inhibitors."""
    draw(page, "/network?genes=KRAS,SOS1,GRB2,BRCA1,PIK3CA,ERBB2")
    page.mouse.click(*at(page, "g:KRAS"))
    page.wait_for_timeout(300)
    page.locator("#network-plus").click()
    page.wait_for_function("() => document.querySelector('#network-canvas')._cyreg.cy.nodes('.added').length === 5")
    added = js(page, "cy.nodes('.added').map((n) => n.data('label'))")
    assert {"MAP2K1", "MAP2K2", "RAF1", "BRAF", "MAPK1"} & set(added)
    page.locator(".k-net-rail label", has_text="compounds").click()
    page.wait_for_function("() => document.querySelector('#network-canvas')._cyreg.cy.nodes('.compound').length > 4")
    names = set(js(page, "cy.nodes('.compound').map((n) => n.data('title'))"))
    assert {"trametinib", "selumetinib", "binimetinib", "cobimetinib"} & names
    assert "cpd=10" in page.url


def test_a_lassoed_block_names_what_it_shares(page: Page):
    """A box around the BRCA block selects genes, and enrichment names homologous recombination."""
    draw(page, BREAST)
    block = ("BRCA1", "BARD1", "BRIP1", "RAD51C", "RAD51D", "PALB2", "RAD51", "BRCA2")
    spots = [at(page, f"g:{g}") for g in block]
    page.locator("#network-lasso").click()
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    page.mouse.move(min(xs) - 12, min(ys) - 12)
    page.mouse.down()
    page.mouse.move(max(xs) + 6, max(ys) + 6, steps=5)
    page.mouse.up()
    expect(page.locator("#network-enriched")).to_contain_text(re.compile("Homologous recombination", re.IGNORECASE))


def test_find_rings_a_gene_and_says_when_there_is_none(page: Page):
    """What is typed is selected on the canvas."""
    draw(page, BREAST)
    page.locator("#network-find").fill("rad51c")
    page.wait_for_function("() => document.querySelector('#network-canvas')._cyreg.cy.$('node:selected').length === 1")
    page.locator("#network-find").fill("nothing")
    expect(page.locator(".k-net-rail")).to_contain_text("nothing here is called so")


def test_files_are_saved(page: Page, tmp_path: Path):
    """PNG from the canvas, SVG with legend, threshold, build and the simulated note, GraphML that parses."""
    draw(page, BREAST)
    with page.expect_download() as png:
        page.locator("#network-png").click()
    assert Path(png.value.path()).read_bytes()[:4] == b"\x89PNG"
    with page.expect_download() as svg:
        page.get_by_role("link", name="SVG").click()
    text = Path(svg.value.path()).read_text()
    ET.fromstring(text)
    for said in ("Breast carcinoma", "strongest 1 %", "build", "not experimental data", "same arm"):
        assert said in text
    with page.expect_download() as graphml:
        page.get_by_role("link", name="GraphML").click()
    ET.fromstring(Path(graphml.value.path()).read_text())


@pytest.mark.parametrize("name", ["Nodes", "Clusters and enrichment", "Heatmap", "Scorecard", "Edges"])
def test_tabs_below_hold_the_same_network(page: Page, name: str):
    """Each tab fills; tables have rows and a CSV button."""
    draw(page, BREAST)
    page.get_by_role("tab", name=name).click()
    page.wait_for_timeout(500)
    settle(page)
    if name in {"Nodes", "Edges"}:
        expect(page.locator(f".k-net-tabs {ROWS}").first).to_be_visible()
    else:
        expect(page.locator("#network-tab")).not_to_be_empty()


def test_an_empty_network_says_what_next(page: Page):
    """Where nothing passes, the strongest pair is named and one click loosens the rule."""
    draw(page, "/network?genes=KRAS,PSMB5,SNRPD3,MLH1&pct=0.1")
    expect(page.locator("#network-empty")).to_contain_text("Strongest is")
    page.get_by_role("button", name="Loosen to 5 %").click()
    page.wait_for_timeout(600)
    assert "pct=5" in page.url


def test_a_list_is_pasted_and_nothing_is_dropped_silently(page: Page):
    """Aliases are told, what is absent is named."""
    visit(page, "/network")
    page.locator("#network-paste").fill("KRAS BRAF\nRAF1, MAP2K1 MAP2K2 SHOC2 PTPN11 SOS1 GRB2 HER2 xyzzy")
    page.get_by_role("button", name="Draw network").click()
    page.wait_for_function(DRAWN)
    report = page.locator(".k-net-resolver").inner_text()
    assert "11 asked, 10 on this map, 1 absent" in report
    assert "HER2 → ERBB2" in report
    assert "xyzzy" in report

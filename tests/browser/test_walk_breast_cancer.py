"""Walk W1: a phenotype becomes a network in which known complexes appear, from the search box to the saved picture."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from explorer import queries
from tests.browser.canvas import answered, at, choose, drawn, edges, js, lasso, positions, until
from tests.browser.steps import search, visit

SET = "hpo:HP:0003002"
REPAIR = ["BRCA1", "BARD1", "BRIP1", "RAD51C", "RAD51D", "PALB2", "RAD51", "BRCA2"]
BLOCKS = (REPAIR, ["MLH1", "MSH2", "MSH6", "PMS2"], ["ERBB2", "KRAS", "PIK3CA"])
INHIBITORS = {"MEK": {"MAP2K1", "MAP2K2"}, "RAF": {"RAF1", "BRAF"}, "HER2": {"ERBB2"}, "PI3K": {"PIK3CA"}}
ALLOWED = {"permissions": ["clipboard-read", "clipboard-write"]}
INSIDE = "cy.nodes().filter((n) => %s.includes(n.id())).edgesWith(cy.nodes().filter((n) => %s.includes(n.id())))"


@pytest.mark.parametrize("context", [ALLOWED], indirect=True, ids=["clipboard"])
def test_breast_cancer_finds_its_biology(page: Page, opened):
    """Term, blocks, scorecard; arms; KRAS and its inhibitors; the repair block by name; link and files."""
    if opened.maps["demo"].biology.phenotypes is None:
        pytest.skip("no HPO here")
    genes = queries.gene_set("demo", SET)["on_map"]
    visit(page, "/")
    first = search(page, "breast cancer").first
    expect(first).to_have_text(re.compile(rf"Breast carcinoma.*HP:0003002.*= Breast cancer.*{len(genes)} genes", re.S))
    first.click()
    drawn(page)
    the_term_with_its_blocks(page, genes)
    one_arm_is_hidden(page)
    kras_brings_its_inhibitors(page)
    lasso(page, REPAIR)
    expect(page.locator("#network-enriched")).to_contain_text(re.compile("Homologous recombination", re.IGNORECASE))
    the_link_reopens_it(page)
    files_are_saved(page)


def the_term_with_its_blocks(page: Page, genes: list[str]) -> None:
    """A spoke to every gene, the answer of the query with its null, and edges within each block."""
    asked = queries.network("demo", genes)
    card, counts = asked["recovery"], asked["counts"]
    expect(page.locator("h1")).to_have_text("Breast carcinoma")
    expect(page.locator(".k-simulated")).to_be_visible()
    expect(page.locator(".k-net-resolver")).to_contain_text(f"{len(genes)} on this map")
    found = f"{card['recovered']} of {card['known']} known pairs recovered, random sets of this size"
    expect(page.locator("#network-answer")).to_contain_text(f"{found} {card['random_mean']:.1f}")
    assert card["recovered"] > card["random_high"]
    expect(page.locator("#network-counts summary")).to_contain_text(f"{counts['shown']} edges")
    assert edges(page) == counts["shown"]
    assert js(page, "cy.edges('.spoke').length") == js(page, "cy.nodes('.gene').length") == len(genes)
    for block in BLOCKS:
        ids = [f"g:{g}" for g in block]
        assert js(page, f"{INSIDE % (ids, ids)}.filter('.similar').length") >= len(block) - 1, block


def one_arm_is_hidden(page: Page) -> None:
    """Same-arm pairs go, 17q among them; BRCA1-BARD1, on two chromosomes, stays."""
    assert js(page, "cy.edges('.arm').length") > 0
    choose(page, "arm", "hide")
    assert js(page, "cy.edges('.arm').length") == 0
    assert js(page, "cy.getElementById('g:BRCA1').edgesWith(cy.getElementById('g:BARD1')).filter('.similar').length")
    expect(page).to_have_url(re.compile("arm=hide"))


def kras_brings_its_inhibitors(page: Page) -> None:
    """+5 nearest of KRAS adds RAF or MEK genes, marked; the chip attaches what inhibits the pathways shown."""
    page.mouse.click(*at(page, "g:KRAS"))
    expect(page).to_have_url(re.compile("hi=KRAS"))
    answered(page, page.locator("#network-plus").click)
    assert {"MAP2K1", "MAP2K2", "RAF1", "BRAF"} & set(js(page, "cy.nodes('.added').map((n) => n.data('label'))"))
    expect(page.locator("#network-n-added")).to_contain_text("5 genes added")
    answered(page, page.locator(".k-net-rail label", has_text="compounds").click)
    slugs = js(page, "cy.nodes('.compound').map((n) => n.data('slug'))")
    targets = {s: set(queries.resolve("demo", s, kind="compound")["targets"]) for s in slugs}
    for pathway, wanted in INHIBITORS.items():
        assert [s for s in slugs if wanted & targets[s]], pathway
    page.keyboard.press("Escape")
    until(page, "cy.$(':selected').length === 0")


def the_link_reopens_it(page: Page) -> None:
    """The copied link, opened anew, draws the same picture; it says its version and build."""
    page.locator("#network-copy").click()
    expect(page.locator("#network-copy")).to_have_text("Copied")
    link, before = page.evaluate("navigator.clipboard.readText()"), picture(page)
    assert parse_qs(urlsplit(link).query)["v"] == ["1"]
    visit(page, link)
    drawn(page)
    assert picture(page) == before
    expect(page.locator(".k-notice")).to_have_count(0)


def picture(page: Page) -> tuple:
    """Everything on the canvas, where it stands, and what is selected."""
    return (positions(page), js(page, "cy.edges().map((e) => e.id()).sort()"), js(page, "cy.$('node:selected').length"))


def files_are_saved(page: Page) -> None:
    """PNG from the canvas; SVG with legend, threshold, build and the simulated note; GraphML that parses."""
    with page.expect_download() as png:
        page.locator("#network-png").click()
    assert Path(png.value.path()).read_bytes()[:4] == b"\x89PNG"
    with page.expect_download() as svg:
        page.get_by_role("link", name="SVG").click()
    text = Path(svg.value.path()).read_text(encoding="utf-8")
    ET.fromstring(text)
    build = page.locator(".k-footer").get_attribute("data-build")
    for said in (
        "Breast carcinoma",
        "strongest 1 %",
        f"build {build}",
        "not experimental data",
        "same-arm pairs hidden",
    ):
        assert said in text, said
    with page.expect_download() as graphml:
        page.get_by_role("link", name="GraphML").click()
    ET.fromstring(Path(graphml.value.path()).read_text(encoding="utf-8"))

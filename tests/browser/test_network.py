"""The network page by clicking: a phenotype becomes a picture that answers, changes, is saved and reopened."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.canvas import at, choose, draw, edges, js, positions
from tests.browser.steps import ROWS, settle

BREAST = "/network?set=hpo:HP:0003002"


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


def test_find_rings_a_gene_and_says_when_there_is_none(page: Page):
    """What is typed is selected on the canvas."""
    draw(page, BREAST)
    page.locator("#network-find").fill("rad51c")
    page.wait_for_function("() => document.querySelector('#network-canvas')._cyreg.cy.$('node:selected').length === 1")
    page.locator("#network-find").fill("nothing")
    expect(page.locator(".k-net-rail")).to_contain_text("nothing here is called so")


def test_an_empty_network_says_what_next(page: Page):
    """Where nothing passes, the strongest pair is named and one click loosens the rule."""
    draw(page, "/network?genes=KRAS,PSMB5,SNRPD3,MLH1&pct=0.1")
    expect(page.locator("#network-empty")).to_contain_text("Strongest is")
    page.get_by_role("button", name="Loosen to 5 %").click()
    expect(page).to_have_url(re.compile("pct=5"))


def test_tabs_below_hold_the_same_network(page: Page):
    """Each tab fills; tables have rows."""
    draw(page, BREAST)
    for name in ("Nodes", "Clusters and enrichment", "Heatmap", "Scorecard", "Edges"):
        with page.expect_response(lambda r: "network-tab.children" in (r.request.post_data or "")):
            page.get_by_role("tab", name=name).click()
        settle(page)
        if name in {"Nodes", "Edges"}:
            expect(page.locator(f".k-net-tabs {ROWS}").first).to_be_visible()
        else:
            expect(page.locator("#network-tab")).not_to_be_empty()

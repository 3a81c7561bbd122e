"""The chosen tab of a tile stands in the address: it opens from there, survives a reload and is in a copied link."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import ROWS, settle, table, visit


def test_the_side_of_the_genes_of_a_compound_is_kept(page: Page):
    """Opposite is written, survives a reload; similar, the usual one, leaves the address as it was."""
    visit(page, "/compound/bortezomib?c=0.1")
    title = page.locator("#compound-genes-title")
    expect(title).to_contain_text("Genes most like")
    signs = page.locator("#compound-genes-sign")
    signs.get_by_text("opposite", exact=True).click()
    expect(title).to_contain_text("Genes most unlike")
    expect(page).to_have_url(re.compile(r"[?&]sign=opposite"))
    assert "c=0.1" in page.url
    page.reload()
    settle(page)
    expect(title).to_contain_text("Genes most unlike")
    expect(signs.get_by_role("radio", name="opposite")).to_be_checked()
    expect(table(page, "Genes compared").locator(f"{ROWS} [col-id=cosine]").first).to_contain_text("\u2212")
    signs.get_by_text("similar", exact=True).click()
    expect(page).not_to_have_url(re.compile("sign="))


def test_the_table_below_a_network_is_kept_and_copied(page: Page):
    """A tab is written, stays when an edge rule rewrites the address, is in the copied link and opens from it."""
    visit(page, "/network?set=hpo:HP:0003002")
    page.get_by_role("tab", name="Nodes").click()
    expect(page).to_have_url(re.compile(r"[?&]tab=nodes"))
    page.locator("#network-rule").get_by_text("strict", exact=False).click()
    expect(page).to_have_url(re.compile(r"pct=0\.1"))
    expect(page).to_have_url(re.compile(r"tab=nodes"))
    copy = page.locator("#network-copy")
    copy.click()
    expect(copy).to_have_attribute("data-copied", re.compile("tab=nodes"))
    visit(page, copy.get_attribute("data-copied"))
    expect(page.get_by_role("tab", name="Nodes")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Edges").click()
    expect(page).not_to_have_url(re.compile("tab="))

"""Pairs of compounds by clicking: from the structure page to the cliffs, their drawings, and a comparison."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import ROWS, settle, table, visit


def test_from_the_structure_page_to_a_compared_pair(page: Page):
    """Cliffs, then pairs of the same phenotype with their change and both structures drawn, then one compared."""
    visit(page, "/structure")
    page.get_by_role("link", name="Cliffs and hops").click()
    page.wait_for_url("**/cliffs")
    settle(page)
    pairs = table(page, "Pairs of compounds")
    expect(pairs.locator(ROWS).first).to_contain_text("cliff")
    page.get_by_role("link", name="same phenotype").click()
    page.wait_for_url("**/cliffs?show=same")
    settle(page)
    first = pairs.locator(ROWS).first
    expect(first).to_contain_text("analogue")
    expect(first.locator("img:visible")).to_have_count(2)
    assert first.locator("img:visible").evaluate_all("all => all.every((i) => i.naturalWidth > 0)")
    expect(pairs.locator("code").first).to_contain_text("*")
    first.get_by_role("link", name="compare").click()
    page.wait_for_url(re.compile(r"/compare\?e=compound:.+@.+,compound:.+@"))
    settle(page)
    expect(page.locator(".k-compare-card")).to_have_count(2)


def test_a_selection_without_a_cliff_says_so_and_leads_on(page: Page):
    """Bortezomib's class has no cliff: a sentence in the place of the table, and all its pairs one click away."""
    visit(page, "/cliffs?compounds=bortezomib,carfilzomib,ixazomib&show=cliffs")
    expect(page.locator(".k-absent")).to_contain_text("No pair of these compounds")
    expect(table(page, "Pairs of compounds")).to_be_hidden()
    page.get_by_role("link", name="all pairs").click()
    settle(page)
    expect(table(page, "Pairs of compounds").locator(ROWS)).to_have_count(3)
    expect(page.locator("#cliffs-plane")).to_contain_text("scaffold hop 3")

"""A medicinal chemist asks who is nearest to a compound by each representation, and changes the compound."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.steps import names, settle, table, visit


def test_from_a_compound_to_its_representations_and_on_to_another(page: Page):
    """The link of the compound page, another bit on its atoms, the table by another rank, another compound."""
    visit(page, "/compound/bortezomib")
    page.get_by_role("link", name="other representations").click()
    page.wait_for_url("**/representations?e=compound:bortezomib")
    settle(page)
    expect(page.locator(".k-targets-answer")).to_contain_text("fingerprint and MiniMol share 5")
    drawn = page.locator("#representations-bit-drawn img.k-only-light")
    first = drawn.get_attribute("src")
    page.locator("#representations-bit").click()
    page.get_by_role("option", name="radius 0").first.click()
    expect(page.locator("#representations-bit-said")).to_contain_text("the atom itself")
    assert drawn.get_attribute("src") != first
    everyone = table(page, "Compounds by each representation")
    everyone.get_by_role("columnheader", name="Cells").click()
    everyone.get_by_role("columnheader", name="Cells").click()
    expect(everyone.locator("[role=row][row-index='0'] [col-id=label]").first).to_contain_text("carfilzomib")
    assert "MG-132" in names(everyone)
    page.locator("#representations-compound").click()
    page.keyboard.type("trametinib", delay=20)
    page.get_by_role("option", name="trametinib").first.click()
    page.wait_for_url("**/representations?e=compound:trametinib")
    expect(page.locator(".k-targets-answer")).to_contain_text("nearest to trametinib")

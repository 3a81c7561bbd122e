"""Home, a card, its story, the tour through its pages, and out again: by clicking, as a visitor would."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import heading, settle, visit


def test_from_home_through_a_tour_and_out(page: Page):
    """Card, story with marks, start, next, previous, leave; a copied address of a step reopens it."""
    visit(page, "/")
    card = page.locator(".k-story", has_text="Bortezomib beyond the proteasome")
    expect(card).to_contain_text("of 6 steps hold")
    assert card.locator("img").evaluate_all("(all) => all.some((i) => i.naturalWidth > 0)")
    card.get_by_role("link", name="Bortezomib beyond the proteasome").click()
    expect(heading(page)).to_have_text("Bortezomib beyond the proteasome")
    expect(page.locator("#story-verdict")).to_contain_text(re.compile(r"\d of 6 steps hold"))
    expect(page.locator(".k-story-mark .k-badge")).to_have_count(6)

    page.get_by_role("link", name="Start the tour").click()
    bar = page.locator(".k-tour")
    expect(bar).to_contain_text("Step 1 of 6")
    expect(bar.locator("#tour-seen")).to_contain_text("Velcade")
    expect(heading(page)).to_have_text("bortezomib")
    settle(page)
    bar.get_by_role("link", name="Next").click()
    expect(bar).to_contain_text("Step 2 of 6")
    expect(bar.locator("#tour-seen")).to_contain_text("10 of 10")
    bar.get_by_role("link", name="Previous").click()
    expect(bar).to_contain_text("Step 1 of 6")
    settle(page)
    assert "tour=bortezomib.1" in page.url
    page.reload()
    expect(bar).to_contain_text("Step 1 of 6")
    bar.get_by_role("link", name="Leave").click()
    expect(heading(page)).to_have_text("Bortezomib beyond the proteasome")
    expect(page.locator(".k-tour")).to_have_count(0)
    settle(page)


def test_links_within_a_page_leave_the_tour(page: Page):
    """Only the links of the tour carry it: whoever goes elsewhere has left."""
    visit(page, "/gene/SNRPD3?tour=bortezomib.4")
    expect(page.locator(".k-tour")).to_contain_text("Step 4 of 6")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Help").click()
    expect(heading(page)).to_have_text(re.compile("Help|Method"))
    expect(page.locator(".k-tour")).to_have_count(0)
    settle(page)


def test_a_map_that_cannot_tell_a_story_shows_what_it_can(page: Page):
    """On a map of compounds there is no card of a story; the story's page says why, step by step."""
    visit(page, "/?map=compounds-only")
    expect(page.locator(".k-story")).to_have_count(0)
    expect(page.locator(".k-story-instead")).to_contain_text("Strongest pairs of compounds")
    visit(page, "/story/ras?map=compounds-only")
    expect(page.locator("#story-verdict")).to_contain_text("5 cannot be asked here")
    expect(page.locator(".k-banner")).to_contain_text("this map has no genes")

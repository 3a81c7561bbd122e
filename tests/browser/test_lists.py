"""A pasted column becomes a list: read, corrected, kept in the browser, combined, opened elsewhere."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.steps import table, visit

SAVED = "Saved lists"


def lists(page: Page) -> list[str]:
    return page.evaluate(
        "JSON.parse(localStorage.getItem('lists-saved')).lists.map((l) => l.name + ' ' + l.names.length)"
    )


def keep(page: Page, name: str, names: str, n: int) -> None:
    page.fill("#lists-text", names)
    expect(page.locator(".k-report-head")).to_contain_text(f"{n} on this map")
    page.fill("#lists-name", name)
    page.click("#lists-save")
    expect(page.locator("#lists-said")).to_contain_text(f"“{name}”")


def test_a_pasted_column_keeps_its_lines(page: Page):
    """Lines pasted into the search box stay names of their own, and are offered as a network and as a list."""
    visit(page, "/help")
    page.keyboard.press("Control+k")
    page.locator(".k-search input:focus").evaluate(
        """(box) => { const data = new DataTransfer(); data.setData('text/plain', 'KRAS\\nHER2\\nCD3');
        box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }"""
    )
    found = page.locator(".k-search:has(input:focus) .k-result")
    expect(found.first).to_contain_text("Open 3 names as a network")
    assert "genes=KRAS,HER2,CD3" in found.first.get_attribute("href")
    found.nth(1).click()
    expect(page.locator(".k-report-head")).to_contain_text("3 asked, 2 on this map, 1 ambiguous")


def test_lists_are_kept_combined_and_brought_back(page: Page):
    """Save two, choose among ambiguous names, combine, delete, undo, rename, reload, open: nothing is lost."""
    visit(page, "/lists?names=KRAS,CD3")
    table(page, "Every name").get_by_role("button", name="CD3E").click()
    expect(page.locator("#lists-text")).to_have_value("KRAS\nCD3E")
    keep(page, "one", "KRAS\nCD3E\nxyzzy", 2)
    keep(page, "two", "KRAS BRAF CDK12", 3)
    ticks = page.locator(f"[aria-label='{SAVED}'] .ag-row input[type=checkbox]")
    ticks.nth(0).click()
    expect(page.locator("#lists-open a").first).to_have_attribute("href", "/network?genes=KRAS,CD3E")
    ticks.nth(1).click()
    page.click("#lists-subtract")
    expect(page.locator("#lists-said")).to_contain_text("one without two")
    assert lists(page) == ["one 2", "two 3", "one without two 1"]
    page.click("#lists-delete")
    expect(page.locator("#lists-said")).to_contain_text("Deleted 2 lists")
    page.click("#lists-undo")
    expect(page.locator("#lists-said")).to_contain_text("taken back")
    assert lists(page) == ["one 2", "two 3", "one without two 1"]
    page.locator(f"[aria-label='{SAVED}'] .ag-row [col-id=name]").first.dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.type("first")
    page.keyboard.press("Enter")
    expect(page.locator("#lists-said")).to_contain_text("Renamed to “first”")
    visit(page, "/lists")
    expect(page.locator(f"[aria-label='{SAVED}'] .ag-row [col-id=name]").first).to_have_text("first")
    with page.expect_download() as saving:
        page.click("#lists-export")
    page.set_input_files("#lists-import input[type=file]", saving.value.path())
    expect(page.locator("#lists-said")).to_contain_text("Imported 3 lists")
    assert lists(page)[3:] == ["first (2) 2", "two (2) 3", "one without two (2) 1"]


def test_question_mark_shows_the_keys(page: Page):
    """`?` opens the list of keys and Esc closes it; in a text box it is a letter."""
    visit(page, "/help")
    page.keyboard.press("?")
    expect(page.locator("#k-keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#k-keys")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("?")
    expect(page.locator("#k-keys")).to_be_hidden()

"""A map whose every text is an attack: it is shown as text, and nothing of it runs, loads or leads away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from explorer.atlas import Atlas
from tests.browser.steps import hop, search, settle, table, visit
from tests.odd_maps import PAYLOADS

OUTSIDE = """() => [...document.querySelectorAll('[href], [src], [xlink\\\\:href], [action], [srcdoc]')]
  .flatMap((e) => ['href', 'src', 'xlink:href', 'action', 'srcdoc'].map((name) => e.getAttribute(name)))
  .filter((a) => a && !/^(\\/|#|data:image\\/|blob:)/.test(a) && !a.startsWith(location.origin))"""


def harmless(page: Page) -> None:
    """Nothing ran, no address leads outside, and no element came out of a label."""
    assert page.evaluate("window.__xss === undefined")
    assert page.evaluate(OUTSIDE) == []
    assert (
        page.locator("#content img[src='x'], #content b:text-is('bold'), svg[onload], iframe, object, embed").count()
        == 0
    )


def test_hostile_names_are_shown_as_they_are(page: Page, opened: Atlas):
    """Every gene and compound of the hostile map has its page, with its name as text."""
    visit(page, "/?map=hostile")
    for e in opened.maps["hostile"].map.entities.itertuples():
        hop(page, f"/{e.kind}/{e.slug}?map=hostile")
        shown = page.locator("h1").inner_text()
        assert shown.replace("\u202e", "") == e.label.replace("\u202e", "").strip(), e.slug
        harmless(page)


@pytest.mark.parametrize("address", ["/", "/data", "/help", "/gene/unknown", "/nowhere"])
def test_hostile_provenance_is_shown_as_it_is(page: Page, address: str):
    """Names, licence, citation, file names and notes of the map are text."""
    visit(page, f"{address}?map=hostile")
    harmless(page)
    if address == "/data":
        for payload in PAYLOADS[:6]:
            expect(page.locator("#content")).to_contain_text(payload)


@pytest.mark.parametrize("payload", PAYLOADS[:6])
def test_hostile_text_in_the_search_box_and_the_address(page: Page, payload: str):
    """What is typed, and what a link brings, comes back as text."""
    visit(page, "/?map=hostile")
    search(page, payload)
    harmless(page)
    visit(page, "/gene/" + "".join(f"%{b:02x}" for b in f"no {payload}".encode()))
    expect(page.locator("h1")).to_have_text("Not on this map")
    expect(page.locator("#unknown-entity")).to_contain_text(payload[:20])
    harmless(page)


def test_labels_in_figures_are_text(page: Page, opened: Atlas):
    """Plotly would read markup in a label; here none of it becomes bold, a link, or an element."""
    visit(page, "/compound/b-bold-b-i-slanted-i?map=hostile")
    expect(page.locator("#compound-curves .xtitle")).to_contain_text("<b>bold</b> & <i>slanted</i>")
    assert page.locator(".js-plotly-plot a[href], .js-plotly-plot [*|href^=javascript]").count() == 0
    harmless(page)


def test_formulas_are_defused_in_the_csv(page: Page):
    """A spreadsheet that opens the file runs nothing: text that begins like a formula is quoted."""
    visit(page, "/gene/etc-passwd?map=hostile")
    tile = page.locator("section", has=table(page, "Genes compared with"))
    with page.expect_download() as saving:
        tile.get_by_role("button", name="CSV").click()
    text = saving.value.path().read_text(encoding="utf-8")
    assert re.fullmatch(r"[\w.@+-]+\.csv", saving.value.suggested_filename)
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    assert not [line for line in rows for cell in re.split(r',"?', line) if cell.startswith(("=", "@"))]
    assert any("'=HYPERLINK" in line for line in rows)


def test_no_other_page_can_frame_the_app(chromium: Browser, site: str):
    """The app refuses to be drawn inside another page."""
    page = chromium.new_page()
    page.set_content(f"<iframe src='{site}/'></iframe>")
    page.wait_for_load_state("networkidle")
    frame = page.frames[-1]
    assert frame is page.main_frame or "Keyhole" not in frame.content()
    page.close()


def test_the_guard_of_these_tests_sees_what_it_should(page: Page, watch):
    """A request elsewhere, a script that CSP refuses, an error and a 404 are each noticed."""
    visit(page, "/help")
    assert not watch.trouble
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => 0)")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=/structure/none.svg>')")
    page.evaluate(
        "document.head.append(Object.assign(document.createElement('script'), {textContent: 'window.__xss = 9'}))"
    )
    page.evaluate("setTimeout(() => { throw new Error('planted') })")
    page.wait_for_timeout(500)
    seen = " | ".join(watch.trouble)
    for sign in ("CSP: connect-src", "CSP: script-src", "404", "page error: ", "planted", "console error"):
        assert sign in seen, f"{sign} not in {seen}"
    assert page.evaluate("window.__xss === undefined")
    settle(page)
    watch.trouble.clear()

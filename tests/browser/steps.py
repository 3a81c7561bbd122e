"""What a visitor does and sees, in words: waiting for a page, searching, reading a table."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

ROWS = ".ag-center-cols-container [role=row]"
HOP = """(address) => new Promise((done) => {
  new MutationObserver((_, observer) => { observer.disconnect(); done(); })
    .observe(document.querySelector('#content'), { childList: true, subtree: true, characterData: true });
  history.pushState({}, '', address);
  dispatchEvent(new CustomEvent('_dashprivate_pushstate', {}));
})"""
SETTLED = f"""() => {{
  const all = (selector, holds) => [...document.querySelectorAll(selector)].every(holds);
  return document.querySelector('#content .k-footer') !== null
    && document.querySelector('.k-skeleton, [data-dash-is-loading=true]') === null
    && all('.k-graph', (graph) => graph.querySelector('.main-svg'))
    && all('.k-grid', (grid) => grid.querySelector('{ROWS}, .ag-overlay-no-rows-center'))
    && all('img', (image) => image.complete || image.offsetParent === null);
}}"""


def visit(page: Page, address: str) -> None:
    """Open an address and wait until nothing is being fetched or drawn any more."""
    page.goto(address)
    settle(page)


def settle(page: Page) -> None:
    """Wait for the page, its tables, figures and pictures."""
    page.wait_for_function(SETTLED)


def hop(page: Page, address: str) -> None:
    """Go to another address within the document, as a link does, which is quicker than opening it."""
    with page.expect_response(lambda r: "_pages_content" in (r.request.post_data or "")):
        page.evaluate(HOP, address)
    settle(page)


def table(page: Page, label: str) -> Locator:
    """The table whose label begins so."""
    return page.locator(f"[role=region][aria-label^='{label}']")


def names(of_table: Locator) -> list[str]:
    """Names in the rows of a table that are in the document, from the top."""
    return [re.sub(r"\s+", " ", t).strip() for t in of_table.locator(f"{ROWS} [col-id=label] a").all_inner_texts()]


def search(page: Page, text: str) -> Locator:
    """Ctrl-K, type, and the list of suggestions once it has answered."""
    page.keyboard.press("Control+k")
    page.keyboard.type(text, delay=20)
    box = page.locator(".k-search:has(input:focus)")
    expect(box.locator(".k-result, .k-no-result").first).to_be_visible()
    return box.locator(".k-result")


def heading(page: Page) -> Locator:
    """The one first-level heading of the page."""
    return page.locator("h1")

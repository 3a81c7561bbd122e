"""From a drawn or typed structure to a comparison (walk W7), and the frame of the editor: its keys, its walls."""

from __future__ import annotations

import http.server
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from explorer.vendored import JSME
from tests.browser.serving import served
from tests.browser.steps import names, settle, table, visit
from tests.browser.test_access import PHONE, violations_in_both

QUINAZOLINE_ANILINE = "c1ccc(Nc2ncnc3ccccc23)cc1"
EGFR_INHIBITORS = ("erlotinib", "gefitinib", "lapatinib")
needs_editor = pytest.mark.skipif(not JSME.installed(), reason="`keyhole assets` has not brought the editor")


def open_editor(page: Page) -> Locator:
    """Press Draw, wait until the editor is there, and give what it says it holds."""
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.frame_locator("#structure-frame").locator("#editor canvas, #editor svg").first).to_be_visible()
    return page.locator("#structure-drawn")


def compare_three(page: Page) -> None:
    """Tick the EGFR inhibitors among the hits, and compare them."""
    found = table(page, "Compounds found")
    assert set(EGFR_INHIBITORS) <= set(names(found))
    for name in EGFR_INHIBITORS:
        row = found.locator(".ag-row", has_text=name)
        expect(row).to_contain_text("EGFR")
        row.locator("input[type=checkbox]").check()
    page.get_by_role("link", name="Compare the 3 ticked").click()
    page.wait_for_url("**/compare?e=compound:erlotinib,compound:gefitinib,compound:lapatinib")
    settle(page)
    expect(page.locator(".k-compare-card")).to_have_count(3)


def test_typed_structure_to_comparison(page: Page):
    """Type a quinazoline aniline, find the EGFR inhibitors that hold it, compare three."""
    visit(page, "/structure")
    page.get_by_text("substructure", exact=True).click()
    page.locator("#structure-smiles").fill(QUINAZOLINE_ANILINE)
    page.locator("#structure-go").click()
    page.wait_for_url("**/structure?smiles=*&mode=sub")
    settle(page)
    expect(page.get_by_role("link", name="Compare the first 3")).to_be_visible()
    compare_three(page)


def test_a_mode_chosen_before_typing_draws_nothing_anew(page: Page):
    """What is typed right after it stays: the address keeps the mode, the limit follows, the server is not asked."""
    visit(page, "/structure")
    asked = []
    page.on("request", lambda request: asked.append(request) if "_pages_content" in (request.post_data or "") else None)
    page.get_by_text("substructure", exact=True).click()
    page.wait_for_url("**/structure?mode=sub")
    page.locator("#structure-smiles").fill(QUINAZOLINE_ANILINE)
    limit_off = page.locator(".k-structure-least [data-disabled]").first
    expect(limit_off).to_be_attached()
    page.get_by_text("similar", exact=True).click()
    page.wait_for_url("**/structure?smiles=*")
    expect(limit_off).not_to_be_attached()
    settle(page)
    assert len(asked) == 1
    expect(page.locator("#structure-smiles")).to_have_value(QUINAZOLINE_ANILINE)


@needs_editor
def test_drawn_structure_to_comparison(page: Page):
    """Draw a ring by hand, let the editor read the rest, use it, find the EGFR inhibitors, compare three."""
    visit(page, "/structure")
    page.get_by_text("substructure", exact=True).click()
    drawn = open_editor(page)
    expect(page.locator("#structure-use")).to_be_disabled()
    draw_benzene(page)
    expect(drawn).to_have_text("c1ccccc1")
    page.evaluate(
        "(s) => document.getElementById('structure-frame').contentWindow.postMessage({smiles: s}, origin)",
        QUINAZOLINE_ANILINE,
    )
    expect(drawn).to_contain_text("ncnc")
    page.get_by_role("button", name="Use this structure").click()
    page.wait_for_url("**/structure?smiles=*&mode=sub")
    settle(page)
    expect(page.locator("#structure-smiles")).to_be_focused()
    compare_three(page)


def draw_benzene(page: Page) -> None:
    """Choose the ring in the editor's second line of tools, and set it on the canvas."""
    box = page.locator("#structure-frame").bounding_box()
    page.mouse.click(box["x"] + 8 * 24 + 12, box["y"] + 36)
    page.mouse.click(box["x"] + 320, box["y"] + 200)


@needs_editor
def test_the_editor_begins_with_what_is_typed_and_closes_by_escape(page: Page):
    """The typed structure is in it; Esc, inside the frame too, closes it and the button has the focus again."""
    visit(page, f"/structure?smiles={QUINAZOLINE_ANILINE}")
    button = page.get_by_role("button", name="Draw", exact=True)
    expect(open_editor(page)).to_contain_text("ncnc")
    expect(button).to_have_attribute("aria-expanded", "true")
    page.frame_locator("#structure-frame").locator("#editor").click(position={"x": 300, "y": 330})
    page.keyboard.press("Escape")
    expect(page.locator("#structure-editor")).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


@needs_editor
def test_messages_of_others_are_passed_over(page: Page):
    """Only the frame itself is heard, and only a text of a sane length."""
    visit(page, "/structure")
    drawn = open_editor(page)
    before = drawn.text_content()
    page.evaluate("window.postMessage({smiles: 'CCO'}, origin)")
    page.evaluate(
        "for (const d of [{smiles: 7}, null, 'CCO', {smiles: 'C'.repeat(5000)}])"
        " document.getElementById('structure-frame').contentWindow.postMessage(d, origin)"
    )
    page.wait_for_timeout(500)
    assert drawn.text_content() == before


@needs_editor
def test_axe_finds_no_violation_with_the_editor_open(page: Page):
    """The frame has a name; what is around it has contrast."""
    visit(page, f"/structure?smiles={QUINAZOLINE_ANILINE}&mode=sub")
    expect(open_editor(page)).to_contain_text("ncnc")
    assert not violations_in_both(page)


@needs_editor
@pytest.mark.parametrize("context", [PHONE], indirect=True, ids=["phone"])
def test_the_editor_fits_a_telephone(page: Page):
    """At 390 px the page does not scroll sideways, nor does the editor in its frame."""
    visit(page, f"/structure?smiles={QUINAZOLINE_ANILINE}&mode=sub")
    expect(open_editor(page)).to_contain_text("ncnc")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    frame = page.frame(url="**/draw")
    assert frame.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.fixture
def elsewhere(site: str) -> Iterator[str]:
    """Another site, with pages that frame ours."""

    class Framing(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"<!doctype html><iframe src='{site}{self.path}'></iframe>".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with served(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Framing)) as address:
        yield address


@pytest.mark.parametrize("path", [pytest.param("/draw", marks=needs_editor), "/", "/structure"])
def test_no_other_site_may_frame_us(chromium: Browser, site: str, elsewhere: str, path: str):
    """The editor is framed by this site alone, pages by nobody."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(elsewhere + path)
    [framed] = page.main_frame.child_frames
    framed.wait_for_load_state()
    assert not framed.url.startswith(site)
    context.close()

"""Walks through the app as a scientist takes them, on the demo map, by clicking and typing."""

from __future__ import annotations

import datetime
import re

from playwright.sync_api import Page, expect

from tests.browser.steps import ROWS, heading, names, settle, table, visit

GENES_OF_COMPOUND, GENES_OF_GENE = "Genes compared with this compound", "Genes compared with"


def test_a_concentration_that_was_not_tested_is_said(page: Page):
    """`c=0.5` opens the compound at one that was tested, and says so."""
    visit(page, "/compound/bortezomib?c=0.5")
    expect(page.locator("#content")).to_contain_text("not tested")


def test_the_filter_narrows_the_table_and_the_csv_is_what_is_shown(page: Page):
    """The file holds exactly the rows that pass, in order, under a head that says where they come from."""
    visit(page, "/compound/bortezomib")
    genes = table(page, GENES_OF_COMPOUND)
    genes.get_by_label("Gene Filter Input").fill("PSMB")
    expect(genes.locator(ROWS).first).to_contain_text("PSMB")
    expect(genes.locator(ROWS, has_not_text="PSMB")).to_have_count(0)
    shown = [n.removesuffix(" target") for n in names(genes)]
    assert 3 <= len(shown) <= 12
    tile = page.locator("section", has=genes)
    with page.expect_download() as saving:
        tile.get_by_role("button", name="CSV").click()
    saved = saving.value
    today = datetime.date.today().isoformat()
    assert re.fullmatch(rf"compound-bortezomib_demo_{today}\.csv", saved.suggested_filename)
    lines = saved.path().read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert any("build" in line for line in head)
    assert any("Simulated demo map: not experimental data" in line for line in head)
    columns, *rows = [line.split(",") for line in lines if not line.startswith("#")]
    assert [r[columns.index("label")] for r in rows] == shown
    cosines = [float(r[columns.index("cosine")]) for r in rows]
    seen = [float(t.replace("\u2212", "-")) for t in genes.locator(f"{ROWS} [col-id=cosine]").all_inner_texts()]
    assert [round(c, 2) for c in cosines] == seen


def test_a_filter_that_nothing_passes_says_so(page: Page):
    """An empty table is explained, not blank."""
    visit(page, "/gene/PSMB5")
    genes = table(page, GENES_OF_GENE)
    genes.get_by_label("Gene Filter Input").fill("no such gene")
    expect(genes).to_contain_text("No row passes the filters")


def test_light_and_dark_stay_as_chosen(page: Page):
    """The switch turns the page over at once, and a reload and other pages keep it."""
    visit(page, "/gene/PSMB5")
    root = page.locator("html")
    before = root.get_attribute("data-mantine-color-scheme")
    after = {"light": "dark", "dark": "light"}[before]
    page.locator("#theme-toggle").click()
    expect(root).to_have_attribute("data-mantine-color-scheme", after)
    page.reload()
    expect(root).to_have_attribute("data-mantine-color-scheme", after)
    visit(page, "/help")
    expect(root).to_have_attribute("data-mantine-color-scheme", after)
    page.locator("#theme-toggle").click()
    expect(root).to_have_attribute("data-mantine-color-scheme", before)


def test_links_in_tables_and_suggestions_change_the_page_without_a_reload(page: Page):
    """From a compound to a gene to its neighbour, in one document, with a history that leads back."""
    visit(page, "/compound/bortezomib")
    page.evaluate("window.__same_document = true")
    link = table(page, GENES_OF_COMPOUND).locator(f"{ROWS} a").first
    gene = link.inner_text()
    link.click()
    expect(heading(page)).to_have_text(gene)
    settle(page)
    expect(page).to_have_url(re.compile(f"/gene/{gene}"))
    neighbour = table(page, GENES_OF_GENE).locator(f"{ROWS} a").first
    second = neighbour.inner_text()
    neighbour.click()
    expect(heading(page)).to_have_text(second)
    assert page.evaluate("window.__same_document") is True
    page.go_back()
    expect(heading(page)).to_have_text(gene)
    page.go_back()
    expect(heading(page)).to_have_text("bortezomib")


def test_the_keyboard_alone_is_enough(page: Page):
    """Skip link, search, choose, change the concentration, save: without a mouse, and with focus to be seen."""
    visit(page, "/")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("Skip to content")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("/")
    page.keyboard.type("brafenib", delay=20)
    expect(page.locator(".k-search:has(input:focus) .k-result").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    settle(page)
    expect(page).to_have_url(re.compile("/compound/"))
    assert tab_to(page, "e => e.matches('.k-strip-slot:not([aria-pressed=true])')")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("c="))
    settle(page)
    assert tab_to(page, "e => e.innerText === 'CSV'")
    with page.expect_download():
        page.keyboard.press("Enter")


def tab_to(page: Page, is_it: str, *, most: int = 60) -> bool:
    """Press Tab until the focused element fits."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"({is_it})(document.activeElement)"):
            return True
    return False


def test_genes_are_added_to_the_curves_and_kept_in_the_link(page: Page):
    """A gene that is typed becomes a curve, and the address carries it."""
    visit(page, "/compound/bortezomib?g=PSMB5")
    page.get_by_role("textbox", name="Genes in the curves").click()
    page.keyboard.type("SNRPD3", delay=20)
    page.get_by_role("option", name="SNRPD3").click()
    expect(page).to_have_url(re.compile("g=PSMB5(%2C|,)SNRPD3"))
    expect(page.locator(".k-graph .annotation-text", has_text="SNRPD3")).to_be_attached()


def test_another_open_map_is_two_clicks_away(page: Page):
    """The header names the map and leads to the others; links of its pages keep to it."""
    visit(page, "/")
    page.locator("#map-switch summary").click()
    page.locator("#map-switch a", has_text="genes only").click()
    expect(page).to_have_url(re.compile("map=genes-only"))
    settle(page)
    expect(page.locator("#content")).to_contain_text("No compounds")
    expect(page.locator(".k-simulated")).to_have_count(0)
    page.locator("#content a[href^='/gene/']").first.click()
    expect(page).to_have_url(re.compile("/gene/.*map=genes-only"))


def test_plotly_is_read_while_the_visitor_rests(page: Page):
    """To read it takes a second: a page without graphs does not wait for it, and the first graph finds it there."""
    visit(page, "/gene/CDK12")
    page.wait_for_function("() => Boolean(window.Plotly)")
    assert page.locator(".js-plotly-plot").count() == 0
    page.get_by_role("link", name="Quality", exact=True).click()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert page.locator("script[src$='/plotly.min.js']").count() == 1

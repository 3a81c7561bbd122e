"""Walks through the app as a scientist takes them, on the demo map, by clicking and typing."""

from __future__ import annotations

import datetime
import re

import pytest
from playwright.sync_api import Page, expect

from explorer.atlas import Atlas
from tests.browser.steps import ROWS, heading, names, search, settle, table, visit

GENES_OF_COMPOUND, GENES_OF_GENE = "Genes compared with this compound", "Genes compared with"


def test_from_a_trade_name_to_genes_at_a_concentration(page: Page):
    """Velcade is bortezomib: proteasome genes are on top, and title, table and URL name the concentration chosen."""
    visit(page, "/")
    first = search(page, "velcade").first
    expect(first).to_contain_text("bortezomib")
    expect(first).to_contain_text("Velcade")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/compound/bortezomib"))
    settle(page)
    expect(heading(page)).to_have_text("bortezomib")
    expect(page.locator(".k-answer", has_text="On target")).to_contain_text("PSMB5")
    genes = table(page, GENES_OF_COMPOUND)
    assert sum(n.startswith("PSM") for n in names(genes)[:10]) >= 8

    page.get_by_role("button", name="0.025 µM").click()
    title = page.locator("h2", has_text="Genes most like bortezomib")
    expect(title).to_have_text("Genes most like bortezomib at 0.025 µM")
    expect(page).to_have_url(re.compile(r"[?&]c=0\.025(&|$)"))
    at_low = names(genes)

    page.reload()
    settle(page)
    expect(title).to_have_text("Genes most like bortezomib at 0.025 µM")
    expect(page.get_by_role("button", name="0.025 µM")).to_have_attribute("aria-pressed", "true")
    assert names(genes) == at_low

    page.go_back()
    expect(heading(page)).to_have_text(re.compile("What does this gene or compound"))
    page.go_forward()
    settle(page)
    expect(title).to_have_text("Genes most like bortezomib at 0.025 µM")


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


def test_an_alias_leads_to_the_gene(page: Page):
    """HER2 is ERBB2, and the suggestion says why."""
    visit(page, "/help")
    expect(search(page, "HER2").first).to_have_text(re.compile(r"ERBB2.*HER2"))
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("ERBB2")


def test_nothing_found_is_said(page: Page):
    """A name that nothing is like gets a sentence, and Enter goes nowhere."""
    visit(page, "/")
    search(page, "xyzzy")
    expect(page.locator(".k-no-result").first).to_contain_text("xyzzy")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.evaluate("location.pathname") == "/"


def test_an_inactive_gene_is_marked_and_its_neighbours_are_grey(page: Page, opened: Atlas):
    """Not distinguishable from controls: a banner with p, and neighbours in another tone than an active gene has."""
    p = opened.maps["demo"].map.perturbations
    named = (p["kind"] == "gene") & ~p["label"].str.startswith("RXRX3")
    label = p.loc[named & p["active"].eq(False) & (p["p"] > 0.5), "label"].iat[0]
    visit(page, f"/gene/{label}")
    expect(page.locator("#not-active")).to_contain_text(re.compile(r"Not distinguishable from controls \(p = 0\.\d+\)"))
    grey = tones(page)
    visit(page, "/gene/PSMB5")
    expect(page.locator("#not-active")).to_have_count(0)
    assert not grey & tones(page)


def tones(page: Page) -> set[str]:
    """Text colours of the strongest three neighbours that are active themselves."""
    links = table(page, GENES_OF_GENE).locator(f"{ROWS} a:not(.k-inactive)")
    return {links.nth(i).evaluate("e => getComputedStyle(e).color") for i in range(min(3, links.count()))}


def test_an_unknown_gene_lists_the_closest(page: Page):
    """A typing error costs one more click."""
    visit(page, "/gene/PSMB55")
    expect(heading(page)).to_have_text("Not on this map")
    page.locator("#unknown-entity a", has_text=re.compile(r"^PSMB5$")).click()
    expect(heading(page)).to_have_text("PSMB5")


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


def test_figures_have_no_button_that_sends_data_away(page: Page):
    """Plotly's sharing is off: a chart can be saved here and goes nowhere else."""
    visit(page, "/compound/bortezomib")
    page.locator(".js-plotly-plot").hover()
    titles = page.locator(".modebar-btn").evaluate_all("all => all.map(e => e.dataset.title || e.dataset.attr || '')")
    assert titles, "no mode bar to look at"
    assert not [t for t in titles if re.search("share|cloud|edit in|studio", t, re.IGNORECASE)]
    assert "sendChartToCloud" not in page.content()


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


@pytest.mark.parametrize(
    "address", ["/", "/gene/PSMB5", "/compound/bortezomib", "/data", "/help", "/gene/nothing-like-it", "/nowhere"]
)
def test_the_demo_says_that_it_is_simulated(page: Page, address: str):
    """On every page, in so many words."""
    visit(page, address)
    expect(page.locator(".k-simulated")).to_have_text("Simulated demo map: not experimental data")

"""Choosing a target by clicking (walk W3): type, lasso, compare; everyone can use both pages, also on a telephone."""

from __future__ import annotations

import re
import threading

import pytest
from playwright.sync_api import Page, expect

from explorer import queries
from explorer.figures import words
from explorer.pages import targets
from tests.browser.steps import settle, visit
from tests.browser.test_access import PHONE, violations_in_both

TARGETS = "/targets?like=CDK12&not=CDK13&ref=RBM39"
COMPARE = "/compare?e=gene:RBM39,compound:indisulam@1,compound:e7820@2.5"
ADDRESSES = {
    "targets": TARGETS,
    "targets, nothing asked": "/targets",
    "targets, inactive and no controls": "/targets?like=KRAS&not=BRAF&map=no-controls",
    "compare": COMPARE,
    "compare, two maps": "/compare?e=gene:KRAS,gene:BRAF&map=no-controls&maps=no-controls,genes-only",
    "compare, nothing asked": "/compare",
}
#: Corners of a lasso round RBM39 and its degraders, as (like, not), and where the page draws them.
LASSO = [(0.3, 0.14), (0.6, 0.14), (0.6, -0.14), (0.3, -0.14), (0.3, 0.14)]
PIXELS = """(points) => {
  const plot = document.querySelector('#targets-scatter .js-plotly-plot'), box = plot.getBoundingClientRect();
  const { xaxis, yaxis } = plot._fullLayout;
  return points.map(([x, y]) => [box.x + xaxis._offset + xaxis.l2p(x), box.y + yaxis._offset + yaxis.l2p(y)]);
}"""
CURVES = "document.querySelector('#compare-curves .js-plotly-plot')?.data.map((t) => ({name: t.name})) ?? []"
OVERLAID = f"(n) => ({CURVES}).length === n"


@pytest.mark.parametrize("kind", ADDRESSES)
def test_axe_finds_no_violation(page: Page, kind: str):
    """Names, roles and contrast, with one first heading."""
    visit(page, ADDRESSES[kind])
    assert page.locator("h1").count() == 1
    assert not violations_in_both(page)


@pytest.mark.parametrize("context", [PHONE], indirect=True, ids=["phone"])
@pytest.mark.parametrize("kind", ADDRESSES)
def test_nothing_is_wider_than_a_telephone(page: Page, kind: str):
    """At 390 x 844 no page scrolls sideways."""
    visit(page, ADDRESSES[kind])
    assert page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)") <= 390


def choose(page: Page, picker: str, text: str, *, leads_to: str) -> None:
    """Type into a token, take the first offer, and wait for the page that it leads to."""
    page.locator(f"#{picker}").click()
    page.keyboard.type(text)
    offered = page.locator("[role=option]:visible")
    expect(offered.first).to_contain_text(text.lstrip("-"), ignore_case=True)
    with page.expect_response(lambda r: "_pages_content" in (r.request.post_data or "")):
        offered.first.click()
    page.wait_for_url(f"**{leads_to}")
    settle(page)


def test_what_is_typed_while_the_page_is_drawn_anew_is_kept(page: Page, monkeypatch):
    """The answer to the first token comes late: the second, half typed by then, is as it was, and has the focus."""
    visit(page, "/targets")
    held, read = threading.Event(), targets.read_selection
    monkeypatch.setattr(targets, "read_selection", lambda address: held.wait(20) and read(address))
    page.locator("#targets-like").click()
    page.keyboard.type("CDK12")
    page.locator("[role=option]:visible").first.click()
    page.wait_for_url("**/targets?like=CDK12")
    page.locator("#targets-not").click()
    page.keyboard.type("CDK13")
    again = page.locator("#targets-not")
    again.evaluate("(field) => field.setAttribute('data-old', '')")
    held.set()
    expect(page.locator("#targets-not[data-old]")).to_have_count(0)
    settle(page)
    expect(again).to_be_focused()
    expect(again).to_have_value("CDK13")
    page.locator("[role=option]:visible", has_text="CDK13").first.click()
    page.wait_for_url("**/targets?like=CDK12&not=CDK13")


def test_a_way_round_cdk13(page: Page):
    """From an empty sentence: type the query, find RBM39 first, lasso its neighbours, and compare them."""
    visit(page, "/targets")
    choose(page, "targets-like", "CDK12", leads_to="/targets?like=CDK12")
    choose(page, "targets-not", "CDK13", leads_to="/targets?like=CDK12&not=CDK13")
    choose(page, "targets-ref", "RBM39", leads_to=TARGETS)
    told, others = page.locator("#targets-answer"), queries.summary("demo")["genes"] - 2
    expect(told).to_contain_text(f"RBM39 is first of {others:,} genes")
    [weak] = queries.relations("demo", ["CDK12", "RBM39"]).to_dict("records")
    expect(told).to_contain_text(f"of {weak['size']:.0f} members")
    assert weak["relation"] == "co-listed, weak"
    genes, compounds = inside()
    selected = f"Selected: {words.plural(genes, 'gene')}, {words.plural(len(compounds), 'compound')}"
    lasso(page)
    expect(page.locator("#targets-picked-words")).to_contain_text(selected)
    expect(page.locator(".ag-row")).to_have_count(genes + len(compounds))
    the_best_is_opened(page, compounds)
    lasso(page)
    page.locator("#targets-tools").get_by_text("Compare").click()
    page.wait_for_url("**/compare?e=gene:CDK12,gene:RBM39,**")
    expect(page.locator(".k-compare-card")).to_have_count(3)
    page.wait_for_function(OVERLAID, arg=3)
    assert {t["name"] for t in page.evaluate(CURVES)} <= compounds
    page.go_back()
    page.wait_for_url(f"**{TARGETS}")
    expect(told).to_contain_text("RBM39 is first")
    settle(page)
    lasso(page)
    expect(page.locator("#targets-picked-words")).to_contain_text(selected)
    the_list_is_saved(page)
    visit(page, "/gene/CDK12")
    expect(page.locator(".k-answer", has_text="Most like")).to_contain_text("CCNK")


def inside() -> tuple[int, set[str]]:
    """How many genes and which compounds of the demo the lasso goes round."""
    found = queries.candidates("demo", ["gene:CDK12"], ["gene:CDK13"], reference=["gene:RBM39"])
    found = found[found["like"].between(0.3, 0.6) & (found["avoid"].abs() < 0.14) & found["reliable"]]
    return int((found["kind"] == "gene").sum()), set(found.loc[found["kind"] == "compound", "label"])


def the_best_is_opened(page: Page, compounds: set[str]) -> None:
    """The first compound of the selection has its page one click away, and the way back leads here."""
    best = page.locator(".ag-row a[href*='/compound/']").first
    name = best.inner_text().strip()
    assert name in compounds
    best.click()
    expect(page.locator("h1")).to_have_text(name)
    page.go_back()
    page.wait_for_url(f"**{TARGETS}")
    settle(page)


def the_list_is_saved(page: Page) -> None:
    """What was selected goes to the lists under a name."""
    page.locator("#targets-tools").get_by_role("link", name="List").click()
    expect(page.locator("#lists-text")).to_have_value(re.compile("RBM39"))
    expect(page.locator(".k-report-head")).to_contain_text("4 on this map")
    page.fill("#lists-name", "round CDK13")
    page.click("#lists-save")
    expect(page.locator("#lists-said")).to_contain_text("“round CDK13”")


def lasso(page: Page) -> None:
    """Draw round the wanted points with the mouse."""
    page.wait_for_selector("#targets-scatter .nsewdrag")
    points = page.evaluate(PIXELS, LASSO)
    page.mouse.move(*points[0])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def test_cut_offs_are_in_the_address(page: Page):
    """A new tau goes into the address, the default leaves it; the back button undoes it."""
    visit(page, TARGETS)
    expect(page.locator("#targets-answer")).to_contain_text("RBM39")
    page.locator("#targets-tau").fill("0.3")
    page.wait_for_url("**&tau=0.3")
    page.go_back()
    page.wait_for_url(f"**{TARGETS}")
    expect(page.locator("#targets-tau")).to_have_value("|cos| < 0.15")


def test_a_comparison_grows_and_shrinks(page: Page):
    """A name is added by typing and removed by its cross; the address follows, in order."""
    visit(page, COMPARE)
    choose(page, "compare-entities", "CCNK", leads_to=f"{COMPARE},gene:CCNK")
    expect(page.locator(".k-compare-cell").first).to_be_visible()
    page.locator(".k-token .mantine-Pill-remove").first.click()
    page.wait_for_url("**/compare?e=compound:indisulam@1,compound:e7820@2.5,gene:CCNK")

"""Walk W2: bortezomib by its trade name: proteasome first, then SNRPD3; other scaffolds; alerts on its boron."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from explorer import queries
from explorer.figures import words
from tests.browser.steps import ROWS, heading, names, search, settle, table, visit

GENES, COMPOUNDS = "Genes compared with this compound", "Compounds compared with this compound"
ENTITY = "compound:bortezomib"
#: The lines of a plot that carry a name in their hover, by name: their y values.
CURVES = """() => Object.fromEntries(
  document.querySelector('#compound-curves .js-plotly-plot')._fullData.filter((t) => /^<i>/.test(t.hovertemplate || ''))
  .map((t) => [/<i>(.*?)<[/]i>/.exec(t.hovertemplate)[1], [...t.y]]))"""


def test_bortezomib_beyond_the_proteasome(page: Page):
    """From `velcade` to targets, new candidates, a concentration kept in the link, scaffold hops and hazards."""
    visit(page, "/")
    first = search(page, "velcade").first
    expect(first).to_contain_text("bortezomib")
    expect(first).to_contain_text("Velcade")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/compound/bortezomib"))
    settle(page)
    expect(heading(page)).to_have_text("bortezomib")
    the_answers(page)
    curves_leave_the_band(page)
    other_scaffolds(page)
    hazards(page)
    a_concentration_is_kept(page)


def the_answers(page: Page) -> None:
    """The on-target line, the best new gene and the window say what the queries found, with n and concentration."""
    best, other = queries.best_target("demo", ENTITY), queries.best_new("demo", ENTITY)
    at = words.concentration(best["concentration"])
    on_target = f"{best['label']} rank {best['rank']} / {best['n']:,} at {at} µM"
    expect(page.locator(".k-answer", has_text="On target")).to_contain_text(on_target)
    new = page.locator(".k-answer", has_text="Best new")
    expect(new).to_contain_text(f"SNRPD3 rank {other['gene']['rank']} / {other['gene']['n']:,}")
    expect(new).to_contain_text(f"one of {other['new']} new candidates")
    genes = table(page, GENES)
    assert sum(n.startswith("PSM") for n in names(genes)[:10]) >= 8
    expect(genes.locator(ROWS, has_text="SNRPD3").locator("[col-id=link]")).to_have_text("new")
    window = queries.safe_window("demo", ENTITY)
    expect(page.locator(".k-window-words")).to_contain_text(f"{window['fold']:.0f}×")


def curves_leave_the_band(page: Page) -> None:
    """Each proteasome curve that is drawn rises above what 95 % of all genes do."""
    page.wait_for_selector("#compound-curves .main-svg")
    drawn = {k: max(y) for k, y in page.evaluate(CURVES).items() if k.startswith("PSM")}
    frame = queries.curves("demo", ENTITY, list(drawn))
    upper = frame[(frame["series"] == "band") & (frame["part"] == "high")]["cosine"].max()
    assert len(drawn) >= 3
    assert min(drawn.values()) > upper


def other_scaffolds(page: Page) -> None:
    """Carfilzomib and ixazomib are scaffold hops below Tanimoto 0.5; a search at 0.5 is empty, says so, and loosens."""
    frame = queries.structure_phenotype("demo", queries.best_concentration("demo", ENTITY)["perturbation"])
    expect(page.locator("#compound-compounds-said")).to_contain_text(
        f"{frame['quadrant'].eq('scaffold hop').sum()} with other structures and the same cells (scaffold hop)"
    )
    for name in ("carfilzomib", "ixazomib"):
        row = table(page, COMPOUNDS).locator(ROWS, has_text=name)
        expect(row.locator("[col-id=quadrant]")).to_have_text("scaffold hop")
        assert float(row.locator("[col-id=tanimoto]").inner_text()) < 0.5
    visit(page, "/structure?t=0.5")
    page.get_by_role("textbox", name="SMILES or SMARTS").fill("OB(O)[C@@H](CC(C)C)NC=O")
    page.get_by_role("button", name="Search").click()
    near = queries.nearest_structure("demo", "OB(O)[C@@H](CC(C)C)NC=O")
    empty = page.locator(".k-absent", has_text="No compound reaches a Tanimoto similarity of 0.50")
    expect(empty).to_contain_text(f"{near['label']} is nearest, Tanimoto {words.cosine(near['tanimoto'])}")
    empty.get_by_role("link").click()
    expect(table(page, "Compounds found by structure").locator(ROWS).first).to_contain_text(near["label"])
    visit(page, "/compound/bortezomib")


def hazards(page: Page) -> None:
    """The boron is named by an alert, beside how many approved drugs carry one of that kind."""
    [alert] = [a for a in queries.hazards("demo", ENTITY)["alerts"] if "boron_warhead" in a["names"]]
    row = page.locator("#compound-hazards tr", has_text="boron warhead")
    expect(row).to_contain_text(f"{alert['drugs']:.0%} of approved drugs")


def a_concentration_is_kept(page: Page) -> None:
    """Title, table and address name the concentration that is clicked; reload and the back button keep to it."""
    genes = table(page, GENES)
    page.get_by_role("button", name="0.025 µM").click()
    title = page.locator("h2", has_text="Genes most like bortezomib")
    expect(title).to_have_text("Genes most like bortezomib at 0.025 µM")
    expect(page).to_have_url(re.compile(r"[?&]c=0\.025(&|$)"))
    onward = page.locator("#compound-onward")
    expect(onward.get_by_role("link", name="Open as network")).to_have_attribute(
        "href", "/network?near=compound:bortezomib@0.025"
    )
    settle(page)
    at_low = names(genes)[:10]  # further rows come and go with the scroll position
    page.reload()
    settle(page)
    expect(title).to_have_text("Genes most like bortezomib at 0.025 µM")
    expect(page.get_by_role("button", name="0.025 µM")).to_have_attribute("aria-pressed", "true")
    assert names(genes)[:10] == at_low
    onward.get_by_role("link", name="Open as network").click()
    expect(heading(page)).to_have_text("Around bortezomib at 0.025 µM")
    page.go_back()
    expect(title).to_have_text("Genes most like bortezomib at 0.025 µM")
    settle(page)

"""Everyone can use every page: axe finds nothing, in light and dark, and nothing sticks out of a telephone's screen."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from explorer.atlas import Atlas
from tests.browser.steps import hop, search, settle, visit

KINDS = (
    "network",
    "network start",
    "home",
    "story",
    "tour",
    "active",
    "inactive",
    "blinded",
    "compound",
    "representations",
    "no structure",
    "pairs",
    "pairs chosen",
    "data",
    "help",
    "lists",
    "quality",
    "quality without genes",
    "set",
    "sets",
    "unknown",
    "lost",
)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "device_scale_factor": 2}


@pytest.fixture(scope="module")
def addresses(opened: Atlas) -> dict[str, str]:
    """An address for each kind of page."""
    p = opened.maps["demo"].map.perturbations
    genes = p[p["kind"] == "gene"]
    blinded = genes["label"].str.startswith("RXRX3")
    return {
        "network": "/network?set=hpo:HP:0003002&cpd=6&hi=BRCA1",
        "network start": "/network",
        "home": "/",
        "story": "/story/bortezomib",
        "tour": "/help?tour=breast-cancer.5",
        "active": "/gene/PSMB5",
        "inactive": f"/gene/{genes.loc[genes['active'].eq(False) & ~blinded, 'label'].iat[0]}",
        "blinded": f"/gene/{genes.loc[blinded, 'label'].iat[0]}",
        "compound": "/compound/bortezomib",
        "representations": "/representations?e=compound:bortezomib",
        "no structure": "/compound/alpha?map=no-structures",
        "pairs": "/cliffs?show=same",
        "pairs chosen": "/cliffs?compounds=bortezomib,carfilzomib,ixazomib,erlotinib",
        "quality": "/quality",
        "quality without genes": "/quality?map=compounds-only",
        "set": "/set/planted:hr_core",
        "sets": "/set",
        "data": "/data",
        "help": "/help",
        "lists": "/lists?names=HER2,CD3,velcade,RXRX3-90114,xyzzy",
        "unknown": "/gene/PSMB55",
        "lost": "/nowhere/at/all",
    }


#: Every table has laid out its heading: until then a grid is rows without cells, which axe rightly complains of.
LAID_OUT = "() => [...document.querySelectorAll('.ag-header-row')].every((row) => row.children.length > 0)"


def violations(page: Page) -> list[str]:
    """What axe finds, one line each: rule, how bad, and the first places."""
    page.wait_for_function(LAID_OUT)
    found = Axe().run(page).response["violations"]
    if found:  # a table may have been drawn anew while axe looked: what is wrong is still so when all has settled
        settle(page)
        page.wait_for_function(LAID_OUT)
        found = Axe().run(page).response["violations"]
    return [
        f"{v['id']} ({v['impact']}): {[n['target'] for n in v['nodes'][:4]]} {v['nodes'][0]['failureSummary'][:300]}"
        for v in found
    ]


def violations_in_both(page: Page) -> dict[str, list[str]]:
    """What axe finds in light, and once the theme is changed to dark."""
    in_light = violations(page)
    page.locator("#theme-toggle").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    settle(page)
    return {theme: found for theme, found in (("light", in_light), ("dark", violations(page))) if found}


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_no_violation(page: Page, addresses: dict[str, str], kind: str):
    """Names, roles, contrast, landmarks: nothing to complain about; one main part, one first heading, a title."""
    visit(page, addresses[kind])
    assert page.locator("html").get_attribute("data-mantine-color-scheme") == "light"
    assert "Keyhole" in page.title()
    assert (page.locator("main").count(), page.locator("h1").count()) == (1, 1)
    assert not violations_in_both(page)


def test_axe_finds_no_violation_in_an_open_search(page: Page):
    """The list of suggestions is part of the page too."""
    visit(page, "/help")
    search(page, "psm")
    assert not violations(page)


@pytest.mark.parametrize("context", [PHONE], indirect=True, ids=["phone"])
def test_nothing_is_wider_than_a_telephone(page: Page, addresses: dict[str, str]):
    """At 390 x 844 no page scrolls sideways."""
    wide = {}
    visit(page, "/nowhere")
    for kind, address in addresses.items():
        hop(page, address)
        width = page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
        if width > 390:
            wide[kind] = width
    assert not wide

"""Walk W8: every page loads, every link on it leads somewhere, and nothing is asked of, or sent to, another place.

What a page asks for, logs and refuses is watched by `offline_and_quiet` of conftest, in every test of this folder.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import dash
from playwright.sync_api import Page

from explorer.atlas import Atlas
from tests.browser.steps import visit

ADDRESSES = (
    "/",
    "/gene/PSMB5",
    "/gene/RXRX3-90114",
    "/compound/bortezomib",
    "/network",
    "/network?set=hpo:HP:0003002&cpd=10",
    "/map",
    "/compare",
    "/compare?e=gene:RBM39,compound:indisulam@1,compound:e7820@2.5",
    "/targets",
    "/targets?like=CDK12&not=CDK13&ref=RBM39",
    "/structure",
    "/structure?smiles=OB(O)C",
    "/cliffs",
    "/representations?e=compound:bortezomib",
    "/lists?names=HER2,CD3,velcade,RXRX3-90114,xyzzy",
    "/data",
    "/help",
    "/gene/nothing-like-it",
    "/nowhere",
)
#: Pages that links of others already name; each is held to account from the day it is there.
AWAITED = {"set", "quality"}
HREFS = "() => [...document.querySelectorAll('a[href]')].map((a) => a.href)"
SIMULATED = "Simulated demo map: not experimental data"
#: What a page says instead of an answer.
DEAD = ("unknown-entity", "No such page", "This cannot be shown")
ENTITIES = {"gene", "compound"}
SHARES = re.compile("share|cloud|edit in|studio", re.IGNORECASE)


def test_every_link_of_every_page_leads_somewhere(page: Page, site: str, opened: Atlas, render, client):
    """Links stay here; pages answer with a page, files with a file; no chart can be shared; simulated is said."""
    found, buttons = {}, 0
    for address in ADDRESSES:
        visit(page, address)
        assert page.locator(".k-simulated").inner_text() == SIMULATED, address
        assert "sendChartToCloud" not in page.content()
        titles = page.locator(".modebar-btn").evaluate_all("all => all.map((e) => e.dataset.title || '')")
        assert not [t for t in titles if SHARES.search(t)], address
        buttons += len(titles)
        for href in page.evaluate(HREFS):
            assert href.startswith((f"{site}/", "blob:")), f"{address} leads to {href}"
            found.setdefault(href.partition("#")[0].removeprefix(site), address)
    assert buttons, "no mode bar to look at"
    there = {p["path_template"] or p["path"] for p in dash.page_registry.values()}
    there = {path.split("/")[1] for path in there}
    known = set(opened.maps["demo"].map.entities["entity"])
    dead = {a: on for a, on in found.items() if not lives(a, there, known=known, render=render, client=client)}
    dead = {a: on for a, on in dead.items() if not on.startswith(("/gene/nothing", "/nowhere"))}
    assert not dead


def lives(address: str, there: set[str], *, known: set[str], render, client) -> bool:
    """Whether an address is a page with an answer, or a file."""
    first = urlsplit(address).path.split("/")[1]
    if first in AWAITED - there:
        return True
    if first in {"export", "api", "assets"}:
        return client.get(address).status_code == 200
    if first in ENTITIES and urlsplit(address).query in ("", "map=demo"):
        name = unquote(urlsplit(address).path.split("/")[2])
        return f"{first}:{name}" in known
    return first in there and not any(word in render(address) for word in DEAD)

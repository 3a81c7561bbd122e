"""Walks W1, W2, W4 and W5 on maps of real screens, each as far as its data allow; skipped where the tables are not.

They stand here and not in tests/real since they drive the one browser and the one app of this folder. PERISCOPE lacks
compounds, control wells, chromosome arms, known relationships and most genes of breast carcinoma; the cell-injury
screen lacks genes, and so targets, curves to genes, known biology and networks.
"""

from __future__ import annotations

import re
import shlex
from string import Template

import pytest
from playwright.sync_api import Page, expect

from explorer import queries
from explorer.atlas import Atlas, open_atlas
from explorer.cli import main
from explorer.figures import words
from tests.browser.canvas import drawn, edges, js
from tests.browser.steps import ROWS, heading, names, search, settle, table, visit
from tests.real.commands import COMMANDS
from tests.real.conftest import real_data  # noqa: F401

RAS = "KRAS BRAF RAF1 MAP2K1 MAP2K2 SHOC2 PTPN11 SOS1 GRB2"
SET = "hpo:HP:0003002"
MAPS = ("periscope", "injury")


@pytest.fixture(scope="module")
def open_maps(real_data, tmp_path_factory) -> Atlas:  # noqa: F811
    """Both maps, built by their command lines."""
    maps = tmp_path_factory.mktemp("maps")
    for name in MAPS:
        line = [Template(w).safe_substitute(DATA=real_data, MAPS=maps) for w in shlex.split(COMMANDS[name])]
        assert main([*line[1:], "--out", str(maps / name), "--json"]) == 0
    return open_atlas([str(maps / name) for name in MAPS])


@pytest.fixture(scope="module")
def keys(open_maps: Atlas) -> dict[str, str]:
    """What a URL calls each."""
    return dict(zip(MAPS, open_maps.maps, strict=True))


def test_breast_cancer_on_periscope(page: Page, keys: dict[str, str]):
    """W1: the phenotype becomes a network of the genes that are there; none is called known or new."""
    key = keys["periscope"]
    found = queries.gene_set(key, SET)
    visit(page, "/")
    search(page, "breast cancer").first.click()
    drawn(page)
    n, here = len(found["on_map"]) + len(found["absent"]), len(found["on_map"])
    expect(page.locator(".k-net-resolver")).to_contain_text(f"{n} asked, {here} on this map, {n - here} absent")
    counts = queries.network(key, found["on_map"])["counts"]
    answer = page.locator("#network-answer")
    expect(answer).to_contain_text(f"{counts['shown']} of {counts['pairs']} pairs")
    expect(answer).to_contain_text("No relationships are loaded, so none is called known or new")
    assert edges(page) == counts["shown"]
    assert js(page, "cy.edges('.spoke').length") == here
    expect(page.locator("#network-arm")).to_be_hidden()
    expect(page.locator("#network-cpd .mantine-Chip-root")).to_have_count(0)
    expect(page.locator(".k-simulated")).to_have_count(0)


def test_ras_on_periscope(page: Page, keys: dict[str, str]):
    """W4: three of nine names are on the map; the six others are named, and no compound is offered."""
    visit(page, "/network")
    page.locator("#network-paste").fill(RAS)
    page.get_by_role("button", name="Draw network").click()
    drawn(page)
    told = queries.resolve_list(keys["periscope"], RAS)
    absent = told.loc[told["status"].eq("absent"), "asked"].tolist()
    report = page.locator(".k-net-resolver")
    expect(report).to_contain_text(f"{len(told)} asked, {len(told) - len(absent)} on this map, {len(absent)} absent")
    for name in absent:
        expect(report).to_contain_text(name)


def test_no_gene_is_called_inactive_on_periscope(page: Page, keys: dict[str, str]):
    """W5: without control wells nothing is tested, so no gene gets the banner, and the page says why."""
    gene = queries.strongest_pairs(keys["periscope"], "gene")["a"].iat[0]
    visit(page, f"/gene/{gene}")
    expect(page.locator("#not-active")).to_have_count(0)
    expect(page.locator("#content")).to_contain_text("not tested")


def test_a_compound_of_the_injury_screen(page: Page, keys: dict[str, str]):
    """W2: found by its name in another case; concentrations, neighbours by cells, scaffold hops and the CSV."""
    key = keys["injury"]
    pair = queries.strongest_pairs(key, "compound").iloc[0]
    visit(page, f"/?map={key}")
    search(page, pair["a_label"].upper()).first.click()
    expect(heading(page)).to_have_text(pair["a_label"])
    settle(page)
    entity = f"compound:{pair['a']}"
    strip = page.locator("#compound-strip button")
    expect(strip).to_have_count(len(queries.by_concentration(key, entity)))
    best = queries.best_concentration(key, entity)["perturbation"]
    frame = queries.structure_phenotype(key, best)
    grid = table(page, "Compounds compared with this compound")
    assert names(grid)[:3] == frame["label"].head(3).tolist()
    hops = f"{frame['quadrant'].eq('scaffold hop').sum()} with other structures and the same cells (scaffold hop)"
    expect(page.locator("#compound-compounds-said")).to_contain_text(hops)
    expect(page.locator("#compound-hazards tr", has_text="NIH alerts")).to_contain_text("of approved drugs")
    grid.get_by_label("Compound Filter Input").fill(pair["b_label"])
    expect(grid.locator(ROWS, has_not_text=re.compile(re.escape(pair["b_label"]), re.I))).to_have_count(0)
    shown = names(grid)
    with page.expect_download() as saving:
        page.locator("section", has=grid).get_by_role("button", name="CSV").click()
    lines = [x for x in saving.value.path().read_text(encoding="utf-8").splitlines() if not x.startswith("#")]
    column = lines[0].split(",").index("label")
    assert [x.split(",")[column] for x in lines[1:]] == shown
    [cosine] = frame.loc[frame["slug"].eq(pair["b"]), "cosine"]
    expect(grid.locator(f"{ROWS} [col-id=cosine]").first).to_contain_text(words.cosine(cosine))

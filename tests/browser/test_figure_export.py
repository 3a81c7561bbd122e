"""A figure that is saved says what it shows, by which rule, of which map and build, and that the map is simulated."""

from __future__ import annotations

import struct
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from explorer.atlas import opened
from explorer.components.shell import SIMULATED
from tests.browser.test_access import PHONE

TARGETS = "/targets?like=CDK12&not=CDK13&ref=RBM39"


def saved(page: Page, kind: str, folder: Path) -> tuple[str, bytes]:
    """Name and content of the first figure of the page, saved as a kind."""
    with page.expect_download() as download:
        page.locator(f"[data-save-figure={kind}]").first.click()
    file = folder / "figure"
    download.value.save_as(file)
    return download.value.suggested_filename, file.read_bytes()


def test_a_saved_svg_carries_its_source(page: Page, site: str, tmp_path: Path) -> None:
    """Title, cut-offs, n, map, build, date, citation and the simulated note are text inside the SVG; legend too."""
    page.goto(site + TARGETS)
    expect(page.locator("#targets-scatter .main-svg").first).to_be_visible()
    name, content = saved(page, "svg", tmp_path)
    text = unescape(content.decode())
    m = opened("demo").map
    for said in ("Like CDK12, not like CDK13", "Wanted: cosine ≥", f"top 1 % of {len(m.gene_rows) - 2}", m.build):
        assert said in text
    assert SIMULATED in text
    assert "Cite: " in text
    assert "RBM39" in text  # of the colour bar
    assert name.startswith("Like-CDK12-not-like-CDK13_demo_20")


def test_a_saved_png_is_larger_than_the_plot(page: Page, site: str, tmp_path: Path) -> None:
    """At twice the size of the page, with room for the words."""
    page.goto(site + TARGETS)
    plot = page.locator("#targets-scatter .main-svg").first
    expect(plot).to_be_visible()
    box = plot.bounding_box()
    name, content = saved(page, "png", tmp_path)
    width, height = struct.unpack(">II", content[16:24])
    assert width == round(2 * box["width"])
    assert height > 2 * box["height"] + 100
    assert name.endswith(".png")
    expect(page.locator(".modebar-btn[data-title*=Download]")).to_have_count(0)


@pytest.mark.parametrize("context", [PHONE], indirect=True, ids=["phone"])
def test_a_picture_saved_on_a_telephone_has_its_legend(page: Page, site: str, tmp_path: Path) -> None:
    """The small plot leaves its legend and the words in its corner out; the saved map carries both."""
    page.goto(site + "/map")
    expect(page.locator("#map-graph .main-svg").first).to_be_visible()
    page.wait_for_function("document.querySelector('#map-graph .js-plotly-plot')._fullLayout.showlegend === false")
    _, content = saved(page, "svg", tmp_path)
    text = unescape(content.decode())
    m = opened("demo").map
    for said in ("compound at a concentration (", "gene knockout (", "blinded gene (", f"build {m.build}"):
        assert said in text
    assert text.count("gene knockout (") == 1


def test_the_numbers_of_small_curves_are_saved(page: Page, site: str) -> None:
    """A CSV of what the curves under a target selection show, with its source in the head."""
    page.goto(site + TARGETS)
    expect(page.locator(".k-targets-curve .main-svg").first).to_be_visible()
    with page.expect_download() as download:
        page.locator(".k-targets-curves .k-tools").get_by_role("button", name="CSV").click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert any(SIMULATED in line for line in head)
    assert lines[len(head)].startswith("entity,label,series,compared_with,concentration,cosine,n_wells,active,toxic")
    assert download.value.suggested_filename.startswith("targets_like-CDK12_not-CDK13_demo_")

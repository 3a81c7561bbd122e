"""A figure that is saved says what it shows, by which rule, of which map and build, and that the map is simulated."""

from __future__ import annotations

import struct
from html import unescape
from pathlib import Path

from playwright.sync_api import Page, expect

from explorer.atlas import opened
from explorer.components.shell import SIMULATED

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

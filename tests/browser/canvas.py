"""The canvas of a network as a test sees it: opening, asking what is drawn, pointing at it, changing a control."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.steps import settle, visit

DRAWN = "() => document.querySelector('#network-canvas')?.dataset.drawn > 0"


def draw(page: Page, address: str) -> None:
    """Open a network and wait for its canvas."""
    visit(page, address)
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until the canvas has its elements."""
    page.wait_for_function(DRAWN)


def js(page: Page, expression: str) -> object:
    """Ask the canvas; `cy` is its Cytoscape."""
    return page.evaluate(
        "() => { const cy = document.querySelector('#network-canvas')._cyreg.cy; return " + expression + "; }"
    )


def until(page: Page, expression: str) -> None:
    """Wait until something holds of the canvas."""
    page.wait_for_function(
        "() => { const cy = document.querySelector('#network-canvas')?._cyreg?.cy; return cy && " + expression + "; }"
    )


def positions(page: Page) -> dict:
    """Where the genes stand."""
    return js(page, "Object.fromEntries(cy.nodes('.gene').map((n) => [n.id(), [n.position().x, n.position().y]]))")


def edges(page: Page) -> int:
    """Edges on the canvas that are counted."""
    return js(page, "cy.edges('.pair').not('.dotted').length")


def at(page: Page, node: str) -> tuple[float, float]:
    """Where a node is on the screen."""
    x, y = js(page, f"(() => {{ const p = cy.getElementById('{node}').renderedPosition(); return [p.x, p.y]; }})()")
    box = page.locator("#network-canvas").bounding_box()
    return box["x"] + x, box["y"] + y


def choose(page: Page, control: str, label: str) -> None:
    """Pick a segment and wait until the canvas has the server's answer to it."""
    answered(page, lambda: page.locator(f"#network-{control}").get_by_text(label, exact=False).first.click())


def answered(page: Page, act: object) -> None:
    """Do something that changes the view, and wait until what the server answers is drawn."""
    page.evaluate("() => { document.querySelector('#network-canvas').dataset.drawn = '0'; }")
    with page.expect_response(lambda r: "network-canvas.elements" in (r.request.post_data or "")):
        act()
    drawn(page)
    settle(page)


def lasso(page: Page, genes: list[str]) -> None:
    """Draw a box round genes with the lasso."""
    spots = [at(page, f"g:{g}") for g in genes]
    page.locator("#network-lasso").click()
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    page.mouse.move(min(xs) - 12, min(ys) - 12)
    page.mouse.down()
    page.mouse.move(max(xs) + 6, max(ys) + 6, steps=5)
    page.mouse.up()

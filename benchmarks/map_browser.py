"""From click to painted on the map page, in headless Chromium against a server of this process.

Chromium draws WebGL by its software renderer here, so the frames are those of a machine without a graphics card.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from explorer.atlas import open_atlas
from explorer.server import create_app
from explorer.settings import read_settings

ARGUMENTS = ("--no-sandbox", "--use-gl=swiftshader", "--disable-background-networking")

#: Each resolves to the milliseconds from the action to the frame after the one in which plotly has drawn.
DRAWN = """([id, act]) => new Promise((done) => {
  const started = performance.now(), end = () => done(performance.now() - started);
  const wait = () => {
    const graph = document.querySelector("#" + id + " .js-plotly-plot");
    if (graph && graph._fullData && graph._fullData.length) requestAnimationFrame(() => requestAnimationFrame(end));
    else setTimeout(wait, 5);
  };
  document.querySelector(act).click();
  wait();
})"""
SHARP = """([first, last]) => new Promise((done) => {
  const graph = document.querySelector("#heat-graph .js-plotly-plot"), before = graph._fullData[0].source;
  const started = performance.now();
  const wait = () => {
    const end = () => done(performance.now() - started);
    if (graph._fullData[0].source !== before) requestAnimationFrame(() => requestAnimationFrame(end));
    else setTimeout(wait, 5);
  };
  const span = [first - 0.5, last - 0.5];
  window.Plotly.relayout(graph, { "xaxis.range": span, "yaxis.range": span.slice().reverse() });
  wait();
})"""
#: Frames that the browser has drawn since the counter was started.
COUNT = """() => {
  window.frames_ = 0;
  const step = () => { window.frames_ += 1; requestAnimationFrame(step); };
  step();
}"""


def paint(root: Path) -> None:
    """Print times and bytes of the map page over a map."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    cache = tempfile.mkdtemp()
    app = create_app(open_atlas([root]), settings=read_settings({"KEYHOLE_CACHE": cache}))
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            path = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            _measure(page, f"http://127.0.0.1:{server.server_port}")
            browser.close()
    finally:
        server.shutdown()
        shutil.rmtree(cache, ignore_errors=True)


def _measure(page: Page, base: str) -> None:
    sent: list[int] = []
    page.on(
        "response",
        lambda r: sent.append(int(r.headers.get("content-length", 0))) if "_dash-update-component" in r.url else None,
    )
    for round_ in ("first", "again"):
        page.goto(base + "/help")
        page.wait_for_load_state("networkidle")
        sent.clear()
        _line(
            f"{round_}: click on Map to points painted",
            page.evaluate(DRAWN, ["map-graph", ".k-nav a[href='/map']"]),
            sent,
            page,
        )
    types = page.evaluate("document.querySelector('#map-graph .js-plotly-plot')._fullData[0].type")
    print(f"{f'  drawn as {types}; frames a second while panning':58} {_pan(page):8.1f}")
    sent.clear()
    _line(
        "click on All pairs to the whole heatmap",
        page.evaluate(DRAWN, ["heat-graph", ".k-map-head a[href*=heatmap]"]),
        sent,
        page,
    )
    n = page.evaluate("document.querySelector('#heat-graph .js-plotly-plot')._fullLayout.xaxis.maxallowed + 0.5")
    for first, size in ((n / 4, n / 2), (n / 2, 2000), (n / 2, 400), (n / 2, 30)):
        sent.clear()
        _line(f"zoom to {size:,.0f}², to the sharp image", page.evaluate(SHARP, [first, first + size]), sent, page)


def _line(what: str, milliseconds: float, sent: list[int], page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    print(f"{what:58} {milliseconds:8.0f} ms  {sum(sent) / 1e3:.0f} kB of answers", flush=True)


def _pan(page: Page) -> float:
    """Frames a second while the picture is dragged to and fro by the mouse for two seconds or more."""
    box = page.evaluate(
        "(() => { const r = document.querySelector('#map-graph .nsewdrag').getBoundingClientRect();"
        " return [r.left + r.width / 2, r.top + r.height / 2]; })()"
    )
    page.mouse.move(*box)
    page.mouse.down()
    page.evaluate(COUNT)
    started = time.perf_counter()
    while time.perf_counter() - started < 2:
        for x in (40, 80, 40, 0, -40, -80, -40, 0):
            page.mouse.move(box[0] + x, box[1] + x / 2)
    seconds, frames = time.perf_counter() - started, page.evaluate("window.frames_")
    page.mouse.up()
    return frames / seconds

"""From a click to the painted page, in headless Chromium against a warm server of this process.

    python benchmarks/browser.py                            # the demo
    python benchmarks/browser.py --map FOLDER               # a map of genome_map.py

A page is painted two animation frames after the last of two things: its elements are filled (no skeleton, every table
with rows, every figure drawn), and no request is under way. A page that nobody asked for stands beside each: the same
app and the same way there, with nothing in it, which is the floor. Chromium draws WebGL by its software renderer, so
these are the times of a machine without a graphics card. Every step is done once before it is timed, and begins where
plotly has been read. A first visit opens an address in a browser that has nothing.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import logging
import shutil
import statistics
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY)]

from explorer import queries  # noqa: E402
from explorer.atlas import open_atlas, opened  # noqa: E402
from explorer.server import create_app  # noqa: E402
from explorer.settings import read_settings  # noqa: E402

ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--use-gl=swiftshader", "--disable-background-networking")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: Counts requests that are under way, in every document.
WATCH = """(() => {
  const asked = window.fetch.bind(window);
  window.under_way = 0;
  window.fetch = (...what) => {
    window.under_way += 1;
    return asked(...what).finally(() => setTimeout(() => { window.under_way -= 1; }, 0));
  };
})()"""
#: Resolves to milliseconds from the act to the second frame after which nothing has changed for a fifth of a second.
PAINTED = """([act, value]) => new Promise((done, fail) => {
  const started = performance.now(), test = () => FILLED;
  let painted = null, requests = performance.getEntriesByType("resource").length;
  const look = () => {
    const now = performance.now(), seen = performance.getEntriesByType("resource").length;
    const busy = window.under_way > 0 || !test();
    if (busy || seen !== requests) { painted = null; requests = seen; }
    if (!busy && painted === null) {
      painted = Infinity;
      requestAnimationFrame(() => requestAnimationFrame(() => { painted = performance.now(); }));
    }
    if (painted !== null && now - painted > 200) return done(painted - started);
    if (now - started > 90000) return fail(new Error("not painted after 90 s"));
    setTimeout(look, 4);
  };
  if (act === "hop") {
    history.pushState({}, "", value);
    dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  } else if (act === "type") {
    const box = document.querySelector(".k-search-head input");
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(box, value);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  } else {
    const graph = document.querySelector("#heat-graph .js-plotly-plot"), span = value;
    window.heat_before = graph._fullData[0].source;
    window.Plotly.relayout(graph, { "xaxis.range": span, "yaxis.range": span.slice().reverse() });
  }
  look();
})"""
ROWS = ".ag-center-cols-container [role=row]"
SETTLED = f"""(() => {{
  const all = (selector, holds) => [...document.querySelectorAll(selector)].every(holds);
  return document.querySelector('#content .k-footer') !== null
    && document.querySelector('.k-skeleton') === null
    && all('.k-graph', (graph) => graph.querySelector('.main-svg'))
    && all('.k-grid', (grid) => grid.offsetParent === null
        || grid.querySelector('{ROWS}, .ag-overlay-no-rows-center'));
}})()"""
HEAT = "(document.querySelector('#heat-graph .js-plotly-plot')._fullData[0].source !== window.heat_before)"
#: A network is filled where its drawing has elements.
DRAWN = "((g) => g && g._cyreg && g._cyreg.cy.nodes().length > 1)(document.getElementById('network-canvas'))"


@dataclass(frozen=True)
class Step:
    """One measurement: where it starts, what is done, and what has to be there at the end."""

    name: str
    start: str
    act: str
    value: object
    filled: str


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--map", default="demo", help="folder of a map; default: the demo")
    asked.add_argument("--times", type=int, default=5, help="runs of each step, of which the median is printed")
    asked.add_argument("--only", default="", help="only the steps with this in their name")
    given = asked.parse_args()
    with served(given.map) as (site, key), browser() as page:
        page.add_init_script(WATCH)
        empty = Step("empty page of the same app: the floor", "/help", "hop", "/nowhere", _there(".k-message"))
        floor, *sent = measured(page, site, empty, times=given.times)
        line(empty.name, floor, *sent, floor)
        for name, address in first_visits(key):
            if given.only in name:
                line(name, *opened_first(page, site + address, times=given.times), floor)
        for step in (s for s in steps(key) if given.only in s.name):
            line(step.name, *measured(page, site, step, times=given.times), floor)


def steps(of_map: str) -> list[Step]:
    """What visitors do, on entities that the map has."""
    m = opened(of_map).map
    active = m.perturbations[(m.perturbations["kind"] == "gene") & m.perturbations["active"].eq(True)]["entity"]
    genes = active.str.partition(":")[2].tolist()
    one, two, three = genes[3], genes[20], genes[40]
    compounds = m.entities[m.entities["kind"] == "compound"]
    compound = compounds["slug"].iat[5]
    every = m.perturbations.loc[m.gene_rows, "entity"].str.partition(":")[2].tolist()
    several = ",".join(every[:: max(1, len(every) // 300)][:300])
    result = _there(".k-search-head .k-result")
    found = [
        Step("search suggestion, from the last key", "/help", "type", one[:3], result),
        Step(f"gene page, {len(every):,} genes", "/help", "hop", f"/gene/{one}", _there(".k-gene h1")),
        Step("compound page", "/help", "hop", f"/compound/{compound}", _there("#compound-curves .main-svg")),
    ]
    found += [_network("network of HP:0003002", "set=hpo:HP:0003002")] if _has_set(of_map) else []
    found += [
        _network("network of 300 genes", f"genes={several}"),
        Step("targets", "/help", "hop", f"/targets?like={one}&not={two}", _there("#targets-scatter .main-svg")),
        Step("compare three genes", "/help", "hop", f"/compare?e={one},{two},{three}", _there("#compare-copy")),
        Step(f"map, {len(m.perturbations):,} points", "/help", "hop", "/map", _there("#map-graph .main-svg")),
    ]
    n = len(every)
    whole = f"heatmap of all {n:,}² genes"
    found.append(Step(whole, "/help", "hop", "/map?view=heatmap", _there("#heat-graph .main-svg")))
    for size in (s for s in (n // 2, 2_000, 400) if s <= n // 2):
        span = [n // 4 - 0.5, n // 4 + size - 0.5]
        found.append(Step(f"heatmap, zoom to {size:,}² genes", "/map?view=heatmap", "zoom", span, HEAT))
    return found


def measured(page: Page, site: str, step: Step, *, times: int) -> tuple[float, float, int]:
    """Median milliseconds, kilobytes and requests of some runs, after one that does not count."""
    took, sizes, counts = [], [], []
    painted = PAINTED.replace("FILLED", f"{SETTLED} && {step.filled}")
    for _ in range(times + 1):
        page.goto(site + step.start)
        page.wait_for_function(f"() => {SETTLED}", timeout=90_000)
        page.wait_for_load_state("networkidle")
        page.wait_for_function("() => Boolean(window.Plotly)", timeout=90_000)  # read when the visitor rests
        page.wait_for_timeout(500)  # plotly fits its figure to the window once more, and Dash listens only after that
        with counted(page) as sent:
            took.append(page.evaluate(painted, [step.act, step.value]))
        sizes.append(sum(sent) / 1e3)
        counts.append(len(sent))
    return statistics.median(took[1:]), statistics.median(sizes[1:]), int(statistics.median(counts[1:]))


def first_visits(of_map: str) -> list[tuple[str, str]]:
    """Pages that a link from elsewhere opens."""
    entities = opened(of_map).map.entities
    gene, compound = (entities.loc[entities["kind"] == kind, "slug"].iat[5] for kind in ("gene", "compound"))
    pages = (("home", "/"), ("gene page", f"/gene/{gene}"), ("compound page", f"/compound/{compound}"))
    return [(f"first visit: {name}", address) for name, address in pages]


def opened_first(page: Page, address: str, *, times: int) -> tuple[float, float, int]:
    """Median milliseconds to the settled page, kilobytes and requests, each time in a browser that has nothing."""
    took, sizes, counts = [], [], []
    for _ in range(times):
        context = page.context.browser.new_context(viewport=page.viewport_size)
        fresh = context.new_page()
        with counted(fresh) as sent:
            began = time.perf_counter()
            fresh.goto(address)
            fresh.wait_for_function(f"() => {SETTLED}", timeout=90_000)
            took.append(1e3 * (time.perf_counter() - began))
        sizes.append(sum(sent) / 1e3)
        counts.append(len(sent))
        context.close()
    return statistics.median(took), statistics.median(sizes), int(statistics.median(counts))


@contextmanager
def counted(page: Page) -> object:
    """Bytes of the body of every answer, as sent."""
    finished: list[object] = []
    sent: list[int] = []

    def keep(request: object) -> None:
        finished.append(request)

    page.on("requestfinished", keep)
    yield sent
    page.remove_listener("requestfinished", keep)
    sent += [r.sizes()["responseBodySize"] for r in finished]


def line(what: str, milliseconds: float, kilobytes: float, requests: int, floor: float) -> None:
    """One row of the table."""
    ratio = milliseconds / floor
    print(f"| {what} | {milliseconds:,.0f} | {ratio:.1f} | {kilobytes:,.0f} | {requests} |", flush=True)


@contextmanager
def served(given: str) -> object:
    """The address of the app over a map, and the key of the map."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as cache:
        atlas = open_atlas([given], cache=Path(cache))
        app = create_app(atlas, settings=read_settings({"KEYHOLE_CACHE": cache}))
        server = make_server("127.0.0.1", 0, app.server, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", atlas.first
        finally:
            server.shutdown()


@contextmanager
def browser() -> object:
    """A page of the Chromium of this machine."""
    with sync_playwright() as playwright:
        path = next((p for p in map(shutil.which, NAMES) if p), None)
        chromium = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium.new_page(viewport={"width": 1440, "height": 900})
        chromium.close()


def _network(name: str, view: str) -> Step:
    return Step(name, "/help", "hop", f"/network?{view}", DRAWN)


def _there(selector: str) -> str:
    return f"document.querySelector({selector!r}) !== null"


def _has_set(of_map: str) -> bool:
    return bool(queries.gene_set(of_map, "hpo:HP:0003002")["on_map"])


if __name__ == "__main__":
    main()

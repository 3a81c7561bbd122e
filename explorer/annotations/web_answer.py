"""One question to a web server: http and https only, also after a redirect, and only answers that can be a file."""

from __future__ import annotations

import contextlib
import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from urllib.parse import urlsplit, urlunsplit

from explorer import __version__
from explorer.errors import InputError

_PASSING = {408, 425, 429}
_PAGES = ("text/html", "application/xhtml")


class Refused(Exception):
    """An answer that is no use, and whether it is worth asking again."""

    def __init__(self, message: str, *, passing: bool):
        super().__init__(message)
        self.passing = passing


@dataclass(frozen=True)
class Answer:
    """What a server sends: bytes from `start` on, of `total` if it says so.

    `validator` identifies that very file to the server (its ETag, else its date), empty where it has none.
    """

    stream: BufferedIOBase
    start: int
    total: int | None
    validator: str
    modified: str


def check_url(url: str) -> None:
    """Refuse what is no plain http or https address.

    Raises
    ------
    InputError
    """
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not (sound and url.isascii() and url.isprintable() and " " not in url and "@" not in parts.netloc):
        raise InputError(f"'{url[:80]}' is no http or https address without a password; a local copy goes to --file")


def without_query(url: str) -> str:
    """The address without what follows `?`, which can hold somebody's key."""
    return urlunsplit((*urlsplit(url)[:3], "", ""))


@contextlib.contextmanager
def ask(url: str, *, offset: int, validator: str, timeout: float) -> Iterator[Answer]:
    """Ask for a file from `offset` on, if it is still the one that `validator` names, else for all of it.

    Raises
    ------
    Refused
        When the answer is not that file.
    OSError, http.client.HTTPException
        When there is no answer.
    """
    headers = {"User-Agent": f"keyhole/{__version__}", "Accept-Encoding": "identity"}
    if offset:
        headers |= {"Range": f"bytes={offset}-", "If-Range": validator}
    try:
        response = _opener().open(urllib.request.Request(url, headers=headers), timeout=timeout)
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(error) from error
    with response:
        yield _answer(response)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows http to http or https, and https to https only."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        schemes = {"https"} if urlsplit(req.full_url).scheme == "https" else {"http", "https"}
        if urlsplit(newurl).scheme not in schemes:
            raise Refused(f"it redirects to an address that is not allowed ({newurl[:80]})", passing=False)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """Without the handlers for files, FTP and data that urllib has by default."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.UnknownHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
        _Redirects,
    ):
        opener.add_handler(handler())
    return opener


def _refused(error: urllib.error.HTTPError) -> Refused:
    if 300 <= error.code < 400:
        return Refused(f"it redirects to an address that is not allowed ({str(error.reason)[-80:]})", passing=False)
    said = f"the server answered {error.code} {http.client.responses.get(error.code, '')}".strip()
    if error.code in {404, 410}:
        said += ": the file is not there any more"
    return Refused(said, passing=error.code in _PASSING or error.code >= 500 or error.code == 416)


def _answer(response: http.client.HTTPResponse) -> Answer:
    headers = response.headers
    if headers.get_content_type().startswith(_PAGES):
        raise Refused("a web page came in place of the file: is there a login or a proxy in the way?", passing=False)
    length = headers.get("Content-Length", "")
    start, total = 0, int(length) if length.isascii() and length.isdigit() else None
    if response.status == 206:
        span = re.fullmatch(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15})", headers.get("Content-Range", ""))
        if span is None:
            raise Refused("the server sent a part without saying which", passing=False)
        start, total = int(span[1]), int(span[2])
    elif response.status != 200:
        raise Refused(f"the server answered {response.status}", passing=False)
    if total is None and not response.chunked:
        raise Refused("the server does not say how long the file is, so a cut would not be seen", passing=False)
    etag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
    return Answer(response, start, total, etag if etag.startswith('"') else modified, modified)

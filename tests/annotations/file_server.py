"""A web server on this machine that serves one file, and can be told to misbehave for the next requests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answering = Callable[["Handler"], None]


@dataclass
class Served:
    """The file, how it is identified, what to do with the next requests, and the headers of those that came."""

    content: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"ETag": '"one"', "Last-Modified": "Mon, 02 Nov 2026"})
    next: list[Answering] = field(default_factory=list)
    seen: list[dict[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    """Serves ranges as RFC 9110 has them, unless an answering for this request was laid out."""

    served: Served

    def do_GET(self) -> None:
        self.served.seen.append(dict(self.headers))
        (self.served.next.pop(0) if self.served.next else whole)(self)

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


class FileServer:
    """Runs for the length of a `with`; `served` may be changed between requests."""

    def __enter__(self) -> Served:
        served = Served()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("One", (Handler,), {"served": served}))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._served = served
        served.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return served

    def __exit__(self, *_: object) -> None:
        self._served.released.set()
        self._server.shutdown()
        self._server.server_close()


def whole(handler: Handler) -> None:
    """The file, or the part that is asked for if it is still that file."""
    start = start_of(handler)
    begin(handler, start)
    handler.wfile.write(handler.served.content[start:])


def cut(after: int) -> Answering:
    """The beginning, up to byte `after` of the whole file, and the end of the connection."""

    def answer(handler: Handler) -> None:
        start = start_of(handler)
        begin(handler, start)
        handler.wfile.write(handler.served.content[start:after])

    return answer


def stall(after: int) -> Answering:
    """The beginning, and then nothing while the connection stays open."""

    def answer(handler: Handler) -> None:
        cut(after)(handler)
        handler.wfile.flush()
        handler.served.released.wait(20)

    return answer


def plain(status: int, body: bytes = b"", **headers: str) -> Answering:
    """A whole answer with a status and headers (`_` stands for `-`)."""

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            if value:
                handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def start_of(handler: Handler) -> int:
    """The first byte that is asked for."""
    names = {handler.served.headers.get(name) for name in ("ETag", "Last-Modified")} - {None}
    if handler.headers.get("If-Range") not in names:
        return 0
    return int(handler.headers["Range"].removeprefix("bytes=").removesuffix("-"))


def begin(handler: Handler, start: int) -> None:
    """Status and headers of a file, or of a part of it."""
    size = len(handler.served.content)
    handler.send_response(206 if start else 200)
    if start:
        handler.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
    for name, value in ({"Content-Length": str(size - start)} | handler.served.headers).items():
        handler.send_header(name, value)
    handler.end_headers()

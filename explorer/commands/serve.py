"""`keyhole serve`: open the maps once, then serve them from several processes."""

from __future__ import annotations

import argparse
import ipaddress
import os
import socket
from dataclasses import replace

from explorer.errors import InputError
from explorer.settings import read_settings

#: A second BLAS thread makes a query slower; read by the libraries when numpy is first imported.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def run(asked: argparse.Namespace) -> int:
    """Serve until stopped."""
    settings = read_settings()
    settings = replace(
        settings,
        maps=tuple(asked.maps) or settings.maps,
        host=asked.host or settings.host,
        port=asked.port or settings.port,
    )
    if not is_loopback(settings.host) and not asked.behind_proxy:
        raise InputError(
            f"--host {settings.host} lets other machines in, and Keyhole has no login or limits of its own; "
            "put a proxy in front and say --behind-proxy"
        )
    listener = listen(settings.host, settings.port)
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)

    from explorer.atlas import open_atlas
    from explorer.serve import Server
    from explorer.server import create_app

    atlas = open_atlas(settings.maps, annotations=settings.annotations, cache=settings.cache)
    app = create_app(atlas, settings=settings)
    shown = "; ".join(f"{o.map.name}{', simulated' if o.map.simulated else ''}" for o in atlas.maps.values())
    ready = f"Keyhole is at http://{address(settings.host, settings.port)} ({shown})"
    Server(app.server, listener=listener, workers=asked.workers, threads=asked.threads, ready=ready).run()
    return 0


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address(host: str, port: int) -> str:
    """Host and port as a URL has them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there, taken before the maps are opened so that a port in use is said at once.

    Raises
    ------
    InputError
        The port is in use or reserved, or the host is not an address of this machine.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise InputError(
            f"port {port} of {host[:80]} cannot be served on ({reason}); choose another --port or --host"
        ) from error

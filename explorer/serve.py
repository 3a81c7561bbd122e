"""The web server: gunicorn around an app that is already made, so that its processes share the maps in memory."""

from __future__ import annotations

import socket
from pathlib import Path

from flask import Flask
from gunicorn.app.base import BaseApplication

#: Longest request line; gunicorn's 4,094 is short for a shared link with many genes.
LONGEST_LINE = 8190


class Server(BaseApplication):
    """A gunicorn of threaded processes.

    Parameters
    ----------
    app : Flask
        Made before the processes are forked.
    listener : socket
        Bound and listening.
    workers, threads : int
    ready : str
        Printed on stdout once, when the first process answers.
    """

    def __init__(self, app: Flask, *, listener: socket.socket, workers: int, threads: int, ready: str):
        self._app = app
        self._options = {
            "bind": [f"fd://{listener.fileno()}"],
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": 30,
            "keepalive": 5,
            "max_requests": 5_000,
            "max_requests_jitter": 500,
            "limit_request_line": LONGEST_LINE,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": lambda worker: print(ready, flush=True) if worker.age == 1 else None,
        }
        if Path("/dev/shm").is_dir():
            self._options["worker_tmp_dir"] = "/dev/shm"
        self._listener = listener  # closing it would take the port from the processes
        super().__init__()

    def load_config(self) -> None:
        """Set what this gunicorn knows; older ones have no control socket to disable."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app, for every process."""
        return self._app

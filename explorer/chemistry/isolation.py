"""Chemistry that somebody typed runs in a process of its own, which is killed when it takes too much time or memory.

RDKit cannot be interrupted and holds Python's lock while it parses and draws, so a thread or an alarm would not do: in
the app's own process 42 characters can stop every other user for minutes.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from explorer.errors import InputError

SECONDS, MEMORY, WORKERS = 2.0, 2 * 1024**3, 2
#: Seconds that a new worker may take to import RDKit, and that a request waits for a worker that is free.
_START_SECONDS, _QUEUE_SECONDS = 20.0, 4.0
#: Seconds for the molecules of a map: some 0.6 ms each.
_LOAD_SECONDS = 60.0
#: Libraries that a worker keeps (`untrusted.MOST_LIBRARIES`).
MOST_LIBRARIES = 4
_MOST_BYTES = 8_000_000


@dataclass(frozen=True)
class Limits:
    """What a typed structure may use: seconds of wall time and bytes of address space of one worker."""

    seconds: float = SECONDS
    memory: int = MEMORY
    workers: int = WORKERS


@dataclass(frozen=True, eq=False)
class Library:
    """Molecules of a map that patterns are looked for in, under a key that names them."""

    key: str
    smiles: Sequence[str]


class Isolated:
    """A few workers that take turns. All start when the first is needed; one that was killed is replaced at once.

    Both happen in the background, so that a request waits for a start only where every other worker is busy.
    """

    def __init__(self, limits: Limits | None = None):
        self.limits = limits or Limits()
        self._free: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._made: list[_Worker] = []
        self._lock, self._started, self._closed = threading.Lock(), False, False

    def ask(self, name: str, *, among: Library | None = None, **arguments: object) -> dict:
        """The answer of a function of `untrusted`; `among` is loaded first where the worker does not have it yet.

        Raises
        ------
        InputError
            What is wrong with the text, or which limit it passed; or that all workers are busy.
        """
        try:
            worker = self._free.get(timeout=self._patience())
        except queue.Empty:
            raise InputError("other structures are being worked on; try again in a few seconds") from None
        try:
            if worker is not None and not worker.lives:
                worker.kill()
                worker = None
            worker = worker or self._new()
            if among is not None:
                worker.load(among)
                arguments["key"] = among.key
            return worker.ask(name, arguments, seconds=self.limits.seconds)
        finally:
            if worker is not None and worker.lives:
                self._free.put(worker)
            else:
                self._start_one()

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that are alive."""
        return [w.pid for w in self._made if w.lives]

    def close(self) -> None:
        """End every worker."""
        with self._lock:
            self._closed = True
        for worker in self._made:
            worker.kill()

    def _patience(self) -> float:
        """Start the workers where none was started yet; seconds that a request waits for one that is free."""
        with self._lock:
            first, self._started = not self._started, True
        for _ in range(self.limits.workers if first else 0):
            self._start_one()
        return _START_SECONDS if first else _QUEUE_SECONDS

    def _start_one(self) -> None:
        threading.Thread(target=self._fill, daemon=True).start()

    def _fill(self) -> None:
        """Offer a new worker; where it does not start, the next request tries again, and tells why."""
        try:
            self._free.put(self._new())
        except (InputError, OSError):
            self._free.put(None)

    def _new(self) -> _Worker:
        worker = _Worker(self.limits)
        with self._lock:
            self._made = [*(w for w in self._made if w.lives), worker]
            closed = self._closed
        if closed:
            worker.kill()
        return worker


class _Worker:
    """One process and its two pipes."""

    def __init__(self, limits: Limits):
        command = [sys.executable, str(Path(__file__).with_name("worker.py"))]
        self._process = process = subprocess.Popen(
            [*command, str(limits.memory), str(int(limits.seconds) + 1)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.pid, self._loaded = process.pid, []
        if self._line(_START_SECONDS) != b"ready":
            self.kill()
            raise InputError("structures cannot be read now; the process that reads them did not start")

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    def ask(self, name: str, arguments: dict, *, seconds: float) -> dict:
        request = json.dumps([name, arguments]).encode() + b"\n"
        try:
            self._process.stdin.write(request)
            self._process.stdin.flush()
            line = self._line(seconds)
        except BrokenPipeError:
            line = b""
        if not line:
            self.kill()
            raise InputError(f"this took longer than {seconds:g} s, or too much memory, and was stopped")
        told = json.loads(line)
        if "refused" in told:
            raise InputError(told["refused"])
        return told["answer"]

    def load(self, library: Library) -> None:
        """Hand over the molecules of a map, which are trusted and get more time; the worker keeps the last few."""
        if library.key not in self._loaded[-MOST_LIBRARIES:]:
            self.ask("load", {"key": library.key, "smiles": list(library.smiles)}, seconds=_LOAD_SECONDS)
            self._loaded.append(library.key)

    def kill(self) -> None:
        """End the process, also one that has ended, and close its pipes."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()

    def _line(self, seconds: float) -> bytes:
        """One line of the worker, or nothing when it does not come in time, is too long, or the worker died."""
        read, until, stream = b"", time.monotonic() + seconds, self._process.stdout
        with selectors.DefaultSelector() as ready:
            ready.register(stream, selectors.EVENT_READ)
            while not read.endswith(b"\n"):
                if not ready.select(max(until - time.monotonic(), 0)) or len(read) > _MOST_BYTES:
                    return b""
                if not (part := os.read(stream.fileno(), 1 << 16)):
                    return b""
                read += part
        return read.rstrip(b"\n")


_of_process: dict[int, Isolated] = {}


def ask(name: str, *, among: Library | None = None, **arguments: object) -> dict:
    """Ask the workers of this process; they are started when the first is needed."""
    here = os.getpid()
    if here not in _of_process:
        _of_process[here] = Isolated()
        atexit.register(_of_process[here].close)
    return _of_process[here].ask(name, among=among, **arguments)

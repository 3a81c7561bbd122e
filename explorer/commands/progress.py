"""Progress on stderr: one line kept up to date on a terminal, else a line now and then; silent on request."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

from explorer.datasets.profiles import REMARK

_REDRAW, _LINE = 0.1, 10.0
#: Below this a stage counts files or blocks rather than rows, and a rate says nothing.
_ROWS = 1_000

Words = Callable[..., str]


class ProgressLine:
    """A progress callback that remembers the stage it is at.

    Parameters
    ----------
    silent : bool
        Say nothing, only remember.
    stream : text stream, optional
        stderr by default.
    words : callable, optional
        Makes the line: `describe`, the default, counts rows, `describe_bytes` the megabytes of a download.
    """

    def __init__(self, *, silent: bool = False, stream: TextIO | None = None, words: Words | None = None):
        self._words = words or describe
        self.stage = "starting"
        self._silent = silent
        self._stream = stream if stream is not None else sys.stderr
        self._in_place = self._stream.isatty()
        self._began = self._told = self._heard = time.monotonic()
        self._drawn = False

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if total == REMARK:
            self._remark(stage)
            return
        now = time.monotonic()
        fresh = stage != self.stage
        if fresh:  # a stage has run since the one before it was last heard of
            self.stage, self._began = stage, self._heard
        self._heard = now
        if self._silent:
            return
        if now - self._told < (_REDRAW if self._in_place else _LINE) and not (fresh and self._in_place):
            return
        self._told = now
        line = self._words(stage, done, total, rate=done / max(now - self._began, 1e-9))
        if self._in_place:
            self._stream.write(f"\r\x1b[2K{line[:119]}")
            self._drawn = True
        else:
            self._stream.write(f"{line}\n")
        self._stream.flush()

    def _remark(self, sentence: str) -> None:
        """A line of its own, which stays."""
        self.clear()
        if not self._silent:
            self._stream.write(f"{sentence}\n")
            self._stream.flush()

    def clear(self) -> None:
        """Take the line off the terminal, so that what follows starts on an empty one."""
        if self._drawn:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._drawn = False


def describe(stage: str, done: int, total: int | None, *, rate: float) -> str:
    """`read features: 51,200 of 222,601 rows (23 %), 40,100 rows/s, 4 s left`, as far as it is known."""
    if total is None or total < _ROWS:
        return stage if not total else f"{stage}: {done:,} of {total:,}"
    line = f"{stage}: {done:,} of {total:,} rows ({100 * done // total} %)"
    if rate <= 0 or done <= 0:
        return line
    left = round((total - done) / rate)
    minutes = f"{left // 60} min {left % 60} s" if left >= 60 else f"{left} s"
    return f"{line}, {rate:,.0f} rows/s, {minutes} left"


def describe_bytes(stage: str, done: int, total: int | None, *, rate: float) -> str:
    """`goa_human.gaf.gz: 12.3 of 16.0 MB, 2.1 MB/s`, as far as it is known."""
    if not done:
        return stage
    whole = f" of {total / 1e6:,.1f}" if total else ""
    return f"{stage}: {done / 1e6:,.1f}{whole} MB, {rate / 1e6:,.1f} MB/s"

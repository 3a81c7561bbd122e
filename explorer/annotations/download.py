"""Downloads that go on where they were cut, are never taken for whole when they are not, and say what went wrong.

The standard library is enough for this and adds nothing to install: the packages made for it (pooch, requests) neither
resume a file nor bound its size, which is most of what is here. Proxies and certificates are those of the system.

A file arrives as `NAME.part`. A later run asks for the rest, if the server still has that very file (`If-Range`). The
file gets its name once its length is the announced one.
"""

from __future__ import annotations

import hashlib
import http.client
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from explorer.annotations.catalogue import Remote
from explorer.annotations.partial_file import Partial
from explorer.annotations.web_answer import Refused, ask, without_query
from explorer.errors import InputError

#: Called with (what, bytes so far, bytes in all or None).
Progress = Callable[[str, int, int | None], None]

_CHUNK = 1 << 18


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for: seconds without a byte, attempts, and the first pause between two, in s."""

    timeout: float = 30.0
    attempts: int = 5
    pause: float = 1.0


@dataclass(frozen=True)
class Asked:
    """On whose behalf files are brought: the words after `keyhole fetch`, for messages, progress and patience."""

    again: str
    progress: Progress
    patience: Patience = Patience()


def download(remote: Remote, folder: Path, *, url: str, asked: Asked) -> tuple[Path, str]:
    """Bring a file into `folder`; return it and the Last-Modified of the server.

    Raises
    ------
    InputError
        When it cannot be had, is too large, or cannot be written; the message says what to do. What has come stays
        as a part.
    """
    partial, reason, patience = Partial(folder / f"{remote.file}.part"), "", asked.patience
    for attempt in range(patience.attempts):
        if attempt:
            asked.progress(f"{remote.file}: {reason}; attempt {attempt + 1} of {patience.attempts}", 0, None)
            time.sleep(patience.pause * 2 ** (attempt - 1))
        try:
            modified = _bring(remote, partial, url=url, asked=asked)
            partial.finish(folder / remote.file)
            return folder / remote.file, modified
        except Refused as refused:
            reason = str(refused)
            if not refused.passing:
                break
        except (OSError, http.client.HTTPException) as error:
            reason = _said(error, patience.timeout)
            if isinstance(getattr(error, "reason", error), ssl.SSLCertVerificationError):
                break
    kept = f"{partial.size:,} bytes are kept, and the same command goes on from there. " if partial.size else ""
    raise InputError(
        f"{without_query(url)} did not come ({reason}); nothing was registered. {kept}"
        f"Run `keyhole fetch {asked.again}` again later, or download {remote.file} elsewhere and give it with --file"
    )


def expect(remote: Remote, file: Path, *, again: str) -> str:
    """SHA-256 of a file that has come, after its size and, where it is pinned, its hash are found right.

    Raises
    ------
    InputError
        When it is another file.
    """
    with open(file, "rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    if remote.sha256 and digest != remote.sha256:
        raise InputError(
            f"{file.name} is not the file that Keyhole knows: its SHA-256 is {digest}, not {remote.sha256}. It was "
            f"changed or damaged on the way and nothing was registered; run `keyhole fetch {again}` again, and if that "
            "says the same, do not trust where it comes from"
        )
    if file.stat().st_size > remote.most:
        raise InputError(f"{file.name} has more than {remote.most / 1e6:,.0f} MB; is it {remote.file}?")
    return digest


def _bring(remote: Remote, partial: Partial, *, url: str, asked: Asked) -> str:
    """Append what is missing to the part; return the Last-Modified of the server."""
    offset, validator = partial.resumable(url)
    with ask(url, offset=offset, validator=validator, timeout=asked.patience.timeout) as answer:
        if answer.start not in {0, offset}:
            partial.drop()
            raise Refused("the server sent another part than was asked for", passing=True)
        _within(remote, answer.total or 0)
        got = answer.start
        with partial.opened(answer, url=url, keep=got) as append:
            while chunk := answer.stream.read1(_CHUNK):
                got += len(chunk)
                _within(remote, got)
                append(chunk)
                asked.progress(remote.file, got, answer.total)
    if answer.total is not None and got != answer.total:
        raise Refused(f"it ended after {got:,} of {answer.total:,} bytes", passing=True)
    return answer.modified


def _within(remote: Remote, size: int) -> None:
    if size > remote.most:
        raise Refused(f"it has more than {remote.most / 1e6:,.0f} MB and cannot be {remote.file}", passing=False)


def _said(error: BaseException, timeout: float) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(cause, TimeoutError):
        return f"no byte came for {timeout:g} s"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause)[:200] or type(cause).__name__

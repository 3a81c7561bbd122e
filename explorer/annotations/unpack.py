"""Fetched files as lines of text, whether plain, gzipped or zipped: in bounded memory, never more than was agreed on.

A few kilobytes can unpack to terabytes, and a damaged archive ends anywhere: both are one sentence here.
"""

from __future__ import annotations

import contextlib
import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from explorer.errors import InputError

_LONGEST_LINE = 4_000_000
_WRONG = "is it the right file?"
_DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError)


def read_lines(path: Path, *, most: int, ending: str = "") -> Iterator[str]:
    """Lines of a UTF-8 text file without their line ends.

    Parameters
    ----------
    path : Path
        Plain, gzipped or zipped, told by its first bytes.
    most : int
        Bytes of unpacked text at most.
    ending : str
        How the name of the wanted member ends, where it is a zip archive.

    Raises
    ------
    InputError
        When the file is damaged or cut off, is not text, or unpacks to more than `most`.
    """
    left, line = most, 0
    with _opened(path, ending) as stream:
        while raw := _bounded(path, stream):
            left, line = left - len(raw), line + 1
            if left < 0 or len(raw) > _LONGEST_LINE:
                raise InputError(f"{path.name} unpacks to more than {most / 1e6:,.0f} MB or endless lines; {_WRONG}")
            try:
                yield raw.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise InputError(f"{path.name} is not UTF-8 text in line {line:,}; {_WRONG}") from error


def read_member(path: Path, ending: str, *, most: int) -> bytes:
    """Content of the one member of a zip archive whose name ends so.

    Raises
    ------
    InputError
        When the archive is damaged, has no such member, or it is larger than `most` bytes.
    """
    with _opened(path, ending) as stream:
        content = _bounded(path, stream, most)
    if len(content) > most:
        raise InputError(f"{ending} in {path.name} unpacks to more than {most / 1e6:,.0f} MB; {_WRONG}")
    return content


def member_date(path: Path, ending: str) -> str:
    """Date that a zip archive gives its member, `2026-09-10`; empty where the file is no zip archive."""
    if not zipfile.is_zipfile(path):
        return ""
    with _archive(path) as archive:
        year, month, day, *_ = _member(archive, path, ending).date_time
    return f"{year:04}-{month:02}-{day:02}"


@contextlib.contextmanager
def _opened(path: Path, ending: str) -> Iterator[BinaryIO]:
    try:
        with open(path, "rb") as file:
            start = file.read(4)
            file.seek(0)
            if start[:2] == b"\x1f\x8b":
                with gzip.open(file) as stream:
                    yield stream
            elif start == b"PK\x03\x04":
                with _archive(path) as archive, archive.open(_member(archive, path, ending)) as stream:
                    yield stream
            else:
                yield file
    except (*_DAMAGE, OSError) as error:
        raise InputError(f"{path.name} cannot be opened ({str(error)[:80]}); get it again") from error


@contextlib.contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _DAMAGE as error:
        raise InputError(f"{path.name} is damaged or cut off ({str(error)[:80]}); get it again") from error


def _member(archive: zipfile.ZipFile, path: Path, ending: str) -> zipfile.ZipInfo:
    found = [i for i in archive.infolist() if i.filename.endswith(ending) and not i.is_dir()]
    if len(found) != 1:
        raise InputError(f"{path.name} holds {len(found) or 'no'} files that end in {ending}; {_WRONG}")
    return found[0]


def _bounded(path: Path, stream: BinaryIO, most: int | None = None) -> bytes:
    """A line, or with `most` everything, of which one byte too many is read at most."""
    try:
        return stream.readline(_LONGEST_LINE + 1) if most is None else stream.read(most + 1)
    except _DAMAGE as error:
        raise InputError(f"{path.name} is damaged or cut off ({str(error)[:80]}); get it again") from error

"""A file on its way: `NAME.part`, and `NAME.part.json` that says of which file on which server it is the beginning."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from explorer.annotations.web_answer import Answer, without_query
from explorer.errors import InputError


@dataclass(frozen=True)
class Partial:
    """The part that has come of a download; every failure to write it is an `InputError`."""

    path: Path

    @property
    def size(self) -> int:
        """Bytes that have come."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def resumable(self, url: str) -> tuple[int, str]:
        """Bytes that can be kept, and what the server called the file they are of; (0, "") where none can."""
        try:
            told = json.loads(self._note.read_text(encoding="utf-8"))
            validator, total, same = told["validator"], told["total"], told["url"] == without_query(url)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return 0, ""
        fits = isinstance(total, int) and 0 < self.size < total
        return (self.size, validator) if same and fits and isinstance(validator, str) and validator else (0, "")

    @contextlib.contextmanager
    def opened(self, answer: Answer, *, url: str, keep: int) -> Iterator[Callable[[bytes], None]]:
        """A function that appends to the first `keep` bytes; what has been written stays, however it ends."""
        with self._writing():
            if not keep:
                self.drop()
                told = {"url": without_query(url), "validator": answer.validator, "total": answer.total}
                self._note.write_text(json.dumps(told), encoding="utf-8")
            out = open(self.path, "ab")  # noqa: SIM115

        def append(content: bytes) -> None:
            with self._writing():
                out.write(content)

        try:
            yield append
        finally:
            with self._writing():
                out.close()

    def finish(self, file: Path) -> None:
        """Give the whole file its name."""
        with self._writing():
            with open(self.path, "ab") as out:
                os.fsync(out.fileno())
            os.replace(self.path, file)
            self._note.unlink(missing_ok=True)

    def drop(self) -> None:
        """Forget what has come."""
        with self._writing():
            self.path.unlink(missing_ok=True)
            self._note.unlink(missing_ok=True)

    @property
    def _note(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InputError(
                f"{self.path} cannot be written ({error.strerror}); free some space, or name another folder with "
                "KEYHOLE_ANNOTATIONS, and fetch it again: what has come is kept; nothing was registered"
            ) from error

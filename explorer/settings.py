"""Settings: the one place that reads the environment; the CLI, the documentation and the tests read the same table."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from explorer.errors import InputError

#: Variable, default as the user would write it, meaning. README and `keyhole serve --help` are checked against it.
VARIABLES = (
    ("KEYHOLE_MAPS", "demo", f"maps to open, separated by '{os.pathsep}'; the first is the one shown"),
    ("KEYHOLE_HOST", "127.0.0.1", "address to serve on"),
    ("KEYHOLE_PORT", "8050", "port to serve on"),
    ("KEYHOLE_CACHE", "~/.cache/keyhole", "folder for cached similarity tables, one subfolder a map build"),
    ("KEYHOLE_ANNOTATIONS", "~/.local/share/keyhole", "folder for fetched annotations, and your own under own/"),
)


@dataclass(frozen=True)
class Settings:
    """What the app is told from outside."""

    maps: tuple[str, ...]
    host: str
    port: int
    cache: Path
    annotations: Path


def read_settings(environment: dict[str, str] | None = None) -> Settings:
    """Settings from the environment, defaults filled in.

    Raises
    ------
    InputError
        When a variable has a value that cannot be used, or a KEYHOLE_ variable is not known.
    """
    given = dict(os.environ if environment is None else environment)
    known = {name: default for name, default, _ in VARIABLES}
    unknown = sorted(k for k in given if k.startswith("KEYHOLE_") and k not in known and k != "KEYHOLE_REAL_DATA")
    if unknown:
        raise InputError(f"unknown setting {', '.join(unknown)}; known are {', '.join(known)}")
    value = {name: given.get(name) or default for name, default in known.items()}
    maps = tuple(m for m in value["KEYHOLE_MAPS"].split(os.pathsep) if m)
    return Settings(
        maps,
        value["KEYHOLE_HOST"],
        _port(value["KEYHOLE_PORT"]),
        Path(value["KEYHOLE_CACHE"]).expanduser(),
        Path(value["KEYHOLE_ANNOTATIONS"]).expanduser(),
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536):
        raise InputError(f"KEYHOLE_PORT is '{text[:20]}'; it must be a number from 1 to 65535")
    return int(text)

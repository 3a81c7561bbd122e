"""`keyhole assets`: fetch the one script that is not committed, plotly without `eval`, to draw points by WebGL.

The app allows no `eval`; plotly's ordinary bundle needs it for WebGL, its strict bundle does not. The version is that
of the installed plotly.py, the package is checked against a pinned hash, and the app works without it: points are then
drawn as SVG, which slows past some thousands.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from explorer.errors import InputError
from explorer.server import STRICT_PLOTLY

PACKAGE, VERSION = "plotly.js-strict-dist-min", "4.1.1"
INTEGRITY = "sha512-/M2gRAF8LeqafKIO/bUU+DQk7RlonVbwpPb2G/jZsfqCl/DttBfvF+wQfZ6vT9y9EKy47eDI/zfIWC/uA1L6TQ=="
_MEMBER = "package/plotly-strict.min.js"
_SECONDS = 120


def run(asked: argparse.Namespace) -> int:
    """Fetch, check and install the script; a file that is there already is replaced whole."""
    with tempfile.TemporaryDirectory() as folder:
        script = unpacked(packed(Path(folder)))
    target = Path(asked.out) / STRICT_PLOTLY.name if asked.out else STRICT_PLOTLY
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(f".{os.getpid()}.tmp")
        unfinished.write_bytes(script)
        os.replace(unfinished, target)
    except OSError as e:
        raise InputError(f"{target} cannot be written: {e.strerror}") from e
    if asked.json:
        print(json.dumps({"file": str(target), "bytes": len(script), "version": VERSION}))
    else:
        print(f"plotly {VERSION}, strict: {len(script) / 1e6:.1f} MB in {target}")
    return 0


def packed(folder: Path) -> Path:
    """The package as npm downloads it into `folder`.

    Raises
    ------
    InputError
        Without npm, or when the registry does not answer.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise InputError("npm is not installed; it fetches the script. The app works without it: points are SVG")
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", str(folder)]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=_SECONDS)
        (file,) = folder.glob("*.tgz")
    except (subprocess.SubprocessError, OSError, ValueError) as e:
        raise InputError(f"npm could not fetch {PACKAGE} {VERSION}; is the registry reachable?") from e
    return file


def unpacked(file: Path) -> bytes:
    """The script in a package.

    Raises
    ------
    InputError
        When the package is not the pinned one.
    """
    content = file.read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != INTEGRITY:
        raise InputError(f"{PACKAGE} {VERSION} is not the pinned package ({found[:20]}…); nothing was installed")
    with tarfile.open(file) as archive:
        return archive.extractfile(_MEMBER).read()

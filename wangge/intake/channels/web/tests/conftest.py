"""A resident with a browser that runs no scripts, and a store for photos of each test's own."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Settings) -> None:
    settings.FILES_DIR = tmp_path / "files"
    cache.clear()


@pytest.fixture
def resident(client: Client) -> Client:
    """Nobody we know: no account, no scripts."""
    return client

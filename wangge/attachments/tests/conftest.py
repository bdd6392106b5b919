"""A store of its own for each test, and the people who send, look and are turned away."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from pytest_django import Settings

from wangge.attachments.actions import attach
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.store import LocalStore
from wangge.attachments.tests import samples
from wangge.common.ids import uuid7

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> LocalStore:
    settings.FILES_DIR = tmp_path / "files"
    return LocalStore(settings.FILES_DIR)


@pytest.fixture
def clerk(db: None) -> Any:
    return get_user_model().objects.create_user(username="clerk")


@pytest.fixture
def stranger(db: None) -> Any:
    return get_user_model().objects.create_user(username="stranger")


def attached(content: bytes | None = None, *, subject_id: UUID | None = None) -> Attachment:
    """One file of a report, put there by the real road."""
    result = attach(
        [samples.upload(samples.jpeg(500, 400) if content is None else content)],
        subject_kind="report",
        subject_id=subject_id or uuid7(),
        purpose=Purpose.REPORT,
        by=None,
        at=MONDAY,
    )
    assert not result.refused
    return result.kept[0]

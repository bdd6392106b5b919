"""People and tasks that several stories need."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from wangge.accounts.models import Account
from wangge.attachments.tests import samples
from wangge.audit.relay import relay_all
from wangge.cases.tests.cast import Cast
from wangge.cases.workflow import Stage
from wangge.fieldwork.models import Task

SignIn = Callable[[Account], Client]


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Settings) -> None:
    """Photos of a test go into a folder of its own."""
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def staffed(cast: Cast) -> Cast:
    """Every grid has its worker before anything happens."""
    _ = cast.grid_worker, cast.neighbour, cast.far_worker
    return cast


@pytest.fixture
def signed_in() -> SignIn:
    """A browser in which this person has signed in."""

    def sign_in(person: Account) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def verification(staffed: Cast) -> Task:
    """A report waits to be verified in grid A."""
    staffed.report_at(Stage.VERIFYING)
    relay_all()
    return Task.objects.get()


@pytest.fixture
def check(staffed: Cast) -> Task:
    """A mended lamp waits to be checked in grid A."""
    staffed.case_at(Stage.CHECKING)
    relay_all()
    return Task.objects.get()


def photo(name: str = "lamp.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.jpeg(), "image/jpeg")

import pytest

from wangge.intake import keys
from wangge.intake.channels.open311 import catalogue


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What processes keep in memory belongs to another test's database."""
    keys.forget()
    catalogue.forget()

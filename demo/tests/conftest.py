import pytest

from demo.places import District
from demo.tests import kept


@pytest.fixture(scope="session")
def district() -> District:
    return kept.district()

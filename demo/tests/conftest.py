import pytest

from demo.places import District, build_district


@pytest.fixture(scope="session")
def district() -> District:
    return build_district()

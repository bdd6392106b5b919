"""The two people of a change, and a draft in their community."""

import pytest

from wangge.accounts.models import Account, Role
from wangge.cases.tests.cast import Cast
from wangge.territory.changes import drafting
from wangge.territory.models import TerritoryChange
from wangge.territory.tests.reorganising import NOON


@pytest.fixture
def drafter(cast: Cast) -> Account:
    return cast.person("drafter", "区划员小何", Role.TERRITORY, cast.place.street)


@pytest.fixture
def approver(cast: Cast) -> Account:
    return cast.person("approver", "区划员老马", Role.TERRITORY, cast.place.county)


@pytest.fixture
def draft(cast: Cast, drafter: Account) -> TerritoryChange:
    return drafting.begin(cast.place.community, title="甲网格一分为二", by=drafter, at=NOON)

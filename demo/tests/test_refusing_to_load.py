"""Where the made-up district is not loaded, and what an accident leaves behind."""

from __future__ import annotations

import re
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils.translation import override
from pytest_django import Settings

from demo.loading import Amount, load, whole
from demo.loading.matters import Players
from demo.places import District
from wangge.accounts.models import Account, Unit
from wangge.cases.models import Report
from wangge.common.refusals import Refused
from wangge.territory.models import Area

NOW = datetime(2026, 6, 16, 15, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
pytestmark = pytest.mark.django_db


def load_little(district: District) -> None:
    load(Amount(days=1, per_day=2), at=NOW, say=lambda words: None, district=district)


def test_a_load_that_is_killed_halfway_leaves_nothing(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Players, "play", die)
    with pytest.raises(KeyboardInterrupt):
        load_little(district)
    assert not Area.objects.exists()
    assert not Account.objects.exists()
    assert connection.features.uses_savepoints


def test_a_database_in_use_is_refused(district: District) -> None:
    Unit.objects.create(code="REAL", name="某市网格中心", kind="centre")
    with override("en"), pytest.raises(Refused, match="in use"):
        load_little(district)
    assert not Area.objects.exists()


def test_a_production_installation_is_refused(settings: Settings) -> None:
    settings.DEMO = False
    with override("en"), pytest.raises(Refused, match="production"):
        call_command("demo", days=1)
    assert not Area.objects.exists()


def test_the_command_says_how_far_it_is(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "build_district", lambda seed: district)
    out = StringIO()
    call_command("demo", days=1, per_day=1, stdout=out)
    assert re.search(r"» \d+/\d+ days", out.getvalue())
    assert f"{Report.objects.count()} reports" in out.getvalue()


def test_without_the_district_or_in_production_live_is_refused(settings: Settings) -> None:
    with override("en"), pytest.raises(Refused, match="wangge demo"):
        call_command("demo", live=True)
    settings.DEMO = False
    with override("en"), pytest.raises(Refused, match="production"):
        call_command("demo", live=True)

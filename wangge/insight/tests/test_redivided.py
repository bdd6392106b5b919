"""Grids designed anew, approved and staffed: yesterday's matters stay counted where they were, new workers work on them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import shapely
from django.utils import timezone, translation

from wangge.accounts.models import Account, AdminRole, Role
from wangge.accounts.tests.people import administrator
from wangge.audit.relay import relay_all
from wangge.audit.tests.tampering import by_hand
from wangge.cases import actions as steps
from wangge.cases.models import Case
from wangge.cases.tests.cast import IN_GRID_A, NOON, Cast
from wangge.cases.workflow import Stage
from wangge.fieldwork.models import Task
from wangge.insight.facts import rebuild_all
from wangge.insight.queries.cards import rows_of
from wangge.insight.tests.conftest import SignIn
from wangge.insight.tests.test_cards import numbers, sight
from wangge.registry.models import Building
from wangge.territory import lookup
from wangge.territory.actions import assign_post, end_post
from wangge.territory.cells import cell
from wangge.territory.changes import deciding, drafting
from wangge.territory.designer import asking, drafts, running
from wangge.territory.designer.asking import Wish
from wangge.territory.models import Area, Level, Post, TerritoryChange
from wangge.territory.shapes import to_wkb

TOMORROW = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def yesterday(cast: Cast) -> Case:
    """Dispatched on the tenth of June in grid A, and not finished."""
    _ = cast.grid_worker, cast.neighbour
    case = cast.case_at(Stage.HANDLING)
    relay_all()
    return case


def houses(cast: Cast) -> None:
    places = [(118.901 + 0.002 * x, 32.902 + 0.003 * y) for y in range(3) for x in range(10)]
    Building.objects.bulk_create(
        Building(
            address=f"人民路{n}号", floors=6, households=40, lon=lon, lat=lat, cell=cell(lon, lat),
            footprint=to_wkb(shapely.Point(lon, lat).buffer(1e-4)), grid_id=lookup.place(lon, lat).grid_id,
        )
        for n, (lon, lat) in enumerate(places, start=1)
    )  # fmt: skip


@pytest.fixture
def redivided(cast: Cast, yesterday: Case, monkeypatch: pytest.MonkeyPatch) -> TerritoryChange:
    """Designed, approved by another person, in force on the eleventh."""
    monkeypatch.setattr(running, "soon", lambda design: None)
    drafter = cast.person("drafter", "区划员小何", Role.TERRITORY, cast.place.street)
    approver = cast.person("approver", "区划员老马", Role.TERRITORY, cast.place.county)
    houses(cast)
    wish = Wish("一社区重划", 300, 500, ("growing",))
    design = asking.begin(cast.place.community, wish, by=drafter, at=TOMORROW)
    running.go_on(design.pk, design.run, clock=timezone.now)
    change = drafts.into_draft(design, "growing", title="一社区重划", by=drafter, at=TOMORROW)
    drafting.propose(change, by=drafter, at=TOMORROW)
    deciding.approve(change, by=approver, at=TOMORROW)
    lookup.forget()
    relay_all()
    return change


@pytest.fixture
def staffed(cast: Cast, redivided: TerritoryChange) -> dict[int, Account]:
    """Each new grid has a worker of its own; who came over from the old ones leaves."""
    admin = administrator(AdminRole.SECURITY, "security", "安全管理员")
    new = Area.objects.filter(parent=cast.place.community, level=Level.GRID, valid_to=None)
    today, now = TOMORROW.date(), TOMORROW
    for post in Post.objects.filter(area__in=new, role=Role.GRID_WORKER):
        end_post(post, on=today, by=admin, at=now)
    found = {}
    for number, grid in enumerate(new.order_by("code"), start=1):
        worker = Account.objects.create(username=f"new{number}", name=f"新网格员{number}", password="!")
        assign_post(worker, role=Role.GRID_WORKER, area=grid, starts_on=today, by=admin, at=now)
        found[grid.pk] = worker
    return found


def by_grid(cast: Cast, at: Any) -> dict[str, int]:
    found = rows_of(sight(cast, "area", at, level=Level.GRID))
    return {row.name: numbers(row)["filed"] for row in found}


def test_yesterday_is_counted_under_the_old_grids_and_today_under_the_new(
    cast: Cast, redivided: TerritoryChange, yesterday: Case
) -> None:
    later = steps.file_report(
        cast.report(at=TOMORROW + timedelta(hours=2)), condition=cast.condition, by=cast.duty_chief,
        at=TOMORROW + timedelta(hours=3),
    )  # fmt: skip
    rebuild_all()
    today = Area.objects.get(pk=lookup.place(*IN_GRID_A).area_id)
    assert (later.grid_id, today.valid_from) == (today.pk, date(2026, 6, 11))
    filed = by_grid(cast, TOMORROW + timedelta(hours=9))
    assert filed["甲网格, until 2026-06-10"] == 1
    assert filed[f"{today.name}, since 2026-06-11"] == 1
    assert filed["乙网格, until 2026-06-10"] == 0
    assert sum(filed.values()) == 2
    assert "丙网格" in filed


def test_the_table_of_another_month_shows_no_grid_that_had_ended_before(
    cast: Cast, redivided: TerritoryChange
) -> None:
    rebuild_all()
    july = sight(cast, "area", NOON + timedelta(days=40), level=Level.GRID, period="2026-07")
    assert not [row.name for row in rows_of(july) if "until" in row.name]


def test_yesterdays_case_is_worked_on_by_the_new_grids_worker(
    cast: Cast, yesterday: Case, staffed: dict[int, Account]
) -> None:
    yesterday.refresh_from_db()
    assert yesterday.grid_id == cast.place.grid_a.pk
    assert yesterday.current_grid_id in staffed
    cast.finish(yesterday, TOMORROW + timedelta(hours=4))
    relay_all()
    task = Task.objects.get(case=yesterday, done_at=None)
    assert task.assignee is not None
    assert task.assignee == staffed[yesterday.current_grid_id]
    steps.pass_check(yesterday, note="亮了", by=task.assignee, at=TOMORROW + timedelta(hours=5))
    assert yesterday.stage == Stage.PASSED


def test_the_overview_names_the_grid_that_ended(
    cast: Cast, redivided: TerritoryChange, signed_in: SignIn
) -> None:
    """A case that was closed before stays in its grid, which is in the table by its name."""
    with by_hand():
        Case.objects.update(stage=Stage.CLOSED, closed_at=timezone.now(), area_path=cast.place.grid_a.path)
    browser = signed_in(cast.overseer)
    browser.cookies["language"] = "en"
    page = browser.get(f"/overview/?area={cast.place.community.pk}").content.decode()
    assert "甲网格, until 2026-06-10" in page
    assert "Elsewhere" not in page

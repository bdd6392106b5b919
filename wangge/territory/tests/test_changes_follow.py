"""What lies in areas that are changed follows: matters and tasks, posts and forces, unit grids; by a change or by a file."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import pytest
import shapely
from django.test import Client
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob
from shapely.geometry import LineString, box

from config.jobs import locate_anew
from config.listeners import LISTENERS
from wangge.accounts.models import Account, Role
from wangge.audit.models import Event
from wangge.audit.relay import relay_all
from wangge.cases import actions
from wangge.cases.configuration.versions import content_of
from wangge.cases.models import Calendar, CalendarDay, CalendarYear, Case, ConfigVersion, DutyRow, Report
from wangge.cases.territory import follow_up
from wangge.cases.tests.cast import IN_GRID_A, Cast
from wangge.cases.workflow import Stage
from wangge.fieldwork.models import Task
from wangge.fieldwork.queries import open_tasks
from wangge.insight.models import Scorecard, ScorecardRow
from wangge.territory import lookup
from wangge.territory.areas_file import AreaRow
from wangge.territory.boundaries import BoundaryRow
from wangge.territory.changes import deciding, drafting, steps
from wangge.territory.imports import import_areas, import_boundaries
from wangge.territory.models import Area, ForceKind, ForcePost, Post, TerritoryChange, UnitGrid
from wangge.territory.tests.reorganising import (
    A1,
    A2,
    EAST,
    NOON,
    TODAY,
    A,
    B,
    area,
    split_a,
    through,
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


# -- Matters, posts and the effects ----------------------------------------------------------------------


def test_open_matters_go_to_the_new_grid_and_stay_counted_under_the_old_one(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    case, report = cast.case_at(Stage.HANDLING), cast.report(point=EAST)
    split_a(draft, drafter)
    later = NOON + timedelta(days=1)
    through(draft, drafter, approver, at=later)
    lookup.forget()
    relay_all(LISTENERS)
    relay_all(LISTENERS)
    case, report = Case.objects.get(pk=case.pk), Report.objects.get(pk=report.pk)
    assert IN_GRID_A == (118.905, 32.905)  # on the new border: the lower code has it
    assert (case.current_grid, case.grid, case.handler) == (area(A1), area(A), cast.clerk)
    assert (report.current_grid, report.grid) == (area(A2), area(A))
    assert report.area_path == area(A2).path
    assert Event.objects.filter(subject_id=report.pk, verb="relocate").count() == 1


def test_a_post_goes_on_in_the_grids_that_follow(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    worker = cast.grid_worker
    split_a(draft, drafter)
    through(draft, drafter, approver)
    assert Post.objects.get(account=worker, area__code=A).ends_on == TODAY
    found = Post.objects.filter(account=worker, ends_on=None).order_by("area__code")
    assert [(post.area.code, post.starts_on) for post in found] == [(A1, TODAY), (A2, TODAY)]


def test_the_effects_are_counted_before_anybody_confirms(
    cast: Cast, draft: TerritoryChange, drafter: Account
):
    cast.report()
    cast.grid_worker  # noqa: B018  # holds a post in grid A
    split_a(draft, drafter)
    drafting.propose(draft, by=drafter, at=NOON)
    assert {effect["label"]: effect["count"] for effect in draft.effects} == {"Posts": 1, "Open reports": 1}


# -- Whoever remembers, and whatever else lies there -------------------------------------------------------


def test_a_worker_that_remembers_the_tree_before_takes_matters_along_all_the_same(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    report = cast.report(point=EAST)
    split_a(draft, drafter)
    lookup.place(*EAST)  # within this very second
    through(draft, drafter, approver)
    relay_all(LISTENERS)
    assert Report.objects.get(pk=report.pk).current_grid == area(A2)


def test_what_another_process_located_by_the_tree_before_is_located_once_more(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    split_a(draft, drafter)
    through(draft, drafter, approver)
    relay_all(LISTENERS)
    report = cast.report(point=EAST)
    Report.objects.filter(pk=report.pk).update(current_grid=area(A), area_path=area(A).path)
    assert follow_up(NOON + timedelta(minutes=1)) == 1
    assert Report.objects.get(pk=report.pk).area_path == area(A2).path
    assert follow_up(NOON + timedelta(minutes=2)) == 0


def test_matters_beyond_the_first_follow_in_the_background(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account, monkeypatch: pytest.MonkeyPatch
):
    reports = [cast.report(point=EAST) for _number in range(3)]
    monkeypatch.setattr("wangge.cases.territory.AT_ONCE", 1)
    split_a(draft, drafter)
    through(draft, drafter, approver)
    relay_all(LISTENERS)
    there = Report.objects.filter(pk__in=[report.pk for report in reports])
    assert there.filter(current_grid=area(A2)).count() == 1
    assert ProcrastinateJob.objects.filter(task_name="config.jobs.locate_anew").count() == 1
    locate_anew()
    assert there.filter(current_grid=area(A2)).count() == 3


def test_a_new_grid_takes_the_matters_that_lay_in_none(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    report = cast.report(point=(118.905, 32.915))
    assert report.current_grid == cast.place.community
    north = box(118.90, 32.91, 118.91, 32.92)
    drafting.take(
        draft,
        lambda p, b: steps.create(
            p, b, code=A1, name="北", level="grid", kind="general", parent="990101001001", shape=north
        ),
        by=drafter,
        at=NOON,
    )
    through(draft, drafter, approver)
    relay_all(LISTENERS)
    assert Report.objects.get(pk=report.pk).current_grid == area(A1)


def test_the_forces_serve_the_grids_that_follow(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    police = ForceKind.objects.get(code="police")
    ForcePost.objects.create(
        force=police, area=area(A), name="老张", starts_on=date(2020, 1, 1), shown=True, duty_phone="110"
    )
    split_a(draft, drafter)
    drafting.propose(draft, by=drafter, at=NOON)
    assert {"label": "Posts of the forces", "count": 1} in [
        {key: effect[key] for key in ("label", "count")} for effect in draft.effects
    ]
    deciding.approve(draft, by=approver, at=NOON)
    rows = ForcePost.objects.order_by("area__code").values_list(
        "area__code", "name", "starts_on", "ends_on", "shown"
    )
    assert list(rows) == [
        (A, "老张", date(2020, 1, 1), TODAY, True),
        (A1, "老张", TODAY, None, True),
        (A2, "老张", TODAY, None, True),
    ]


@pytest.fixture
def united(cast: Cast, approver: Account) -> str:
    """The code of the community that shall be made of both; grid A is given to its neighbour on the way."""
    boss = cast.person("boss", "区划主任", Role.TERRITORY, cast.place.county)
    change = drafting.begin(cast.place.county, title="两社区合并", by=boss, at=NOON)
    both = ["990101001001", "990101001002"]
    drafting.take(
        change, partial(steps.merge, olds=both, code="990101001009", name="新社区"), by=boss, at=NOON
    )
    drafting.take(change, partial(steps.end, code=A, into=B), by=boss, at=NOON)
    drafting.propose(change, by=boss, at=NOON)
    return str(change.pk)


def test_unit_grids_belong_to_the_community_that_follows(cast: Cast, united: str, approver: Account):
    deciding.approve(TerritoryChange.objects.get(pk=united), by=approver, at=NOON)
    cells = UnitGrid.objects.values_list("code", "community__code")
    assert list(cells) == [("990101001001901", "990101001009")]


def test_a_unit_grid_belongs_to_the_part_in_which_its_middle_lies(cast: Cast, approver: Account):
    boss = cast.person("boss", "区划主任", Role.TERRITORY, cast.place.county)
    Area.objects.filter(code="990101001001").update(
        boundary=shapely.to_wkb(box(118.90, 32.90, 118.92, 32.91))
    )
    change = drafting.begin(cast.place.county, title="一社区分为两个", by=boss, at=NOON)
    middle = LineString([(118.91, 32.89), (118.91, 32.92)])
    parts = [("990101001008", "西社区"), ("990101001009", "东社区")]
    drafting.take(
        change, partial(steps.split, code="990101001001", line=middle, parts=parts), by=boss, at=NOON
    )
    through(change, boss, approver)
    assert UnitGrid.objects.get().community.code == "990101001008"


def test_an_open_task_stays_with_its_worker_in_the_community_that_follows(
    cast: Cast, united: str, approver: Account
):
    worker, report = cast.grid_worker, cast.report()
    actions.ask_to_verify(report, by=cast.acceptor, at=NOON)
    relay_all(LISTENERS)
    deciding.approve(TerritoryChange.objects.get(pk=united), by=approver, at=NOON)
    relay_all(LISTENERS)
    relay_all(LISTENERS)
    [task] = open_tasks(Account.objects.get(pk=worker.pk))
    assert (task.area, task.assignee) == (area(B), worker)


def test_a_task_whose_worker_works_elsewhere_now_goes_to_whoever_is_near(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    report = cast.report()
    cast.neighbour  # noqa: B018  # works in grid B
    actions.ask_to_verify(report, by=cast.acceptor, at=NOON)
    relay_all(LISTENERS)
    Task.objects.update(assignee=cast.far_worker)
    split_a(draft, drafter)
    through(draft, drafter, approver)
    relay_all(LISTENERS)
    relay_all(LISTENERS)
    assert Task.objects.get().assignee == cast.neighbour


def test_a_file_that_moves_a_community_takes_its_matters_along(cast: Cast):
    second = cast.place.area("990101002", "二街道", "street", cast.place.county)
    report, case = cast.report(), cast.case_at(Stage.CLOSED)
    row = AreaRow(1, "a.csv", "990101001001", "一社区", "community", "", "990101002", None)
    import_areas([row], by=None, at=NOON)
    assert ProcrastinateJob.objects.filter(task_name="config.jobs.locate_anew").count() == 1
    locate_anew()
    case = Case.objects.get(pk=case.pk)
    paths = {Report.objects.get(pk=report.pk).area_path, case.area_path, area(A).path}
    assert paths == {f"{second.path}{cast.place.community.pk}/{area(A).pk}/"}


def test_a_file_that_redraws_a_grid_takes_open_matters_along_and_leaves_those_that_ended(cast: Cast):
    report, case = cast.report(point=EAST), cast.case_at(Stage.CLOSED)
    wide, narrow = box(118.904, 32.90, 118.92, 32.91), box(118.90, 32.90, 118.904, 32.91)
    rows = [BoundaryRow(1, A, "", "grid", None, narrow), BoundaryRow(2, B, "", "grid", None, wide)]
    import_boundaries(rows, by=None, at=NOON)
    locate_anew()
    assert Report.objects.get(pk=report.pk).current_grid == area(B)
    assert Case.objects.get(pk=case.pk).current_grid == area(A)


def test_the_plate_of_a_grid_that_was_divided_leads_to_its_parts(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account, client: Client
):
    split_a(draft, drafter)
    through(draft, drafter, approver)
    page = client.get(f"/g/{A}/")
    assert page.status_code == 200
    assert f'href="/g/{A1}/"' in page.content.decode()
    assert f'href="/g/{A2}/"' in page.content.decode()
    again = drafting.begin(cast.place.community, title="又合并", by=drafter, at=NOON + timedelta(days=1))
    into_b = partial(steps.merge, olds=[A1, A2, B], code="990101001001005", name="甲乙网格")
    drafting.take(again, into_b, by=drafter, at=NOON + timedelta(days=1))
    through(again, drafter, approver, at=NOON + timedelta(days=1))
    assert client.get(f"/g/{A}/").headers["Location"] == "/g/990101001001005/"
    assert client.get("/g/990101001001999/").status_code == 404


# -- Rules that name an area --------------------------------------------------------------------------------


def effects_by_label(change: TerritoryChange) -> dict[str, int]:
    return {effect["label"]: effect["count"] for effect in change.effects}


def test_the_duty_list_goes_on_in_the_parts_and_keeps_its_former_version(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    DutyRow.objects.create(area=area(A), unit_role="街面", unit=cast.water, hours="18:00-08:00")
    split_a(draft, drafter)
    drafting.propose(draft, by=drafter, at=NOON)
    assert effects_by_label(draft)["Rows of the duty list"] == 1
    deciding.approve(draft, by=approver, at=NOON)
    relay_all(LISTENERS)
    rows = DutyRow.objects.filter(unit_role="街面").order_by("area__code")
    assert [(row.area.code, row.unit, row.hours) for row in rows] == [
        (A1, cast.water, "18:00-08:00"),
        (A2, cast.water, "18:00-08:00"),
    ]
    duty = [row["area"] for row in content_of(ConfigVersion.objects.order_by("-number")[0])["duty"].values()]
    assert {A1, A2} <= set(duty)


def test_where_two_rows_meet_the_one_that_is_there_stays(cast: Cast, drafter: Account, approver: Account):
    DutyRow.objects.create(area=area(A), unit_role="街面", unit=cast.water)
    DutyRow.objects.create(area=area(B), unit_role="街面", unit=cast.lamps)
    change = drafting.begin(cast.place.community, title="甲并入乙", by=drafter, at=NOON)
    drafting.take(change, partial(steps.end, code=A, into=B), by=drafter, at=NOON)
    through(change, drafter, approver)
    relay_all(LISTENERS)
    [row] = DutyRow.objects.filter(unit_role="街面")
    assert (row.area, row.unit) == (area(B), cast.lamps)


def test_a_calendar_goes_on_in_every_part_with_its_days(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    calendar = Calendar.objects.create(code="market", name="市场", area=area(A), weekly_rest=[0])
    CalendarDay.objects.create(calendar=calendar, day=date(2026, 10, 8), kind="rest", name="庙会")
    CalendarYear.objects.create(calendar=calendar, year=2026, published_at=NOON)
    split_a(draft, drafter)
    through(draft, drafter, approver)
    relay_all(LISTENERS)
    assert Calendar.objects.get(code="market").area == area(A1)
    copy = Calendar.objects.get(area=area(A2))
    assert (copy.name, copy.weekly_rest, copy.in_force) == ("市场", [0], True)
    assert [(day.day, day.name) for day in copy.days.all()] == [(date(2026, 10, 8), "庙会")]
    assert [year.year for year in copy.years.all()] == [2026]


def test_frozen_scorecards_are_named_and_stay(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    card = Scorecard.objects.create(
        card="areas", period="2026-05", starts_on=date(2026, 5, 1), ends_on=date(2026, 6, 1), level="grid",
        area=cast.place.county, counts=[], as_of=NOON, days=31,
    )  # fmt: skip
    row = ScorecardRow.objects.create(scorecard=card, place=1, path=area(A).path, name="甲网格")
    split_a(draft, drafter)
    drafting.propose(draft, by=drafter, at=NOON)
    assert effects_by_label(draft)["Frozen scorecards"] == 1
    deciding.approve(draft, by=approver, at=NOON)
    relay_all(LISTENERS)
    row.refresh_from_db()
    assert (row.path, row.name) == (area(A).path, "甲网格")

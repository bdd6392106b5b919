"""The tree over time: drafted by one, approved by another, in force on a day, and what lies in it follows."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import pytest
import shapely
from django.db import IntegrityError, transaction
from django.utils import translation
from shapely.geometry import LineString, Polygon, box

from config.listeners import LISTENERS
from wangge.accounts.models import Account, Role
from wangge.audit.models import Event
from wangge.audit.relay import relay_all
from wangge.cases.models import Report
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused
from wangge.territory import history, lookup
from wangge.territory.changes import deciding, drafting, steps, storing
from wangge.territory.changes.picture import Picture
from wangge.territory.changes.plan import Plan, lines
from wangge.territory.changes.storing import Stored
from wangge.territory.models import Area, FormerState, TerritoryChange
from wangge.territory.shapes import from_wkb
from wangge.territory.tests.reorganising import (
    A1,
    A2,
    EAST,
    NOON,
    TODAY,
    WEST,
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


@pytest.fixture
def divided(draft: TerritoryChange, drafter: Account, approver: Account) -> TerritoryChange:
    """Grid A was split today, and everybody heard of it."""
    split_a(draft, drafter)
    through(draft, drafter, approver)
    lookup.forget()
    return draft


def same(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """The same ground, but for the last digit of a degree."""
    return bool(shapely.area(shapely.symmetric_difference(one, other)) < 1e-12)


def grid_on(lon: float, lat: float, day: date) -> int | None:
    found = lookup.place_on(lon, lat, day)
    return found.grid_id if found else None


# -- From draft to in force ------------------------------------------------------------------------------


def test_a_split_ends_the_grid_and_makes_two_that_share_its_ground(divided: TerritoryChange):
    old, west, east = area(A), area(A1), area(A2)
    assert divided.stage == "in_force"
    assert divided.applied_on == TODAY
    assert (old.valid_to, west.valid_from, east.valid_from) == (TODAY, TODAY, TODAY)
    assert same(from_wkb(west.boundary).union(from_wkb(east.boundary)), from_wkb(old.boundary))
    assert west.path == f"{old.parent.path}{west.pk}/"


def test_a_point_is_in_the_new_grid_from_the_day_on_and_in_the_old_one_before(divided: TerritoryChange):
    assert grid_on(*WEST, TODAY - timedelta(days=1)) == area(A).pk
    assert grid_on(*WEST, TODAY) == area(A1).pk
    assert grid_on(*EAST, TODAY) == area(A2).pk
    assert lookup.place_on(119.9, 30.0, TODAY) is None


def test_whoever_drafted_does_not_approve(draft: TerritoryChange, drafter: Account):
    split_a(draft, drafter)
    drafting.propose(draft, by=drafter, at=NOON)
    with pytest.raises(Refused, match="somebody else"):
        deciding.approve(draft, by=drafter, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        TerritoryChange.objects.filter(pk=draft.pk).update(stage="approved", decided_by=drafter)


def test_whoever_drew_does_not_approve_although_another_saved_last(
    draft: TerritoryChange, drafter: Account, approver: Account
):
    split_a(draft, approver)
    drafting.take(draft, lambda p, b: steps.rename(p, b, code=B, name="新乙"), by=drafter, at=NOON)
    drafting.propose(draft, by=drafter, at=NOON)
    with pytest.raises(Refused, match="somebody else"):
        deciding.approve(draft, by=approver, at=NOON)
    verbs = Event.objects.filter(subject_id=draft.pk, actor=approver).values_list("verb", flat=True)
    assert list(verbs) == ["work_on_territory"]


def test_a_streets_administrator_plans_within_the_street_only(cast: Cast, drafter: Account):
    with pytest.raises(Refused, match="东区"):
        drafting.begin(cast.place.county, title="全区", by=drafter, at=NOON)
    with pytest.raises(Refused):
        drafting.begin(cast.place.community, title="别人", by=cast.duty_chief, at=NOON)


def test_an_administrator_of_another_county_does_not_approve(
    cast: Cast, draft: TerritoryChange, drafter: Account
):
    stranger = cast.person("fremd", "西区区划员", Role.TERRITORY, cast.place.elsewhere)
    split_a(draft, drafter)
    drafting.propose(draft, by=drafter, at=NOON)
    with pytest.raises(Refused):
        deciding.approve(draft, by=stranger, at=NOON)


def test_a_change_waits_for_its_day_and_a_job_lets_it_take_effect(
    cast: Cast, drafter: Account, approver: Account
):
    day = TODAY + timedelta(days=3)
    change = drafting.begin(cast.place.community, title="三天后", by=drafter, at=NOON, on=day)
    split_a(change, drafter)
    through(change, drafter, approver)
    assert change.stage == "approved"
    assert not Area.objects.filter(code=A1).exists()
    assert deciding.apply_due(NOON + timedelta(days=2)) == 0
    assert deciding.apply_due(NOON + timedelta(days=3)) == 1
    assert deciding.apply_due(NOON + timedelta(days=3)) == 0
    assert area(A1).valid_from == day
    assert area(A).valid_to == day


def test_a_worker_that_slept_over_the_day_does_not_change_the_days_before(
    cast: Cast, drafter: Account, approver: Account
):
    change = drafting.begin(
        cast.place.community, title="明天", by=drafter, at=NOON, on=TODAY + timedelta(days=1)
    )
    split_a(change, drafter)
    through(change, drafter, approver)
    deciding.apply_due(NOON + timedelta(days=5))
    assert area(A1).valid_from == TODAY + timedelta(days=5)


def test_a_change_in_the_past_is_refused(cast: Cast, drafter: Account):
    with pytest.raises(Refused, match="today or later"):
        drafting.begin(cast.place.community, title="昨天", by=drafter, at=NOON, on=TODAY - timedelta(days=1))


def test_who_did_what_is_written_on_the_chain(divided: TerritoryChange, drafter: Account, approver: Account):
    events = Event.objects.filter(subject_id=divided.pk).order_by("seq")
    assert [(event.verb, event.actor) for event in events] == [
        ("draft_territory", drafter),
        ("propose_territory", drafter),
        ("approve_territory", approver),
        ("territory_in_force", approver),
    ]


def test_a_proposal_that_is_sent_back_says_why_and_is_a_draft_again(
    draft: TerritoryChange, drafter: Account, approver: Account
):
    split_a(draft, drafter)
    drafting.propose(draft, by=drafter, at=NOON)
    with pytest.raises(Refused, match="otherwise"):
        deciding.send_back(draft, by=approver, at=NOON, remark=" ")
    with pytest.raises(Refused, match="2001 characters; at most 2000"):
        deciding.send_back(draft, by=approver, at=NOON, remark="线" * 2001)
    deciding.send_back(draft, by=approver, at=NOON, remark="线应沿道路")
    with pytest.raises(Refused, match="at most 2000"):
        drafting.drop(draft, by=drafter, at=NOON, remark="线" * 2001)
    assert (draft.stage, draft.remark, draft.proposed_by) == ("draft", "线应沿道路", None)


# -- Two people, two drafts ------------------------------------------------------------------------------


def test_the_second_of_two_editors_is_told_who_saved_and_nothing_is_lost(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    seen = draft.revision
    split_a(draft, drafter)
    with pytest.raises(drafting.Overtaken, match="区划员小何"):
        drafting.take(
            draft, lambda p, b: steps.rename(p, b, code=B, name="新乙"), by=approver, at=NOON, seen=seen
        )
    draft.refresh_from_db()
    assert set(draft.plan["ended"]) == {A}


def test_a_step_can_be_taken_back(draft: TerritoryChange, drafter: Account):
    split_a(draft, drafter)
    drafting.undo(draft, by=drafter, at=NOON)
    assert draft.plan == {}
    with pytest.raises(Refused, match="no step"):
        drafting.undo(draft, by=drafter, at=NOON)


def test_a_draft_that_was_overtaken_by_another_change_says_so(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    other = drafting.begin(cast.place.community, title="改名", by=drafter, at=NOON)
    drafting.take(other, lambda p, b: steps.rename(p, b, code=A, name="甲网格（新）"), by=drafter, at=NOON)
    split_a(draft, drafter)
    through(other, drafter, approver)
    with pytest.raises(Refused, match="somebody else since"):
        drafting.propose(draft, by=drafter, at=NOON)


def test_what_waits_already_is_not_planned_twice(cast: Cast, draft: TerritoryChange, drafter: Account):
    split_a(draft, drafter)
    drafting.propose(draft, by=drafter, at=NOON)
    other = drafting.begin(cast.place.community, title="又一次", by=drafter, at=NOON)
    with pytest.raises(Refused, match="甲网格一分为二"):
        drafting.take(other, lambda p, b: steps.rename(p, b, code=A, name="甲"), by=drafter, at=NOON)


# -- Codes -----------------------------------------------------------------------------------------------


def test_a_retired_code_is_never_given_again(cast: Cast, divided: TerritoryChange, drafter: Account):
    again = drafting.begin(cast.place.community, title="又用", by=drafter, at=NOON + timedelta(days=1))
    with pytest.raises(Refused, match="never given twice"):
        drafting.take(
            again,
            lambda p, b: steps.merge(p, b, olds=[A1, A2], code=A, name="甲网格"),
            by=drafter,
            at=NOON + timedelta(days=1),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(code=A, name="又一个", level="grid", path="")


# -- Merge, move, retire, rename -------------------------------------------------------------------------


def test_two_grids_become_one_with_their_ground(draft: TerritoryChange, drafter: Account, approver: Account):
    drafting.take(
        draft, lambda p, b: steps.merge(p, b, olds=[A, B], code=A1, name="甲乙"), by=drafter, at=NOON
    )
    through(draft, drafter, approver)
    assert same(from_wkb(area(A1).boundary), box(118.90, 32.90, 118.92, 32.91))
    assert {area(A).valid_to, area(B).valid_to} == {TODAY}


def test_an_ending_grid_gives_its_ground_to_its_successor(
    draft: TerritoryChange, drafter: Account, approver: Account
):
    drafting.take(draft, lambda p, b: steps.end(p, b, code=A, into=B), by=drafter, at=NOON)
    through(draft, drafter, approver)
    assert shapely.area(from_wkb(area(B).boundary)) == pytest.approx(0.0002)
    was = FormerState.objects.get(area__code=B)
    assert (was.valid_to, shapely.area(from_wkb(was.boundary or b""))) == (TODAY, pytest.approx(0.0001))


def test_a_grid_that_ends_without_a_successor_leaves_a_gap_that_is_named(
    draft: TerritoryChange, drafter: Account
):
    drafting.take(draft, lambda p, b: steps.end(p, b, code=A), by=drafter, at=NOON)
    fault = drafting.open_draft(draft).faults()[0]
    assert fault.kind == "gap"
    assert "118.90" in fault.sentence
    assert fault.place is not None
    with pytest.raises(Refused, match="Nobody has"):
        drafting.propose(draft, by=drafter, at=NOON)


def test_a_community_moves_with_everything_in_it_and_history_knows_where_it_lay(
    cast: Cast, approver: Account
):
    second = cast.place.area("990101002", "二街道", "street", cast.place.county)
    report, county = cast.report(), cast.place.county
    boss = cast.person("boss", "区划主任", Role.TERRITORY, county)
    change = drafting.begin(county, title="一社区划归二街道", by=boss, at=NOON)
    drafting.take(
        change, lambda p, b: steps.move(p, b, code="990101001001", parent="990101002"), by=boss, at=NOON
    )
    old = area(A).path
    through(change, boss, approver)
    lookup.forget()
    relay_all(LISTENERS)
    assert area(A).path == f"{second.path}{cast.place.community.pk}/{area(A).pk}/"
    assert history.around_on(area(A).pk, TODAY - timedelta(days=1))[-1].path == old
    assert [one.name for one in history.around_on(area(A).pk, TODAY)][-3:] == ["二街道", "一社区", "甲网格"]
    assert Report.objects.get(pk=report.pk).area_path == area(A).path


def test_a_grid_that_leaves_a_community_that_moves_too_takes_its_matters_along(cast: Cast, approver: Account):
    county, boss = cast.place.county, cast.person("boss", "区划主任", Role.TERRITORY, cast.place.county)
    cast.place.area("990101002", "二街道", "street", county)
    third = cast.place.area("990101003", "三街道", "street", county)
    cast.place.area("990101003001", "三社区", "community", third)
    report = cast.report()
    change = drafting.begin(county, title="拆分一社区", by=boss, at=NOON)
    for code, parent in (("990101001001", "990101002"), (A, "990101003001")):
        drafting.take(change, partial(steps.move, code=code, parent=parent), by=boss, at=NOON)
    through(change, boss, approver)
    lookup.forget()
    relay_all(LISTENERS)
    assert area(A).path.startswith(third.path)
    assert Report.objects.get(pk=report.pk).area_path == area(A).path


def test_an_english_name_goes_with_the_name_it_translated(
    draft: TerritoryChange, drafter: Account, approver: Account
):
    Area.objects.filter(code=A).update(name_en="First grid")
    Area.objects.filter(code=B).update(name_en="Second grid")
    drafting.take(draft, lambda p, b: steps.rename(p, b, code=A, name="槐荫网格"), by=drafter, at=NOON)
    drafting.take(
        draft,
        lambda p, b: steps.redraw(p, b, {B: box(118.909, 32.9, 118.92, 32.91)}, neighbours_follow=True),
        by=drafter,
        at=NOON,
    )
    through(draft, drafter, approver)
    assert (area(A).name_en, area(B).name_en) == ("", "Second grid")


def test_a_name_changes_and_the_old_one_is_remembered(
    draft: TerritoryChange, drafter: Account, approver: Account
):
    drafting.take(draft, lambda p, b: steps.rename(p, b, code=A, name="槐荫网格"), by=drafter, at=NOON)
    said = [line.sentence for line in lines(*_plan(draft))]
    through(draft, drafter, approver)
    assert said == [f"甲网格 ({A}) is called 槐荫网格."]
    assert [(s.name, s.since, s.until) for s in history.stretches(area(A))] == [
        ("槐荫网格", TODAY, None),
        ("甲网格", date(1949, 10, 1), TODAY),
    ]


def _plan(change: TerritoryChange):
    draft = drafting.open_draft(change)
    return draft.plan, draft.before


def test_a_grid_without_a_boundary_had_none_before_it_got_one(
    draft: TerritoryChange, drafter: Account, approver: Account
):
    Area.objects.filter(code=A).update(boundary=None)
    drafting.take(
        draft, lambda p, b: steps.redraw(p, b, {A: box(118.90, 32.90, 118.91, 32.91)}), by=drafter, at=NOON
    )
    through(draft, drafter, approver)
    assert grid_on(*WEST, TODAY - timedelta(days=1)) is None
    assert grid_on(*WEST, TODAY) == area(A).pk


def test_a_fault_in_one_change_does_not_hold_back_the_next(
    cast: Cast, drafter: Account, approver: Account, monkeypatch: pytest.MonkeyPatch
):
    day = TODAY + timedelta(days=1)
    for code in (A, B):
        change = drafting.begin(cast.place.community, title=f"改名{code}", by=drafter, at=NOON, on=day)
        drafting.take(change, partial(steps.rename, code=code, name="新名"), by=drafter, at=NOON)
        through(change, drafter, approver)
    stored = storing.store

    def fails_for_a(plan: Plan, before: Picture, on: date) -> Stored:
        if A in plan.wanted:
            raise ZeroDivisionError
        return stored(plan, before, on)

    monkeypatch.setattr(storing, "store", fails_for_a)
    assert deciding.apply_due(NOON + timedelta(days=1)) == 1
    assert (area(A).name, area(B).name) == ("甲网格", "新名")
    assert "log" in TerritoryChange.objects.get(title=f"改名{A}").trouble


# -- Boundaries ------------------------------------------------------------------------------------------

BOW_TIE = shapely.Polygon([(118.90, 32.90), (118.91, 32.91), (118.91, 32.90), (118.90, 32.91)])
FAULTS = {
    "crossing": (A, BOW_TIE),
    "overlap": (A, box(118.90, 32.90, 118.912, 32.91)),
    "gap": (A, box(118.90, 32.90, 118.908, 32.91)),
    "parts": (A, shapely.union(box(118.90, 32.90, 118.905, 32.91), box(118.906, 32.90, 118.91, 32.91))),
    "sliver": (A, box(118.90, 32.90, 118.900001, 32.91)),
    "hole": (A, box(118.90, 32.90, 118.91, 32.91).difference(box(118.905, 32.905, 118.905005, 32.905005))),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_what_is_wrong_with_a_boundary_is_said_with_its_place(
    kind: str, draft: TerritoryChange, drafter: Account
):
    code, shape = FAULTS[kind]
    drafting.take(draft, lambda p, b: steps.redraw(p, b, {code: shape}), by=drafter, at=NOON)
    found = drafting.open_draft(draft).faults()
    assert kind in [fault.kind for fault in found]
    fault = next(fault for fault in found if fault.kind == kind)
    assert fault.place is not None
    assert "118.9" in fault.sentence


def test_a_boundary_that_crosses_itself_takes_nothing_from_its_neighbours(
    draft: TerritoryChange, drafter: Account
):
    with pytest.raises(Refused, match=r"crosses or touches itself at 118\.90500, 32\.90500"):
        drafting.take(
            draft, lambda p, b: steps.redraw(p, b, {A: BOW_TIE}, neighbours_follow=True), by=drafter, at=NOON
        )


def test_overlaps_that_were_there_stand_against_nothing_new(draft: TerritoryChange, drafter: Account):
    twice = [box(118.909, 32.901, 118.9105, 32.902), box(118.908, 32.906, 118.9105, 32.907)]
    Area.objects.filter(code=B).update(
        boundary=shapely.to_wkb(shapely.union_all([box(118.9101, 32.90, 118.92, 32.91), *twice]))
    )
    drafting.take(draft, lambda p, b: steps.rename(p, b, code=A, name="甲（新）"), by=drafter, at=NOON)
    assert drafting.open_draft(draft).faults() == []
    wider = box(118.90, 32.90, 118.9102, 32.91)
    drafting.take(draft, lambda p, b: steps.redraw(p, b, {A: wider}), by=drafter, at=NOON)
    assert [fault.kind for fault in drafting.open_draft(draft).faults()] == ["overlap"]


def test_a_grid_that_leaves_its_community_is_told_where(cast: Cast, draft: TerritoryChange, drafter: Account):
    Area.objects.filter(code="990101001001").update(
        boundary=shapely.to_wkb(box(118.90, 32.90, 118.92, 32.91))
    )
    wide = box(118.90, 32.90, 118.91, 32.915)
    drafting.take(draft, lambda p, b: steps.redraw(p, b, {A: wide}), by=drafter, at=NOON)
    fault = drafting.open_draft(draft).faults()[0]
    assert fault.kind == "outside"
    assert "一社区" in fault.sentence


def test_neighbours_give_and_take_what_a_redrawn_grid_takes_and_leaves(
    draft: TerritoryChange, drafter: Account, approver: Account
):
    narrow = box(118.90, 32.90, 118.907, 32.91)
    drafting.take(
        draft, lambda p, b: steps.redraw(p, b, {A: narrow}, neighbours_follow=True), by=drafter, at=NOON
    )
    through(draft, drafter, approver)
    assert same(from_wkb(area(B).boundary), box(118.907, 32.90, 118.92, 32.91))


def test_micro_grids_follow_a_split_and_one_across_the_line_is_divided(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    for number, west in enumerate((118.90, 118.904), start=1):
        cast.place.area(
            f"{A}0{number}", f"微{number}", "micro", cast.place.grid_a, kind="micro",
            boundary=shapely.to_wkb(box(west, 32.90, west + (0.004 if number == 1 else 0.006), 32.91)),
        )  # fmt: skip
    split_a(draft, drafter)
    through(draft, drafter, approver)
    micros = dict(Area.objects.filter(level="micro", valid_to=None).values_list("code", "parent__code"))
    assert micros == {f"{A}01": A1, f"{A}02": A2, f"{A1}01": A1}


@pytest.mark.parametrize("beside", [True, False])
def test_what_a_new_border_cuts_off_of_a_micro_grid_and_is_too_little_for_one_goes_to_the_one_beside_it(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account, beside: bool
):
    """A border half a metre beside that of micro-grids, as designers and surveyors draw them, blocks no draft."""
    middle = 118.905  # of the line that divides the grid
    for number, (west, east) in enumerate([(118.90, middle + 5e-6), (middle + 5e-6, 118.91)], start=1):
        if number == 1 or beside:
            cast.place.area(
                f"{A}0{number}", f"微{number}", "micro", cast.place.grid_a, kind="micro",
                boundary=shapely.to_wkb(box(west, 32.90, east, 32.91)),
            )  # fmt: skip
    split_a(draft, drafter)
    assert drafting.open_draft(draft).faults() == []
    through(draft, drafter, approver)
    micros = Area.objects.filter(level="micro", valid_to=None)
    assert dict(micros.values_list("code", "parent__code")) == (
        {f"{A}01": A1, f"{A}02": A2} if beside else {f"{A}01": A1}
    )
    assert same(from_wkb(micros.get(code=f"{A}01").boundary or b""), box(118.90, 32.90, middle, 32.91))
    if beside:
        assert same(from_wkb(micros.get(code=f"{A}02").boundary or b""), box(middle, 32.90, 118.91, 32.91))


def test_new_grids_need_micro_grids_only_where_there_were_some(
    cast: Cast, drafter: Account, approver: Account
):
    """Of two grids one had micro-grids: a division that goes across both leaves the ground of the other without."""
    for number, west in enumerate((118.90, 118.905), start=1):
        cast.place.area(
            f"{A}0{number}", f"微{number}", "micro", cast.place.grid_a, kind="micro",
            boundary=shapely.to_wkb(box(west, 32.90, west + 0.005, 32.91)),
        )  # fmt: skip
    bent = Polygon([(118.90, 32.905), (118.91, 32.905), (118.92, 32.906), (118.92, 32.91), (118.90, 32.91)])
    lower = box(118.90, 32.90, 118.92, 32.91).difference(bent)
    change = drafting.draft_of_grids(
        cast.place.community, [{"shape": lower}, {"shape": bent}], title="重新划分", by=drafter, at=NOON
    )
    assert drafting.open_draft(change).faults() == []
    through(change, drafter, approver)
    assert Area.objects.filter(level="micro", valid_to=None).count() == 4


def test_a_new_grid_does_not_leave_what_was_in_a_micro_grid(
    cast: Cast, draft: TerritoryChange, drafter: Account
):
    for number, west in enumerate((118.90, 118.905), start=1):
        cast.place.area(
            f"{A}0{number}", f"微{number}", "micro", cast.place.grid_a, kind="micro",
            boundary=shapely.to_wkb(box(west, 32.90, west + 0.005, 32.91)),
        )  # fmt: skip
    halves = [box(118.90, 32.90, 118.91, 32.905), box(118.90, 32.905, 118.91, 32.91)]
    drafting.take(
        draft,
        lambda p, b: steps.divide(p, b, code=A, parts=[(A1, "南", halves[0]), (A2, "北", halves[1])]),
        by=drafter,
        at=NOON,
    )
    assert drafting.open_draft(draft).faults() == []
    drafting.take(draft, lambda p, b: steps.end(p, b, code=f"{A}01"), by=drafter, at=NOON)
    fault = drafting.open_draft(draft).faults()[0]
    assert (fault.kind, fault.codes) in [("gap", (A1,)), ("gap", (A2,))]


def test_a_line_that_does_not_cross_the_grid_is_refused(draft: TerritoryChange, drafter: Account):
    short = LineString([(118.902, 32.902), (118.905, 32.905)])
    with pytest.raises(Refused, match="edge to edge"):
        drafting.take(
            draft,
            lambda p, b: steps.split(p, b, code=A, line=short, parts=[(A1, "一"), (A2, "二")]),
            by=drafter,
            at=NOON,
        )


def test_a_proposal_of_grids_becomes_a_draft_with_followers(cast: Cast, drafter: Account, approver: Account):
    grids = [{"shape": box(118.90, 32.90, 118.92, 32.905)}, {"shape": box(118.90, 32.905, 118.92, 32.91)}]
    change = drafting.draft_of_grids(cast.place.community, grids, title="重新划分", by=drafter, at=NOON)
    plan = drafting.open_draft(change).plan
    assert dict(plan.ended) == {A: (A1, A2), B: (A1, A2)}
    through(change, drafter, approver)
    lookup.forget()
    assert grid_on(118.901, 32.903, TODAY) == area(A1).pk

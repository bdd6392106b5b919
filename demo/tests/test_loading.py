"""The made-up district in the tables: whole or not at all, never beside real data, and alive at every stage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import transaction
from django.db.models import F, Q

from demo.loading import Amount, Loaded, load
from demo.loading.redivision import DAYS_AGO
from demo.loading.reorganisation import SPLIT_AREAS
from demo.people import DEMO_PEOPLE
from demo.places import District
from demo.tasks import keep_files_waiting
from wangge.accounts.models import Account, AdminPost
from wangge.accounts.queries import demo_people
from wangge.attachments.models import Attachment
from wangge.attachments.store import local_store
from wangge.audit.models import AccessEntry, Event, Outbox
from wangge.audit.verification import verify_events
from wangge.cases import clocks, permissions
from wangge.cases.classes_data import read_unit_roles
from wangge.cases.configuration import versions
from wangge.cases.models import Case, Clock, ConfigVersion, DutyRow, Escalation, Handover, Rating, Report
from wangge.cases.queries.roster import on_duty_for
from wangge.cases.workflow import CASE_STAGES, REPORT_STAGES, Stage
from wangge.fieldwork.models import Task
from wangge.registry.models import Building, Facility, FacilityClass, FacilityFile
from wangge.territory import lookup
from wangge.territory.changes.drafting import open_draft
from wangge.territory.designer import asking, drafts, running
from wangge.territory.designer.asking import Wish
from wangge.territory.designer.forms import HIGH, LOW
from wangge.territory.models import (
    Area,
    BaseFeature,
    GridDesign,
    GridProposal,
    Post,
    TerritoryChange,
    UnitGrid,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Tuesday afternoon: the desk is at work, and there was a weekend in the story.
NOW = datetime(2026, 6, 16, 15, 20, tzinfo=SHANGHAI)
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def loaded(district: District, django_db_setup: None, django_db_blocker: Any) -> Iterator[Loaded]:
    """Two weeks of the district, once for all tests that only look; taken back at the end."""
    with django_db_blocker.unblock():
        undone = transaction.atomic()
        undone.__enter__()
        try:
            versions.note_outside_changes(at=NOW)  # as `wangge setup` does before
            yield load(Amount(days=14, per_day=5), at=NOW, say=lambda words: None, district=district)
        finally:
            transaction.set_rollback(True)
            undone.__exit__(None, None, None)
            lookup.forget()
            clocks.look_again()


def account(name: str) -> Account:
    return Account.objects.select_related("unit").get(username=name)


REDIVIDED = "网格重新划分"


# -- The territory and what stands in it ----------------------------------------------------------------


def test_every_area_and_unit_grid_is_in_its_place(loaded: Loaded, district: District) -> None:
    redivided = TerritoryChange.objects.get(title__endswith=REDIVIDED).plan["wanted"]
    assert loaded.areas == len(district.areas) == Area.objects.count() - SPLIT_AREAS - len(redivided)
    assert UnitGrid.objects.count() == len(district.unit_grids)
    county = Area.objects.get(level="county")
    below = Area.objects.filter(level__in=("street", "community", "grid", "micro"))
    assert all(area.path.startswith(county.path) and area.boundary for area in below)
    assert Area.objects.filter(level="grid", households=None).count() == 0
    assert sum(street.households or 0 for street in Area.objects.filter(level="street")) == county.households


def test_a_community_was_redivided_by_two_people_and_what_came_before_is_counted_in_its_old_grids(
    loaded: Loaded,
) -> None:
    change = TerritoryChange.objects.get(title__endswith=REDIVIDED)
    assert (change.stage, change.proposed_by == change.decided_by) == ("in_force", False)
    assert change.applied_on == NOW.date() - timedelta(days=DAYS_AGO)
    new = Area.objects.filter(parent=change.within, level="grid", kind="general", valid_to=None)
    assert all(LOW <= (grid.households or 0) <= HIGH for grid in new)
    assert all(grid.posts.filter(role="grid_worker", ends_on=None).count() <= 2 for grid in new)
    workers = Post.objects.filter(area__in=new, role="grid_worker", ends_on=None).values_list(
        "account", flat=True
    )
    assert len(workers) == len(set(workers)) > 0
    cases = Case.objects.filter(area_path__startswith=change.within.path)
    assert cases.filter(grid__valid_to=None, filed_at__date__lt=change.applied_on).exclude(
        grid__kind="dedicated"
    ).count() == 0  # fmt: skip
    old = cases.filter(grid__valid_to=change.applied_on)
    assert old.exists()
    assert not old.filter(closed_at=None, current_grid__valid_to=change.applied_on).exists()


def test_the_grids_of_the_whole_district_can_be_designed_anew(loaded: Loaded) -> None:
    """Some have micro-grids, whose ground new borders cut anyhow: nothing of that stands against the draft."""
    by, wish = account("quhua"), Wish("全区网格重新划分", LOW, HIGH, ["growing"], ["main_roads", "water"])
    design = asking.begin(Area.objects.get(level="county"), wish, by=by, at=NOW)
    running.go_on(design.pk, design.run, clock=lambda: NOW)
    design.refresh_from_db()
    change = drafts.into_draft(design, "growing", title=wish.title, by=by, at=NOW)
    found = open_draft(change)
    assert found.faults() == []
    new = {node.code for node in found.after.nodes.values() if node.level == "micro"} - set(
        Area.objects.values_list("code", flat=True)
    )
    assert new


def test_a_design_waits_to_be_compared(loaded: Loaded) -> None:
    design = GridDesign.objects.get(change=None)
    assert (design.stage, design.trouble, design.parts.count()) == ("done", "", 1)
    assert GridProposal.objects.filter(part__design=design).count() == len(design.methods) > 0


def test_a_micro_grid_was_split_before_the_first_matter_and_a_draft_is_in_the_making(loaded: Loaded) -> None:
    past = TerritoryChange.objects.filter(stage="in_force").earliest("made_at")
    assert past.proposed_by != past.decided_by
    (old,) = Area.objects.filter(level="micro").exclude(valid_to=None)
    assert old.valid_to is not None
    followers = Area.objects.filter(valid_from=old.valid_to)
    assert {area.parent_id for area in followers} == {old.parent_id}
    draft = TerritoryChange.objects.get(stage="draft")
    assert open_draft(draft).faults() == []


def test_no_code_is_one_of_a_real_division(loaded: Loaded) -> None:
    assert not Area.objects.exclude(code__startswith="99").exists()
    assert not UnitGrid.objects.exclude(code__startswith="99").exists()
    assert not Facility.objects.exclude(code__startswith="99").exists()


def test_the_map_has_ground_and_the_register_its_things(loaded: Loaded, district: District) -> None:
    kinds = set(BaseFeature.objects.values_list("kind", flat=True))
    assert kinds == {"road", "water", "green", "block", "place"}
    ranks = set(BaseFeature.objects.filter(kind="road").values_list("rank", flat=True))
    assert ranks == {0, 1, 2, 3}
    assert FacilityClass.objects.count() == 153
    assert Facility.objects.count() == len(district.facilities)
    assert Facility.objects.filter(Q(unit=None) | Q(grid=None) | Q(unit_grid=None)).count() == 0
    assert Building.objects.count() == len(district.buildings)
    lons, lats, grids = zip(*Facility.objects.values_list("lon", "lat", "grid_id"), strict=True)
    assert lookup.grids_of(np.array(lons), np.array(lats)) == list(grids), "a file of them changes nothing"


# -- People -----------------------------------------------------------------------------------------------


def test_files_of_facilities_stand_at_each_stage_worth_seeing(loaded: Loaded) -> None:
    """One taken over, one that somebody may decide about, one with rows to correct; the newest first."""
    wrong, waits, done = FacilityFile.objects.all()
    assert (done.stage, done.found["changed"], done.stored_by) == ("stored", 4, account("shouli"))
    surveyed = done.made_at.date()
    assert Facility.objects.filter(surveyed_on=surveyed, state="damaged").count() >= 4
    assert waits.stage == wrong.stage == "found"
    assert waits.found["error_count"] == 0
    assert (waits.found["created"], waits.found["changed"]) == (1, 5)
    assert wrong.found["error_count"] == 3, wrong.found["errors"]


def test_files_that_wait_are_there_however_old_the_district_is(loaded: Loaded) -> None:
    """What nobody decides about is forgotten after a week; a district that is only looked at has some all the same."""
    names = set(FacilityFile.objects.filter(stage="found").values_list("name", flat=True))
    later = NOW + timedelta(days=30)
    keep_files_waiting(int(later.timestamp()))
    assert FacilityFile.objects.count() == 3, "those that wait are enough"
    FacilityFile.objects.filter(stage="found").update(stage="dropped")  # as the sweep does
    for _time in range(2):
        keep_files_waiting(int(later.timestamp()))
    again = FacilityFile.objects.filter(stage="found", made_at__gt=NOW + timedelta(days=29))
    assert sorted(again.values_list("name", flat=True)) == sorted(names)
    assert {file.found["error_count"] for file in again} == {0, 3}


def test_the_sign_in_page_offers_the_named_people_in_order_and_nobody_has_a_password(loaded: Loaded) -> None:
    assert [person.username for person in demo_people()] == [person.account for person in DEMO_PEOPLE]
    assert loaded.people == Account.objects.count() > 150
    assert not any(person.has_usable_password() for person in Account.objects.all())
    assert set(AdminPost.objects.values_list("account__username", flat=True)) == {
        "xitong",
        "anquan",
        "shenji",
    }


def test_the_configuration_was_in_force_on_the_first_day_and_its_versions_follow_in_time(
    loaded: Loaded,
) -> None:
    moments = list(ConfigVersion.objects.order_by("number").values_list("published_at", flat=True))
    opened = NOW - timedelta(days=14)
    assert moments == [opened - timedelta(days=1), opened]


def test_the_duty_list_names_a_unit_for_every_kind_of_work_everywhere(loaded: Loaded) -> None:
    rows = DutyRow.objects.filter(area__level="county", matter=None)
    assert {row.unit_role for row in rows} == {role.code for role in read_unit_roles()}
    assert DutyRow.objects.filter(area__level="community", unit_role="community").count() == 14


def test_everybody_sees_what_their_posts_reach_and_nothing_else(loaded: Loaded) -> None:
    everything = Report.objects.count()

    def seen(name: str) -> int:
        return Report.objects.filter(permissions.visible_reports(account(name))).count()

    assert seen("shouli") == seen("lingdao") == everything
    assert 0 < seen("jiedao") < everything
    assert 0 < seen("wanggezhang") < seen("zhiban")
    assert seen("xitong") == seen("shenji") == 0
    lamps = Case.objects.filter(permissions.visible_cases(account("ludeng")))
    assert lamps.exists()
    assert set(lamps.values_list("unit__code", flat=True)) == {"QL-LD"}


# -- Matters ----------------------------------------------------------------------------------------------


def test_something_stands_at_every_stage(loaded: Loaded) -> None:
    assert set(Report.objects.values_list("stage", flat=True)) == set(REPORT_STAGES)
    # "Handled" is left in the same moment: a check is asked for at once.
    assert set(Case.objects.values_list("stage", flat=True)) == set(CASE_STAGES) - {Stage.DONE}
    assert Case.objects.filter(closed_at=None, reworked_at__isnull=False).exists(), (
        "rework is a list of its own"
    )


def test_nothing_lies_in_the_future_and_the_history_is_as_long_as_asked(loaded: Loaded) -> None:
    assert Event.objects.order_by("-at")[0].at <= NOW
    first = Event.objects.exclude(subject_kind="territory_change").order_by("at")[0]
    assert NOW - timedelta(days=15) < first.at < NOW - timedelta(days=12)
    assert not Attachment.objects.filter(uploaded_at__gt=NOW).exists()
    assert not Rating.objects.filter(at__gt=NOW).exists()


def test_numbers_rise_with_time(loaded: Loaded) -> None:
    filed = list(Case.objects.order_by("number").values_list("filed_at", flat=True))
    assert filed == sorted(filed)
    received = [
        moment.date() for moment in Report.objects.order_by("number").values_list("received_at", flat=True)
    ]
    assert received == sorted(received)


def test_some_are_late_but_most_are_not(loaded: Loaded) -> None:
    running = Case.objects.exclude(stage=Stage.CLOSED)
    late = running.filter(due_at__lt=NOW).count()
    assert late < 0.35 * running.count()
    handled = Clock.objects.filter(kind="handle").exclude(stopped_at=None)
    assert 0 < handled.filter(stopped_at__gt=F("due_at")).count() < 0.3 * handled.count()


def test_the_log_of_the_load_can_be_verified(loaded: Loaded) -> None:
    assert list(verify_events()) == []
    assert AccessEntry.objects.filter(act="demo.loaded").count() == 1


def test_workers_have_tasks_and_no_event_waits_for_a_listener(loaded: Loaded) -> None:
    assert Outbox.objects.count() == 0
    open_tasks = Task.objects.filter(done_at=None)
    assert set(open_tasks.values_list("kind", flat=True)) == {"verify", "check"}
    waiting = (
        Report.objects.filter(stage=Stage.VERIFYING).count()
        + Case.objects.filter(stage=Stage.CHECKING).count()
    )
    assert open_tasks.count() == waiting
    assert open_tasks.exclude(assignee=None).count() > 0.8 * waiting


def test_those_whom_the_sign_in_page_offers_have_something_to_do(loaded: Loaded) -> None:
    assert {task.kind for task in account("wangge").tasks.filter(done_at=None)} == {"verify", "check"}
    for name in ("ludeng", "chengguan"):
        own = Case.objects.filter(unit=account(name).unit)
        assert own.filter(stage=Stage.DISPATCHED).exists()
        assert own.filter(stage=Stage.HANDLING).exists()


def test_photos_have_their_sizes_and_few_files_serve_many(loaded: Loaded) -> None:
    photos = Attachment.objects.all()
    assert photos.filter(purpose="after").count() >= Case.objects.filter(stage=Stage.CLOSED).count()
    stored = {photo.thumb_sha256 for photo in photos}
    assert all(local_store().exists(digest) for digest in stored)
    assert len(stored) < 51 * 2 * 2 * 2
    shown = photos.exclude(published_at=None)
    assert 0 < shown.count() < photos.count()
    assert all(photo.published_by_id for photo in shown)


def test_clocks_were_computed_with_the_shipped_calendar(loaded: Loaded) -> None:
    assert Clock.objects.filter(provisional=True).count() < Clock.objects.count()
    assert not Clock.objects.filter(case__stage=Stage.CLOSED, stopped_at=None).exists()


def test_the_desk_has_a_roster_a_handover_and_what_is_overdue_was_escalated(loaded: Loaded) -> None:
    assert {shift.role for shift in on_duty_for(account("shouli"), NOW)} == {
        "acceptor", "duty_chief", "dispatcher",
    }  # fmt: skip
    assert Handover.objects.get().confirmed_at is None
    assert Escalation.objects.filter(could_not=False).exists()
    assert not Escalation.objects.filter(could_not=True).exists()

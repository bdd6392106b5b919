"""A year is published, a day moves: every running clock follows, and the log says from when to when."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from wangge.audit.models import AccessEntry, Event
from wangge.audit.verification import verify_all
from wangge.cases import actions, clocks
from wangge.cases.models import Calendar, CalendarDay, Case, Clock, ClockKind, FilingCondition, StageLimit
from wangge.cases.queries.timeline import timeline
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 12, 18, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAYS_2027 = "date,kind,name\n2027-01-01,rest,元旦\n2027-01-03,work,元旦\n"


@pytest.fixture
def days(tmp_path: Path) -> Path:
    file = tmp_path / "days.csv"
    file.write_text(DAYS_2027, encoding="utf-8")
    return file


@pytest.fixture
def case(cast: Cast) -> Case:
    """Ten working days from Friday 18 December 2026, while 2027 is not published (worked example 4)."""
    FilingCondition.objects.filter(pk=cast.condition.pk).update(limit_amount=10)
    condition = cast.lamp.conditions.get(limit_kind="working_days", limit_amount=10)
    cast.lamps  # noqa: B018  # the duty list must exist
    case = actions.file_report(cast.report(at=FRIDAY), condition=condition, by=cast.duty_chief, at=FRIDAY)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=FRIDAY)
    return case


def handling(case: Case) -> Clock:
    return Clock.objects.get(case=case, kind=ClockKind.HANDLE)


def test_publishing_a_year_moves_what_was_provisional_and_says_so(case: Case, days: Path) -> None:
    assert (handling(case).due_at, handling(case).provisional) == (
        FRIDAY.replace(year=2027, month=1, day=4),
        True,
    )
    version = Calendar.objects.get(code="default").version

    call_command("import_calendar", str(days), "--publish", "2027", "--dry-run")
    assert handling(case).provisional
    assert not Event.objects.filter(verb="recompute").exists()

    call_command("import_calendar", str(days), "--publish", "2027")

    third = FRIDAY.replace(year=2027, month=1, day=3)
    assert (handling(case).due_at, handling(case).provisional) == (third, False)
    case.refresh_from_db()
    assert case.due_at == third
    assert case.whole_due_at == Clock.objects.get(case=case, kind=ClockKind.WHOLE).due_at
    event = Event.objects.get(subject_id=case.pk, verb="recompute")
    old, new = event.payload.data["changes"]["due_handle"]
    assert datetime.fromisoformat(old) == FRIDAY.replace(year=2027, month=1, day=4)
    assert datetime.fromisoformat(new) == third
    assert Calendar.objects.get(code="default").version == version + 1
    assert AccessEntry.objects.filter(act="calendar_changed").count() == 1
    assert list(verify_all()) == []

    call_command("import_calendar", str(days), "--publish", "2027")
    assert AccessEntry.objects.filter(act="calendar_changed").count() == 1  # nothing changed, nothing said


def test_the_timeline_tells_the_recomputed_moment_in_words(case: Case, days: Path) -> None:
    call_command("import_calendar", str(days), "--publish", "2027")
    told = [entry for entry in timeline(case, [], {}) if entry.verb == "recompute"]
    handle = str(ClockKind.HANDLE.label)
    [(old, new)] = [(old, new) for what, old, new in told[0].changes if handle in what]
    assert (old, new) == ("2027-01-04 10:00", "2027-01-03 10:00")
    assert not [what for what, _old, _new in told[0].changes if "due" in what]


def test_a_given_or_stopped_clock_stays(case: Case, days: Path) -> None:
    Clock.objects.filter(case=case).update(given=True)
    due = handling(case).due_at
    call_command("import_calendar", str(days), "--publish", "2027")
    assert handling(case).due_at == due
    assert not Event.objects.filter(verb="recompute", subject_id=case.pk).exists()


def test_a_wrong_line_and_an_unknown_calendar_are_refused_in_words(
    cast: Cast, tmp_path: Path, days: Path
) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("date,kind,name\n2027-01-01,rest,\n2027-02-30,rest,\n", encoding="utf-8")
    with pytest.raises(Refused, match="3"):
        call_command("import_calendar", str(wrong))
    with pytest.raises(Refused, match="elsewhere"):
        call_command("import_calendar", str(days), "--calendar", "elsewhere")
    with pytest.raises(Refused):
        call_command("import_calendar")


def test_a_day_or_a_kind_of_limit_changed_by_hand_is_noticed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_again() -> None:
        monkeypatch.setattr(clocks._settings, "_looked_at", 0.0)  # a second has passed

    calendar = Calendar.objects.get(code="default")
    CalendarDay.objects.create(calendar=calendar, day=FRIDAY.date(), kind="rest")
    look_again()
    assert not clocks.calendar_for("/").calendar.is_working_day(FRIDAY.date())

    StageLimit.objects.filter(clock=ClockKind.CHECK).update(limit_kind="urgent_hours")
    look_again()
    assert clocks.stage_limit(ClockKind.CHECK).kind == "urgent_hours"
    clocks.look_again()

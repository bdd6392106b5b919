"""Once a day everything is tied together; whoever rewrites the past afterwards does not go unnoticed."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from config.jobs import anchor_log
from wangge.audit import anchor_line, anchors
from wangge.audit.actions import record_access
from wangge.audit.anchors import copy_of, make_anchors
from wangge.audit.models import AccessEntry, Anchor, Event
from wangge.audit.tests.tampering import take_out, tamper
from wangge.audit.verification import (
    last_sound_anchor,
    verify_all,
    verify_anchors,
    verify_and_record,
    verify_copies,
    verify_ends,
    verify_events,
    verify_since,
)
from wangge.cases import actions
from wangge.cases.models import Case
from wangge.cases.tests.cast import Cast
from wangge.cases.workflow import Stage

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def tomorrow(days: int = 1) -> datetime:
    return timezone.now() + DAY * days


@pytest.fixture
def case(cast: Cast) -> Case:
    """A case that was handled on the day that is anchored."""
    case = cast.case_at(Stage.HANDLING)
    record_access("see_contact", by=cast.acceptor, at=timezone.now())
    make_anchors(at=tomorrow())
    return case


def events_of(case: Case) -> list[Event]:
    return list(Event.objects.filter(subject_id=case.pk).order_by("seq"))


def whats(faults: object) -> list[str]:
    return [fault.what for fault in faults]  # type: ignore[attr-defined]


def test_an_anchor_covers_what_the_day_added(case: Case) -> None:
    anchor = Anchor.objects.get()
    assert anchor.day == timezone.localdate()
    assert anchor.events == Event.objects.count()
    assert anchor.chains == Event.objects.values("subject_id").distinct().count()
    assert anchor.last >= Event.objects.latest("id").pk
    assert anchor.access == AccessEntry.objects.latest("id").pk
    assert list(verify_all()) == []


def test_each_day_is_tied_to_the_one_before_and_holds_only_what_is_new(case: Case, cast: Cast) -> None:
    actions.comment_case(case, by=cast.clerk, note="二号灯杆")
    make_anchors(at=tomorrow(2))
    first, second = Anchor.objects.all()
    assert second.day == first.day + DAY
    assert bytes(second.previous) == bytes(first.digest)
    assert (second.after, second.events, second.chains) == (first.last, 1, 1)


def test_a_quiet_day_has_an_anchor_too_and_no_day_has_two(case: Case) -> None:
    make_anchors(at=tomorrow(2))
    assert make_anchors(at=tomorrow(2)) == []
    assert list(Anchor.objects.values_list("events", flat=True))[1:] == [0]
    assert list(verify_all()) == []


def test_days_that_were_missed_are_caught_up_each_with_its_own(case: Case, cast: Cast) -> None:
    actions.comment_case(case, by=cast.clerk, note="第二天", at=tomorrow(1))
    actions.comment_case(case, by=cast.clerk, note="第三天", at=tomorrow(2))
    record_access("see_contact", by=cast.acceptor, at=tomorrow(2))
    made = make_anchors(at=tomorrow(4))
    assert [anchor.events for anchor in made] == [1, 1, 0]
    assert made[0].access < made[1].access
    assert list(verify_all()) == []


def test_nothing_that_is_still_being_written_is_passed_by(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter([{"7/1", "7/2"}, {"7/1"}, {"7/1", "7/9"}, {"7/9"}])  # a later writer need not be waited for
    monkeypatch.setattr(anchors, "_writers", lambda: next(looks))
    make_anchors(at=tomorrow(2))
    assert list(looks) == []


def test_who_writes_for_too_long_is_said_and_the_anchor_is_made_later(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anchors, "PATIENCE", 0.0)
    monkeypatch.setattr(anchors, "_writers", lambda: {"7/1"})
    with pytest.raises(Exception, match="made later"):
        make_anchors(at=tomorrow(2))
    assert Anchor.objects.count() == 1


def test_an_anchor_is_never_changed_or_taken_out(case: Case) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Anchor.objects.update(events=0)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Anchor.objects.all().delete()


# -- Whoever may do everything to the database -------------------------------------------------------


def rewound(case: Case) -> Event:
    """Cut the newest event and set the case back, so that its chain looks whole and ends where the case says."""
    *_, before, last = events_of(case)
    take_out(last.pk)
    tamper(
        "UPDATE cases_case SET event_seq = %s, event_digest = %s WHERE id = %s",
        before.seq,
        bytes(before.digest),
        case.pk,
    )
    assert list(verify_events()) == []
    assert list(verify_ends()) == []
    return last


def test_a_tail_cut_together_with_its_subjects_memory_is_named_by_the_day(case: Case) -> None:
    rewound(case)
    [fault] = verify_anchors()
    assert fault.row == f"anchor of {timezone.localdate()}"
    assert "rows were taken out" in fault.what


def test_a_copy_with_heads_names_the_chain_and_the_place(case: Case) -> None:
    copies = anchor_line.read(copy_of(Anchor.objects.get(), heads=True))
    last = rewound(case)
    faults = list(verify_copies(copies))
    assert (f"case {case.pk}", f"no. {last.seq} of {timezone.localdate()} is missing") in [
        (fault.row, fault.what) for fault in faults
    ]


def test_a_copy_names_a_whole_chain_that_is_gone_and_one_that_was_put_in(case: Case, cast: Cast) -> None:
    copies = anchor_line.read(copy_of(Anchor.objects.get(), heads=True))
    events = events_of(case)
    take_out(*(event.pk for event in events))
    other = cast.case_at(Stage.FILED)
    [filed] = events_of(other)
    tamper("UPDATE audit_event SET id = %s WHERE id = %s", 10**9, 10**9)  # nothing of that number
    take_out_words_and_move(filed, events[0].pk)
    named = {fault.row: fault.what for fault in verify_copies(copies)}
    assert "all its events of" in named[f"case {case.pk}"]
    assert "was put in among the events of" in named[f"case {other.pk}"]


def take_out_words_and_move(event: Event, number: int) -> None:
    tamper("DELETE FROM audit_outbox WHERE event_id = %s", event.pk)
    tamper("DELETE FROM audit_payload WHERE event_id = %s", event.pk)
    tamper("UPDATE audit_event SET id = %s WHERE id = %s", number, event.pk)


def test_a_whole_day_taken_out_of_the_log_is_named(case: Case, cast: Cast) -> None:
    actions.comment_case(case, by=cast.clerk, note="第二天")
    make_anchors(at=tomorrow(2))
    day = Anchor.objects.last()
    assert day is not None
    take_out(*Event.objects.filter(pk__gt=day.after).values_list("pk", flat=True))
    assert [fault.row for fault in verify_anchors()] == [f"anchor of {day.day}"]
    assert [fault.what for fault in verify_ends()] == [f"no. {case.event_seq} is missing at the end"]


def test_a_missing_anchor_is_named_by_the_next_and_by_the_file(case: Case, anchor_file: Path) -> None:
    make_anchors(at=tomorrow(3))
    middle = Anchor.objects.all()[1].day
    tamper("DELETE FROM audit_anchor WHERE day = %s", middle)
    assert f"the anchor of {middle} is missing before it" in whats(verify_anchors())
    assert "is missing; the line of anchors.txt is there" in whats(verify_anchors())


def test_the_first_and_the_newest_anchor_missing_are_named(case: Case, anchor_file: Path) -> None:
    make_anchors(at=tomorrow(3))
    days = list(Anchor.objects.values_list("day", flat=True))
    tamper("DELETE FROM audit_anchor WHERE day = %s", days[-1])
    assert [fault.row for fault in verify_anchors()] == [f"anchor of {days[-1]}"]
    tamper("DELETE FROM audit_anchor WHERE day = %s", days[0])
    assert "is not the first: the days before it are missing" in whats(verify_anchors())


def test_anchors_made_anew_over_rewritten_rows_differ_from_the_file_and_from_any_copy(case: Case) -> None:
    copies = anchor_line.read(copy_of(Anchor.objects.get()))
    rewound(case)
    tamper("DELETE FROM audit_anchor")
    from django.conf import settings

    kept = Path(settings.ANCHOR_FILE).read_text(encoding="utf-8")
    make_anchors(at=tomorrow())
    Path(settings.ANCHOR_FILE).write_text(kept, encoding="utf-8")
    assert whats(verify_anchors()) == ["the line of anchors.txt says something else"]
    assert "the copy says something else" in whats(verify_copies(copies))


def test_a_changed_anchor_is_named(case: Case) -> None:
    tamper("UPDATE audit_anchor SET events = events + 1")
    assert whats(verify_anchors())[0] == "was changed"


def test_a_cut_tail_of_the_access_log_is_named(case: Case) -> None:
    last = AccessEntry.objects.latest("id")
    tamper("DELETE FROM audit_accessentry WHERE id = %s", last.pk)
    assert whats(verify_anchors()) == [f"access entry {last.pk}, the last of its day, is missing"]


# -- Only what moved -----------------------------------------------------------------------------------


def test_the_next_verification_reads_only_what_moved_since_a_sound_anchor(case: Case, cast: Cast) -> None:
    quiet = cast.case_at(Stage.CLOSED)
    make_anchors(at=tomorrow(2))
    assert verify_and_record(by=None, at=timezone.now(), full=False) == 0  # no sound anchor yet: everything
    sound = last_sound_anchor()
    assert sound is not None
    actions.comment_case(case, by=cast.clerk, note="又看了一次")

    old, moved = events_of(quiet)[1], events_of(case)[1]
    tamper("UPDATE audit_event SET at = at - interval '1 hour' WHERE id = ANY(%s)", [old.pk, moved.pk])
    assert [f"event {moved.pk} " in fault.row for fault in verify_since(sound)] == [True]
    assert len([fault for fault in verify_all() if fault.what == "was changed"]) == 2


@pytest.mark.parametrize("remembered", [True, False])
def test_what_was_taken_out_since_is_found_without_reading_the_rest(
    case: Case, cast: Cast, remembered: bool
) -> None:
    verify_and_record(by=None, at=timezone.now())
    now = timezone.now()
    new = actions.file_report(cast.report(), condition=cast.condition, by=cast.duty_chief, at=now)
    report_events = Event.objects.filter(verb="file", subject_kind="report").latest("id")
    make_anchors(at=tomorrow(2))
    sound = last_sound_anchor()
    assert sound is not None
    take_out(*(event.pk for event in events_of(new)), report_events.pk)
    if not remembered:
        tamper("UPDATE cases_case SET event_seq = 0, event_digest = %s WHERE id = %s", bytes(32), new.pk)
    rows = [fault.row for fault in verify_since(sound)]
    assert (f"case {new.pk}" in rows) is remembered
    assert any(row.startswith("anchor of") for row in rows)


def test_a_verification_that_found_faults_is_not_built_upon(case: Case) -> None:
    assert verify_and_record(by=None, at=timezone.now()) == 0
    event = events_of(case)[0]
    make_anchors(at=tomorrow(2))
    tamper("UPDATE audit_event SET verb = 'never' WHERE id = %s", event.pk)
    assert verify_and_record(by=None, at=timezone.now()) > 0
    sound = last_sound_anchor()
    assert sound is not None
    assert sound.day == timezone.localdate()


def test_an_anchor_that_is_no_longer_what_it_was_is_not_built_upon(case: Case) -> None:
    verify_and_record(by=None, at=timezone.now())
    tamper("UPDATE audit_anchor SET digest = %s", bytes(32))
    assert last_sound_anchor() is None


def test_the_job_anchors_after_midnight_and_verifies_once(case: Case) -> None:
    for _hour in range(3):
        anchor_log(int(tomorrow(2).timestamp()))
    results = AccessEntry.objects.filter(act="log_verified")
    assert [entry.detail["faults"] for entry in results] == [0]
    assert Anchor.objects.count() == 2


# -- On paper and elsewhere ------------------------------------------------------------------------------


@pytest.fixture
def copied(case: Case, tmp_path: Path) -> Path:
    path = tmp_path / "copy.txt"
    out = StringIO()
    call_command("anchors", "--heads", timezone.localdate().isoformat(), stdout=out)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def offline(*paths: Path) -> subprocess.CompletedProcess[str]:
    """Check with nothing but Python's own library, anywhere."""
    return subprocess.run(
        [sys.executable, "-I", anchor_line.__file__, *map(str, paths)],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip


def test_a_copy_is_checked_without_the_program(copied: Path) -> None:
    assert offline(copied).stdout == "1 anchors, 0 faults.\n"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("events=", "events=1"), "the line was changed"),
        (lambda text: text[: text.rindex("head ")], "its heads were changed"),
        (lambda text: text + "nonsense\n", "is no anchor: nonsense"),
    ],
)
def test_a_changed_copy_is_found_without_the_program(
    copied: Path, change: Callable[[str], str], said: str
) -> None:
    copied.write_text(change(copied.read_text()), encoding="utf-8")
    answer = offline(copied)
    assert answer.returncode != 0
    assert said in answer.stdout + answer.stderr


def test_a_line_put_between_two_days_is_found(case: Case, tmp_path: Path) -> None:
    make_anchors(at=tomorrow(2))
    first, second = (anchor.line for anchor in Anchor.objects.all())
    forged = anchor_line.Line(**{**second.__dict__, "previous": "00" * 32})
    copies = anchor_line.read([str(first), str(forged)])
    assert [fault for _day, fault in anchor_line.faults_among(copies)] == [
        f"it does not follow the anchor of {first.day}"
    ]


def test_the_command_holds_the_log_against_a_copy(case: Case, copied: Path) -> None:
    call_command("verify_log", anchor=[str(copied)], stdout=StringIO())
    rewound(case)
    out = StringIO()
    with pytest.raises(CommandError, match="faults found"):
        call_command("verify_log", anchor=[str(copied)], stdout=out)
    assert f"case {case.pk}: no." in out.getvalue()


def test_the_command_says_what_it_cannot_read(case: Case, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    with pytest.raises(CommandError, match="holds no anchor"):
        call_command("verify_log", anchor=[str(empty)])
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_log", anchor=[str(tmp_path / "nowhere.txt")])
    with pytest.raises(CommandError, match="is no day"):
        call_command("anchors", since="last week")
    with pytest.raises(CommandError, match="when it is over"):
        call_command("anchors", heads="2001-01-01")


def test_the_command_verifies_only_what_moved_when_asked(case: Case) -> None:
    verify_and_record(by=None, at=timezone.now())
    out = StringIO()
    call_command("verify_log", since=True, stdout=out)
    assert out.getvalue().startswith(f"What moved after {timezone.localdate()}:")


@pytest.mark.django_db(transaction=True)
def test_an_event_being_written_meanwhile_is_waited_for(cast: Cast) -> None:
    """A number drawn before the anchor but committed after it would otherwise be passed by for good."""
    report, wrote, go_on = cast.report(), threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            actions.ask_to_verify(report, by=cast.acceptor)
            wrote.set()
            go_on.wait(5)
        connection.close()

    by = cast.acceptor
    assert by is not None
    slow = threading.Thread(target=write)
    slow.start()
    wrote.wait(5)
    threading.Timer(0.3, go_on.set).start()
    [anchor] = make_anchors(at=tomorrow())
    slow.join()
    assert anchor.events == Event.objects.count() == 2
    assert list(verify_all()) == []


def test_the_days_of_the_first_anchor_are_those_before(db: None) -> None:
    assert anchors._days(None, date(2026, 3, 1)) == [date(2026, 2, 28)]
    assert anchors._days(date(2026, 2, 27), date(2026, 3, 1)) == [date(2026, 2, 28)]
    assert anchors._days(date(2026, 2, 28), date(2026, 3, 1)) == []

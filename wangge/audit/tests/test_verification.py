"""Whoever changes, removes or inserts a row of the log is found out, and the row is named."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from wangge.audit.actions import erase_words, record_access
from wangge.audit.models import AccessEntry, Event, Payload
from wangge.audit.tests.tampering import take_out, tamper
from wangge.audit.verification import verify_access, verify_all, verify_ends, verify_events
from wangge.cases.models import Case
from wangge.cases.tests.cast import Cast
from wangge.cases.workflow import Stage

pytestmark = pytest.mark.django_db


def day_of(event: Event) -> str:
    event.refresh_from_db()
    return timezone.localdate(event.at).isoformat()


@pytest.fixture
def event(cast: Cast) -> Event:
    """The third of seven events of a closed case."""
    case = cast.case_at(Stage.CLOSED)
    assert list(verify_events()) == []
    return Event.objects.get(subject_id=case.pk, seq=3)


def test_the_application_cannot_change_the_log(event: Event) -> None:
    event.verb = "never happened"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk)._raw_delete("default")


def test_a_changed_row_is_named(event: Event) -> None:
    tamper("UPDATE audit_event SET at = at - interval '1 hour' WHERE id = %s", event.pk)
    faults = list(verify_events())
    assert [fault.row for fault in faults] == [
        f"event {event.pk} (case {event.subject_id} no. 3, accept, {day_of(event)})"
    ]


def test_a_missing_row_is_named_by_the_one_after_it(event: Event) -> None:
    take_out(event.pk)
    faults = list(verify_events())
    assert len(faults) == 1
    assert "no. 4" in faults[0].row
    assert "no. 3 is missing" in faults[0].what


def test_a_cut_tail_is_named_by_the_subject_that_had_it(event: Event) -> None:
    chain = list(Event.objects.filter(subject_id=event.subject_id).order_by("seq"))
    assert list(verify_all()) == []

    take_out(chain[-1].pk)
    assert list(verify_events()) == []  # what is left is a whole chain
    assert [(fault.row, fault.what) for fault in verify_ends()] == [
        (f"case {event.subject_id}", f"no. {len(chain)} is missing at the end")
    ]
    take_out(chain[-2].pk)
    assert [fault.what for fault in verify_all()] == [
        f"no. {len(chain) - 1} to {len(chain)} are missing at the end"
    ]
    take_out(*(event.pk for event in chain[:-2]))
    assert [fault.what for fault in verify_all()] == ["all its events are missing"]


def test_an_event_put_in_after_the_last_is_named(event: Event) -> None:
    tamper("UPDATE cases_case SET event_seq = 6 WHERE event_seq = %s", 7)
    assert [fault.what for fault in verify_ends()] == ["no. 7 was put in at the end"]


def test_an_inserted_row_is_named(event: Event) -> None:
    last = Event.objects.filter(subject_id=event.subject_id).latest("seq")
    tamper(
        "INSERT INTO audit_event (subject_kind, subject_id, seq, verb, at, from_stage, to_stage, payload_digest,"
        " previous, digest) SELECT subject_kind, subject_id, 8, 'close', at, '', '', payload_digest, digest, digest"
        " FROM audit_event WHERE id = %s",
        last.pk,
    )
    assert ["no. 8" in fault.row for fault in verify_events()] == [True]


def test_words_are_erased_with_a_record_and_the_chain_stays_whole(event: Event, cast: Cast) -> None:
    case = Case.objects.get(pk=event.subject_id)
    words = Payload.objects.filter(event__subject_id=case.pk)
    count = words.count()
    assert erase_words(case, kind="case", by=cast.duty_chief, at=timezone.now(), purpose="asked for") == count
    assert not words.exists()
    entry = AccessEntry.objects.latest("id")
    assert (entry.act, entry.subject_id, entry.purpose) == ("words_erased", str(case.pk), "asked for")
    assert entry.detail == {"rows": count}
    assert list(verify_all()) == []


def test_words_of_others_stay_when_one_matter_is_erased(event: Event, cast: Cast) -> None:
    other = cast.case_at(Stage.HANDLING)
    case = Case.objects.get(pk=event.subject_id)
    erase_words(case, kind="case", by=None, at=timezone.now(), purpose="retention")
    assert Payload.objects.filter(event__subject_id=other.pk).exists()
    with pytest.raises(DatabaseError, match="erase_words"), transaction.atomic():
        Payload.objects.filter(event__subject_id=other.pk).delete()


def test_words_go_no_other_way_and_are_never_changed(event: Event) -> None:
    with pytest.raises(DatabaseError, match="erase_words"), transaction.atomic():
        Payload.objects.filter(event=event).delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Payload.objects.filter(event=event).update(data={})

    tamper('UPDATE audit_payload SET data = \'{"unit": "somebody else"}\' WHERE event_id = %s', event.pk - 1)
    assert [fault.what for fault in verify_events()] == ["its words were changed"]


@pytest.mark.parametrize("table", ["audit_event", "audit_payload", "audit_accessentry", "audit_anchor"])
def test_no_log_is_emptied_unless_its_owner_says_so(event: Event, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL wangge.may_truncate = off")
        with pytest.raises(DatabaseError, match="TRUNCATE"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_the_access_log_names_a_changed_and_a_missing_entry(cast: Cast) -> None:
    for number in range(3):
        record_access("looked at a phone number", by=cast.acceptor, at=timezone.now(), subject_id=number)
    assert list(verify_access()) == []
    second = AccessEntry.objects.order_by("id")[1]

    tamper("UPDATE audit_accessentry SET purpose = 'none' WHERE id = %s", second.pk)
    assert [str(second.pk) in fault.row for fault in verify_access()] == [True]
    tamper("DELETE FROM audit_accessentry WHERE id = %s", second.pk)
    assert len(list(verify_access())) == 1

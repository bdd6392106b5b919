"""The relay hands every event over at least once, in order for each subject, whatever a listener does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wangge.audit import relay
from wangge.audit.actions import record_access
from wangge.audit.models import AccessEntry, Event, Outbox
from wangge.cases import actions
from wangge.cases.models import Report
from wangge.cases.tests.cast import Cast

pytestmark = pytest.mark.django_db

heard: list[tuple[str, str]] = []
broken: set[str] = set()


def first(event: Event) -> None:
    heard.append(("first", event.verb))


def second(event: Event) -> None:
    if event.verb in broken:
        raise RuntimeError("the other system does not answer")
    heard.append(("second", event.verb))


LISTENERS = dict.fromkeys(("receive", "verify"), (f"{__name__}.first", f"{__name__}.second"))


@pytest.fixture(autouse=True)
def _silence() -> None:
    heard.clear()
    broken.clear()


@pytest.fixture
def verifying(cast: Cast) -> Report:
    report = cast.report()
    actions.ask_to_verify(report, by=cast.acceptor)
    return report


def test_events_are_handed_over_in_order_and_leave_the_outbox(verifying: Report) -> None:
    assert relay.relay_all(LISTENERS) == 2
    assert heard == [("first", "receive"), ("second", "receive"), ("first", "verify"), ("second", "verify")]
    assert not Outbox.objects.exists()


def test_an_event_nobody_listens_to_just_leaves(verifying: Report) -> None:
    assert relay.relay_all({}) == 2
    assert not Outbox.objects.exists()


def test_a_failing_listener_holds_back_its_subject_only(verifying: Report, cast: Cast) -> None:
    broken.add("receive")
    other = cast.report()
    actions.ask_to_verify(other, by=cast.acceptor)
    broken_first = Outbox.objects.order_by("event_id").first()
    assert broken_first is not None

    relay.relay_once(LISTENERS)

    assert ("first", "verify") not in heard  # both subjects wait behind their own first event
    failed = Outbox.objects.get(pk=broken_first.pk)
    assert failed.tries == 1
    assert "does not answer" in failed.error


def test_the_note_of_a_failure_repeats_nobodys_words(
    verifying: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(event: Event) -> None:
        raise IntegrityError("new row violates a constraint\nDETAIL:  Failing row contains (13812341234).")

    monkeypatch.setattr(f"{__name__}.first", refused)
    relay.relay_once(LISTENERS)
    [error] = Outbox.objects.exclude(error="").values_list("error", flat=True)
    assert "IntegrityError: new row violates a constraint" in error
    assert "13812341234" not in error


def test_what_succeeded_is_not_done_again_when_the_rest_is_retried(verifying: Report) -> None:
    broken.add("receive")
    relay.relay_once(LISTENERS)
    broken.clear()
    Outbox.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))

    relay.relay_all(LISTENERS)

    assert heard.count(("first", "receive")) == 1
    assert heard.count(("second", "receive")) == 1
    assert not Outbox.objects.exists()


def test_a_failed_event_waits_longer_each_time(verifying: Report) -> None:
    broken.add("receive")
    waits = []
    for _attempt in range(3):
        Outbox.objects.update(next_try_at=None)
        before = timezone.now()
        relay.relay_once(LISTENERS)
        row = Outbox.objects.order_by("event_id").first()
        assert row is not None
        assert row.next_try_at is not None
        waits.append(row.next_try_at - before)
    assert waits == sorted(waits)
    assert waits[0] < waits[2] / 2


def test_any_number_of_failing_events_does_not_stop_the_others(
    verifying: Report, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "BATCH", 2)
    Outbox.objects.filter(event__subject_id=verifying.pk, event__verb="receive").update(
        tries=3, next_try_at=timezone.now() + timedelta(hours=1)
    )
    assert relay.stuck() == 1
    other = cast.report()

    relay.relay_all(LISTENERS)

    assert heard == [("first", "receive"), ("second", "receive")]
    assert set(Outbox.objects.values_list("event__subject_id", flat=True)) == {verifying.pk}
    assert not Outbox.objects.filter(event__subject_id=other.pk).exists()


def test_a_batch_full_of_failures_is_followed_by_the_next_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "BATCH", 2)
    broken.add("receive")
    for _number in range(5):
        cast.report()

    assert relay.relay_all(LISTENERS) == 0

    assert relay.stuck() == 5  # each was tried once; none hid another
    assert set(Outbox.objects.values_list("tries", flat=True)) == {1}


def test_what_one_listener_did_stays_when_the_next_one_fails(verifying: Report) -> None:
    Outbox.objects.exclude(event__verb="receive").delete()
    assert relay.relay_once({"receive": (f"{__name__}.marks", f"{__name__}.breaks")}) == 0
    row = Outbox.objects.get(event__subject_id=verifying.pk, event__verb="receive")
    assert row.done == [f"{__name__}.marks"]
    assert row.tries == 1
    assert AccessEntry.objects.filter(act="marked").count() == 1
    assert not AccessEntry.objects.filter(act="broken").exists()


def marks(event: Event) -> None:
    record_access("marked", by=None, at=event.at)


def breaks(event: Event) -> None:
    record_access("broken", by=None, at=event.at)
    raise ValueError("on purpose")


def test_handing_over_takes_two_statements_for_each_listener_and_one_to_forget(verifying: Report) -> None:
    Outbox.objects.exclude(event__verb="receive", event__subject_id=verifying.pk).delete()
    with CaptureQueriesContext(connection) as told:
        assert relay.relay_once(LISTENERS) == 1
    inside = [one["sql"] for one in told if "advisory" not in one["sql"]]
    # What is ready; the event's own savepoint, since a test is a transaction; two listeners; the end.
    assert len(inside) == 1 + 2 + 2 * 2 + 1, inside

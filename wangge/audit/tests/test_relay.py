"""The relay hands every event over at least once, in order for each subject, whatever a listener does."""

import logging
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wangge.audit import relay
from wangge.audit.actions import record_access
from wangge.audit.models import AccessEntry, Event, Outbox
from wangge.cases import actions
from wangge.cases.models import Report
from wangge.cases.tests.cast import Cast
from wangge.common.logs import WithoutCodes

pytestmark = pytest.mark.django_db

PHONE = "13812341234"
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
    assert failed.error.endswith(".second: RuntimeError")


def test_the_note_of_a_failure_repeats_nobodys_words(
    verifying: Report, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(event: Event) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::integer", [PHONE])

    monkeypatch.setattr(f"{__name__}.first", refused)
    relay.relay_once(LISTENERS)
    [error] = Outbox.objects.exclude(error="").values_list("error", flat=True)
    assert error == f"{__name__}.first: DataError 22003"
    [record] = [record for record in caplog.records if record.name == "wangge.audit.relay"]
    assert WithoutCodes().filter(record)
    written = logging.Formatter().format(record)
    assert "DataError 22003" in written
    assert "SELECT %s::integer" in written, "where it happened is told"
    assert PHONE not in written


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


# -- Together -------------------------------------------------------------------------------------------------


@relay.together
def crowd(events: Sequence[Event]) -> None:
    if broken & {event.verb for event in events}:
        raise RuntimeError("the other system does not answer")
    heard.append(("crowd", " ".join(event.verb for event in events)))


@relay.only_where(lambda events: {event.pk for event in events if event.verb == "verify"})
def picky(event: Event) -> None:
    heard.append(("picky", event.verb))


@relay.together
def marks_and_breaks(events: Sequence[Event]) -> None:
    record_access("together", by=None, at=events[0].at)
    if len(events) > 1:
        raise ValueError("on purpose")


def listen(*names: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(("receive", "verify"), tuple(f"{__name__}.{name}" for name in names))


@pytest.fixture
def two_verifying(verifying: Report, cast: Cast) -> Report:
    other = cast.report()
    actions.ask_to_verify(other, by=cast.acceptor)
    return other


def test_events_of_many_subjects_are_taken_together_and_each_subject_keeps_its_order(
    two_verifying: Report,
) -> None:
    assert relay.relay_all(listen("crowd")) == 4
    assert heard == [("crowd", "receive receive"), ("crowd", "verify verify")]
    assert not Outbox.objects.exists()


def test_where_one_of_many_fails_each_goes_alone_and_only_the_guilty_waits(
    two_verifying: Report, cast: Cast
) -> None:
    Outbox.objects.filter(event__subject_id=two_verifying.pk, event__verb="receive").delete()
    broken.add("verify")
    assert relay.relay_once(listen("crowd")) == 1
    assert heard == [("crowd", "receive")]  # first in a turn with the other's “verify”, then alone
    assert list(Outbox.objects.values_list("event__verb", "tries")) == [("verify", 1)] * 2
    broken.clear()
    Outbox.objects.update(next_try_at=None)
    assert relay.relay_all(listen("crowd")) == 2
    assert not Outbox.objects.exists()


def test_what_was_done_together_and_failed_leaves_nothing_behind(two_verifying: Report) -> None:
    Outbox.objects.exclude(event__verb="receive").delete()
    assert relay.relay_once(listen("marks_and_breaks")) == 2
    assert (
        AccessEntry.objects.filter(act="together").count() == 2
    )  # alone, one each; nothing of the first try


def test_a_listener_gets_only_what_concerns_it_and_those_after_it_wait_for_it(two_verifying: Report) -> None:
    assert relay.relay_all(listen("picky", "crowd")) == 4
    assert heard == [
        ("crowd", "receive receive"),
        ("picky", "verify"), ("crowd", "verify"),
        ("picky", "verify"), ("crowd", "verify"),
    ]  # fmt: skip


def test_a_listener_of_many_takes_a_single_event_too(verifying: Report) -> None:
    event = Event.objects.filter(subject_id=verifying.pk).order_by("seq")[0]
    crowd(event)
    picky(event)
    assert heard == [("crowd", "receive")]


def test_a_batch_that_is_not_full_leaves_what_comes_meanwhile_for_the_next_pass(
    two_verifying: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "BATCH", 3)
    relay.relay_waiting(listen("crowd"))
    assert not Outbox.objects.exists()
    assert heard == [("crowd", "receive receive"), ("crowd", "verify"), ("crowd", "verify")]


def test_the_listeners_of_all_verbs_can_be_put_in_one_order() -> None:
    listeners = relay.installed_listeners()
    order = list(relay._in_order(listeners.values()))
    for names in listeners.values():
        assert sorted(names, key=order.index) == list(names)

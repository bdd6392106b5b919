"""Reports that arrive together are stored together, and each keeps its own answer and error."""

import contextlib
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, connections

from wangge.cases.actions import Draft, Prepared, Received, store_reports
from wangge.cases.models import Report
from wangge.cases.tests.cast import IN_GRID_A, NOON, Cast, assemble
from wangge.intake import group

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 24


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


def drafts(cast: Cast, count: int = MANY) -> list[Draft]:
    lon, lat = IN_GRID_A
    return [
        Draft(channel="open311", source="test", source_key=f"key-{n}", text=f"路灯{n}", at=NOON, lon=lon, lat=lat,
              matter=cast.lamp)
        for n in range(count)
    ]  # fmt: skip


def receive_all(meeting: group.Group, wanted: Sequence[Draft]) -> list[Received | Exception]:
    """Each draft from a thread of its own, all at once; the answer or error of each, in order."""
    gate = threading.Barrier(len(wanted))

    def receive(draft: Draft) -> Received | Exception:
        gate.wait()
        try:
            return meeting.receive(draft)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(wanted)) as threads:
        return list(threads.map(receive, wanted))


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the batches that were stored; the first takes so long that the others meet behind it."""
    sizes: list[int] = []

    def slowly(prepared: Sequence[Prepared]) -> list[Received]:
        sizes.append(len(prepared))
        time.sleep(0.3 if len(sizes) == 1 else 0)
        return store_reports(prepared)

    monkeypatch.setattr(group, "store_reports", slowly)
    return sizes


def test_everybody_is_answered_with_the_own_number(cast: Cast, batches: list[int]) -> None:
    wanted = drafts(cast)
    answers = receive_all(group.Group(), wanted)
    stored = dict(Report.objects.values_list("number", "text"))
    assert [stored[answer.number] for answer in answers if isinstance(answer, Received)] == [
        d.text for d in wanted
    ]
    assert sum(batches) == MANY
    assert max(batches) > 1, "who met behind the first was stored together"


def test_one_that_cannot_be_stored_fails_alone(cast: Cast, batches: list[int]) -> None:
    wanted = drafts(cast)
    unsaved = type(cast.lamp)(pk=987654321, code="gone")
    wanted[7] = replace(wanted[7], matter=unsaved)
    answers = receive_all(group.Group(), wanted)
    assert [type(answer) for answer in answers].count(Received) == MANY - 1
    assert isinstance(answers[7], IntegrityError)
    assert Report.objects.count() == MANY - 1


def test_when_the_connection_is_lost_after_the_commit_nothing_is_stored_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[list[Received]] = []

    def losing(prepared: Sequence[Prepared]) -> list[Received]:
        received = store_reports(prepared)
        if not lost:
            lost.append(received)
            raise OperationalError("server closed the connection unexpectedly")
        return received

    monkeypatch.setattr(group, "store_reports", losing)
    [answer] = receive_all(group.Group(), drafts(cast, 1))
    assert isinstance(answer, Received)
    assert answer.number == lost[0][0].number == Report.objects.get().number


def test_a_dead_connection_is_replaced(cast: Cast) -> None:
    meeting = group.Group()
    first, second = drafts(cast, 2)
    meeting.receive(first)
    other = connections.create_connection("default")
    with contextlib.closing(other), other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    time.sleep(0.1)
    assert meeting.receive(second).new


def test_after_a_failure_the_next_in_line_still_leads(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(prepared: Sequence[Prepared]) -> Any:
        raise OperationalError("no more disk")

    meeting = group.Group()
    monkeypatch.setattr(group, "store_reports", never)
    assert all(isinstance(answer, OperationalError) for answer in receive_all(meeting, drafts(cast)))
    monkeypatch.undo()
    assert meeting.receive(drafts(cast, 1)[0]).new

"""The short way of reading and writing whole rows does what the ORM does."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from wangge.audit.tests.tampering import by_hand
from wangge.cases.models import Case, Clock, Help, Report
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.workflow import Stage
from wangge.common import rows


def columns(row: Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_locked_row_is_the_row_the_orm_reads(cast: Cast) -> None:
    case = cast.case_at(Stage.CLOSED)
    report = case.reports.get()
    for theirs in (Case.objects.get(pk=case.pk), report, case.clocks.all()[0]):
        ours: Model = rows.lock(type(theirs), theirs.pk)
        assert columns(ours) == columns(theirs)
        assert {name: type(value) for name, value in columns(ours).items()} == {
            name: type(value) for name, value in columns(theirs).items()
        }
        assert not ours._state.adding
    assert rows.lock(Case, case.pk).unit == case.unit


def test_the_lock_holds_others_off(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    with CaptureQueriesContext(connection) as told:
        rows.lock(Case, case.pk)
    assert told[0]["sql"].endswith("FOR UPDATE")


def test_a_stored_row_is_read_again_as_it_was_written(cast: Cast) -> None:
    report = cast.report()
    report.text, report.attributes, report.street_only = "改了", {"lamp": ["one", "二"]}, True
    report.due_at = None
    with by_hand():
        rows.store(report)
    again = Report.objects.get(pk=report.pk)
    assert columns(again) == columns(report)


def test_of_a_locked_row_only_what_changed_is_written(cast: Cast) -> None:
    report = rows.lock(Report, cast.report().pk)
    report.text = "改了"
    report.attributes["lamp"] = "one"
    with by_hand(), CaptureQueriesContext(connection) as told:
        rows.store(report)
    [said] = [one["sql"] for one in told if one["sql"].startswith("UPDATE")]
    assert '"text" = ' in said
    assert '"attributes" = ' in said
    assert '"address"' not in said
    again = Report.objects.get(pk=report.pk)
    assert (again.text, again.attributes) == ("改了", {"lamp": "one"})
    report.text = "又改"
    with by_hand():
        rows.store(report)  # once more, though what was read is forgotten
    assert Report.objects.get(pk=report.pk).text == "又改"


def test_a_row_is_found_with_the_one_it_points_at(cast: Cast) -> None:
    case, report = cast.case_at(Stage.DISPATCHED), cast.report()
    found = rows.find_with(Case, "unit", number=case.number)
    assert found is not None
    with CaptureQueriesContext(connection) as told:
        assert columns(found) == columns(Case.objects.get(pk=case.pk))
        assert found.unit is not None
        assert columns(found.unit) == columns(cast.lamps)
    assert len(told) == 1  # theirs
    alone = rows.find_with(Report, "case", number=report.number)
    assert alone is not None
    assert alone.case is None
    assert rows.find_with(Report, "case", number=0) is None


def test_a_held_row_is_held_as_long_as_its_transaction(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    with transaction.atomic(), CaptureQueriesContext(connection) as told:
        held = rows.hold(Case, number=case.number)
    assert told[0]["sql"].endswith("FOR UPDATE")
    assert held is not None
    assert columns(held) == columns(Case.objects.get(pk=case.pk))
    assert rows.is_held(held)  # the transaction of the test goes on
    assert not rows.is_held(case)
    assert rows.hold(Case, number="–") is None


@pytest.mark.django_db(transaction=True)
def test_when_the_transaction_is_over_nothing_is_held(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    with transaction.atomic():
        held = rows.hold(Case, number=case.number)
        assert held is not None
        assert rows.is_held(held)
    assert not rows.is_held(held)
    with transaction.atomic():
        assert not rows.is_held(held)


@pytest.mark.django_db(transaction=True)
def test_what_was_held_at_an_earlier_call_or_before_going_back_is_held_no_longer(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)

    @transaction.atomic
    def looked_at(before: Case | None = None) -> Case | None:
        assert before is None or not rows.is_held(before)
        return rows.hold(Case, number=case.number)

    looked_at(looked_at())
    with transaction.atomic():
        with suppress(ZeroDivisionError), transaction.atomic():
            inner = rows.hold(Case, number=case.number)
            assert inner is not None
            assert rows.is_held(inner)
            raise ZeroDivisionError
        assert inner is not None
        assert not rows.is_held(inner)


def test_an_inserted_row_has_its_key_and_every_value(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    clock = Clock.objects.filter(case=case, kind="handle").get()
    old, clock.pk, clock.kind = clock.pk, None, "check"
    clock._state.adding = True
    rows.insert(clock)
    assert clock.pk not in (None, old)
    again = Clock.objects.get(pk=clock.pk)
    assert columns(again) == columns(clock)
    again.used_before = timedelta(hours=2)
    with by_hand():
        rows.store(again)
    assert Clock.objects.get(pk=clock.pk).used_before == timedelta(hours=2)
    assert again.started_at > NOON


def test_a_row_that_is_gone_is_missed(cast: Cast) -> None:
    clock = Clock.objects.get(case=cast.case_at(Stage.DISPATCHED), kind="handle")
    pk = clock.pk
    with by_hand():
        clock.delete()
    clock.pk = pk
    with pytest.raises(Clock.DoesNotExist):
        rows.lock(Clock, pk)
    with pytest.raises(Clock.DoesNotExist):
        rows.store(clock)


def test_a_row_is_found_by_its_own_values_only(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    found = rows.find(Case, number=case.number, unit=cast.lamps.pk)
    assert found is not None
    assert columns(found) == columns(Case.objects.get(pk=case.pk))
    assert rows.find(Case, number=case.number, unit=cast.centre.pk) is None
    assert rows.find(Case, pk=case.pk) == case


def test_what_is_there_is_told_and_deleted_by_exact_values(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    helps = [Help(case=case, unit=unit, asked_at=NOON) for unit in (cast.centre, cast.water)]
    rows.insert(*helps)
    assert [one.pk for one in Help.objects.order_by("pk")] == [one.pk for one in helps]
    assert rows.exists(Help, case=case.pk, unit=cast.water.pk)
    rows.delete(Help, case=case.pk, unit=cast.water.pk)
    assert not rows.exists(Help, case=case.pk, unit=cast.water.pk)
    assert rows.exists(Help, case=case.pk)

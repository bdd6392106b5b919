"""Who is away is not told, not escalated to and not on duty; the stand-in is, for these days."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from wangge.accounts.models import Account, AdminRole, Role
from wangge.accounts.tests.people import administrator
from wangge.audit.models import Event
from wangge.cases import actions
from wangge.cases.escalation.looking import look
from wangge.cases.models import Case, ClockKind, DeskShift, Ladder
from wangge.cases.queries.roster import on_duty_around
from wangge.cases.recipients import Staff
from wangge.cases.tests.cast import NOON, SHANGHAI, Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused
from wangge.territory.forces.absences import record_absence

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 6, 12, 11, 0, tzinfo=SHANGHAI)  # of a lamp dispatched on Wednesday 10 June at 11:00


@pytest.fixture
def security(db: None) -> Account:
    return administrator(AdminRole.SECURITY, "security", "安全管理员")


def away(who: Account, stand_in: Account, *, first: date, days: int, by: Account) -> None:
    at = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    record_absence(
        who, stand_in=stand_in, starts_on=first, ends_on=first + timedelta(days=days), by=by, at=at
    )


def colleague(cast: Cast, role: Role, *, of_the_unit: bool) -> Account:
    """Somebody of the same unit who holds a post that has nothing to do with it."""
    unit = cast.lamps if of_the_unit else cast.centre
    return cast.person("colleague", "同事小蒋", role, cast.place.elsewhere, unit)


def test_the_stand_in_of_a_clerk_is_told_and_the_clerk_is_not(cast: Cast, security: Account) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    assert cast.clerk in Staff().of_unit(cast.lamps.pk)
    other = Account.objects.create(username="other", name="路灯所小许", unit=cast.lamps, password="!")
    away(cast.clerk, other, first=timezone.localdate(), days=3, by=security)
    assert Staff().of_unit(case.unit_id) == [other]


def test_the_desk_is_told_by_whoever_stands_in(cast: Cast, security: Account) -> None:
    dispatcher, report = cast.dispatcher, cast.report()
    assert Staff().at_desk(report, Role.DISPATCHER) == [dispatcher]
    other = colleague(cast, Role.OVERSEER, of_the_unit=False)
    away(cast.dispatcher, other, first=timezone.localdate(), days=3, by=security)
    assert Staff().at_desk(report, Role.DISPATCHER) == [other]


def test_what_is_overdue_comes_to_the_stand_in_on_these_days_only(cast: Cast, security: Account) -> None:
    Ladder.objects.exclude(clock=ClockKind.HANDLE).update(in_force=False)
    lead = cast.person("lead", "路灯所所长", Role.UNIT_LEAD, cast.place.county, cast.lamps)
    other = cast.person("deputy", "路灯所副所长", Role.CLERK, cast.place.elsewhere, cast.lamps)
    case: Case = cast.case_at(Stage.HANDLING)
    away(lead, other, first=DUE.date(), days=1, by=security)
    look(DUE + timedelta(minutes=1))
    event = Event.objects.select_related("payload").get(subject_id=case.pk, verb="escalate")
    assert (event.payload.data["role"], event.payload.data["to"]) == ("unit_lead", [other.pk])


# -- The roster --------------------------------------------------------------------------------------------


def shift(cast: Cast, who: Account, role: str, day: int) -> DeskShift:
    return actions.add_shift(
        cast.place.county, role=role, account=who, starts_at=datetime(2026, 6, day, 8, tzinfo=SHANGHAI),
        ends_at=datetime(2026, 6, day, 16, tzinfo=SHANGHAI), by=cast.duty_chief, at=NOON,
    )  # fmt: skip


def test_who_is_away_is_not_put_on_duty_and_the_stand_in_may_be(cast: Cast, security: Account) -> None:
    other = colleague(cast, Role.OVERSEER, of_the_unit=False)
    away(cast.acceptor, other, first=date(2026, 6, 11), days=2, by=security)
    with pytest.raises(Refused, match="同事小蒋"):
        shift(cast, cast.acceptor, "acceptor", 12)
    shift(cast, other, "acceptor", 12)
    shift(cast, cast.acceptor, "acceptor", 13)
    assert list(DeskShift.objects.order_by("starts_at").values_list("account__username", flat=True)) == [
        "colleague",
        "acceptor",
    ]


def test_whoever_fell_ill_after_the_roster_was_made_is_not_on_duty(cast: Cast, security: Account) -> None:
    shift(cast, cast.acceptor, "acceptor", 11)
    shift(cast, cast.dispatcher, "dispatcher", 11)
    other = colleague(cast, Role.OVERSEER, of_the_unit=False)
    away(cast.acceptor, other, first=date(2026, 6, 11), days=1, by=security)
    noon = datetime(2026, 6, 11, 12, tzinfo=SHANGHAI)
    assert [one.account for one in on_duty_around(cast.place.grid_a.path, noon)] == [cast.dispatcher]


def test_whoever_plans_reads_who_is_away(cast: Cast, security: Account) -> None:
    other = colleague(cast, Role.OVERSEER, of_the_unit=False)
    today = timezone.localdate()
    cast.dispatcher  # noqa: B018  # is there
    away(cast.acceptor, other, first=today, days=2, by=security)
    page = words_of(at_desk(cast.duty_chief).get("/desk/roster/shifts/new/", {"area": cast.place.county.pk}))
    assert f"受理员小李（{today}起离岗，{today + timedelta(days=2)}回岗）" in page
    assert "派遣员小陈（" not in page

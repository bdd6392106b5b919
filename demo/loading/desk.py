"""The desk of the made-up district: who is on duty, what is escalated, one shift handed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from demo import plan
from wangge.accounts.models import Account, Role
from wangge.cases.actions import write_handover
from wangge.cases.escalation.looking import look
from wangge.cases.models import DeskShift
from wangge.cases.queries.handover import worth_watching
from wangge.territory.models import Area, Post

BEFORE, AHEAD = timedelta(days=8), timedelta(days=9)
DAY, EVENING, NIGHT = (8, 16), (16, 24), (0, 8)
# Who covers what: acceptors and dispatchers by day and in the evening, a duty chief round the clock.
COVERED = {
    Role.DUTY_CHIEF: (NIGHT, DAY, EVENING),
    Role.DISPATCHER: (DAY, EVENING),
    Role.ACCEPTOR: (DAY, EVENING),
}
# One night of next week has no chief yet, so that the roster shows what a gap looks like.
GAP = timedelta(days=5)
# Whom the sign-in page offers takes the shift over.
INCOMING = "zhiban"


def store_desk(at: datetime) -> None:
    """Store the roster of the days around a moment."""
    county, today = Area.objects.get(code=plan.COUNTY[0]), timezone.localdate(at)
    people = {role: _holders(county, role) for role in COVERED}
    DeskShift.objects.bulk_create(
        DeskShift(area=county, role=role, account=who, starts_at=starts, ends_at=ends, made_at=at)
        for role, who, starts, ends in _shifts(people, today)
    )


def _holders(area: Area, role: Role) -> list[Account]:
    posts = Post.objects.filter(area=area, role=role).select_related("account").order_by("account__username")
    return [post.account for post in posts]


def _shifts(
    people: dict[Role, list[Account]], today: date
) -> Iterator[tuple[Role, Account, datetime, datetime]]:
    """Each role's people take the shifts of a day in turn; nobody has two in a row."""
    for number in range((BEFORE + AHEAD).days):
        day = today - BEFORE + timedelta(days=number)
        for role, shifts in COVERED.items():
            for place, (start, end) in enumerate(shifts):
                if (role, (start, end), day) != (Role.DUTY_CHIEF, NIGHT, today + GAP):
                    who = people[role][(number * len(shifts) + place) % len(people[role])]
                    yield role, who, _moment(day, start), _moment(day, end)


def _moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=hour // 24), time(hour % 24)))


def settle_desk(at: datetime) -> None:
    """Escalate what is overdue at the end of the story, and hand one shift over that waits for its confirmation."""
    look(at, seconds=600)
    county = Area.objects.get(code=plan.COUNTY[0])
    chiefs = [who for who in _holders(county, Role.DUTY_CHIEF) if who.username != INCOMING]
    pinned = [row.subject for row in worth_watching(county, chiefs[0], at)[:2]]
    _hand_over(county, chiefs, pinned, at)


def _hand_over(county: Area, chiefs: Sequence[Account], pinned: Sequence[object], at: datetime) -> None:
    write_handover(
        county,
        watch="今晚有雷阵雨，留意低洼路段积水和树木倒伏；标记的两件超期案卷请继续催办。",
        words="本班来件平稳，电话高峰在 10 点前后；值班系统和电话正常。",
        pinned=pinned,  # type: ignore[arg-type]
        by=chiefs[0],
        at=at,
    )

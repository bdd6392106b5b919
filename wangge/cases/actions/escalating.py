"""What the system does when time runs out: it reminds, and it escalates rung by rung."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from wangge.cases.actions.moving import taking
from wangge.cases.escalation.telling import tell_of_deadline
from wangge.cases.escalation.whom import Came, came_to, reminded
from wangge.cases.models import Case, Clock, Escalation, Reminder, ReminderRule, Report, Rung
from wangge.cases.workflow import ESCALATE, ESCALATE_REPORT, Step


def escalate(
    subject: Report | Case, *, clock: Clock, rung: Rung, ladder: Sequence[Rung], at: datetime
) -> Escalation:
    """Climb one rung: the matter comes to whoever holds its post, or it is written down that nobody does.

    Once for each rung, until the clock gets more time. No clock moves.
    """
    step: Step = ESCALATE if isinstance(subject, Case) else ESCALATE_REPORT
    with taking(
        step, cast("Case", subject), by=None, at=at
    ) as move:  # either kind; `taking` asks for one of them
        came = came_to(move.subject, rung, ladder, at)
        move.data.update(_told(clock, rung, came))
        return Escalation.objects.create(
            case_id=clock.case_id,
            report_id=clock.report_id,
            clock=clock,
            rung=rung,
            ordinal=rung.ordinal,
            at=at,
            due_at=clock.due_at,
            role=came.role,
            level=came.level,
            unit_id=came.unit_id,
            account_id=came.account_id,
            passed_on=came.passed_on,
            could_not=not came.people,
        )


def _told(clock: Clock, rung: Rung, came: Came) -> dict[str, Any]:
    """What the event keeps: which rung of which clock, whom it came to, and why."""
    return {
        "clock": clock.kind,
        "rung": rung.ordinal,
        "due": clock.due_at.isoformat(),
        "to": [person.pk for person in came.people],
        "role": came.role,
        "level": came.level,
        "unit_id": came.unit_id,
        "person": came.account_id,
        "passed_on": came.passed_on,
        "why": {
            "percent": rung.after_percent,
            "amount": None if rung.after_amount is None else str(rung.after_amount),
            "kind": rung.after_kind,
        },
    }


def remind(
    subject: Report | Case,
    *,
    clock: Clock,
    rules: Sequence[ReminderRule],
    at: datetime,
    round_the_clock: bool,
) -> None:
    """Remind whoever has the matter in hand of its deadline; several rules at one moment are one reminder."""
    people = reminded(subject, clock, at, round_the_clock=round_the_clock)
    source = f"reminder:{clock.pk}:{rules[0].pk}:{int(clock.due_at.timestamp())}"
    told = tell_of_deadline(people, subject, clock, source=source, at=at, urgent=round_the_clock)
    Reminder.objects.bulk_create(
        Reminder(clock=clock, rule=rule, due_at=clock.due_at, sent_at=at, told=told) for rule in rules
    )

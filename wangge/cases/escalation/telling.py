"""A reminder as a notice: once for each clock and due moment, and one more for each later turn."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wangge.accounts.models import Account
from wangge.cases import permissions
from wangge.cases.models import Case, Clock, Report
from wangge.cases.notices import both_languages, link_of
from wangge.notifications import actions as notifications
from wangge.notifications.actions import About

WORDING = "reminder"


def tell_of_deadline(
    people: Iterable[Account],
    subject: Report | Case,
    clock: Clock,
    *,
    source: str,
    at: datetime,
    urgent: bool,
) -> int:
    """Tell people that a deadline comes near; returns how many were told. Whoever may not open the matter is not."""
    kind = "case" if isinstance(subject, Case) else "report"
    return notifications.notify(
        [person for person in people if _may_open(person, subject)],
        wording=WORDING,
        words=_words(subject, clock),
        about=About(kind, subject.pk, link_of(subject)),
        source=source,
        at=at,
        urgent=urgent,
        confidential=subject.confidential,
    )


def _may_open(person: Account, subject: Report | Case) -> bool:
    if isinstance(subject, Case):
        return permissions.may_see_case(person, subject)
    return permissions.may_see_report(person, subject)


def _words(subject: Report | Case, clock: Clock) -> dict[str, Any]:
    return {
        "number": str(subject.number),
        "kind": both_languages(subject),
        "place": subject.current_grid.name,
        "due": clock.due_at.isoformat(),
    }

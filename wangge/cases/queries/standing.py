"""What stands escalated now, as conditions that lists and figures share."""

from typing import Any

from django.db.models import Q, QuerySet

from wangge.cases.models import Escalation


def standing() -> QuerySet[Escalation]:
    """What stands escalated now."""
    return Escalation.objects.filter(ended_at=None, clock__stopped_at=None)


def standing_cases(**narrowed: Any) -> Q:
    """The condition of the cases that stand escalated."""
    found = standing().filter(case__isnull=False, **narrowed)
    return Q(pk__in=found.values("case_id"))


def standing_reports(**narrowed: Any) -> Q:
    """The condition of the reports that stand escalated."""
    found = standing().filter(report__isnull=False, **narrowed)
    return Q(pk__in=found.values("report_id"))

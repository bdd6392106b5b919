"""Which cases a report has stood in, and whether somebody else still speaks for them."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from wangge.audit.models import Event
from wangge.cases.models import Case, Report

ERASED = "erased"  # the verb of the event; no step of the table


def cases_of(report: Report) -> list[Case]:
    """The case of a report, those it was split off or moved from, and all that were merged with one of them."""
    found: set[UUID] = set()
    fresh = set(Case.objects.filter(_stood_in(report)).values_list("pk", flat=True))
    while fresh - found:
        found |= fresh
        near = Q(merged__in=fresh) | Q(merged_into__in=fresh)
        fresh = set(Case.objects.filter(near).values_list("pk", flat=True))
    return list(Case.objects.filter(pk__in=found).order_by("pk"))


def _stood_in(report: Report) -> Q:
    """Its case, and those that its events name; the event of its erasing keeps their numbers."""
    told = Event.objects.filter(subject_id=report.pk, payload__isnull=False).select_related("payload")
    numbers = {number for event in told for number in _numbers(event.payload.data)}
    return Q(pk=report.case_id) | Q(number__in=numbers)


def _numbers(data: dict[str, Any]) -> list[str]:
    return [*data.get("cases", []), *([data["case"]] if "case" in data else [])]


def others_of(case: Case, report: Report) -> QuerySet[Report]:
    """The other reports, not erased, for which a case is worked on; of a case merged away, those of the one that goes on."""
    while case.merged_into is not None:
        case = case.merged_into
    gone = Event.objects.filter(subject_id=OuterRef("pk"), verb=ERASED)
    return Report.objects.filter(case=case).exclude(Exists(gone)).exclude(pk=report.pk).order_by("pk")

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


def addresses_of(report: Report) -> list[str]:
    """Every address a report has had: first what the person told, then what the desk put in its place."""
    corrected = [address for changes in _corrections(report) for address in changes.get("address", ())]
    return list(dict.fromkeys([*corrected, report.address]))


def points_of(report: Report) -> set[tuple[float | None, float | None]]:
    """Every point a report has had, WGS84 degrees."""
    corrected = {(lon, lat) for changes in _corrections(report) for lon, lat in changes.get("place", ())}
    return corrected | {(report.lon, report.lat)}


def _corrections(report: Report) -> list[dict[str, Any]]:
    told = Event.objects.filter(subject_id=report.pk, payload__data__has_key="changes")
    return [event.payload.data["changes"] for event in told.select_related("payload").order_by("seq")]


def others_of(case: Case, report: Report) -> QuerySet[Report]:
    """The other reports, not erased, for which a case is worked on; of a case merged away, those of the one that goes on."""
    while case.merged_into is not None:
        case = case.merged_into
    gone = Event.objects.filter(subject_id=OuterRef("pk"), verb=ERASED)
    return Report.objects.filter(case=case).exclude(Exists(gone)).exclude(pk=report.pk).order_by("pk")

"""What was closed lately, with photos of before and after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from wangge.attachments.models import Attachment, Kind, Purpose
from wangge.cases.models import Case, Report
from wangge.insight.measures import CLOSED_LATELY, Look

SHOWN = 8


@dataclass(frozen=True)
class Closed:
    """One closed case and, where there are any, a photo of before and one of after."""

    case: Case
    before: Attachment | None
    after: Attachment | None


def closed_lately(look: Look, *, in_company: bool = False) -> Sequence[Closed]:
    """The last cases closed in the window; three statements.

    `in_company`: the picture hangs where visitors stand, so that of residents' photos only published ones are shown.
    """
    cases = list(
        CLOSED_LATELY.rows(look)
        .select_related("matter", "current_grid")
        .defer("current_grid__boundary")[:SHOWN]
    )
    case_of = dict(Report.objects.filter(case__in=cases).values_list("pk", "case_id"))
    photos = _photos([case.pk for case in cases], list(case_of))
    before: dict[UUID, Attachment] = {}
    after: dict[UUID, Attachment] = {}
    for photo in photos:
        if photo.purpose == Purpose.AFTER:
            after[photo.subject_id] = photo  # the last one: a rework has photos of its own
        elif photo.published_at or not in_company:
            before.setdefault(case_of.get(photo.subject_id, photo.subject_id), photo)
    return [Closed(case, before.get(case.pk), after.get(case.pk)) for case in cases]


def _photos(cases: Iterable[UUID], reports: Iterable[UUID]) -> Iterable[Attachment]:
    of_cases = Q(subject_kind="case", subject_id__in=list(cases), purpose__in=[Purpose.BEFORE, Purpose.AFTER])
    of_reports = Q(subject_kind="report", subject_id__in=list(reports), purpose=Purpose.REPORT)
    return Attachment.objects.filter(of_cases | of_reports, kind=Kind.PHOTO, sealed=False).order_by("pk")

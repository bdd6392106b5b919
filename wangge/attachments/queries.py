"""Reading attachments."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from wangge.attachments.models import Attachment


def attachments_of(subject_kind: str, subject_ids: Iterable[UUID]) -> dict[UUID, list[Attachment]]:
    """Return the attachments of each subject, oldest first, in one query; every asked subject has its list."""
    return _by_subject(subject_ids, Attachment.objects.filter(subject_kind=subject_kind))


def attachments_of_case(case_id: UUID, report_ids: Iterable[UUID]) -> dict[UUID, list[Attachment]]:
    """Return the attachments of a case and of its reports as `attachments_of` does, in one query for all."""
    return _by_subject([case_id, *report_ids], Attachment.objects.filter(subject_kind__in=["report", "case"]))


def public_of(subject_kind: str, subject_ids: Iterable[UUID]) -> dict[UUID, list[Attachment]]:
    """Return only what a person has looked at and published; otherwise as `attachments_of`."""
    return _by_subject(
        subject_ids, Attachment.objects.filter(subject_kind=subject_kind, published_at__isnull=False)
    )


def used_digests(digests: Iterable[str]) -> set[str]:
    """Return which of these stored contents still belong to an attachment."""
    wanted = set(digests)
    used: set[str] = set()
    for column in ("sha256", "medium_sha256", "thumb_sha256"):
        used.update(Attachment.objects.filter(**{f"{column}__in": wanted}).values_list(column, flat=True))
    return used


def _by_subject(subject_ids: Iterable[UUID], chosen: QuerySet[Attachment]) -> dict[UUID, list[Attachment]]:
    found: dict[UUID, list[Attachment]] = {subject_id: [] for subject_id in subject_ids}
    if found:
        for attachment in chosen.filter(subject_id__in=found).order_by("id"):
            found[attachment.subject_id].append(attachment)
    return found

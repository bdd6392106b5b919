"""Photos of a report that is not sent yet: kept under the form's token until the report is received or a day is over.

A browser never gives a chosen file back to a form that is shown again, so a good photo must not wait for the rest.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.files.base import File
from django.utils.translation import gettext as _

from wangge.attachments import actions
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.receiving import MAX_FILES

KIND = "draft"
KEPT = timedelta(days=1)


def new_token() -> str:
    """Make the token of one form: unguessable, since whoever knows it continues the draft."""
    return uuid4().hex


def token_from(text: str) -> str:
    """Return the token a form sent, or a new one for anything that is none."""
    try:
        return UUID(hex=text).hex if len(text) == 32 else new_token()
    except ValueError:
        return new_token()


def photos_of(token: str) -> list[Attachment]:
    """Return what is kept for a draft, oldest first."""
    return list(Attachment.objects.filter(subject_kind=KIND, subject_id=UUID(hex=token)).order_by("id"))


def keep(token: str, files: "Iterable[File[bytes]]", at: datetime) -> Sequence[tuple[str, str]]:
    """Keep the good ones among the files of a draft; return (name, message) of the others."""
    given = list(files)
    if not given:
        return ()
    room = MAX_FILES - len(photos_of(token))
    result = actions.attach(
        given[: max(room, 0)],
        subject_kind=KIND,
        subject_id=UUID(hex=token),
        purpose=Purpose.REPORT,
        by=None,
        at=at,
    )
    return [*result.refused, *((file.name or "", _too_many()) for file in given[max(room, 0) :])]


def _too_many() -> str:
    return _("No more than %(count)d files at once; this one was left out.") % {"count": MAX_FILES}


def drop(token: str, names: Iterable[str], at: datetime) -> None:
    """Take photos out of a draft again."""
    wanted = set(names)
    actions.erase([photo for photo in photos_of(token) if photo.pk.hex in wanted], at=at)


def hand_over(token: str, report_id: UUID, at: datetime) -> None:
    """Give the photos of a draft to its report; one that the report already has (sent twice) is not given again."""
    kept = photos_of(token)
    has = set(
        Attachment.objects.filter(subject_kind="report", subject_id=report_id).values_list(
            "sha256", flat=True
        )
    )
    twice = [photo for photo in kept if photo.sha256 in has]
    new = [photo.pk for photo in kept if photo.sha256 not in has]
    Attachment.objects.filter(pk__in=new).update(subject_kind="report", subject_id=report_id)
    actions.erase(twice, at=at)


def sweep(*, at: datetime) -> int:
    """Erase the photos of drafts that nobody sent for a day; return how many. An hourly job."""
    return actions.erase(Attachment.objects.filter(subject_kind=KIND, uploaded_at__lt=at - KEPT), at=at)

"""What people do with files: attach, publish, withhold, seal, blur and erase them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from wangge.attachments import images, queries
from wangge.attachments.models import Attachment, Kind, Purpose, Size
from wangge.attachments.receiving import Received, StoredFile, receive, store_picture
from wangge.attachments.store import local_store
from wangge.common.refusals import Refused

# Longer than any upload and its transaction take: younger contents are never swept.
SWEEP_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class AttachResult:
    """What was kept, in the order it came, and (name, message) of each file that was not."""

    kept: Sequence[Attachment]
    refused: Sequence[tuple[str, str]]


def attach(
    files: "Iterable[File[bytes]]",
    *,
    subject_kind: str,
    subject_id: UUID,
    purpose: Purpose,
    by: Model | None,
    at: datetime,
    event_id: int | None = None,
) -> AttachResult:
    """Keep the good ones among at most nine uploaded files and name the others; never raises for a bad file.

    Cleaning photos takes time: a caller that holds locks calls `receive` first and `record` inside its transaction.
    """
    return record(
        receive(files),
        subject_kind=subject_kind,
        subject_id=subject_id,
        purpose=purpose,
        by=by,
        at=at,
        event_id=event_id,
    )


def record(
    received: Received,
    *,
    subject_kind: str,
    subject_id: UUID,
    purpose: Purpose,
    by: Model | None,
    at: datetime,
    event_id: int | None = None,
) -> AttachResult:
    """Attach files that `receive` has stored; one statement. Files of a transaction rolled back are swept later."""
    rows = [
        Attachment(
            **_columns(file),
            subject_kind=subject_kind,
            subject_id=subject_id,
            purpose=purpose,
            uploaded_by_id=by.pk if by else None,
            uploaded_at=at,
            event_id=event_id,
        )
        for file in received.kept
    ]
    return AttachResult(Attachment.objects.bulk_create(rows), received.refused)


def publish(attachment: Attachment, *, by: Model, at: datetime) -> None:
    """Let the public see a file that this person has looked at; refused for sealed files and voices."""
    if attachment.kind == Kind.AUDIO:
        raise Refused(_("A recording carries a person's voice and is never published."))
    changed = Attachment.objects.filter(pk=attachment.pk, sealed=False).update(
        published_at=at, published_by=by.pk
    )
    if not changed:
        raise Refused(_("This file is sealed and cannot be published."))
    attachment.published_at, attachment.published_by_id = at, by.pk


def withhold(attachment: Attachment) -> None:
    """Take a file back from the public; harmless when it was not published."""
    Attachment.objects.filter(pk=attachment.pk).update(published_at=None, published_by=None)
    attachment.refresh_from_db()


def seal(attachment: Attachment) -> None:
    """Close a file to all but those who may see sealed ones, and take it back from the public."""
    Attachment.objects.filter(pk=attachment.pk).update(sealed=True, published_at=None, published_by=None)
    attachment.refresh_from_db()


@transaction.atomic
def blur(attachment: Attachment, *, boxes: Sequence[images.Box], by: Model, at: datetime) -> Attachment:
    """Make a copy of a photo with these boxes made unrecognisable, and seal the original.

    Boxes are (left, top, right, bottom) in pixels of the full size. The copy is not yet published: somebody looks first.
    """
    if not attachment.is_photo or not boxes:
        raise Refused(_("Please mark at least one part of a photo."))
    store = local_store()
    with store.open(attachment.sha256) as file:
        picture = images.blurred(file.read(), boxes)
    taken = images.Taken(attachment.taken_at, attachment.taken_lon, attachment.taken_lat)
    copy = Attachment(
        **_columns(store_picture(picture, taken, name=attachment.name, store=store)),
        subject_kind=attachment.subject_kind,
        subject_id=attachment.subject_id,
        purpose=attachment.purpose,
        uploaded_by_id=by.pk,
        uploaded_at=at,
        event_id=attachment.event_id,
        blurred_from=attachment,
    )
    copy.save(force_insert=True)
    seal(attachment)
    return copy


def erase(attachments: Iterable[Attachment], *, at: datetime) -> int:
    """Delete attachments for good and return how many; their bytes go with the last attachment that shares them."""
    doomed = list(attachments)
    digests = {attachment.digest(size) for attachment in doomed for size in Size} - {""}
    Attachment.objects.filter(pk__in=[attachment.pk for attachment in doomed]).delete()
    transaction.on_commit(lambda: _delete_unused(digests, at))
    return len(doomed)


def sweep(*, at: datetime) -> int:
    """Delete stored contents that belong to no attachment (rolled back, erased); return how many. A daily job."""
    store = local_store()
    store.delete_abandoned(untouched_since=at - SWEEP_AFTER)
    stored, deleted = store.digests(), 0
    while some := set(islice(stored, 500)):
        deleted += _delete_unused(some, at)
    return deleted


def _delete_unused(digests: set[str], at: datetime) -> int:
    store = local_store()
    unused = digests - queries.used_digests(digests)
    return sum(store.delete(digest, untouched_since=at - SWEEP_AFTER) for digest in unused)


def _columns(file: StoredFile) -> dict[str, Any]:
    return {
        "kind": file.kind,
        "media_type": file.media_type,
        "name": file.name,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "sha256": file.sha256,
        "medium_sha256": file.medium_sha256,
        "thumb_sha256": file.thumb_sha256,
        "taken_at": file.taken.at,
        "taken_lon": file.taken.lon,
        "taken_lat": file.taken.lat,
    }

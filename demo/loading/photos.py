"""Photographs of matters from a bounded album: each picture is drawn, cleaned and stored once, and shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone

from demo.pictures import picture
from wangge.accounts.models import Account
from wangge.attachments.actions import publish, record
from wangge.attachments.images import Taken
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.receiving import Received, StoredFile, receive
from wangge.common.refusals import Refused

# So many different views of a scene are enough for a district; more would only fill the disk.
VIEWS = 2
NIGHT_FROM, NIGHT_TO, NOON, NIGHT = 19, 6, 12, 22


class Album:
    """Pictures as the store holds them, by scene, view, state and light."""

    def __init__(self) -> None:
        self._stored: dict[tuple[str, int, bool, bool], StoredFile] = {}

    def photo(
        self, scene: str, view: int, *, after: bool, at: datetime, lon: float | None, lat: float | None
    ) -> StoredFile:
        """A photo as a phone would have taken it then and there; the same `view` shows the same place afterwards."""
        local = timezone.localtime(at)
        dark = local.hour >= NIGHT_FROM or local.hour < NIGHT_TO
        stored = self._drawn(scene, view % VIEWS, after, dark)
        taken = Taken(at.astimezone(UTC), lon, lat)
        return replace(stored, name=f"IMG_{local:%Y%m%d_%H%M%S}.jpg", taken=taken)

    def _drawn(self, scene: str, view: int, after: bool, dark: bool) -> StoredFile:
        key = (scene, view, after, dark)
        if key not in self._stored:
            light = datetime(2026, 1, 1, NIGHT if dark else NOON, tzinfo=UTC)
            content = picture(scene, view, after=after, at=light)
            received = receive([ContentFile(content, "photo.jpg")])
            if received.refused:
                raise Refused(received.refused[0][1])
            self._stored[key] = received.kept[0]
        return self._stored[key]


def keep(
    photo: StoredFile,
    *,
    subject_kind: str,
    subject_id: UUID,
    purpose: Purpose,
    by: Account | None,
    at: datetime,
) -> Attachment:
    """Attach a photo of the album to a report or case."""
    kept = record(
        Received([photo], []), subject_kind=subject_kind, subject_id=subject_id, purpose=purpose, by=by, at=at
    )
    return kept.kept[0]


def show(photos: list[Attachment], *, by: Account, at: datetime) -> None:
    """Publish photos that somebody has looked at."""
    for photo in photos:
        publish(photo, by=by, at=at)

"""Photographs of matters from a bounded album: each picture is drawn, cleaned and stored once, and shared."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Shot:
    """What a picture of the album shows."""

    scene: str
    view: int
    after: bool
    dark: bool

    @classmethod
    def of(cls, scene: str, view: int, *, after: bool, at: datetime) -> Shot:
        """The picture of a scene at a moment; the same `view` shows the same place afterwards."""
        hour = timezone.localtime(at).hour
        return cls(scene, view % VIEWS, after, hour >= NIGHT_FROM or hour < NIGHT_TO)


class Album:
    """Pictures as the store holds them; drawn beside the work, since most of drawing needs no Python."""

    def __init__(self) -> None:
        self._drawers = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="drawing")
        self._stored: dict[Shot, Future[StoredFile]] = {}

    def __enter__(self) -> Album:
        return self

    def __exit__(self, *_reason: object) -> None:
        self._drawers.shutdown(cancel_futures=True)

    def draw_ahead(self, shots: Iterable[Shot]) -> None:
        """Begin to draw what will be asked for, in this order."""
        for shot in shots:
            self._begin(shot)

    def photo(
        self, scene: str, view: int, *, after: bool, at: datetime, lon: float | None, lat: float | None
    ) -> StoredFile:
        """A photo as a phone would have taken it then and there."""
        stored = self._begin(Shot.of(scene, view, after=after, at=at)).result()
        taken = Taken(at.astimezone(UTC), lon, lat)
        return replace(stored, name=f"IMG_{timezone.localtime(at):%Y%m%d_%H%M%S}.jpg", taken=taken)

    def _begin(self, shot: Shot) -> Future[StoredFile]:
        if shot not in self._stored:
            self._stored[shot] = self._drawers.submit(_draw, shot)
        return self._stored[shot]


def _draw(shot: Shot) -> StoredFile:
    light = datetime(2026, 1, 1, NIGHT if shot.dark else NOON, tzinfo=UTC)
    content = picture(shot.scene, shot.view, after=shot.after, at=light)
    received = receive([ContentFile(content, "photo.jpg")])
    if received.refused:
        raise Refused(received.refused[0][1])
    return received.kept[0]


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

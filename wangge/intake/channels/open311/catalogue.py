"""The services others can ask for: our classes in force with their questions, held in the memory of each process."""

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from wangge.cases.models import MatterClass, Question
from wangge.intake.models import ServiceListChange

LOOK_AGAIN_SECONDS = 15.0


@dataclass(frozen=True)
class Service:
    """One class of matter as a service, with its questions in their order."""

    matter: MatterClass
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """All services by code, and when this list came to be."""

    services: Mapping[str, Service]
    changed_at: datetime


_known: Catalogue | None = None
_looked_at = 0.0
_lock = threading.Lock()


def catalogue() -> Catalogue:
    """Return the services; a change in the classes is seen within `LOOK_AGAIN_SECONDS`."""
    global _known, _looked_at
    known = _known
    if known is not None and time.monotonic() - _looked_at < LOOK_AGAIN_SECONDS:
        return known
    # While one thread reads anew, the others go on with what is known.
    if not _lock.acquire(blocking=known is None):
        assert known is not None
        return known
    try:
        if _known is None or time.monotonic() - _looked_at >= LOOK_AGAIN_SECONDS:
            _known, _looked_at = _read(), time.monotonic()
        return _known
    finally:
        _lock.release()


def forget() -> None:
    """Read the services again at the next question; for tests."""
    global _known
    _known = None


def _read() -> Catalogue:
    rows = MatterClass.objects.filter(in_force=True).select_related("group").prefetch_related("questions")
    # Two standards may use one code: the one that sorts first keeps it.
    services = {row.code: Service(row, tuple(row.questions.all())) for row in rows.order_by("code", "-standard")}
    return Catalogue(services, _changed_at(services))


def _changed_at(services: Mapping[str, Service]) -> datetime:
    """When this content was first seen here; the moment is stored, so that all processes tell the same."""
    digest = hashlib.sha256(json.dumps([_content(s) for s in services.values()]).encode()).hexdigest()
    last = ServiceListChange.objects.order_by("-at").first()
    if last is not None and last.digest == digest:
        return last.at
    return ServiceListChange.objects.update_or_create(digest=digest, defaults={"at": timezone.now()})[0].at


def _content(service: Service) -> list[object]:
    matter = service.matter
    questions = [
        [q.code, q.ordinal, q.datatype, q.required, q.text, q.text_en, q.hint, q.hint_en, q.values]
        for q in service.questions
    ]
    return [matter.code, matter.name, matter.name_en, matter.keywords, matter.group_id, questions]

"""The services others can ask for: our classes in force with their questions, held in the memory of each process."""

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
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


class _Memory:
    """What this process knows, replaced as a whole."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Catalogue | None = None
        self._looked_at = 0.0

    def recall(self) -> Catalogue:
        """Return the services; a change in the classes is seen within `LOOK_AGAIN_SECONDS`."""
        known = self._known
        if known is not None and self._is_fresh():
            return known
        # While one thread reads anew, the others go on with what is known.
        if not self._lock.acquire(blocking=known is None):
            assert known is not None
            return known
        try:
            if self._known is None or not self._is_fresh():
                self._known, self._looked_at = _read(), time.monotonic()
            return self._known
        finally:
            self._lock.release()

    def _is_fresh(self) -> bool:
        return time.monotonic() - self._looked_at < LOOK_AGAIN_SECONDS

    def forget(self) -> None:
        """Read the services again at the next question; for tests."""
        self._known = None


_memory = _Memory()
catalogue, forget = _memory.recall, _memory.forget


def _read() -> Catalogue:
    rows = (
        MatterClass.objects.filter(in_force=True)
        .select_related("group")
        .prefetch_related(
            Prefetch("questions", Question.objects.filter(in_force=True).select_related("only_if"))
        )
    )
    # Two standards may use one code: the one that sorts first keeps it.
    services = {
        row.code: Service(row, tuple(row.questions.all())) for row in rows.order_by("code", "-standard")
    }
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
        [
            q.code,
            q.ordinal,
            q.datatype,
            q.required,
            q.text,
            q.text_en,
            q.hint,
            q.hint_en,
            q.values,
            q.only_if.code if q.only_if else "",
            q.only_if_answers,
        ]
        for q in service.questions
    ]
    return [matter.code, matter.name, matter.name_en, matter.keywords, matter.group_id, questions]

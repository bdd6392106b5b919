"""The services others can ask for: our classes in force with their questions, held in the memory of each process."""

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
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


@dataclass(frozen=True)
class _Services:
    """The services as they were read, the rows they were read from, and what they say to others, both as short text."""

    stamp: tuple[object, ...]
    by_code: Mapping[str, Service]
    digest: str


# Every column of every row that the services are made of: about a millisecond, a tenth of reading them.
STAMP = """
SELECT (SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM cases_matterclass c WHERE in_force),
       (SELECT md5(string_agg(g::text, ',' ORDER BY id)) FROM cases_mattergroup g),
       (SELECT md5(string_agg(q::text, ',' ORDER BY id)) FROM cases_question q),
       (SELECT md5(string_agg(concat_ws(' ', matterclass_id, question_id), ',' ORDER BY id)) FROM cases_question_matters)
"""


class _Memory:
    """What this process knows, replaced as a whole."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Catalogue | None = None
        self._services: _Services | None = None
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
                self._known, self._looked_at = self._look(), time.monotonic()
            return self._known
        finally:
            self._lock.release()

    def _look(self) -> Catalogue:
        """Read the services, if their rows have changed since they were read."""
        stamp = _stamp()
        if self._services is None or self._services.stamp != stamp:
            self._services = _read(stamp)
        return Catalogue(self._services.by_code, _changed_at(self._services.digest))

    def _is_fresh(self) -> bool:
        return time.monotonic() - self._looked_at < LOOK_AGAIN_SECONDS

    def look_again(self) -> None:
        """Let the next question look whether something has changed; for tests."""
        self._known = None


_memory = _Memory()
catalogue, look_again = _memory.recall, _memory.look_again


def _stamp() -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(STAMP)
        return tuple(cursor.fetchone())


def _read(stamp: tuple[object, ...]) -> _Services:
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
    content = json.dumps([_content(service) for service in services.values()])
    return _Services(stamp, services, hashlib.sha256(content.encode()).hexdigest())


def _changed_at(digest: str) -> datetime:
    """When this content was first seen here; the moment is stored, so that all processes tell the same."""
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

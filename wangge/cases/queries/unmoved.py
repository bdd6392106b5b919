"""Whether anything has moved where somebody looks, without counting anew: the log is asked for what came since.

What a process has drawn it remembers by its ETag, with the last event before it was counted and the next moment at
which a light turns. Another process, or half a minute, knows nothing of it, and everything is counted again.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wangge.audit.models import Event
from wangge.cases.models import Case, Report
from wangge.cases.permissions import at_desk
from wangge.cases.workflow import (
    CORRECT_CASE,
    CORRECT_REPORT,
    HAND_DOWN,
    HAND_UP,
    HIDE_CASE,
    HIDE_REPORT,
    MERGE,
    NAME_HANDLERS,
)
from wangge.territory.scopes import Person

LONGEST = timedelta(seconds=30)  # what the log does not tell, such as a post that ended, shows by then
MOST_EVENTS, MOST_LOOKS = 200, 2000
# What may take a matter out of somebody's sight, who can then no longer be asked whether it was theirs.
OUT_OF_SIGHT = frozenset(
    step.verb
    for step in (
        CORRECT_CASE,
        CORRECT_REPORT,
        HAND_DOWN,
        HAND_UP,
        HIDE_CASE,
        HIDE_REPORT,
        MERGE,
        NAME_HANDLERS,
    )
)


@dataclass(frozen=True)
class Drawn:
    """What was known when a list was drawn."""

    last_event: int
    until: datetime


_drawn: OrderedDict[tuple[object, str], Drawn] = OrderedDict()
_lock = threading.Lock()


def last_event() -> int:
    """The newest event; ask before counting, so that what comes meanwhile counts as new."""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def remember(person: Person, etag: str, *, last: int, turns: datetime | None, at: datetime) -> None:
    """Keep what a drawn list rests on; `turns` is when the next light changes."""
    until = min(at + LONGEST, turns) if turns else at + LONGEST
    with _lock:
        _drawn[person.pk, etag] = Drawn(last, until)
        _drawn.move_to_end((person.pk, etag))
        while len(_drawn) > MOST_LOOKS:
            _drawn.popitem(last=False)


def nothing_moved(person: Person, etag: str, at: datetime) -> bool:
    """Tell whether a list that carries this tag is certainly as it was; False where nothing is known."""
    known = _drawn.get((person.pk, etag))
    return known is not None and at < known.until and not _moved(person, known.last_event)


def _moved(person: Person, last: int) -> bool:
    """Tell whether any event after this one is of a matter that this person's desk answers for; mostly there is none."""
    new = Event.objects.filter(pk__gt=last).order_by("pk").values_list("verb", "subject_kind", "subject_id")
    events = list(new[: MOST_EVENTS + 1])
    if len(events) > MOST_EVENTS or any(verb in OUT_OF_SIGHT for verb, _kind, _pk in events):
        return True
    return any(
        _own(person, [pk for _verb, of, pk in events if of == kind], kind) for kind in ("report", "case")
    )


def _own(person: Person, subjects: list[UUID], kind: str) -> bool:
    model: type[Report] | type[Case] = Case if kind == "case" else Report
    rows = model._default_manager.filter(at_desk(person, case=kind == "case"), pk__in=subjects)
    return bool(subjects) and rows.exists()

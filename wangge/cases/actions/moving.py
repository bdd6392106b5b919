"""What every step has in common: lock, may they, is it the moment, stop clocks, change, one event, save."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.audit.actions import record
from wangge.audit.models import Event
from wangge.cases import clocks, permissions
from wangge.cases.models import Case, Clock, ClockKind, Report
from wangge.cases.workflow import ESCALATE, ESCALATE_REPORT, OPEN_REPORT, Stage, Step
from wangge.common import rows
from wangge.common.refusals import Refused
from wangge.common.words import demand_short

Subject = TypeVar("Subject", Report, Case)
QUIET = (ESCALATE.verb, ESCALATE_REPORT.verb)
Position = tuple[float, float, float]  # longitude, latitude (WGS84 degrees), accuracy in metres


class Stale(Refused):
    """Somebody else moved the matter after the page was drawn; says who and when, loses nothing."""


@dataclass
class Move(Generic[Subject]):
    """One step under way: the locked subject, and what goes into the event."""

    step: Step
    subject: Subject
    by: Account | None
    at: datetime
    from_stage: str
    beside: Report | Case | None = None  # another matter that the step changes too, locked as well
    to: Stage | None = None  # where a step leads that may lead to several stages
    data: dict[str, Any] = field(default_factory=dict)

    def start(self, kind: ClockKind, *limits: clocks.LimitOf) -> Clock:
        """Start a clock; without a limit it gets the centre's limit of that stage."""
        [clock] = clocks.start(self.subject, {kind: limits or [clocks.stage_limit(kind)]}, self.at)
        return clock

    def stop(self, *kinds: ClockKind) -> None:
        """Stop clocks that this step only sometimes stops."""
        clocks.stop(self.subject, kinds, self.at)

    def judge_by(self, clock: Clock | None) -> None:
        """Make this the clock that the subject's light shows."""
        self.subject.due_at = clock.due_at if clock else None
        self.subject.amber_at = clock.amber_at if clock else None

    def note_due(self, clock: Clock, before: datetime) -> None:
        """Keep the old and the new due moment of a clock in the event, and on the subject the one that counts."""
        if clock.due_at != before:
            self.data.setdefault("changes", {})[f"due_{clock.kind}"] = [
                before.isoformat(),
                clock.due_at.isoformat(),
            ]
        if clock.kind != ClockKind.WHOLE:
            self.judge_by(clock)
        elif isinstance(self.subject, Case):
            self.subject.whole_due_at, self.subject.whole_amber_at = clock.due_at, clock.amber_at

    def stood_at(self, position: Position | None, device_at: datetime | None) -> None:
        """Keep where and when the device was with which somebody stood on the spot."""
        self.data.update(seen_from(position, device_at))


def seen_from(position: Position | None, device_at: datetime | None) -> dict[str, Any]:
    """What an event keeps of where and when a device was; nothing of what it did not say."""
    said: dict[str, Any] = {}
    if position is not None:
        said["position"] = list(position)
    if device_at is not None:
        said["device_at"] = device_at.isoformat()
    return said


@contextmanager
def taking(
    step: Step,
    subject: Subject,
    *,
    by: Account | None,
    at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
    beside: Subject | None = None,
) -> Iterator[Move[Subject]]:
    """Take one step: everything inside the block and the event are one transaction.

    Raises Refused when the person may not or it is not the moment, Stale when `seen` (the event_seq the page was
    drawn with) is no longer the last one.
    """
    with transaction.atomic(
        savepoint=not rows.is_held(subject)
    ):  # who holds it takes this step and nothing else
        locked, other = _locked(subject, beside)
        if seen is not None and _moved_since(locked, seen):
            raise Stale(_who_was_faster(locked))
        move = Move(step, locked, by, at or timezone.now(), locked.stage, other)
        _begin(move, note)
        yield move
        _write_down(move)
        rows.store(locked)
    _copy_back(locked, subject)


def go_on(move: Move[Subject], step: Step, *, note: str = "") -> None:
    """Write a step down and let the system take the next one at once, on the row that is locked already.

    Each has an event of its own; what both changed is stored together when the block of `taking` ends.
    """
    _write_down(move)
    move.step, move.by, move.from_stage, move.to, move.data = step, None, move.subject.stage, None, {}
    _begin(move, note)


def _begin(move: Move[Subject], note: str) -> None:
    step = move.step
    permissions.demand(step, move.subject, move.by)
    if step.needs_note and not note.strip():
        raise Refused(
            _("“%(step)s” needs a note: please say why or what.") % {"step": step.label}, field="note"
        )
    demand_short(note, "note")
    if step.stops:
        clocks.stop(move.subject, step.stops, move.at)
    if note:
        move.data["note"] = note


def _locked(subject: Subject, beside: Subject | None) -> tuple[Subject, Subject | None]:
    """Lock one matter, or two in the order of their keys, so that nobody waits for each other for ever."""
    if beside is None:
        return subject if rows.is_held(subject) else rows.lock(type(subject), subject.pk), None
    found = {
        one.pk: rows.lock(type(one), one.pk) for one in sorted((subject, beside), key=lambda one: one.pk)
    }
    return found[subject.pk], found[beside.pk]


def _write_down(move: Move[Subject]) -> None:
    subject = move.subject
    subject.stage = move.to or move.step.target or subject.stage
    subject.updated_at = max(move.at, subject.updated_at)
    if isinstance(subject, Report) and subject.stage not in OPEN_REPORT:
        subject.due_at = subject.amber_at = None
    kind = "report" if isinstance(subject, Report) else "case"
    record(
        subject,
        kind=kind,
        verb=move.step.verb,
        at=move.at,
        by=move.by,
        from_stage=move.from_stage,
        to_stage=subject.stage,
        data=move.data,
    )


def _copy_back(fresh: Subject, given: Subject) -> None:
    """Let the caller's object show what was stored."""
    if fresh is given:
        return
    for name in [f.attname for f in fresh._meta.concrete_fields]:
        setattr(given, name, getattr(fresh, name))
    given._state.fields_cache = dict(fresh._state.fields_cache)
    given.__dict__.pop("_prefetched_objects_cache", None)  # what lies beside it may have changed


def _moved_since(subject: Report | Case, seen: int) -> bool:
    """Tell whether the matter is another than the page showed; that it was escalated meanwhile changed nothing."""
    if seen == subject.event_seq:
        return False
    after = Event.objects.filter(subject_id=subject.pk, seq__gt=seen)
    return seen > subject.event_seq or after.exclude(verb__in=QUIET).exists()


def _who_was_faster(subject: Report | Case) -> str:
    others = Event.objects.filter(subject_id=subject.pk).exclude(verb__in=QUIET)
    last = others.select_related("actor").order_by("-seq").first()
    assert last is not None
    who = last.actor.name if last.actor else _("the system")
    moment = timezone.localtime(last.at).strftime("%m-%d %H:%M")
    return _(
        "%(who)s moved this matter at %(moment)s, after you opened the page; it is now at “%(stage)s”. "
        "Your words are still here: look at what changed, then decide again."
    ) % {"who": who, "moment": moment, "stage": subject.get_stage_display()}


def require(value: Sequence[Any] | Any, sentence: str, field_name: str) -> None:
    """Raise Refused with the field's name when something the step needs is missing."""
    if not value:
        raise Refused(sentence, field=field_name)

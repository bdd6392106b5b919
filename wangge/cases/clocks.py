"""Clocks of reports and cases: starts and stops them, and keeps their computed moments in step with the facts."""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from wangge.accounts.models import Unit
from wangge.cases import deadlines
from wangge.cases.models import Calendar, Case, Clock, ClockKind, Report, StageLimit
from wangge.cases.workflow import Stage
from wangge.common import rows
from wangge.common.statements import prepared

# The clock a stage is judged by; the rest of the time only the whole-case clock counts.
STAGE_CLOCK = {
    Stage.RECEIVED: ClockKind.ACCEPT,
    Stage.VERIFYING: ClockKind.VERIFY,
    Stage.FILED: ClockKind.DISPATCH,
    Stage.ARBITRATING: ClockKind.ARBITRATE,
    Stage.DISPATCHED: ClockKind.HANDLE,
    Stage.HANDLING: ClockKind.HANDLE,
    Stage.SUSPENDED: ClockKind.HANDLE,
    Stage.CHECKING: ClockKind.CHECK,
}

# A server whose own clock is a little behind stops no clock before it began.
STOP_OF_REPORT = """
UPDATE cases_clock SET stopped_at = greatest(%s, started_at) WHERE report_id = %s AND kind = ANY(%s) AND stopped_at IS NULL
"""
STOP_OF_CASE = """
UPDATE cases_clock SET stopped_at = greatest(%s, started_at) WHERE case_id = %s AND kind = ANY(%s) AND stopped_at IS NULL
"""


@dataclass(frozen=True)
class LimitOf:
    """A limit as it is stored: its kind and amount."""

    kind: str
    amount: Decimal

    @property
    def rule(self) -> deadlines.Limit:
        return deadlines.Limit(deadlines.LimitKind(self.kind), self.amount)


@dataclass(frozen=True)
class Working:
    """A calendar ready to compute with, and the row it came from."""

    id: int
    path: str  # the subtree it holds in; "" everywhere
    calendar: deadlines.Calendar
    in_force: bool = True
    unit_id: int | None = None


@dataclass(frozen=True)
class Moments:
    """What a clock computes to: when it is due, when it turns amber, whether a year is provisional."""

    calendar_id: int
    due_at: datetime
    amber_at: datetime
    provisional: bool


# Clocks by which a unit is judged: they follow the unit's own calendar, if it has one.
OF_THE_UNIT = frozenset({ClockKind.SIGN_OFF, ClockKind.HANDLE})

# What calendars and limits say, as short text: a day moved or a kind of limit changed by hand counts too,
# and an area that was put elsewhere.
# Units count only where one of them, or one above them, has a calendar of its own.
STAMP = """
SELECT (SELECT md5(string_agg(concat_ws(' ', id, version, time_zone, shifts, weekly_rest, in_force,
                                        'a', (SELECT path FROM territory_area area WHERE area.id = area_id),
                                        'u', unit_id, 'b', base_id), ',' ORDER BY id))
        FROM cases_calendar),
       (SELECT md5(string_agg(concat_ws(' ', calendar_id, day, kind, name), ',' ORDER BY id)) FROM cases_calendarday),
       (SELECT md5(string_agg(concat_ws(' ', calendar_id, year), ',' ORDER BY id)) FROM cases_calendaryear),
       (SELECT md5(string_agg(concat_ws(' ', clock, limit_kind, limit_amount), ',' ORDER BY id))
        FROM cases_stagelimit),
       (SELECT md5(string_agg(concat_ws(' ', id, parent_id), ',' ORDER BY id)) FROM accounts_unit
        WHERE EXISTS (SELECT 1 FROM cases_calendar WHERE unit_id IS NOT NULL))
"""


CHECK_SECONDS = 1.0


class _Settings:
    """Calendars and stage limits in memory, read again within a second after they change."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked_at = 0.0
        self._stamp: tuple[object, ...] | None = None
        self.calendars: dict[int, Working] = {}
        self.by_area: tuple[Working, ...] = ()  # the smallest areas first
        self.by_unit: dict[int, Working] = {}
        self.limits: dict[str, LimitOf] = {}

    def fresh(self) -> "_Settings":
        if time.monotonic() - self._looked_at > CHECK_SECONDS:
            with self._lock:
                self._look()
        return self

    def look_again(self) -> None:
        """Look at the next use whether something has changed; for tests and for whoever changes a calendar."""
        self._looked_at = 0.0

    def _look(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(STAMP)
            stamp = cursor.fetchone()
        if stamp != self._stamp:
            self.calendars = {working.id: working for working in _load_calendars()}
            self.by_area = _by_area(self.calendars.values())
            self.by_unit = _by_unit(self.calendars.values())
            self.limits = {
                row.clock: LimitOf(row.limit_kind, row.limit_amount) for row in StageLimit.objects.all()
            }
            self._stamp = stamp
        self._looked_at = time.monotonic()


_settings = _Settings()
look_again = _settings.look_again


def _load_calendars() -> Iterable[Working]:
    rows = Calendar.objects.select_related("area", "base").prefetch_related(
        "days", "years", "base__days", "base__years"
    )
    for row in rows:
        path = row.area.path if row.area else ""
        yield Working(row.pk, path, calendar_from(row), row.in_force, row.unit_id)


def _by_area(calendars: Iterable[Working]) -> tuple[Working, ...]:
    held = [working for working in calendars if working.in_force and working.unit_id is None]
    return tuple(sorted(held, key=lambda working: -len(working.path)))


def _by_unit(calendars: Iterable[Working]) -> dict[int, Working]:
    """Each unit with a calendar of its own, and the units below it that have none."""
    own = {working.unit_id: working for working in calendars if working.in_force and working.unit_id}
    if not own:
        return {}
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    found: dict[int, Working] = {}
    for unit_id in parents:
        above: int | None = unit_id
        for _step in parents:
            if above is None or above in own:
                break
            above = parents.get(above)
        if above in own:
            found[unit_id] = own[above]
    return found


def calendar_from(row: Calendar) -> deadlines.Calendar:
    """Build the computing calendar from its stored row, its days and years, and those of the one it follows."""
    sources = [source for source in (row.base, row) if source is not None]  # own days come last and hold
    marks = [
        deadlines.DayMark(day.day, deadlines.DayKind(day.kind), day.name)
        for source in sources
        for day in source.days.all()
    ]
    seasons = [_season(season) for season in row.shifts]
    return deadlines.Calendar.of(
        ZoneInfo(row.time_zone),
        marks,
        [year.year for source in sources for year in source.years.all()],
        shifts=seasons[0].shifts if seasons else deadlines.Calendar.shifts,
        seasons=tuple(seasons[1:]),
        weekly_rest=frozenset(row.weekly_rest),
        version=row.version,
    )


def _season(row: dict[str, object]) -> deadlines.Season:
    """Read {"from": "06-01", "to": "09-30", "hours": ["09:00-12:00", …]}; the first row holds all year."""

    def day(words: object) -> tuple[int, int]:
        month, number = str(words).split("-")
        return int(month), int(number)

    hours = tuple(deadlines.Shift.parse(str(words)) for words in row["hours"])  # type: ignore[attr-defined]
    return deadlines.Season(day(row.get("from", "01-01")), day(row.get("to", "12-31")), hours)


def calendar_for(path: str, unit_id: int | None = None) -> Working:
    """Return the calendar that holds at a place: the unit's own, else the one of the smallest area around it."""
    settings = _settings.fresh()
    if unit_id is not None and unit_id in settings.by_unit:
        return settings.by_unit[unit_id]
    for working in settings.by_area:
        if path.startswith(working.path):
            return working
    raise LookupError("No calendar is set up. Run: wangge setup")


def calendar_of(subject: Report | Case, kind: str) -> Working:
    """Return the calendar by which a clock of this kind is counted: the handling unit's for its own work."""
    of_unit = isinstance(subject, Case) and kind in OF_THE_UNIT
    return calendar_for(subject.area_path, subject.unit_id if of_unit else None)  # type: ignore[union-attr]


def calendar_by_id(calendar_id: int) -> deadlines.Calendar:
    """Return the computing calendar of a stored clock."""
    return working_by_id(calendar_id).calendar


def working_by_id(calendar_id: int) -> Working:
    """Return the calendar of a stored clock with the row it came from."""
    return _settings.fresh().calendars[calendar_id]


def stage_limit(kind: str) -> LimitOf:
    """Return the centre's limit of a stage other than handling, or of the reply to a supervision order ("reply")."""
    return _settings.fresh().limits[kind]


def compute(working: Working, limits: Sequence[LimitOf], started_at: datetime) -> Moments:
    """Compute the moments of a clock that starts at a moment and whose limits follow one another."""
    return _moments(working, _running(limits, started_at))


def _running(limits: Sequence[LimitOf], started_at: datetime) -> deadlines.Running:
    first, *rest = (limit.rule for limit in limits)
    return deadlines.Running(started_at, first, added=tuple(rest))


def _moments(working: Working, facts: deadlines.Running) -> Moments:
    due = deadlines.due(working.calendar, facts)
    if due.at is None or due.amber_at is None:
        raise ValueError("a clock with a pause without end has no due moment")
    return Moments(working.id, due.at, due.amber_at, due.provisional)


def facts_of(clock: Clock) -> deadlines.Running:
    """Return the stored facts of a clock in the form the engine computes with."""
    if clock.given:
        return deadlines.Running(clock.started_at, deadlines.Limit.given(clock.due_at))
    facts = facts_from(clock.limits, clock.started_at)
    return replace(facts, used_before=clock.used_before, pauses=_pauses(clock))


def facts_from(limits: Sequence[Sequence[str]], started_at: datetime) -> deadlines.Running:
    """Return stored limits that began at a moment in the form the engine computes with."""
    return _running([LimitOf(kind, Decimal(amount)) for kind, amount in limits], started_at)


def _pauses(clock: Clock) -> tuple[deadlines.Pause, ...]:
    return tuple(
        deadlines.Pause(datetime.fromisoformat(start), datetime.fromisoformat(end))
        for start, end in clock.pauses
    )


def pause(clock: Clock, start: datetime, until: datetime) -> None:
    """Let a running clock stand still from one moment to another; its due moment moves by what it does not count."""
    clock.pauses = [*clock.pauses, [start.isoformat(), until.isoformat()]]
    _settle(clock)


def resume(clock: Clock, at: datetime) -> None:
    """End the last pause of a clock at this moment instead of the one that was planned."""
    start, _until = clock.pauses[-1]
    clock.pauses = [*clock.pauses[:-1], [start, at.isoformat()]]
    _settle(clock)


def extend(clock: Clock, limit: LimitOf) -> None:
    """Add a limit that follows on from the others."""
    clock.limits = [*clock.limits, [limit.kind, str(limit.amount)]]
    _settle(clock)


def due_if_extended(clock: Clock, limit: LimitOf) -> datetime:
    """When a clock would be due with a limit added; nothing is stored."""
    facts = facts_of(clock)
    return _due(clock, facts if clock.given else deadlines.after_extension(facts, limit.rule))


def due_if_paused(clock: Clock, start: datetime, until: datetime) -> datetime:
    """When a clock would be due if it stood still from one moment to another; nothing is stored."""
    facts = facts_of(clock)
    return _due(
        clock, facts if clock.given else replace(facts, pauses=(*facts.pauses, deadlines.Pause(start, until)))
    )


def _due(clock: Clock, facts: deadlines.Running) -> datetime:
    return _moments(working_by_id(clock.calendar_id), facts).due_at


def _settle(clock: Clock) -> None:
    """Compute the moments of a clock from its facts and store both; a given due moment stays."""
    if not clock.given:
        working = working_by_id(clock.calendar_id)
        moments = _moments(working, facts_of(clock))
        clock.due_at, clock.amber_at = moments.due_at, moments.amber_at
        clock.provisional = moments.provisional
    clock.watched_due_at = None  # its turns are computed anew, even where the due moment stays
    clock.save(update_fields=["pauses", "limits", "due_at", "amber_at", "provisional", "watched_due_at"])


Limits = Mapping[ClockKind, Sequence[LimitOf]]


def start(subject: Report | Case, limits: Limits, at: datetime) -> tuple[Clock, ...]:
    """Start clocks of a report or case at a moment, by their kinds, and store them in one statement."""
    started = tuple(
        _clock(subject, kind, calendar_of(subject, kind), _running(of_kind, at), of_kind)
        for kind, of_kind in limits.items()
    )
    rows.insert(*started)
    return started


def restart_for_rework(case: Case, stopped: Clock, at: datetime) -> Clock:
    """Start the handling clock again with what was left, at least a quarter of the limit."""
    assert stopped.stopped_at is not None
    working = calendar_of(case, stopped.kind)
    old = facts_of(stopped)
    facts = deadlines.after_rework(working.calendar, old, finished_at=stopped.stopped_at, restarted_at=at)
    limits = [LimitOf(kind, Decimal(amount)) for kind, amount in stopped.limits]
    clock = _clock(case, ClockKind(stopped.kind), working, facts, limits)
    clock.given = stopped.given
    rows.insert(clock)
    return clock


def _clock(
    subject: Report | Case,
    kind: ClockKind,
    working: Working,
    facts: deadlines.Running,
    limits: Sequence[LimitOf],
) -> Clock:
    moments = _moments(working, facts)
    return Clock(
        report_id=subject.pk if isinstance(subject, Report) else None,
        case_id=subject.pk if isinstance(subject, Case) else None,
        kind=kind,
        calendar_id=moments.calendar_id,
        started_at=facts.started_at,
        limits=[[limit.kind, str(limit.amount)] for limit in limits],
        used_before=facts.used_before,
        due_at=moments.due_at,
        amber_at=moments.amber_at,
        provisional=moments.provisional,
    )


def of(subject: Report | Case) -> Q:
    """The condition of the clocks that belong to a report or case."""
    return Q(report_id=subject.pk) if isinstance(subject, Report) else Q(case_id=subject.pk)


def stop(subject: Report | Case, kinds: Iterable[str], at: datetime) -> None:
    """Stop the running clocks of these kinds."""
    with prepared() as cursor:
        cursor.execute(
            STOP_OF_REPORT if isinstance(subject, Report) else STOP_OF_CASE, [at, subject.pk, list(kinds)]
        )


def running(subject: Report | Case) -> dict[str, Clock]:
    """Return the clocks that run now, by kind."""
    return {clock.kind: clock for clock in subject.clocks.all() if clock.stopped_at is None}


def whole_limits(handling: LimitOf) -> list[LimitOf]:
    """The limits a whole case passes through one after another: dispatch, handling, check."""
    return [stage_limit(ClockKind.DISPATCH), handling, stage_limit(ClockKind.CHECK)]


def replace_limits(clock: Clock, limits: Sequence[LimitOf]) -> None:
    """Give a running clock other limits, counted from its own start; its moments follow."""
    if clock.given:
        return
    clock.limits = [[limit.kind, str(limit.amount)] for limit in limits]
    _settle(clock)

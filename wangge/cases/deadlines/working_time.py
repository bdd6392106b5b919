"""Working time as one long scale: how much work has passed at a moment, and the way back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from threading import Lock
from zoneinfo import ZoneInfo

from .moments import EPOCH, from_micros, to_micros

ShiftsOf = Callable[[int], list[tuple[int, int]]]  # a day's ordinal -> its shifts in microseconds since 1970
YEARS_WITHOUT_WORK = 5  # after which a search for the next working day gives up


class RealTime:
    """The scale on which every moment counts."""

    def position(self, micros: int) -> int:
        """How much time has passed at a moment."""
        return micros

    def first(self, position: int) -> int:
        """The earliest moment at a position."""
        return position

    def last(self, position: int) -> int:
        """The latest moment at a position."""
        return position


@dataclass(frozen=True, slots=True)
class Table:
    """The shifts of consecutive years in order, with the work done before each of them."""

    first_year: int
    last_year: int
    begins: int  # the moments the table speaks for: its local years
    ends: int
    starts: list[int]
    stops: list[int]
    before: list[int]
    origin: int  # the position at the beginning and at the end
    reached: int
    days: list[int]  # ordinals of the days with work
    first_shift: list[int]  # index of each such day's first shift


class WorkingTime:
    """The scale on which only working time counts, in microseconds; years are compiled when first needed.

    During a break the position stands still: `first` is when work stopped, `last` when it goes on.
    """

    def __init__(self, zone: ZoneInfo, shifts_of: ShiftsOf) -> None:
        self._zone = zone
        self._shifts_of = shifts_of
        self._growing = Lock()
        self._table: Table | None = None

    def position(self, micros: int) -> int:
        """How much working time has passed at a moment, counted from an arbitrary origin."""
        table = self._at(micros)
        at = bisect_right(table.starts, micros) - 1
        if at < 0:
            return table.origin
        return table.before[at] + min(micros, table.stops[at]) - table.starts[at]

    def first(self, position: int) -> int:
        """The earliest moment at a position: exactly at a shift's end it is that end."""
        table = self._reaching(position)
        at = bisect_left(table.before, position) - 1
        return table.starts[at] + position - table.before[at]

    def last(self, position: int) -> int:
        """The latest moment at a position: exactly at a shift's end it is the next shift's start."""
        table = self._reaching(position)
        at = bisect_right(table.before, position) - 1
        return table.starts[at] + position - table.before[at]

    def shifts(self, ordinal: int) -> list[tuple[int, int]]:
        """The shifts of a local day, in microseconds since 1970; none on a rest day."""
        day, shifts = self._day_after(ordinal, 0)
        return shifts if day == ordinal else []

    def same_clock(self, local: datetime, days: int) -> int:
        """So many working days later at the same clock time, clamped into that day's shifts.

        In a break between shifts it is the end of the shift before. A rest day counts as the evening
        of the working day before it, so that whoever starts later is never due earlier.
        """
        starting = local.toordinal()
        ordinal, shifts = self._day_after(starting, days)
        if self._day_after(starting, 0)[0] != starting:
            return shifts[-1][1]
        wanted = to_micros(datetime.combine(date.fromordinal(ordinal), local.time(), self._zone))
        begun = [stop for start, stop in shifts if start <= wanted]
        return min(wanted, begun[-1]) if begun else shifts[0][0]

    def share_of_day(self, micros: int, numerator: int, denominator: int) -> int:
        """A fraction (below 1) of a working day later; what a day cannot give is a share of the next one."""
        ordinal, shifts = self._day_after(self._local(micros).toordinal(), 0)
        opening, length = self.position(shifts[0][0]), _length(shifts)
        done = self.position(micros) - opening
        if micros > shifts[-1][1]:
            done = length
        share = max(done, 0) * denominator + numerator * length  # in parts of length * denominator
        if share <= length * denominator:
            return self.first(opening + share // denominator)
        over = share - length * denominator
        tomorrow = _length(self._day_after(ordinal, 1)[1])
        return self.first(opening + length + over * tomorrow // (length * denominator))

    def close_of_business(self, ordinal: int, *, working_days: int = 0) -> int:
        """The end of work so many working days after a local day; with 0, that day or else the next working day."""
        if working_days == 0 and not self.shifts(ordinal):
            working_days = 1
        return self._day_after(ordinal, working_days)[1][-1][1]

    def _day_after(self, ordinal: int, days: int) -> tuple[int, list[tuple[int, int]]]:
        """The working day so many after a local day (0: the last one until that day), with its shifts."""
        table = self._covering(date.fromordinal(ordinal).year)
        while (at := bisect_right(table.days, ordinal) - 1 + days) < 0:
            table = self._grown(table, backward=True)
        while at >= len(table.days):
            table = self._grown(table)
        start = table.first_shift[at]
        stop = table.first_shift[at + 1] if at + 1 < len(table.days) else len(table.starts)
        return table.days[at], list(zip(table.starts[start:stop], table.stops[start:stop], strict=True))

    def _local(self, micros: int) -> datetime:
        return from_micros(micros).astimezone(self._zone)

    def _at(self, micros: int) -> Table:
        table = self._table
        if table is not None and table.begins <= micros < table.ends:
            return table
        return self._covering(self._local(micros).year)

    def _reaching(self, position: int) -> Table:
        """The table with work both before and after a position."""
        table = self._table or self._covering(EPOCH.year)
        while position <= table.origin:
            table = self._grown(table, backward=True)
        while position >= table.reached:
            table = self._grown(table)
        return table

    def _covering(self, year: int) -> Table:
        table = self._table
        if table is not None and table.first_year <= year <= table.last_year:
            return table
        with self._growing:
            table = self._table or self._year(year, 0)
            while year < table.first_year:
                table = self._earlier(table)
            while year > table.last_year:
                table = self._later(table)
            self._table = table
        return table

    def _grown(self, table: Table, *, backward: bool = False) -> Table:
        """The table with a year more that has work; raises ValueError where nobody ever works."""
        for years in range(1, YEARS_WITHOUT_WORK + 1):
            year = table.first_year - years if backward else table.last_year + years
            grown = self._covering(year)
            if len(grown.starts) > len(table.starts):
                return grown
        raise ValueError("nobody works in this calendar: mark working days or give it shifts")

    def _later(self, table: Table) -> Table:
        return _joined(table, self._year(table.last_year + 1, table.reached))

    def _earlier(self, table: Table) -> Table:
        """Positions already handed out must not move, so earlier years count downwards."""
        year = self._year(table.first_year - 1, 0)
        origin = table.origin - year.reached
        before = [origin + done for done in year.before]
        return _joined(replace(year, before=before, origin=origin, reached=table.origin), table)

    def _year(self, year: int, origin: int) -> Table:
        first, after = date(year, 1, 1), date(year + 1, 1, 1)
        table = Table(
            year, year, self._midnight(first), self._midnight(after), [], [], [], origin, origin, [], []
        )
        reached = origin
        for ordinal in range(first.toordinal(), after.toordinal()):
            shifts = self._shifts_of(ordinal)
            if shifts:
                table.days.append(ordinal)
                table.first_shift.append(len(table.starts))
            for start, stop in shifts:
                table.starts.append(start)
                table.stops.append(stop)
                table.before.append(reached)
                reached += stop - start
        return replace(table, reached=reached)

    def _midnight(self, day: date) -> int:
        return to_micros(datetime.combine(day, time(), self._zone))


def _length(shifts: list[tuple[int, int]]) -> int:
    return sum(stop - start for start, stop in shifts)


def _joined(earlier: Table, later: Table) -> Table:
    """A new table, so that a thread reading the old one is not disturbed."""
    offset = len(earlier.starts)
    return Table(
        earlier.first_year,
        later.last_year,
        earlier.begins,
        later.ends,
        earlier.starts + later.starts,
        earlier.stops + later.stops,
        earlier.before + later.before,
        earlier.origin,
        later.reached,
        earlier.days + later.days,
        earlier.first_shift + [index + offset for index in later.first_shift],
    )

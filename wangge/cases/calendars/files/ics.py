"""Marked days as iCalendar (RFC 5545): whole-day entries whose category or title says 休 or 班."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar as Document
from icalendar import Event as Entry

from wangge.cases.calendars.files.kinds import REST, WORK, bare_name, kind_of, kind_told_by
from wangge.cases.calendars.files.reading import Told, Unreadable
from wangge.cases.deadlines import DayMark

# What the makers of phones write into their own lists of Chinese holidays; phones then draw 休 and 班.
SPECIAL_DAY = "X-APPLE-SPECIAL-DAY"
SPECIAL = {REST: "WORK-HOLIDAY", WORK: "ALTERNATE-WORKDAY"}
SIGN = {REST: "休", WORK: "班"}
LONGEST = 366  # days of one entry


def read_ics(content: bytes) -> Told:
    """Read an iCalendar file; entries that cannot be days of a calendar are told one by one."""
    try:
        document = Document.from_ical(content)
    except (ValueError, IndexError, KeyError) as error:
        raise Unreadable(
            [_("The iCalendar file cannot be read: %(why)s") % {"why": str(error)[:200]}]
        ) from None
    told = Told()
    for number, entry in enumerate(document.walk("VEVENT"), 1):
        if str(entry.get("STATUS", "")).upper() != "CANCELLED":
            _read_entry(told, number, entry)
    return told


def _read_entry(told: Told, number: int, entry: Any) -> None:
    title = str(entry.get("SUMMARY", "")).strip()
    where = _("Entry %(number)d “%(title)s”") % {"number": number, "title": title[:40]}
    try:
        first, count = _span(entry)
    except Unreadable as unreadable:
        told.faults.append(f"{where}: {unreadable}")
        return
    days = (first + timedelta(days=after) for after in range(count))
    told.add(where, days, _kind(entry, title), bare_name(title))


def _span(entry: Any) -> tuple[date, int]:
    """The first day and how many there are."""
    if entry.get("RRULE") or entry.get("RDATE"):
        raise Unreadable([_("it repeats; write its days out one by one.")])
    try:
        first, last = _value(entry, "DTSTART"), _value(entry, "DTEND")
        length = entry.get("DURATION")
    except (ValueError, AttributeError, TypeError):
        raise Unreadable([_("its dates cannot be read.")]) from None
    if first is None:
        raise Unreadable([_("it has no day on which it begins.")])
    if isinstance(first, datetime) or isinstance(last, datetime):
        raise Unreadable([_("it has a time of day; only whole days can be taken over.")])
    if last is None and length is not None:
        last = first + length.dt
    count = 1 if last is None else (last - first).days  # the end is not included
    if not 0 < max(count, 1 if last == first else count) <= LONGEST:
        raise Unreadable([_("it ends before it begins, or lasts more than a year.")])
    return first, max(count, 1)


def _value(entry: Any, name: str) -> date | None:
    found = entry.get(name)
    return None if found is None else found.dt


def _kind(entry: Any, title: str) -> str | None:
    """What its days are: the phone makers' mark says, then a category, then the title; None when none of them does."""
    said = [str(entry.get(SPECIAL_DAY, "")), *_categories(entry)]
    kinds = [kind for kind in map(kind_of, said) if kind]
    return kinds[0] if kinds else kind_told_by(title)


def _categories(entry: Any) -> Iterator[str]:
    found = entry.get("CATEGORIES")
    for group in found if isinstance(found, list) else [found] if found is not None else []:
        yield from (str(category) for category in getattr(group, "cats", [group]))


def write_ics(
    code: str, name: str, marks: Iterable[DayMark], *, published: frozenset[int], host: str, at: datetime
) -> bytes:
    """Write the marked days, in order, as iCalendar for phones; days of provisional years are tentative."""
    document = Document()
    document.add("PRODID", "-//Wangge//Working calendar//ZH")
    document.add("VERSION", "2.0")
    document.add("METHOD", "PUBLISH")
    document.add("X-WR-CALNAME", name)
    document.add("REFRESH-INTERVAL", timedelta(days=1), parameters={"VALUE": "DURATION"})
    document.add("X-PUBLISHED-TTL", "P1D")
    for first, last in _runs(marks):
        document.add_component(_entry(first, last, f"{first.date}.{code}@{host}", published, at))
    return bytes(document.to_ical())


def _entry(first: DayMark, last: date, uid: str, published: frozenset[int], at: datetime) -> Entry:
    kind = first.kind.value
    entry = Entry()
    entry.add("UID", uid)
    entry.add("DTSTAMP", at.astimezone(UTC))
    entry.add("DTSTART", first.date)
    entry.add("DTEND", last + timedelta(days=1))
    entry.add("SUMMARY", f"{first.name}（{SIGN[kind]}）" if first.name else SIGN[kind])
    entry.add("CATEGORIES", [SIGN[kind]])
    entry.add(SPECIAL_DAY, SPECIAL[kind])
    entry.add("STATUS", "CONFIRMED" if first.date.year in published else "TENTATIVE")
    entry.add("TRANSP", "TRANSPARENT")
    return entry


def _runs(marks: Iterable[DayMark]) -> Iterator[tuple[DayMark, date]]:
    """Neighbouring days that are alike, as one entry within one year."""
    first: DayMark | None = None
    last = date.min
    for mark in marks:
        alike = first is not None and (mark.kind, mark.name, mark.date.year) == (
            first.kind,
            first.name,
            first.date.year,
        )
        if first is not None and alike and mark.date - last == timedelta(days=1):
            last = mark.date
            continue
        if first is not None:
            yield first, last
        first, last = mark, mark.date
    if first is not None:
        yield first, last

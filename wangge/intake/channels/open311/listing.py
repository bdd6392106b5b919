"""Which reports a list asks for: the rules on windows, statuses and pages."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from wangge.intake.channels.open311.faults import bad
from wangge.intake.channels.open311.fields import Fields, comma_list, last
from wangge.intake.channels.open311.moments import parsed
from wangge.intake.channels.open311.reading import CLOSED, OPEN, Wanted

WINDOW = timedelta(days=90)
MOST = 1000  # requests in one answer
PAGE_SIZE = 50
DEEPEST = 10_000  # rows to skip: nobody reads further, and each skipped row costs time


def wanted_of(fields: Fields, *, now: datetime) -> Wanted:
    """Read the arguments of a list; raises Faulty naming the argument."""
    start, end = _bounds(fields, "start_date", "end_date")
    after, before = _bounds(fields, "updated_after", "updated_before")
    if not (start or end) and (after or before):
        # Who asks for what changed means old reports too.
        after, before = _window(after, before, now)
    else:
        start, end = _window(start, end, now)
    page, size = _page(fields)
    return Wanted(
        start=start,
        end=end,
        updated_after=after,
        updated_before=before,
        codes=tuple(comma_list(fields, "service_code")),
        statuses=_statuses(fields),
        most=size,
        skipped=(page - 1) * size,
    )


def _bounds(fields: Fields, first: str, final: str) -> tuple[datetime | None, datetime | None]:
    start, end = last(fields, first), last(fields, final)
    begins = parsed(start, first) if start else None
    ends = parsed(end, final, ends=True) if end else None
    if begins and ends and ends < begins:
        raise bad(_("%(final)s lies before %(first)s.") % {"first": first, "final": final})
    if begins and ends and ends - begins >= WINDOW + timedelta(seconds=1):
        words = {"first": first, "final": final, "days": WINDOW.days}
        raise bad(_("%(first)s and %(final)s may lie at most %(days)d days apart.") % words)
    return begins, ends


def _window(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime | None]:
    """Complete a window to at most 90 days; without bounds the last 90 days, open towards now."""
    try:
        if start is None:
            return ((end or now) - WINDOW, end)
        return (start, end or start + WINDOW)
    except OverflowError:
        raise bad(_("That is beyond the calendar.")) from None


def _statuses(fields: Fields) -> tuple[str, ...]:
    statuses = tuple(status.lower() for status in comma_list(fields, "status"))
    if unknown := [status for status in statuses if status not in (OPEN, CLOSED)]:
        raise bad(_("status: “%(status)s” is neither open nor closed.") % {"status": unknown[0][:40]})
    return statuses


def _page(fields: Fields) -> tuple[int, int]:
    """Return page (from 1) and size; without paging the first 1,000."""
    if not (last(fields, "page") or last(fields, "page_size")):
        return 1, MOST
    page = max(_whole(fields, "page", 1), 1)  # some count from 0
    size = min(_whole(fields, "page_size", PAGE_SIZE) or PAGE_SIZE, MOST)
    if (page - 1) * size > DEEPEST:
        raise bad(_("page: nobody reads that far; narrow the dates instead."))
    return page, size


def _whole(fields: Fields, name: str, default: int) -> int:
    text = last(fields, name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise bad(_("%(name)s: “%(text)s” is not a whole number.") % {"name": name, "text": text[:40]})
    return int(text)

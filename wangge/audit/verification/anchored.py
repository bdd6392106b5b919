"""Holds the logs against the anchors: those in the table, those in the file beside it, and copies kept elsewhere."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from wangge.audit import anchors, chain
from wangge.audit.anchor_line import Copied, Head, Unreadable, faults_among, read
from wangge.audit.models import AccessEntry, Anchor
from wangge.audit.verification.fault import Fault


def verify_anchors(after: date | None = None) -> Iterator[Fault]:
    """Check that no day is missing or changed, and that what each day anchored is still there (days after `after` only)."""
    before: Anchor | None = None
    for anchor in Anchor.objects.order_by("day").iterator():
        yield from _of_the_row(anchor, before)
        if after is None or anchor.day > after:
            yield from _of_what_it_covers(anchor)
        before = anchor
    yield from _of_the_file()


def _of_the_row(anchor: Anchor, before: Anchor | None) -> Iterator[Fault]:
    if anchor.line.digest != bytes(anchor.digest).hex():
        yield Fault(str(anchor), "was changed")
    if before is None:
        if bytes(anchor.previous) != chain.START or anchor.after:
            yield Fault(str(anchor), "is not the first: the days before it are missing")
    elif anchor.day != before.day + timedelta(days=1):
        first, last = before.day + timedelta(days=1), anchor.day - timedelta(days=1)
        days = f"{first} is" if first == last else f"{first} to {last} are"
        yield Fault(str(anchor), f"the anchor of {days} missing before it")
    elif bytes(anchor.previous) != bytes(before.digest) or anchor.after != before.last:
        yield Fault(str(anchor), "does not follow the day before it: an anchor was changed or put in")


def _of_what_it_covers(anchor: Anchor) -> Iterator[Fault]:
    root, events = anchors.root_of(anchor.after, anchor.last)
    if root.digest != bytes(anchor.root).hex() or events != anchor.events:
        yield Fault(
            str(anchor),
            f"it covers {anchor.events} events ({anchor.after + 1} to {anchor.last}) of {anchor.chains} chains;"
            f" there are {events} of {root.chains} now, and they are not the same: rows were {_how(anchor, events)}",
        )
    yield from _of_the_access_log(str(anchor), anchor.access, bytes(anchor.access_digest))


def _how(anchor: Anchor, events: int) -> str:
    if events == anchor.events:
        return "changed, or taken out and others put in"
    return "taken out" if events < anchor.events else "put in"


def _of_the_access_log(name: str, access: int, digest: bytes) -> Iterator[Fault]:
    if not access:
        return
    entry = AccessEntry.objects.filter(pk=access).first()
    if entry is None:
        yield Fault(name, f"access entry {access}, the last of its day, is missing")
    elif bytes(entry.digest) != digest:
        yield Fault(name, f"access entry {access}, the last of its day, was changed")


def _of_the_file() -> Iterator[Fault]:
    path = Path(settings.ANCHOR_FILE)
    if not path.exists():
        return
    try:
        copies = read(path.read_text(encoding="utf-8").splitlines())
    except Unreadable as error:
        yield Fault(path.name, str(error))
    else:
        yield from _of_copies(copies, f"the line of {path.name}")


def verify_copies(copies: Sequence[Copied]) -> Iterator[Fault]:
    """Hold the logs against anchors that were kept elsewhere; with their heads each chain that differs is named."""
    yield from _of_copies(copies, "the copy")
    for copy in copies:
        line, name = copy.line, f"anchor of {copy.line.day}"
        root, events = anchors.root_of(line.after, line.last)
        if root.digest != line.root or events != line.events:
            yield Fault(
                name,
                f"the copy covers {line.events} events of {line.chains} chains; they are not what is here",
            )
            yield from _differences(copy, anchors.heads_of(line.after, line.last))
        yield from _of_the_access_log(name, line.access, bytes.fromhex(line.access_digest))


def _of_copies(copies: Sequence[Copied], what: str) -> Iterator[Fault]:
    for day, fault in faults_among(copies):
        yield Fault(f"anchor of {day}", f"{what} is not whole: {fault}")
    rows = {anchor.day.isoformat(): anchor for anchor in _rows(copies)}
    for copy in copies:
        row = rows.get(copy.line.day)
        if row is None:
            yield Fault(f"anchor of {copy.line.day}", f"is missing; {what} is there")
        elif bytes(row.digest).hex() != copy.line.digest:
            yield Fault(str(row), f"{what} says something else")


def _rows(copies: Sequence[Copied]) -> Iterable[Anchor]:
    return Anchor.objects.filter(day__in=[copy.line.day for copy in copies])


def _differences(copy: Copied, found: Iterable[Head]) -> Iterator[Fault]:
    """Name each chain whose end of that day is not the one copied."""
    if not copy.heads:
        return
    now = {head.subject: head for head in found}
    for wanted in copy.heads:
        here = now.pop(wanted.subject, None)
        if here != wanted:
            yield Fault(f"{wanted.kind} {wanted.subject}", _what_of(wanted, here, copy.line.day))
    for head in now.values():
        yield Fault(
            f"{head.kind} {head.subject}", f"no. {head.seq} was put in among the events of {copy.line.day}"
        )


def _what_of(wanted: Head, here: Head | None, day: str) -> str:
    if here is None:
        return f"all its events of {day} are missing, no. {wanted.seq} the last of them"
    if here.seq == wanted.seq - 1:
        return f"no. {wanted.seq} of {day} is missing"
    if here.seq < wanted.seq:
        return f"no. {here.seq + 1} to {wanted.seq} of {day} are missing"
    if here.seq > wanted.seq:
        return f"no. {wanted.seq + 1} was put in among the events of {day}"
    return f"no. {wanted.seq} of {day} was changed"

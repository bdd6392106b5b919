"""Reading the access log."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from wangge.accounts.models import Account, Unit
from wangge.audit import naming
from wangge.audit.acts import act_label, particulars, subject_label
from wangge.audit.models import AccessEntry

Names = Mapping[str, Mapping[str, str]]  # by kind of subject and its key
ROWS = 2000  # of a file, named together
HEADINGS = (
    "id",
    "at",
    "account",
    "name",
    "act",
    "subject_kind",
    "subject_id",
    "subject",
    "purpose",
    "detail",
    "address",
    "digest",
)


@dataclass(frozen=True)
class Line:
    """An entry with the words a reader needs."""

    entry: AccessEntry
    act: str
    subject: str
    detail: str


def entries(condition: Q) -> QuerySet[AccessEntry]:
    """Return the entries that fit, newest first."""
    return AccessEntry.objects.filter(condition).select_related("account").order_by("-id")


def lines(shown: Iterable[AccessEntry]) -> Sequence[Line]:
    """Put entries into words; what they are about is named as people know it."""
    shown = list(shown)
    names = _names(shown)
    return [
        Line(entry, act_label(entry.act), _subject(entry, names), particulars(entry.detail))
        for entry in shown
    ]


def _names(shown: Sequence[AccessEntry]) -> Names:
    """The names of all subjects, one statement for each kind of which there is one."""
    keys: dict[str, set[str]] = {}
    for entry in shown:
        keys.setdefault(entry.subject_kind, set()).add(entry.subject_id)
    own: dict[str, type[Account] | type[Unit]] = {"account": Account, "unit": Unit}
    return {
        kind: _called(own[kind], wanted) if kind in own else naming.names_of(kind, wanted)
        for kind, wanted in keys.items()
    }


def _called(model: type[Account] | type[Unit], keys: Iterable[str]) -> Mapping[str, str]:
    wanted = [key for key in keys if key.isdigit()]
    return {str(pk): name for pk, name in model.objects.filter(pk__in=wanted).values_list("pk", "name")}


def _subject(entry: AccessEntry, names: Names) -> str:
    if not entry.subject_kind:
        return ""
    known = names[entry.subject_kind].get(entry.subject_id, entry.subject_id)
    return f"{subject_label(entry.subject_kind)} {known}".strip()


def rows(found: QuerySet[AccessEntry]) -> Iterator[tuple[object, ...]]:
    """Return the entries as rows for a file, oldest first; moments in the installation's time."""
    entries = found.order_by("id").iterator(chunk_size=ROWS)
    while some := list(islice(entries, ROWS)):
        names = _names(some)
        yield from (_row(entry, names) for entry in some)


def _row(entry: AccessEntry, names: Names) -> tuple[object, ...]:
    return (
        entry.pk,
        timezone.localtime(entry.at).isoformat(timespec="seconds"),
        entry.account.username if entry.account else "",
        entry.account.name if entry.account else "",
        entry.act,
        entry.subject_kind,
        entry.subject_id,
        _subject(entry, names),
        entry.purpose,
        particulars(entry.detail),
        entry.address or "",
        bytes(entry.digest).hex(),
    )


WAITING = (
    "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = %s AND status IN ('todo', 'doing'))"
)
VERIFY_JOB = "config.jobs.verify_log"


def is_verifying() -> bool:
    """Tell whether a verification that somebody asked for waits or runs."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [VERIFY_JOB])
        return bool(cursor.fetchone()[0])


def verifications(limit: int = 20) -> Sequence[AccessEntry]:
    """Return the results of the last verifications, newest first."""
    return list(
        AccessEntry.objects.filter(act="log_verified").select_related("account").order_by("-id")[:limit]
    )

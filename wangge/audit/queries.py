"""Reading the access log."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from wangge.accounts.models import Account, Unit
from wangge.audit.acts import act_label, particulars, subject_label
from wangge.audit.models import AccessEntry

HEADINGS = (
    "id",
    "at",
    "account",
    "name",
    "act",
    "subject_kind",
    "subject_id",
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
    """Put entries into words; accounts and units are named."""
    shown = list(shown)
    names = {
        "account": _names(Account, shown, "account"),
        "unit": _names(Unit, shown, "unit"),
    }
    return [
        Line(entry, act_label(entry.act), _subject(entry, names), particulars(entry.detail))
        for entry in shown
    ]


def _names(model: type[Account] | type[Unit], shown: Sequence[AccessEntry], kind: str) -> dict[str, str]:
    wanted = {
        entry.subject_id for entry in shown if entry.subject_kind == kind and entry.subject_id.isdigit()
    }
    return {str(pk): name for pk, name in model.objects.filter(pk__in=wanted).values_list("pk", "name")}


def _subject(entry: AccessEntry, names: dict[str, dict[str, str]]) -> str:
    if not entry.subject_kind:
        return ""
    known = names.get(entry.subject_kind, {}).get(entry.subject_id, entry.subject_id)
    return f"{subject_label(entry.subject_kind)} {known}".strip()


def rows(found: QuerySet[AccessEntry]) -> Iterator[tuple[object, ...]]:
    """Return the entries as rows for a file, oldest first; moments in the installation's time."""
    for entry in found.order_by("id").iterator(chunk_size=2000):
        yield (
            entry.pk,
            timezone.localtime(entry.at).isoformat(timespec="seconds"),
            entry.account.username if entry.account else "",
            entry.account.name if entry.account else "",
            entry.act,
            entry.subject_kind,
            entry.subject_id,
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

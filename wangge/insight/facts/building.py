"""Making facts anew: of one matter after each event, of all of them by command. Harmless twice, in any order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

from django.db import connection, transaction

from wangge.cases.models import Case, Report
from wangge.insight.facts import statements

FACTS_LOCK = 7_311_021  # advisory lock: whoever makes facts reads what the one before has seen, never less
BATCH = 5000


@transaction.atomic
def rebuild(*, cases: Sequence[UUID] = (), reports: Sequence[UUID] = ()) -> None:
    """Replace the facts of these subjects by what their events and clocks say now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FACTS_LOCK])
        for column, ids, orders in (
            ("case_id", list(cases), statements.OF_CASES),
            ("report_id", list(reports), statements.OF_REPORTS),
        ):
            if ids:
                cursor.execute(f"DELETE FROM insight_stagefact WHERE {column} = ANY(%s)", [ids])  # noqa: S608
                for order in orders:
                    cursor.execute(order, {"ids": ids})


def rebuild_around(kind: str, subject: UUID) -> None:
    """Make anew the facts of a report or case and of what hangs together with it: a case with all its reports."""
    if kind == "report":
        case = Report.objects.filter(pk=subject).values_list("case_id", flat=True).first()
    else:
        case = subject
    reports = list(Report.objects.filter(case_id=case).values_list("pk", flat=True)) if case else []
    rebuild(cases=[case] if case else [], reports=list({subject, *reports} if kind == "report" else reports))


def rebuild_all(say: Callable[[int], None] = lambda _done: None) -> int:
    """Make all facts anew in batches; returns how many reports and cases there are. Readers see a batch or none of it."""
    done = 0
    for ids in _batches(Case.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)):
        rebuild(cases=ids)
        say(done := done + len(ids))
    for ids in _batches(
        Report.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)
    ):
        rebuild(reports=ids)
        say(done := done + len(ids))
    return done


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    batch: list[UUID] = []
    for one in ids:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch

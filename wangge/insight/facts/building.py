"""Making facts anew: of a few matters after their events, of all of them by command. Harmless twice, in any order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

from django.db import transaction

from wangge.cases.models import Case, Report
from wangge.common.statements import prepared
from wangge.insight.facts import statements

FACTS_LOCK = 7_311_021  # advisory lock: whoever makes facts reads what the one before has seen, never less
BATCH = 5000


@transaction.atomic
def rebuild(*, cases: Sequence[UUID] = (), reports: Sequence[UUID] = ()) -> None:
    """Replace the facts of these subjects by what their events and clocks say now."""
    with prepared() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FACTS_LOCK])
        for column, ids, orders in (
            ("case_id", list(cases), statements.OF_CASES),
            ("report_id", list(reports), statements.OF_REPORTS),
        ):
            if ids:
                cursor.execute(f"DELETE FROM insight_stagefact WHERE {column} = ANY(%s)", [ids])  # noqa: S608
                for order in orders:
                    cursor.execute(order, {"ids": ids})


# Cases of the reports, then the reports of all these cases.
AROUND = """
WITH hanging AS (
    SELECT unnest(%s::uuid[]) AS id UNION SELECT case_id FROM cases_report WHERE id = ANY(%s) AND case_id IS NOT NULL
)
SELECT 'case', id FROM hanging
UNION ALL SELECT 'report', report.id FROM cases_report report JOIN hanging ON report.case_id = hanging.id
"""


def around(*, cases: Sequence[UUID] = (), reports: Sequence[UUID] = ()) -> tuple[list[UUID], list[UUID]]:
    """All cases and reports that hang together with these: a case with all its reports."""
    found: dict[str, set[UUID]] = {"case": set(), "report": set(reports)}
    with prepared() as cursor:
        cursor.execute(AROUND, [list(cases), list(reports)])
        for kind, subject in cursor.fetchall():
            found[kind].add(subject)
    return list(found["case"]), list(found["report"])


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

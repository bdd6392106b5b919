"""Should do, done, in time, late, open, open and late: each stage of the part looked at."""

from dataclasses import dataclass

from django.db.models import Q

from wangge.insight.measures.evaluation.stages import OF
from wangge.insight.models import FactKind
from wangge.insight.queries.cards import Number, Sight, counted_by


@dataclass(frozen=True)
class StageRow:
    """One stage with its six numbers."""

    label: str
    numbers: list[Number]


def stage_table(sight: Sight) -> list[StageRow]:
    """The six counts of every stage; one statement."""
    span = sight.span
    touches = (
        Q(ended_at__gte=span.start, ended_at__lt=span.end)
        | Q(due_at__gte=span.start, due_at__lt=span.end)
        | Q(started_at__lt=span.end) & (Q(ended_at=None) | Q(ended_at__gte=span.end))
    )
    found = (
        sight.facts()
        .filter(touches, kind__in=list(OF))
        .aggregate(**counted_by([count for six in OF.values() for count in six.all], span))
    )
    return [
        StageRow(
            str(FactKind(kind).label),
            [Number(count, found[f"n_{count.code}"], sight.list_url(count)) for count in six.all],
        )
        for kind, six in OF.items()
    ]

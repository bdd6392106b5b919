"""Should do, done, in time, late, open, open and late: each stage of the part looked at."""

from dataclasses import dataclass

from django.db.models import Q

from wangge.insight.measures.evaluation.stages import OF
from wangge.insight.models import FactKind
from wangge.insight.queries.cards import Number, Sight, counted_by, hides_workers, is_of_workers


@dataclass(frozen=True)
class StageRow:
    """One stage with its six numbers; a suppressed one has none."""

    label: str
    numbers: list[Number]
    suppressed: bool = False


def stage_table(sight: Sight) -> list[StageRow]:
    """The six counts of every stage; two statements. What few grid workers did is left out, not only unseen."""
    span, hidden = sight.span, hides_workers(sight)
    shown = [six for six in OF.values() if not (hidden and is_of_workers(six.done))]
    touches = (
        Q(ended_at__gte=span.start, ended_at__lt=span.end)
        | Q(due_at__gte=span.start, due_at__lt=span.end)
        | Q(started_at__lt=span.end) & (Q(ended_at=None) | Q(ended_at__gte=span.end))
    )
    found = (
        sight.facts()
        .filter(touches, kind__in=[six.kind for six in shown])
        .aggregate(**counted_by([count for six in shown for count in six.all], span))
    )
    return [
        StageRow(
            str(FactKind(kind).label),
            [Number(count, found[f"n_{count.code}"], sight.list_url(count)) for count in six.all]
            if six in shown
            else [],
            suppressed=six not in shown,
        )
        for kind, six in OF.items()
    ]

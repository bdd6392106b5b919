"""Six counts for each stage: should be done, done, in time, late, open, open and late (eGova practice; GB/T 30428.4).

Should be done: done in the period, or due in it and still open at its end. What was recalled, sent back, withdrawn or
voided before it was done counts in none. Worked example: of six cases five were closed, four of them in time, and one
that fell due is open: should 6, done 5, in time 4, late 1, open and late 1.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.insight.measures.evaluation.counted import Counted, done, fell_due, open_at_end
from wangge.insight.models import FactKind

STAGES = (
    FactKind.ACCEPT, FactKind.VERIFY, FactKind.FILE, FactKind.DISPATCH, FactKind.SIGN_OFF, FactKind.HANDLE,
    FactKind.CHECK, FactKind.ARBITRATE, FactKind.WHOLE,
)  # fmt: skip


@dataclass(frozen=True)
class Six:
    """The six counts of one stage."""

    kind: FactKind
    should: Counted
    done: Counted
    in_time: Counted
    late: Counted
    open: Counted
    open_late: Counted

    @property
    def all(self) -> tuple[Counted, ...]:
        return (self.should, self.done, self.in_time, self.late, self.open, self.open_late)


def _six(kind: FactKind) -> Six:
    ended_well = done(kind)
    return Six(
        kind,
        Counted(
            f"{kind}_should",
            pgettext_lazy("stage count", "Should be done"),
            _("Done in the period, or due in it and still open at its end."),
            (kind,),
            lambda span: ended_well(span) | fell_due(span),
        ),
        Counted(
            f"{kind}_done",
            pgettext_lazy("stage count", "Done"),
            _("Done in the period, of what had a time limit."),
            (kind,),
            ended_well,
        ),
        Counted(
            f"{kind}_in_time",
            pgettext_lazy("stage count", "In time"),
            _("Done in the period, not after the due moment."),
            (kind,),
            lambda span: ended_well(span) & Q(in_time=True),
        ),
        Counted(
            f"{kind}_late",
            pgettext_lazy("stage count", "Late"),
            _("Done in the period, after the due moment."),
            (kind,),
            lambda span: ended_well(span) & Q(in_time=False),
        ),
        Counted(
            f"{kind}_open",
            pgettext_lazy("stage count", "Open"),
            _("Begun and not ended when the period ended."),
            (kind,),
            lambda span: Q(started_at__lt=span.end) & open_at_end(span),
        ),
        Counted(
            f"{kind}_open_late",
            pgettext_lazy("stage count", "Open and late"),
            _("Due in the period, and still open at its end."),
            (kind,),
            fell_due,
        ),
    )


OF: dict[FactKind, Six] = {kind: _six(kind) for kind in STAGES}

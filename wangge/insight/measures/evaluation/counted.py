"""A count of stage facts as data: its words, the stretches it counts, and one condition over a span of time."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise

from wangge.insight.facts.ends import DONE
from wangge.insight.measures.evaluation.period import Span
from wangge.insight.models import FactKind


@dataclass(frozen=True)
class Counted:
    """One number of a scorecard; the list behind it is made of the same condition."""

    code: str
    label: Promise
    says: Promise
    kinds: tuple[FactKind, ...]
    where: Callable[[Span], Q]
    whose: str = "ended_by"  # which column names the person whose own fact it is

    def condition(self, span: Span) -> Q:
        """The whole condition on facts."""
        return Q(kind__in=self.kinds) & self.where(span)


@dataclass(frozen=True)
class Ratio:
    """A share of one count in another; `good` tells whether much of it is good."""

    code: str
    label: Promise
    says: Promise
    part: Counted
    whole: Counted
    good: bool = True


def began(span: Span) -> Q:
    """It began in the period."""
    return Q(started_at__gte=span.start, started_at__lt=span.end)


def ended(span: Span) -> Q:
    """It ended in the period."""
    return Q(ended_at__gte=span.start, ended_at__lt=span.end)


def open_at_end(span: Span) -> Q:
    """It had not ended when the period did; what lies after now has not happened."""
    return Q(ended_at=None) | Q(ended_at__gte=span.end)


def fell_due(span: Span) -> Q:
    """It fell due in the period and was still open at its end."""
    return Q(due_at__gte=span.start, due_at__lt=span.end) & open_at_end(span)


def done(kind: FactKind) -> Callable[[Span], Q]:
    """It ended in the period as it should end, and had something to be in time for."""
    return lambda span: ended(span) & Q(outcome__in=DONE[kind], in_time__isnull=False)

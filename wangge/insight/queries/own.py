"""A person's own facts: what they did themselves in a period, for their own eyes only."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from wangge.accounts.models import Account
from wangge.insight.measures.cards import ACCEPTOR, DISPATCHER, DUTY_CHIEF, INSPECTOR
from wangge.insight.measures.evaluation import Counted, Period, Span, reports, stages
from wangge.insight.models import FactKind, StageFact
from wangge.insight.queries.cards import Number

SIX = stages.OF
# What one person did: everything that was done, in time or late, and what the posts' cards count of it.
OWN: tuple[Counted, ...] = tuple(
    {
        count.code: count
        for count in (
            reports.WORKER_DECIDED, reports.WORKER_VALID,
            *(one for kind in (FactKind.VERIFY, FactKind.CHECK, FactKind.ACCEPT, FactKind.DISPATCH, FactKind.HANDLE,
                               FactKind.WHOLE) for one in (SIX[kind].done, SIX[kind].in_time, SIX[kind].late)),
            *(one for card in (INSPECTOR, ACCEPTOR, DUTY_CHIEF, DISPATCHER) for one in card.counts
              if one not in {six.should for six in SIX.values()} and one not in (reports.MISSED,)),
        )
    }.values()
)  # fmt: skip
OWN_OF = {count.code: count for count in OWN}


@dataclass(frozen=True)
class Own:
    """A number of one's own, with the stage it belongs to."""

    stage: str
    number: Number


def own_facts(person: Account, count: Counted, span: Span) -> QuerySet[StageFact]:
    """The list behind one of a person's own numbers."""
    facts = StageFact.objects.filter(Q(**{count.whose: person.pk}), count.condition(span))
    return facts.order_by("-started_at", "pk")


def own_numbers(person: Account, period: Period, span: Span) -> list[Own]:
    """What this person did, without what is nought; one statement for each number that can be."""
    address = reverse("insight:mine_list")
    found = ((count, own_facts(person, count, span).count()) for count in OWN)
    return [
        Own(
            str(FactKind(count.kinds[-1]).label),
            Number(count, number, f"{address}?what={count.code}&period={period.code}"),
        )
        for count, number in found
        if number
    ]

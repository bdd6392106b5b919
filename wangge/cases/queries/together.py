"""What would happen if the cases that wait were dispatched together, each to the unit of the duty list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from wangge.accounts.models import Account
from wangge.cases import permissions
from wangge.cases.duty import Proposal, propose_unit
from wangge.cases.models import Case
from wangge.cases.queries.rows import Row, rows_of
from wangge.cases.returned import Returned, returned
from wangge.cases.workflow import DISPATCH, Stage

MOST = 50  # more than anybody reads through before one press


@dataclass(frozen=True)
class Planned:
    """One case, the unit it would go to and why; without a proposal somebody chooses by hand."""

    row: Row
    case: Case
    proposal: Proposal | None
    sent_back: Sequence[Returned] = ()

    @property
    def choice(self) -> "Choice | None":
        """What the page sends back when it is marked; to who sent it back it goes by hand only, with words."""
        if self.proposal is None or self.proposal.again:
            return None
        return Choice(self.case.number, self.case.event_seq, self.proposal.unit.code)


@dataclass(frozen=True)
class Choice:
    """A case as its line showed it: number, last event and unit. What was shown is what is done."""

    number: str
    seen: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number} {self.seen} {self.unit}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what a form sends; None for what no page of ours has sent."""
        words = text.split(" ", 2)
        if len(words) != 3 or not (words[1].isascii() and words[1].isdigit() and len(words[1]) < 10):
            return None
        return cls(words[0], int(words[1]), words[2])


def plan(person: Account, at: datetime) -> list[Planned]:
    """The cases this person may dispatch, the most urgent first, those that can be marked before the others."""
    waiting = Case.objects.filter(permissions.at_desk(person, case=True), stage=Stage.FILED)
    waiting = waiting.select_related("matter", "condition", "current_grid", "unit").defer(
        "current_grid__boundary"
    )
    own = [case for case in waiting.order_by("due_at", "pk")[:MOST] if may_dispatch(person, case)]
    back = returned(own)
    planned = [
        Planned(row, case, proposal, back.get(case.pk, ()))
        for row, case, proposal in zip(rows_of(own, at), own, _proposals(own, back, at), strict=True)
    ]
    return sorted(planned, key=lambda one: one.choice is None)


def may_dispatch(person: Account, case: Case) -> bool:
    return permissions.refusal(DISPATCH, case, person) is None


def _proposals(
    cases: Sequence[Case], back: Mapping[UUID, Sequence[Returned]], at: datetime
) -> Iterable[Proposal | None]:
    """The duty list is asked once for all cases of one kind at one place; one that was sent back is asked for itself."""
    known: dict[tuple[object, ...], Proposal | None] = {}
    for case in cases:
        sent_back = back.get(case.pk, ())
        key = (case.matter_id, case.condition_id, case.area_path, case.pk if sent_back else None)
        if key not in known:
            known[key] = propose_unit(case, at, sent_back)
        yield known[key]

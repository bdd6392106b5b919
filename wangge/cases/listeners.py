"""What the domain itself does when something happened: send on, draw samples. Harmless the second time."""

from collections.abc import Sequence
from contextlib import suppress

from django.utils import timezone

from wangge.audit.models import Event
from wangge.audit.relay import only_where
from wangge.cases import actions
from wangge.cases.duty import propose_unit
from wangge.cases.models import Case
from wangge.common.refusals import Refused


def draw_recheck(event: Event) -> None:
    """Ask for a second look at a matter settled on the spot whose turn it is."""
    if event.subject_kind != "case":
        return  # settling is written on the chain of the report too
    with suppress(Refused):  # opened again or asked for meanwhile: nothing is left to draw
        actions.draw_recheck(Case.objects.get(pk=event.subject_id), at=event.at)


def _go_by_themselves(events: Sequence[Event]) -> set[int]:
    """The events of cases whose condition sends them on without a dispatcher."""
    keys = [event.subject_id for event in events if event.subject_kind == "case"]
    if not keys:
        return set()
    cases = Case.objects.filter(pk__in=keys, condition__auto_dispatch=True, confidential=False)
    found = set(cases.values_list("pk", flat=True))
    return {event.pk for event in events if event.subject_id in found}


@only_where(_go_by_themselves)
def dispatch_by_duty_list(event: Event) -> None:
    """Send what was just filed to the unit the duty list names, where its condition allows it without a dispatcher.

    Without a unit in the list, or with none but one that sent it back, and for what is confidential, it waits for a person. A case that has moved since
    (recalled, say) is a person's too.
    """
    case = Case.objects.select_related("condition", "matter").get(pk=event.subject_id)
    now = timezone.now()
    proposal = propose_unit(case, now)
    if proposal is None or proposal.again:
        return
    with suppress(Refused):  # somebody was faster, or the unit has been closed: a dispatcher decides
        actions.dispatch_case(case, to=proposal.unit, by=None, at=now, why=proposal.why, seen=event.seq)

"""What the domain itself does when something happened: send on, draw samples. Harmless the second time."""

from contextlib import suppress

from django.utils import timezone

from wangge.audit.models import Event
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


def dispatch_by_duty_list(event: Event) -> None:
    """Send what was just filed to the unit the duty list names, where its condition allows it without a dispatcher.

    Without a unit in the list, and for what is confidential, it waits for a person. A case that has moved since
    (recalled, say) is a person's too.
    """
    if event.subject_kind != "case":
        return
    case = Case.objects.select_related("condition", "matter").get(pk=event.subject_id)
    if case.condition is None or not case.condition.auto_dispatch or case.confidential:
        return
    now = timezone.now()
    proposal = propose_unit(case, now)
    if proposal is None:
        return
    with suppress(Refused):  # somebody was faster, or the unit has been closed: a dispatcher decides
        actions.dispatch_case(case, to=proposal.unit, by=None, at=now, why=proposal.why, seen=event.seq)

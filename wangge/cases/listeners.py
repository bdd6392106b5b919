"""What the domain itself does when something happened: draw the sample of second looks. Harmless the second time."""

from contextlib import suppress

from wangge.audit.models import Event
from wangge.cases import actions
from wangge.cases.models import Case
from wangge.common.refusals import Refused


def draw_recheck(event: Event) -> None:
    """Ask for a second look at a matter settled on the spot whose turn it is."""
    if event.subject_kind != "case":
        return  # settling is written on the chain of the report too
    with suppress(Refused):  # opened again or asked for meanwhile: nothing is left to draw
        actions.draw_recheck(Case.objects.get(pk=event.subject_id), at=event.at)

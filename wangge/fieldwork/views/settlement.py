"""Seen, put right and closed at once: what a worker sends when nothing is left for anybody else to do."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.attachments.receiving import Received, receive
from wangge.cases.actions import Draft
from wangge.cases.models import FilingCondition, MatterClass
from wangge.cases.queries.classes import find_classes
from wangge.common.digits import whole_number
from wangge.common.refusals import Refused
from wangge.fieldwork import actions
from wangge.fieldwork.views.worker import account_of, device_time_of, onward, position_of

CHOICES = 8
HERE = "here_"  # where the device is, beside the place of the matter
DraftOf = Callable[[HttpRequest, MatterClass | None, datetime], Draft]


def settle(request: HttpRequest, draft_of: DraftOf) -> HttpResponse:
    """Settle what the form says; a form sent twice settles once. Raises Refused with what is missing."""
    condition = condition_of(request.POST)
    before = receive(request.FILES.getlist("photos"))
    after = receive(request.FILES.getlist("after_photos"))
    case = actions.settle_on_the_spot(
        draft_of(request, condition.matter, timezone.now()),
        condition=condition,
        result=request.POST.get("result", ""),
        before=before,
        after=after,
        by=account_of(request),
        position=position_of(request.POST, HERE),
        device_at=device_time_of(request.POST, HERE),
    )
    _name_bad_photos(request, before, after)
    messages.success(request, _("Settled: case %(number)s is closed.") % {"number": case.number})
    return onward(request, "fieldwork:tasks")


def _name_bad_photos(request: HttpRequest, *received: Received) -> None:
    for name, sentence in (bad for each in received for bad in each.refused):
        messages.warning(request, f"{name}: {sentence}")


def spot_conditions() -> QuerySet[FilingCondition]:
    """What may be settled on the spot, by class."""
    return (
        FilingCondition.objects.filter(on_the_spot=True, in_force=True, matter__in_force=True)
        .select_related("matter")
        .order_by("matter__code", "ordinal")
    )


def condition_of(data: QueryDict) -> FilingCondition:
    """The condition that was chosen, or the only one that the class in the words has; else the worker chooses."""
    number = whole_number(data.get("condition", ""))
    if number is not None and (chosen := spot_conditions().filter(pk=number).first()):
        return chosen
    matter = matter_of(data)
    if matter is None:
        raise Refused(_("Please choose what you have put right."), field="condition")
    fitting = [row for row in spot_conditions() if row.matter_id == matter.pk]
    if not fitting:
        raise Refused(
            _("“%(what)s” is not settled on the spot; report it, and the desk sends somebody.")
            % {"what": matter.label},
            field="condition",
        )
    if len(fitting) > 1:
        raise Refused(_("Please choose what you have put right."), field="condition")
    return fitting[0]


def matter_of(data: QueryDict) -> MatterClass | None:
    """The class that was chosen, or the only one that the words fit; with several the worker chooses."""
    if chosen := data.get("matter", ""):
        return MatterClass.objects.filter(code=chosen, in_force=True).first()
    if not (words := data.get("what", "").strip()):
        return None
    fitting = find_classes(words, most=CHOICES)
    exact = [row for row in fitting if words in (row.code, row.label)]
    if len(exact or fitting) > 1:
        raise Refused(
            _("Several classes fit “%(words)s”: please choose one.") % {"words": words}, field="matter"
        )
    return next(iter(exact or fitting), None)

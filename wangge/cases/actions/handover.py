"""The handover of a shift at the desk: the outgoing duty chief writes it, the incoming one confirms it by name."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.accounts.models import Account, Role
from wangge.cases.models import Case, Handover, HandoverPin, Report
from wangge.cases.queries.handover import tally_of
from wangge.common.refusals import Refused
from wangge.territory.models import Area
from wangge.territory.scopes import scope_of


def is_chief(person: Account, area: Area) -> bool:
    """Tell whether somebody is duty chief at the desk of an area, or of a level above."""
    return scope_of(person).covers(area.path, {Role.DUTY_CHIEF})


@transaction.atomic
def write_handover(
    area: Area,
    *,
    watch: str,
    words: str,
    pinned: Sequence[Report | Case],
    by: Account,
    at: datetime,
) -> Handover:
    """Hand a shift over: the numbers of this moment are kept, with what to watch and the matters pinned.

    Raises Refused while another handover of this desk waits for its confirmation.
    """
    if not is_chief(by, area):
        raise Refused(_("A shift is handed over by the duty chief of the desk."))
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    if Handover.objects.filter(area=area, confirmed_at=None).exists():
        raise Refused(_("A handover of this desk waits for its confirmation already."))
    tally = tally_of(area, at)
    handover = Handover.objects.create(
        area=area,
        written_at=at,
        written_by=by,
        numbers=tally.numbers,
        confidential=tally.confidential,
        watch=watch,
        words=words,
    )
    HandoverPin.objects.bulk_create(_pins(handover, pinned))
    return handover


def _pins(handover: Handover, pinned: Sequence[Report | Case]) -> list[HandoverPin]:
    return [
        HandoverPin(
            handover=handover,
            case=subject if isinstance(subject, Case) else None,
            report=subject if isinstance(subject, Report) else None,
            stage=subject.stage,
        )
        for subject in dict.fromkeys(pinned)
    ]


@transaction.atomic
def confirm_handover(handover: Handover, *, by: Account, at: datetime, remark: str = "") -> None:
    """Take a shift over by name; whoever wrote the handover cannot confirm it, and it is confirmed once."""
    kept = Handover.objects.select_for_update(of=("self",)).select_related("area").get(pk=handover.pk)
    if not is_chief(by, kept.area):
        raise Refused(_("A shift is taken over by a duty chief of the desk."))
    if kept.written_by_id == by.pk:
        raise Refused(_("You wrote this handover yourself; whoever takes over confirms it."))
    if kept.confirmed_at is not None:
        raise Refused(_("This handover has been confirmed already."))
    kept.confirmed_at, kept.confirmed_by, kept.remark = at, by, remark
    kept.save(update_fields=["confirmed_at", "confirmed_by", "remark"])
    handover.confirmed_at, handover.confirmed_by, handover.remark = at, by, remark

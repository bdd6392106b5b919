"""Units among themselves: forwarding to a sub-unit or the station, and helping the lead unit."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account, Unit, UnitKind
from wangge.cases.actions.ending import end_requests
from wangge.cases.actions.moving import Move, require, taking
from wangge.cases.duty import areas_around
from wangge.cases.models import Case, ClockKind, Help, Request
from wangge.cases.workflow import ASK_HELP, FORWARD, GIVE_HELP
from wangge.common import rows
from wangge.common.refusals import Refused


def forwards_to(case: Case, on: datetime) -> QuerySet[Unit]:
    """Where the case's unit may forward it: its own sub-units, and the station that serves the place."""
    near = Q(kind=UnitKind.STATION, areas__area_id__in=areas_around(case.area_path))
    inside = Q(parent_id=case.unit_id)
    in_force = Q(closed_on=None) | Q(closed_on__gt=timezone.localdate(on))
    return Unit.objects.filter(inside | near, in_force).exclude(pk=case.unit_id or 0).distinct()


def forward_case(
    case: Case, *, to: Unit, by: Account, at: datetime | None = None, note: str = "", seen: int | None = None
) -> None:
    """Forward a case inside the unit: somebody else signs for it, and the handling clock goes on."""
    require(to, _("Choose where to forward it."), "unit")
    with taking(FORWARD, case, by=by, at=at, note=note, seen=seen) as move:
        if not forwards_to(move.subject, move.at).filter(pk=to.pk).exists():
            raise Refused(
                _(
                    "%(unit)s is neither a part of your unit nor the station of this place; send the case back instead."
                )
                % {"unit": to.name},
                field="unit",
            )
        demand_named(move.subject, to)
        end_requests(move, Request.Kind.EXTEND, Request.Kind.SUSPEND)
        Help.objects.filter(case=move.subject, unit=to).delete()  # nobody helps itself
        move.data.update(from_unit=move.subject.unit.name if move.subject.unit else "")
        move.data.update(unit=to.name, unit_code=to.code)
        move.subject.unit, move.subject.handler, move.subject.accepted_at = to, None, None
        move.stop(ClockKind.SIGN_OFF)
        move.start(ClockKind.SIGN_OFF)


def demand_named(case: Case, unit: Unit) -> None:
    """Raise Refused when a confidential case would go to a unit in which nobody is named to see it."""
    if case.confidential and not case.named_handlers.filter(account__unit=unit).exists():
        raise Refused(
            _("The case is confidential: first name somebody of %(unit)s as its handler.")
            % {"unit": unit.name},
            field="unit",
        )


def ask_help(
    case: Case,
    *,
    units: Iterable[Unit],
    words: str,
    by: Account,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """Ask other units to help with a part of the case; the lead unit stays responsible and no clock moves."""
    asked = list(units)
    require(asked, _("Choose the unit that is to help."), "unit")
    with taking(ASK_HELP, case, by=by, at=at, note=words, seen=seen) as move:
        add_helpers(move, asked, words)


def add_helpers(move: Move[Case], units: Iterable[Unit], words: str) -> None:
    """Note who helps; the lead unit does not help itself, and whoever helps already is not asked twice."""
    asked = list(units)
    if any(unit.pk == move.subject.unit_id for unit in asked):
        raise Refused(_("The lead unit does not help itself; choose another one."), field="unit")
    for unit in asked:
        demand_named(move.subject, unit)
    known = set(Help.objects.filter(case=move.subject).values_list("unit_id", flat=True))
    if again := [unit.name for unit in asked if unit.pk in known]:
        raise Refused(
            _("%(units)s helps with this case already.") % {"units": "、".join(again)}, field="unit"
        )
    Help.objects.bulk_create(
        Help(case=move.subject, unit=unit, asked_at=move.at, asked_by=move.by, words=words) for unit in asked
    )
    move.data["helpers"] = [unit.name for unit in asked]
    move.data["helper_codes"] = [unit.code for unit in asked]


def give_help(
    case: Case, *, result: str, by: Account, at: datetime | None = None, seen: int | None = None
) -> None:
    """A helping unit says what it did; the lead unit finishes the case."""
    with taking(GIVE_HELP, case, by=by, at=at, note=result, seen=seen) as move:
        own = Help.objects.select_related("unit").get(
            case=move.subject, unit_id=by.unit_id or 0, done_at=None
        )
        own.done_at, own.done_by, own.result = move.at, by, result
        own.save(update_fields=["done_at", "done_by", "result"])
        move.data.update(unit=own.unit.name, unit_code=own.unit.code)


def helps_open(case: Case) -> list[str]:
    """Names of the units that have not done their part yet."""
    if not rows.exists(Help, case=case.pk):  # nearly always
        return []
    return list(Help.objects.filter(case=case, done_at=None).values_list("unit__name", flat=True))

"""What the system administrator does with units."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole, Unit
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused


@transaction.atomic
def save_unit(unit: Unit, *, by: Account, at: datetime, address: str | None = None) -> Unit:
    """Store a new or corrected unit; the tree stays a tree."""
    demand_role(by, AdminRole.SYSTEM)
    _refuse_circle(unit)
    act = "unit_edited" if unit.pk else "unit_created"
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        raise Refused(_("There is already a unit with this code."), field="code") from error
    _record(act, unit, by, at, address)
    return unit


def _refuse_circle(unit: Unit) -> None:
    above = unit.parent
    while above is not None:
        if above.pk == unit.pk:
            raise Refused(_("A unit cannot stand below itself."), field="parent")
        above = above.parent


@transaction.atomic
def close_unit(unit: Unit, *, by: Account, at: datetime, address: str | None = None) -> None:
    """Close a unit from this day on; it stays in the record and takes no new people."""
    demand_role(by, AdminRole.SYSTEM)
    if unit.closed_on is not None:
        raise Refused(_("This unit is closed already."))
    if unit.people.filter(is_active=True).exists():
        raise Refused(_("There are still active accounts in this unit. Move or deactivate them first."))
    if unit.children.filter(closed_on=None).exists():
        raise Refused(_("There are still open units below this one. Close or move them first."))
    _set_closed(unit, timezone.localdate(at))
    _record("unit_closed", unit, by, at, address)


@transaction.atomic
def reopen_unit(unit: Unit, *, by: Account, at: datetime, address: str | None = None) -> None:
    """Open a closed unit again."""
    demand_role(by, AdminRole.SYSTEM)
    if unit.closed_on is None:
        raise Refused(_("This unit is open already."))
    _set_closed(unit, None)
    _record("unit_reopened", unit, by, at, address)


def _set_closed(unit: Unit, day: date | None) -> None:
    unit.closed_on = day
    unit.save(update_fields=["closed_on"])


def _record(act: str, unit: Unit, by: Account, at: datetime, address: str | None) -> None:
    record_access(act, by=by, at=at, subject_kind="unit", subject_id=unit.pk, address=address)

"""What the system administrator does with accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wangge.accounts import moves
from wangge.accounts.access import demand_role
from wangge.accounts.actions.passwords import one_time_password, set_password
from wangge.accounts.models import Account, AdminPost, AdminRole, Unit
from wangge.audit.actions import record_access
from wangge.common.masking import is_masked
from wangge.common.refusals import Refused


@dataclass(frozen=True)
class Issued:
    """An account and the password to be handed over; it is nowhere else and cannot be shown again."""

    account: Account
    password: str


@transaction.atomic
def create_account(
    *,
    username: str,
    name: str,
    by: Account,
    at: datetime,
    phone: str = "",
    unit: Unit | None = None,
    address: str | None = None,
) -> Issued:
    """Make an account with a one-time password; it can do nothing until it has a post."""
    demand_role(by, AdminRole.SYSTEM)
    account = Account(username=username, name=name, phone=phone, unit=unit)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise Refused(_("There is already an account of this name."), field="username") from error
    password = one_time_password()
    set_password(account, password, at=at, issued=True)
    _record("account_created", account, by, at, address)
    return Issued(account, password)


@transaction.atomic
def edit_account(
    account: Account,
    *,
    name: str,
    phone: str,
    unit: Unit | None,
    by: Account,
    at: datetime,
    address: str | None = None,
) -> None:
    """Correct name, phone and unit; a masked phone that a form sent back leaves the stored one alone."""
    demand_role(by, AdminRole.SYSTEM)
    wanted = {"name": name, "phone": account.phone if is_masked(phone) else phone, "unit": unit}
    changed = [field for field, value in wanted.items() if getattr(account, field) != value]
    if not changed:
        return
    detail: dict[str, Any] = {"fields": changed}
    if "unit" in changed:
        _refuse_bound(account, at)
        detail["unit"] = [_code(account.unit), _code(unit)]
    for field in changed:
        setattr(account, field, wanted[field])
    account.save(update_fields=changed)
    # Which fields, not what was in them: the log is read by others and kept for long. Units are no secret.
    _record("account_edited", account, by, at, address, detail)


def _refuse_bound(account: Account, at: datetime) -> None:
    """Raise Refused when another unit would hand the person another unit's cases: that is not for one alone to do."""
    if moves.is_bound(account, timezone.localdate(at)):
        raise Refused(
            _(
                "This person holds a post in the unit, and would see another unit's cases. "
                "Ask the security administrator to end the post first."
            ),
            field="unit",
        )


def _code(unit: Unit | None) -> str:
    return unit.code if unit else ""


@transaction.atomic
def deactivate_account(account: Account, *, by: Account, at: datetime, address: str | None = None) -> None:
    """Close an account from now on; its sessions end with the next request."""
    demand_role(by, AdminRole.SYSTEM)
    if account == by:
        raise Refused(_("Nobody deactivates their own account."))
    if not account.is_active:
        raise Refused(_("This account is closed already."))
    refuse_if_last(account)
    _set_active(account, False)
    _record("account_deactivated", account, by, at, address)


@transaction.atomic
def reactivate_account(account: Account, *, by: Account, at: datetime, address: str | None = None) -> None:
    """Open an account again; the security administrator issues a new password if it is forgotten."""
    demand_role(by, AdminRole.SYSTEM)
    if account.is_active:
        raise Refused(_("This account is open already."))
    _set_active(account, True)
    _record("account_reactivated", account, by, at, address)


def refuse_if_last(account: Account) -> None:
    """Raise Refused when no other active account holds the same administrator role."""
    if not (role := account.admin_role):
        return
    holders = AdminPost.objects.select_for_update().filter(role=role, account__is_active=True)
    if not holders.exclude(account=account).exists():
        raise Refused(_("This is the last administrator of this kind. Appoint another one first."))


def _set_active(account: Account, active: bool) -> None:
    account.is_active = active
    account.save(update_fields=["is_active"])


def _record(
    act: str,
    account: Account,
    by: Account,
    at: datetime,
    address: str | None,
    detail: dict[str, Any] | None = None,
) -> None:
    record_access(
        act, by=by, at=at, subject_kind="account", subject_id=account.pk, address=address, detail=detail
    )

"""Setting passwords."""

import secrets
from datetime import datetime

from axes.utils import reset as forget_failures
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole, OldPassword
from wangge.accounts.passwords import REMEMBERED
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused

# Without the characters that are taken for one another when a password is read out or copied from paper.
LOWER, UPPER, DIGITS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKMNPQRSTUVWXYZ", "23456789"


@transaction.atomic
def change_password(account: Account, *, new: str, at: datetime, address: str | None = None) -> None:
    """Set the password a person chose; raises Refused with every rule it breaks."""
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="new") from error
    set_password(account, new, at=at, issued=False)
    record_access("password_changed", by=account, at=at, address=address)


@transaction.atomic
def issue_password(account: Account, *, by: Account, at: datetime, address: str | None = None) -> str:
    """Replace a forgotten password by a one-time password, which is returned and shown once."""
    demand_role(by, AdminRole.SECURITY)
    if account == by:
        raise Refused(_("Change your own password on the page of your account."))
    password = one_time_password()
    set_password(account, password, at=at, issued=True)
    forget_failures(username=account.username)
    record_access(
        "password_issued", by=by, at=at, subject_kind="account", subject_id=account.pk, address=address
    )
    return password


@transaction.atomic
def unlock_account(account: Account, *, by: Account, at: datetime, address: str | None = None) -> None:
    """End the lockout after too many failed sign-ins, from wherever they came."""
    demand_role(by, AdminRole.SECURITY)
    forget_failures(username=account.username)
    record_access(
        "account_unlocked", by=by, at=at, subject_kind="account", subject_id=account.pk, address=address
    )


def one_time_password() -> str:
    """Make a password of more than 50 bits that a person can read out: ``kW7f-q3Mz-Xd9p``."""
    groups = ["".join(secrets.choice(kind) for kind in _shuffled()) for _group in range(3)]
    return "-".join(groups)


def _shuffled() -> list[str]:
    """Return the kinds of one group's characters: each kind at least once, in any order."""
    kinds = [LOWER, UPPER, DIGITS, LOWER + UPPER + DIGITS]
    secrets.SystemRandom().shuffle(kinds)
    return kinds


def set_password(account: Account, new: str, *, at: datetime, issued: bool) -> None:
    """Store a password and remember the old one; an issued one must be changed at the next sign-in."""
    if account.has_usable_password():
        OldPassword.objects.create(account=account, password=account.password, set_at=at)
    account.set_password(new)
    account.password_changed_at, account.must_change_password = at, issued
    account.save(update_fields=["password", "password_changed_at", "must_change_password"])
    forgotten = account.old_passwords.order_by("-set_at").values_list("pk", flat=True)[REMEMBERED:]
    OldPassword.objects.filter(pk__in=list(forgotten)).delete()

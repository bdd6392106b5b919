"""Setting passwords."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from wangge.accounts.models import Account, OldPassword
from wangge.accounts.passwords import REMEMBERED
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused


@transaction.atomic
def change_password(account: Account, *, new: str, at: datetime, address: str | None = None) -> None:
    """Set the password a person chose; raises Refused with every rule it breaks."""
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="new") from error
    set_password(account, new, at=at, issued=False)
    record_access("password_changed", by=account, at=at, address=address)


def set_password(account: Account, new: str, *, at: datetime, issued: bool) -> None:
    """Store a password and remember the old one; an issued one must be changed at the next sign-in."""
    if account.has_usable_password():
        OldPassword.objects.create(account=account, password=account.password, set_at=at)
    account.set_password(new)
    account.password_changed_at, account.must_change_password = at, issued
    account.save(update_fields=["password", "password_changed_at", "must_change_password"])
    forgotten = account.old_passwords.order_by("-set_at").values_list("pk", flat=True)[REMEMBERED:]
    OldPassword.objects.filter(pk__in=list(forgotten)).delete()

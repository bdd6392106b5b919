"""Appointing administrators. One account holds one of the three roles and no work post beside it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wangge.accounts.access import demand_role
from wangge.accounts.actions.accounts import Issued, refuse_if_last
from wangge.accounts.actions.passwords import one_time_password, set_password
from wangge.accounts.models import Account, AdminPost, AdminRole
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused


@transaction.atomic
def appoint_administrator(
    account: Account, *, role: AdminRole, by: Account, at: datetime, address: str | None = None
) -> None:
    """Give an account an administrator role; refused for oneself and for people with posts."""
    demand_role(by, AdminRole.SECURITY)
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account == by:
        raise Refused(_("Nobody gives rights to themselves."))
    if account.admin_role:
        raise Refused(_("An account holds only one administrator role."))
    if account.posts.filter(Q(ends_on=None) | Q(ends_on__gt=timezone.localdate(at))).exists():
        raise Refused(_("An administrator holds no post in an area. End the posts first."))
    AdminPost.objects.create(account=account, role=role)
    _record("administrator_appointed", account, role, by, at, address)


@transaction.atomic
def dismiss_administrator(account: Account, *, by: Account, at: datetime, address: str | None = None) -> None:
    """Take an administrator role away; the last one of its kind stays."""
    demand_role(by, AdminRole.SECURITY)
    if account == by:
        raise Refused(_("Nobody changes their own rights."))
    if not (role := account.admin_role):
        return
    refuse_if_last(account)
    AdminPost.objects.filter(account=account).delete()
    _record("administrator_dismissed", account, AdminRole(role), by, at, address)


@transaction.atomic
def found_administrators(names: Mapping[AdminRole, tuple[str, str]], *, at: datetime) -> Sequence[Issued]:
    """Make the first three administrators, each with a one-time password; `names` are (account name, name).

    Refused when there are administrators already: from then on only they make others.
    """
    if AdminPost.objects.exists():
        raise Refused(
            _("There are administrators already. New ones are appointed by the security administrator.")
        )
    return [_found(role, *names[role], at=at) for role in AdminRole]


def _found(role: AdminRole, username: str, name: str, *, at: datetime) -> Issued:
    if Account.objects.filter(username=username).exists():
        raise Refused(_("There is already an account named “%(name)s”.") % {"name": username})
    account = Account.objects.create(username=username, name=name)
    password = one_time_password()
    set_password(account, password, at=at, issued=True)
    AdminPost.objects.create(account=account, role=role)
    _record("administrator_appointed", account, role, None, at, None)
    return Issued(account, password)


def _record(
    act: str, account: Account, role: AdminRole, by: Account | None, at: datetime, address: str | None
) -> None:
    record_access(
        act,
        by=by,
        at=at,
        subject_kind="account",
        subject_id=account.pk,
        address=address,
        detail={"role": role.value},
    )

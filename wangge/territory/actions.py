"""Assigning posts: every right flows from one, and the security administrator decides about it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole, Role
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused
from wangge.territory.forces.absences import OF_A_UNIT, settle
from wangge.territory.models import Area, Post


@transaction.atomic
def assign_post(
    account: Account,
    *,
    role: Role,
    area: Area,
    starts_on: date,
    by: Account,
    at: datetime,
    ends_on: date | None = None,
    address: str | None = None,
) -> Post:
    """Give a person a post in an area from one day on; `ends_on` is the first day on which it no longer holds."""
    demand_role(by, AdminRole.SECURITY)
    account = Account.objects.select_for_update().get(pk=account.pk)
    _refuse_wrong_person(account, role, by)
    _refuse_wrong_days(account, role, area, starts_on, ends_on)
    post = Post.objects.create(account=account, role=role, area=area, starts_on=starts_on, ends_on=ends_on)
    settle(account, timezone.localdate(at))
    _record("post_assigned", post, by, at, address)
    return post


def _refuse_wrong_person(account: Account, role: Role, by: Account) -> None:
    if account == by:
        raise Refused(_("Nobody gives rights to themselves."))
    if account.admin_role:
        raise Refused(_("An administrator holds no post in an area. Take the administrator role away first."))
    if not account.is_active:
        raise Refused(_("This account is closed."))
    if role in OF_A_UNIT and account.unit_id is None:
        raise Refused(
            _("This post is about a unit's cases, and the account belongs to no unit."), field="role"
        )


def _refuse_wrong_days(
    account: Account, role: Role, area: Area, starts_on: date, ends_on: date | None
) -> None:
    if ends_on is not None and ends_on <= starts_on:
        raise Refused(_("The post would end before it begins."), field="ends_on")
    if area.valid_to is not None:
        raise Refused(_("This area is no longer in force."), field="area")
    still = Q(ends_on=None) | Q(ends_on__gt=starts_on)
    same = account.posts.filter(still, role=role, area=area, absence=None)
    if (same.filter(starts_on__lt=ends_on) if ends_on else same).exists():
        raise Refused(_("The person already holds this post in this area on these days."))


@transaction.atomic
def end_post(post: Post, *, on: date, by: Account, at: datetime, address: str | None = None) -> None:
    """Let a post end; `on` is the first day on which it no longer holds, today at the earliest."""
    demand_role(by, AdminRole.SECURITY)
    Account.objects.select_for_update().get(pk=post.account_id)  # before the post, as in `record_absence`
    post = Post.objects.select_for_update(of=("self",)).select_related("account", "area").get(pk=post.pk)
    if post.account == by:
        raise Refused(_("Nobody changes their own rights."))
    if post.absence_id is not None:
        raise Refused(_("This post is held in somebody's stead. End the absence instead."))
    if post.ends_on is not None and post.ends_on <= timezone.localdate(at):
        raise Refused(_("This post has ended already."))
    if on < max(post.starts_on, timezone.localdate(at)):
        raise Refused(_("A post cannot end in the past; what was done under it stays true."), field="on")
    post.ends_on = on
    post.save(update_fields=["ends_on"])
    settle(post.account, timezone.localdate(at))
    _record("post_ended", post, by, at, address)


def _record(act: str, post: Post, by: Account, at: datetime, address: str | None) -> None:
    detail: dict[str, Any] = {
        "role": post.role,
        "area": post.area.code,
        "from": post.starts_on.isoformat(),
        "until": post.ends_on.isoformat() if post.ends_on else None,
    }
    record_access(
        act,
        by=by,
        at=at,
        subject_kind="account",
        subject_id=post.account_id,
        address=address,
        detail=detail,
    )

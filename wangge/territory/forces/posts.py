"""The forces that need no rights here, and the telephone of a post: kept by whoever arranges the area."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Account
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused
from wangge.territory.forces import permissions
from wangge.territory.models import Area, ForceKind, ForcePost, Post


@transaction.atomic
def add_force(
    area: Area,
    *,
    force: ForceKind,
    name: str,
    starts_on: date,
    by: Account,
    at: datetime,
    duty_phone: str = "",
    account: Account | None = None,
    ends_on: date | None = None,
    shown: bool = False,
) -> ForcePost:
    """Write down who serves an area as one of the forces; it gives no right."""
    _demand(by, area)
    if area.valid_to is not None:
        raise Refused(_("This area is no longer in force."))
    if not force.in_use:
        raise Refused(_("This kind of force is no longer in use."), field="force")
    if ends_on is not None and ends_on <= starts_on:
        raise Refused(_("The post would end before it begins."), field="ends_on")
    post = ForcePost.objects.create(
        force=force,
        area=area,
        account=account,
        name=name,
        duty_phone=duty_phone,
        shown=shown,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _record("force_added", post.pk, area, by, at, force=post.force_id)
    return post


@transaction.atomic
def end_force(post: ForcePost, *, by: Account, at: datetime) -> None:
    """From today on this person no longer serves there."""
    post = ForcePost.objects.select_for_update(of=("self",)).select_related("area").get(pk=post.pk)
    _demand(by, post.area)
    today = timezone.localdate(at)
    if post.ends_on is not None and post.ends_on <= today:
        raise Refused(_("This post has ended already."))
    post.ends_on = max(today, post.starts_on)
    post.save(update_fields=["ends_on"])
    _record("force_ended", post.pk, post.area, by, at, force=post.force_id)


@transaction.atomic
def give_phone(post: Post, *, phone: str, by: Account, at: datetime) -> None:
    """Name the telephone at which residents reach a post."""
    post = Post.objects.select_for_update(of=("self",)).select_related("area").get(pk=post.pk)
    _demand(by, post.area)
    post.duty_phone = phone
    post.save(update_fields=["duty_phone"])
    post.stand_ins.filter(ends_on__gt=timezone.localdate(at)).update(duty_phone=phone)
    _record("duty_phone_given", post.pk, post.area, by, at, phone=phone)


def _demand(by: Account, area: Area) -> None:
    if not permissions.manages(by, area.path):
        raise Refused(
            _("This is for the grid lead or duty chief of the area, or the security administrator.")
        )


def _record(act: str, pk: int, area: Area, by: Account, at: datetime, **more: Any) -> None:
    record_access(act, by=by, at=at, subject_kind="post", subject_id=pk, detail={"area": area.code, **more})

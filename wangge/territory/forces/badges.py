"""Badges: issued, worn, verified by a resident at the door, expired or revoked."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Account
from wangge.attachments import actions as attachments
from wangge.attachments.models import Attachment, Kind, Purpose
from wangge.attachments.receiving import receive
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused
from wangge.territory.forces import permissions
from wangge.territory.forces.coverage import IN_GRIDS
from wangge.territory.models import Badge, Post
from wangge.territory.queries import in_force

GOOD_FOR = timedelta(days=365)
SUBJECT = "badge"
NOT_OF_A_SERIAL = re.compile(r"[^0-9A-Z]+")


def street_posts(account: Account | int, day: date) -> QuerySet[Post]:
    """The posts in grids and communities that somebody holds on a day, in whosever stead."""
    posts = Post.objects.filter(in_force(day), account=account, role__in=IN_GRIDS, account__is_active=True)
    return posts.select_related("area").defer("area__boundary").order_by("area__path", "role")


def may_issue(by: Account, account: Account, day: date) -> bool:
    """Tell whether `by` arranges the place where this person works."""
    return any(permissions.manages(by, post.area.path) for post in street_posts(account, day))


@transaction.atomic
def issue_badge(account: Account, *, by: Account, at: datetime, expires_on: date | None = None) -> Badge:
    """Give a worker a badge with a new number for a year; an earlier one is revoked by it."""
    today = timezone.localdate(at)
    Account.objects.select_for_update().get(pk=account.pk)
    if by == account:
        raise Refused(_("Nobody issues a badge to themselves."))
    if not street_posts(account, today).exists():
        raise Refused(_("A badge is for somebody with a post in a grid or community."))
    _demand(by, account, today)
    until = expires_on or today + GOOD_FOR
    if until <= today:
        raise Refused(_("The badge would be invalid from the first day on."), field="expires_on")
    old = account.badges.filter(revoked_at=None).first()
    account.badges.filter(revoked_at=None).update(revoked_at=at)
    badge = Badge.objects.create(
        account=account,
        issued_on=today,
        expires_on=until,
        photo_agreed_at=old.photo_agreed_at if old else None,
    )
    if old is not None:  # the photo, and the consent to it, are the worker's and go along
        _photos(old).update(subject_id=badge.pk)
    _record("badge_issued", badge, by, at)
    return badge


@transaction.atomic
def revoke_badge(badge: Badge, *, by: Account, at: datetime) -> None:
    """Let a badge be worth nothing from now on: lost, or the service has ended."""
    badge = Badge.objects.select_for_update(of=("self",)).select_related("account").get(pk=badge.pk)
    if badge.revoked_at is not None:
        raise Refused(_("This badge was revoked already."))
    _demand(by, badge.account, timezone.localdate(at))
    badge.revoked_at = at
    badge.save(update_fields=["revoked_at"])
    _record("badge_revoked", badge, by, at)


def agree_to_photo(badge: Badge, file: UploadedFile, *, by: Account, at: datetime) -> None:
    """Keep the worker's photo, with the consent that residents see it; only the worker's own hand does that."""
    if badge.account_id != by.pk:
        raise Refused(_("Only the person on the photo can agree to it."))
    received = receive([file])
    if received.refused:
        raise Refused(received.refused[0][1], field="photo")
    if received.kept[0].kind != Kind.PHOTO:
        raise Refused(_("Please choose a photo."), field="photo")
    with transaction.atomic():
        attachments.erase(_photos(badge), at=at)
        attachments.record(
            received, subject_kind=SUBJECT, subject_id=badge.pk, purpose=Purpose.PORTRAIT, by=by, at=at
        )
        badge.photo_agreed_at = at
        badge.save(update_fields=["photo_agreed_at"])
        _record("photo_agreed", badge, by, at)


@transaction.atomic
def withdraw_photo(badge: Badge, *, by: Account, at: datetime) -> None:
    """Take the consent back; the photo is deleted."""
    if badge.account_id != by.pk:
        raise Refused(_("Only the person on the photo can agree to it."))
    if badge.photo_agreed_at is None:
        raise Refused(_("There is no photo on this badge."))
    attachments.erase(_photos(badge), at=at)
    badge.photo_agreed_at = None
    badge.save(update_fields=["photo_agreed_at"])
    _record("photo_withdrawn", badge, by, at)


def _photos(badge: Badge) -> QuerySet[Attachment]:
    return Attachment.objects.filter(subject_kind=SUBJECT, subject_id=badge.pk)


def photo_of(badge: Badge) -> Attachment | None:
    """The photo that residents may see: with consent, or none."""
    return _photos(badge).order_by("-pk").first() if badge.photo_agreed_at else None


# -- At the door -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verified:
    """What a resident learns about a number: `state` is valid, expired, revoked or unknown; the rest only if valid."""

    state: str
    serial: str
    badge: Badge | None = None
    posts: Sequence[Post] = ()

    @property
    def has_photo(self) -> bool:
        """Whether there is a photo to compare the face with."""
        return self.badge is not None and photo_of(self.badge) is not None


def serial_from(typed: str) -> str:
    """Read a number as people type it: in small or wide letters, with blanks and dashes."""
    return NOT_OF_A_SERIAL.sub("", unicodedata.normalize("NFKC", typed).upper())[:20]


def verify(typed: str, today: date) -> Verified:
    """Say whether the badge with this number is valid today.

    Whoever no longer serves wears a revoked badge, whether anybody thought of revoking it or not.
    """
    serial = serial_from(typed)
    badge = Badge.objects.filter(serial=serial).select_related("account").first()
    if badge is None:
        return Verified("unknown", serial)
    posts = list(street_posts(badge.account, today))
    if badge.revoked_at is not None or not posts:
        return Verified("revoked", serial)
    if badge.expires_on <= today:
        return Verified("expired", serial)
    return Verified("valid", serial, badge, posts)


def badges_in(path: str, today: date) -> QuerySet[Badge]:
    """The valid badges of whoever has a post of their own in an area, for printing."""
    holders = Post.objects.filter(
        in_force(today), area__path__startswith=path, role__in=IN_GRIDS, absence=None
    )
    valid = Q(
        revoked_at=None, expires_on__gt=today, account__is_active=True, account__in=holders.values("account")
    )
    return Badge.objects.filter(valid).select_related("account__unit").order_by("account__username")


def _demand(by: Account, account: Account, day: date) -> None:
    if not (permissions.is_security(by) or may_issue(by, account, day)):
        raise Refused(
            _("This is for the grid lead or duty chief of the area, or the security administrator.")
        )


def _record(act: str, badge: Badge, by: Account, at: datetime) -> None:
    record_access(
        act, by=by, at=at, subject_kind="account", subject_id=badge.account_id,
        detail={"badge": str(badge.pk), "until": badge.expires_on.isoformat()},
    )  # fmt: skip

"""Absences: for their days the stand-in holds the very posts of whoever is away, and not a day longer.

A stand-in's rights are posts like all others, so that scopes, tasks and notices need not know of absences. `settle`
derives them from two facts, the absence and the posts of whoever is away, and is called when either changes.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Account, Role
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused
from wangge.notifications.actions import About, notify
from wangge.territory.forces import permissions
from wangge.territory.models import Absence, Post

LONGEST_DAYS = 366
OF_A_UNIT = frozenset({Role.CLERK, Role.UNIT_LEAD})


def own_posts(account: Account | int, starts_on: date, ends_on: date) -> QuerySet[Post]:
    """The posts that a person holds in their own name on any of these days (`ends_on` is no longer one)."""
    return Post.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=starts_on), account=account, absence=None, starts_on__lt=ends_on
    ).select_related("area")


def away_on(day: date) -> QuerySet[Absence]:
    """The absences that hold on a day."""
    return Absence.objects.filter(starts_on__lte=day, ends_on__gt=day)


def present(posts: QuerySet[Post], day: date) -> QuerySet[Post]:
    """Leave out the posts of whoever is away on a day: the stand-in holds posts of their own."""
    return posts.exclude(account__in=away_on(day).values("account"))


@transaction.atomic
def record_absence(
    account: Account,
    *,
    stand_in: Account,
    starts_on: date,
    ends_on: date,
    by: Account,
    at: datetime,
    address: str | None = None,
) -> Absence:
    """Somebody is away from one day to the day before `ends_on`, and the stand-in has their posts on these days."""
    _refuse_wrong_days(starts_on, ends_on, timezone.localdate(at))
    locked = {
        one.pk: one
        for one in Account.objects.select_for_update().filter(pk__in=[account.pk, stand_in.pk]).order_by("pk")
    }
    account, stand_in = locked[account.pk], locked[stand_in.pk]
    posts = list(own_posts(account, starts_on, ends_on))
    _refuse_wrong_people(account, stand_in, posts, by)
    _demand_right(posts, stand_in, by)
    _refuse_double(account, stand_in, starts_on, ends_on)
    absence = Absence.objects.create(
        account=account,
        stand_in=stand_in,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_by=by,
        recorded_at=at,
    )
    settle(account, timezone.localdate(at))
    _record("absence_recorded", absence, by, at, address)
    _tell(absence, posts[0], at)
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, on: date, by: Account, at: datetime, address: str | None = None) -> None:
    """Somebody is back on a day, today at the earliest; on or before the first day, the absence is called off."""
    absence = Absence.objects.select_for_update().select_related("account", "stand_in").get(pk=absence.pk)
    today = timezone.localdate(at)
    if absence.ends_on <= today or absence.ends_on == absence.starts_on:
        raise Refused(_("This absence is over already."))
    if on < today:
        raise Refused(_("An absence cannot end in the past; what the stand-in did stays true."), field="on")
    if on >= absence.ends_on:
        raise Refused(
            _("The absence ends before that day. Record another one for a longer time."), field="on"
        )
    if absence.account == by or absence.stand_in == by:
        raise Refused(_("Nobody changes their own rights."))
    posts = list(own_posts(absence.account, absence.starts_on, absence.ends_on))
    _demand_right(posts, absence.stand_in, by)
    absence.ends_on = max(on, absence.starts_on)
    absence.save(update_fields=["ends_on"])
    settle(absence.account, today)
    _record("absence_ended", absence, by, at, address)


def settle(account: Account, today: date) -> None:
    """Make the stand-ins' posts what the absences and own posts of one person say; the past stays as it was.

    Called in the transaction that changed either. Doing it twice changes nothing.
    """
    for absence in account.absences.filter(ends_on__gte=today):
        kept = {post.stands_in_for_id: post for post in absence.posts.all()}
        for post in own_posts(account, absence.starts_on, absence.ends_on):
            first = max(absence.starts_on, post.starts_on)
            end = min(absence.ends_on, post.ends_on or date.max)
            if first < end:
                _hold(absence, kept.pop(post.pk, None), post, max(first, today), end, today)
        for held in kept.values():
            _let_end(held, today)


def _let_end(held: Post, today: date) -> None:
    """A post that has not begun never was; one that has ends today."""
    if held.starts_on > today:
        held.delete()
    elif held.ends_on is None or held.ends_on > today:
        held.ends_on = today
        held.save(update_fields=["ends_on"])


def _hold(absence: Absence, held: Post | None, post: Post, first: date, end: date, today: date) -> None:
    if held is not None:
        if held.starts_on > today:
            held.starts_on = first
        held.ends_on = max(end, held.starts_on)
        held.save(update_fields=["starts_on", "ends_on"])
    elif first < end:
        Post.objects.create(
            account=absence.stand_in, role=post.role, area=post.area, starts_on=first, ends_on=end,
            duty_phone=post.duty_phone, stands_in_for=post, absence=absence,
        )  # fmt: skip


# -- What is refused ---------------------------------------------------------------------------------------------


def _refuse_wrong_days(starts_on: date, ends_on: date, today: date) -> None:
    if starts_on < today:
        raise Refused(_("Rights are not given for days that have passed; begin today."), field="starts_on")
    if ends_on <= starts_on:
        raise Refused(_("The person would be back before being away."), field="ends_on")
    if (ends_on - starts_on).days > LONGEST_DAYS:
        raise Refused(_("For more than a year the post is given to somebody else instead."), field="ends_on")


def _refuse_wrong_people(account: Account, stand_in: Account, posts: Iterable[Post], by: Account) -> None:
    if account == stand_in:
        raise Refused(_("Nobody stands in for themselves."), field="stand_in")
    if by in (account, stand_in):
        raise Refused(_("Nobody changes their own rights. Somebody else has to record this absence."))
    if not stand_in.is_active:
        raise Refused(_("This account is closed."), field="stand_in")
    if stand_in.admin_role:
        raise Refused(_("An administrator holds no post in an area."), field="stand_in")
    roles = {Role(post.role) for post in posts}
    if not roles:
        raise Refused(_("This person holds no post on these days; nobody has to stand in."))
    if roles & OF_A_UNIT and account.unit_id != stand_in.unit_id:
        raise Refused(
            _("These posts are about the cases of a unit; the stand-in has to be of the same unit."),
            field="stand_in",
        )


def _demand_right(posts: Iterable[Post], stand_in: Account, by: Account) -> None:
    """The security administrator arranges everything; a manager what is on the street of the own area, with own people."""
    if permissions.is_security(by):
        return
    if not all(
        post.role in permissions.OF_THE_STREET and permissions.manages(by, post.area.path) for post in posts
    ):
        raise Refused(
            _(
                "This is for the grid lead or duty chief of the area; posts at desks and units are the security administrator's."
            )
        )
    if not any(permissions.manages(by, path) for path in stand_in.posts.values_list("area__path", flat=True)):
        raise Refused(
            _("The stand-in works outside your area. Ask the security administrator."), field="stand_in"
        )


def _refuse_double(account: Account, stand_in: Account, starts_on: date, ends_on: date) -> None:
    """Nobody is left without: who is away has one stand-in, who stands in is there."""
    meanwhile = Absence.objects.filter(starts_on__lt=ends_on, ends_on__gt=starts_on).exclude(
        ends_on=F("starts_on")
    )
    for one in meanwhile.select_related("account"):
        if one.account_id == account.pk:
            raise Refused(_("An absence on these days is recorded already."), field="starts_on")
        if one.account_id == stand_in.pk:
            raise Refused(
                _("%(name)s is away on these days too.") % {"name": stand_in.name}, field="stand_in"
            )
        if one.stand_in_id == account.pk:
            raise Refused(
                _("%(name)s stands in for %(other)s on these days. Name somebody else there first.")
                % {"name": account.name, "other": one.account.name}
            )


def _tell(absence: Absence, post: Post, at: datetime) -> None:
    """Say it to the stand-in, once; the posts are on the stand-in's own page."""
    notify(
        [absence.stand_in],
        wording="stands_in",
        words={"place": post.area.name, "day": absence.starts_on.isoformat()},
        about=About(link=reverse("accounts:me")),
        source=f"absence:{absence.pk}",
        at=at,
    )


def _record(act: str, absence: Absence, by: Account, at: datetime, address: str | None) -> None:
    record_access(
        act,
        by=by,
        at=at,
        subject_kind="account",
        subject_id=absence.account_id,
        address=address,
        detail={
            "stand_in": absence.stand_in_id,
            "from": absence.starts_on.isoformat(),
            "until": absence.ends_on.isoformat(),
            "posts": sorted(f"{post.role} {post.area.code}" for post in absence.posts.select_related("area")),
        },
    )

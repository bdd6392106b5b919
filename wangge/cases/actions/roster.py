"""The duty roster of a desk: who is on duty when. Planned by its duty chief; what has passed stays as it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account, Role
from wangge.audit.actions import record_access
from wangge.cases.models import DeskShift
from wangge.common.days import midnight
from wangge.common.refusals import Refused
from wangge.territory.forces.absences import away_on
from wangge.territory.models import Area, Post
from wangge.territory.scopes import scope_of

LONGEST = timedelta(hours=24)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Copied:
    """What a copy of a week did, and why some shifts were left out."""

    shifts: int
    left_out: Sequence[str]


def may_plan(person: Account, area: Area) -> bool:
    """Tell whether somebody plans the roster of this desk: its duty chief, or one of a level above."""
    return scope_of(person).covers(area.path, {Role.DUTY_CHIEF})


@transaction.atomic
def add_shift(
    area: Area,
    *,
    role: str,
    account: Account,
    starts_at: datetime,
    ends_at: datetime,
    by: Account,
    at: datetime,
) -> DeskShift:
    """Put somebody on duty. Raises Refused when they hold no such post there then, or are on duty already."""
    shift = DeskShift(
        area=area, role=role, account=account, starts_at=starts_at, ends_at=ends_at, made_at=at, made_by=by
    )
    _demand_chief(area, by)
    _check(shift, at)
    shift.save()
    _record(area, by, at, act="add", shift=shift)
    return shift


@transaction.atomic
def change_shift(
    shift: DeskShift,
    *,
    role: str,
    account: Account,
    starts_at: datetime,
    ends_at: datetime,
    by: Account,
    at: datetime,
) -> None:
    """Give a shift that has not ended other times, another role or another person."""
    _demand_chief(shift.area, by)
    kept = _locked(shift, at)
    if kept.starts_at <= at and (starts_at != kept.starts_at or account.pk != kept.account_id):
        raise Refused(_("This shift has begun: only its end can still be changed."), field="starts")
    kept.role, kept.account, kept.starts_at, kept.ends_at = role, account, starts_at, ends_at
    kept.made_at, kept.made_by = at, by
    _check(kept, at)
    kept.save()
    _record(kept.area, by, at, act="change", shift=kept)


@transaction.atomic
def remove_shift(shift: DeskShift, *, by: Account, at: datetime) -> None:
    """Take a shift off the roster that has not begun."""
    _demand_chief(shift.area, by)
    kept = _locked(shift, at)
    if kept.starts_at <= at:
        raise Refused(_("This shift has begun; let it end earlier instead."))
    _record(kept.area, by, at, act="remove", shift=kept)
    kept.delete()


@transaction.atomic
def copy_week(area: Area, *, to: date, by: Account, at: datetime) -> Copied:
    """Repeat the shifts of the week before in the week of a Monday; what is not possible is left out and said."""
    _demand_chief(area, by)
    start = midnight(to - WEEK)
    before = DeskShift.objects.filter(area=area, starts_at__gte=start, starts_at__lt=midnight(to))
    done, left_out = 0, []
    for shift in before.select_related("account", "area"):
        try:
            with transaction.atomic():
                _repeat(shift, by, at)
                done += 1
        except Refused as refused:
            left_out.append(f"{shift.account.name} {_short(_later(shift.starts_at))}: {refused}")
    if done:
        _record(area, by, at, act="copy", rows=done)
    return Copied(done, left_out)


def _repeat(shift: DeskShift, by: Account, at: datetime) -> None:
    again = DeskShift(
        area=shift.area,
        role=shift.role,
        account=shift.account,
        starts_at=_later(shift.starts_at),
        ends_at=_later(shift.ends_at),
        made_at=at,
        made_by=by,
    )
    _check(again, at)
    again.save()


def _later(moment: datetime) -> datetime:
    """The same time of the clock a week later."""
    local = timezone.localtime(moment)
    return timezone.make_aware(local.replace(tzinfo=None) + WEEK)


def _short(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%m-%d %H:%M")


# -- What must be so ---------------------------------------------------------------------------------------------


def _demand_chief(area: Area, by: Account) -> None:
    if not may_plan(by, area):
        raise Refused(_("The roster of a desk is planned by its duty chief."))


def _locked(shift: DeskShift, at: datetime) -> DeskShift:
    kept = (
        DeskShift.objects.select_for_update(of=("self",)).select_related("area").filter(pk=shift.pk).first()
    )
    if kept is None:
        raise Refused(_("Somebody has taken this shift off the roster meanwhile."))
    if kept.ends_at <= at:
        raise Refused(_("This shift is over; the record stays as it was."))
    return kept


def _check(shift: DeskShift, at: datetime) -> None:
    if shift.ends_at <= shift.starts_at:
        raise Refused(_("A shift ends after it begins."), field="ends")
    if shift.ends_at - shift.starts_at > LONGEST:
        raise Refused(_("A shift lasts at most 24 hours."), field="ends")
    if shift.ends_at <= at:
        raise Refused(_("This time has passed; the roster is for what lies ahead."), field="day")
    if not _holds_post(shift):
        raise Refused(
            _("%(name)s holds no post as %(role)s at this desk on that day.")
            % {"name": shift.account.name, "role": shift.get_role_display()},
            field="account",
        )
    _demand_present(shift)
    _demand_free(shift)


def _demand_present(shift: DeskShift) -> None:
    """Who is away is not on duty; the stand-in may be."""
    days = timezone.localdate(shift.starts_at), timezone.localdate(shift.ends_at - timedelta(microseconds=1))
    absence = next((one for day in days for one in away_on(day).filter(account=shift.account)), None)
    if absence is not None:
        raise Refused(
            _("%(name)s is away on that day; %(other)s stands in.")
            % {"name": shift.account.name, "other": absence.stand_in.name},
            field="account",
        )


def _holds_post(shift: DeskShift) -> bool:
    day = timezone.localdate(shift.starts_at)
    in_force = Q(ends_on=None) | Q(ends_on__gt=day)
    posts = Post.objects.filter(in_force, account=shift.account, role=shift.role, starts_on__lte=day)
    paths = posts.filter(account__is_active=True).values_list("area__path", flat=True)
    return any(shift.area.path.startswith(path) for path in paths)


def _demand_free(shift: DeskShift) -> None:
    """Nobody is on duty twice at a time; the person's row is locked, so that two planners cannot both be right."""
    Account.objects.select_for_update(no_key=True).get(pk=shift.account_id)
    meanwhile = DeskShift.objects.filter(
        account=shift.account, starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at
    ).exclude(pk=shift.pk)
    other = meanwhile.select_related("area").first()
    if other is not None:
        raise Refused(
            _("%(name)s is on duty already: %(area)s, %(start)s to %(end)s.")
            % {
                "name": shift.account.name,
                "area": other.area.name,
                "start": _short(other.starts_at),
                "end": _short(other.ends_at),
            },
            field="account",
        )


def _record(area: Area, by: Account, at: datetime, **detail: object) -> None:
    shift = detail.pop("shift", None)
    if isinstance(shift, DeskShift):
        detail |= {
            "role": shift.role,
            "who": shift.account.username,
            "from": shift.starts_at.isoformat(),
            "until": shift.ends_at.isoformat(),
        }
    record_access("roster_changed", by=by, at=at, subject_kind="area", subject_id=area.code, detail=detail)

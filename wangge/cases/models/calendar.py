"""Our own calendar table: days marked in both directions, shifts, published years, and every change of them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Account, Unit
from wangge.common.privacy import internal, public
from wangge.territory.models import Area


def weekend() -> list[int]:
    """Saturday and Sunday; Monday is 0."""
    return [5, 6]


class Calendar(models.Model):
    """The working time of one part of the installation or of one unit: a time zone, shifts and marked days."""

    code = public(models.CharField(max_length=40, unique=True))
    name = public(models.CharField(max_length=100))
    time_zone = public(models.CharField(max_length=40, default="Asia/Shanghai"))
    # A list of seasons; each has "from" and "to" (month-day) and "hours" such as 09:00-12:00; the first holds all year.
    shifts = public(models.JSONField(default=list))
    weekly_rest = public(models.JSONField(default=weekend))
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="calendars",
        help_text="holds in this subtree",
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="calendars",
        help_text="holds for the work of this unit and the units below it",
    )
    # Marked days and published years come from there, unless a day is marked here.
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")
    in_force = models.BooleanField(default=True, help_text="clocks may start by it; running ones keep theirs")
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(area=None) | Q(unit=None), name="calendar_of_area_or_unit"),
            # Nobody has to guess which of two calendars holds.
            models.UniqueConstraint(
                fields=["area", "unit"],
                condition=Q(in_force=True),
                nulls_distinct=False,
                name="calendar_one_in_force",
            ),
        ]
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a rest day in the week or a make-up day at the weekend."""

    class Kind(models.TextChoices):
        WORK = "work", _("Working day")
        REST = "rest", _("Rest day")

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days")
    day = models.DateField()
    kind = public(models.CharField(max_length=4, choices=Kind.choices))
    name = public(models.CharField(max_length=60, blank=True))
    emergency = models.BooleanField(default=False, help_text="declared at short notice")
    reason = internal(models.CharField(max_length=200, blank=True))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_once"),
            models.CheckConstraint(
                condition=Q(emergency=False) | ~Q(reason=""), name="calendar_emergency_has_reason"
            ),
        ]
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class CalendarYear(models.Model):
    """A year whose days are final; every other year is provisional."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="years")
    year = models.SmallIntegerField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "year"], name="calendar_year_once")]

    def __str__(self) -> str:
        return str(self.year)


class CalendarChange(models.Model):
    """What somebody plans to change in a calendar, what it would move, and how far the clocks have followed."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="changes")
    plan = internal(models.JSONField(default=dict))  # read by `wangge.cases.calendars.plan.Plan`
    seen_version = models.IntegerField(help_text="the calendar's version that was looked at")
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    # What it would move, counted beforehand: matters, overdue, relieved, settled. Empty while it is being counted.
    impact = internal(models.JSONField(default=dict))
    confirmed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    # The clocks follow in batches, twice over: see `wangge.cases.calendars.recompute`.
    clocks = models.IntegerField(default=0, help_text="running clocks when it was confirmed")
    looked_at = models.IntegerField(default=0, help_text="clocks computed anew so far")
    moved = models.IntegerField(default=0, help_text="reports and cases with another due time")
    reached = models.BigIntegerField(default=0, help_text="the last clock looked at")
    passes = models.SmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # What a person plans for a calendar is gathered in one place.
            models.UniqueConstraint(
                fields=["calendar", "made_by"],
                condition=Q(confirmed_at=None, made_by__isnull=False),
                name="calendar_change_one_planned",
            ),
        ]
        indexes = [
            models.Index(
                fields=["confirmed_at"],
                condition=Q(finished_at=None, confirmed_at__isnull=False),
                name="calendar_change_unfinished",
            )
        ]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.calendar_id}: {self.made_at:%Y-%m-%d}"

    @property
    def percent(self) -> int:
        """How far the clocks have followed."""
        return 100 if self.passes or not self.clocks else min(99, 100 * self.looked_at // self.clocks)

    def counted(self, what: str) -> Any:
        """One of the numbers counted beforehand."""
        return self.impact.get(what, 0)

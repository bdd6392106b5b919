"""Our own calendar table: days marked in both directions, shifts, and which years are published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wangge.common.privacy import public
from wangge.territory.models import Area


class Calendar(models.Model):
    """The working time of one part of the installation: a time zone, shifts and marked days."""

    code = public(models.CharField(max_length=40, unique=True))
    name = public(models.CharField(max_length=100))
    time_zone = public(models.CharField(max_length=40, default="Asia/Shanghai"))
    # A list of seasons; each has "from" and "to" (month-day) and "hours" such as 09:00-12:00.
    shifts = public(models.JSONField(default=list))
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="calendars",
        help_text="holds in this subtree",
    )
    version = models.IntegerField(default=1)

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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_once")]
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

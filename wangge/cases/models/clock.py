"""Clocks: facts about limited time. The due moment is computed from them and kept in an indexed column."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from wangge.cases.models.calendar import Calendar
from wangge.common.privacy import internal


class ClockKind(models.TextChoices):
    ACCEPT = "accept", _("Admit")
    VERIFY = "verify", _("Verify")
    FILE = "file", _("File")
    DISPATCH = "dispatch", _("Dispatch")
    SIGN_OFF = "sign_off", _("Accept by the unit")
    HANDLE = "handle", _("Handle")
    CHECK = "check", _("Check")
    ARBITRATE = "arbitrate", _("Rule who is responsible")
    WHOLE = "whole", _("Whole case")


# A running clock whose due moment is another than the one it is watched for, or that is not watched yet.
UNPLANNED = Q(stopped_at=None) & (Q(watched_due_at=None) | ~Q(watched_due_at=F("due_at")))


class Clock(models.Model):
    """One limited stretch of time of a report or a case."""

    report = models.ForeignKey("cases.Report", models.CASCADE, null=True, related_name="clocks")
    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="clocks")
    kind = internal(models.CharField(max_length=10, choices=ClockKind.choices))
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    # [["working_hours", "4"]]: limits that follow one another; a given (imported) clock has none.
    limits = internal(models.JSONField(default=list))
    # [["2026-06-12T16:00:00+08:00", "2026-06-15T00:00:00+08:00"]]: while it was suspended it did not count.
    pauses = internal(models.JSONField(default=list, db_default=Value([], models.JSONField())))
    used_before = models.DurationField(default=timedelta(0), help_text="used up by an earlier attempt")
    due_at = models.DateTimeField()
    amber_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    given = models.BooleanField(default=False)
    # When somebody is reminded or told next, and the due moment this was computed for; whoever moves the due moment
    # need not know of it: the two differ then.
    watch_at = models.DateTimeField(null=True)
    watched_due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # A clock belongs to a report or to a case, never to both or neither.
            models.CheckConstraint(
                condition=Q(report=None, case__isnull=False) | Q(report__isnull=False, case=None),
                name="clock_of_one",
            ),
            # At most one clock of a kind runs for one subject.
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(stopped_at=None, case__isnull=False),
                name="clock_once_case",
            ),
            models.UniqueConstraint(
                fields=["report", "kind"],
                condition=Q(stopped_at=None, report__isnull=False),
                name="clock_once_report",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at")), name="clock_never_negative"
            ),
        ]
        indexes = [
            # Few at any time, whatever the number of clocks: those not planned for yet, and those whose turn comes.
            models.Index(fields=["id"], condition=UNPLANNED, name="clock_to_plan"),
            models.Index(
                fields=["watch_at"],
                condition=Q(stopped_at=None, watch_at__isnull=False),
                name="clock_to_watch",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} due {self.due_at:%Y-%m-%d %H:%M}"

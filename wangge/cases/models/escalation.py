"""What happens when time runs out: rules of reminders, reminders sent, rungs climbed, and when somebody last looked."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from wangge.accounts.models import Role, Unit
from wangge.cases.models.clock import Clock, ClockKind
from wangge.cases.models.ladder import Rung
from wangge.common.privacy import internal
from wangge.territory.models import Level


class ReminderRule(models.Model):
    """When to remind of a deadline: after a share of the limit, or so many hours before the due moment."""

    clock = internal(models.CharField(max_length=10, choices=ClockKind.choices))
    after_percent = models.SmallIntegerField(null=True, blank=True)
    # In working hours; hours round the clock for a limit in urgent hours.
    before_hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "after_percent", "before_hours"],
                name="reminder_rule_once",
                nulls_distinct=False,
            ),
            # A rule says when in one way.
            models.CheckConstraint(
                condition=Q(after_percent__range=(1, 99), before_hours=None)
                | Q(after_percent=None, before_hours__gt=0),
                name="reminder_rule_one_thing",
            ),
        ]
        ordering = ("clock", "after_percent", "before_hours")

    def __str__(self) -> str:
        when = f"{self.after_percent} %" if self.after_percent else f"{self.before_hours} h"
        return f"{self.clock} {when}"


class Reminder(models.Model):
    """A reminder that was sent: once for each rule and due moment."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="reminders")
    rule = models.ForeignKey(ReminderRule, models.CASCADE, related_name="reminders")
    due_at = models.DateTimeField(help_text="the due moment it reminded of")
    sent_at = models.DateTimeField()
    told = models.SmallIntegerField(help_text="how many people it went to")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock", "rule", "due_at"], name="reminder_once"),
        ]
        ordering = ("sent_at",)

    def __str__(self) -> str:
        return f"{self.rule} {self.clock_id}"


class Escalation(models.Model):
    """One rung climbed for one clock: whom the matter came to, or that there was nobody.

    It is addressed to a post, not to a person, so that whoever holds the post next finds it at once.
    """

    report = models.ForeignKey("cases.Report", models.CASCADE, null=True, related_name="escalations")
    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="escalations")
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="escalations")
    # A ladder may be changed later; what was climbed stays told.
    rung = models.ForeignKey(Rung, models.SET_NULL, null=True, related_name="+")
    ordinal = models.SmallIntegerField()
    at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="the due moment that had passed, or was coming")
    # The post in the area of this level around the matter, or in this unit; or one person.
    role = internal(models.CharField(max_length=20, choices=Role.choices, blank=True))
    level = internal(models.CharField(max_length=12, choices=Level.choices, blank=True))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    passed_on = models.BooleanField(default=False, help_text="nobody held the post of the rung itself")
    could_not = models.BooleanField(default=False, help_text="there was nobody at all, no fallback either")
    ended_at = models.DateTimeField(null=True, help_text="the clock stopped, or more time was given")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(report=None, case__isnull=False) | Q(report__isnull=False, case=None),
                name="escalation_of_one",
            ),
            # A rung is climbed once until the clock gets more time.
            models.UniqueConstraint(
                fields=["clock", "ordinal"], condition=Q(ended_at=None), name="escalation_once"
            ),
            # It came to somebody, or it says that it could not.
            models.CheckConstraint(
                condition=Q(could_not=True, role="", unit=None, account=None)
                | (Q(could_not=False) & (~Q(role="") | Q(unit__isnull=False) | Q(account__isnull=False))),
                name="escalation_to_somebody",
            ),
        ]
        indexes = [
            # What stands escalated now; whatever has ended is out of the way.
            models.Index(fields=["role", "level"], condition=Q(ended_at=None), name="escalation_open"),
            models.Index(
                fields=["at"], condition=Q(ended_at=None, could_not=True), name="escalation_could_not"
            ),
        ]
        ordering = ("-at", "-ordinal")

    def __str__(self) -> str:
        return f"rung {self.ordinal} {self.case_id or self.report_id}"


class Watch(models.Model):
    """One row: when deadlines were last looked at, and by which ladders and rules the clocks are watched."""

    stamp = internal(models.CharField(max_length=64, blank=True))
    looked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"looked at {self.looked_at}"

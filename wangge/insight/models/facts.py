"""Stage facts: what evaluation counts. Derived from events and clocks, so that they can always be made anew."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from wangge.accounts.models import Unit
from wangge.cases.models import Case, Report
from wangge.common.privacy import internal


class FactKind(models.TextChoices):
    """The stretches of a matter that are judged: those with a clock, then the whole of a case and of a report."""

    ACCEPT = "accept", pgettext_lazy("stretch", "Admit")
    VERIFY = "verify", pgettext_lazy("stretch", "Verify")
    FILE = "file", pgettext_lazy("stretch", "File")
    DISPATCH = "dispatch", pgettext_lazy("stretch", "Dispatch")
    SIGN_OFF = "sign_off", pgettext_lazy("stretch", "Accept by the unit")
    HANDLE = "handle", pgettext_lazy("stretch", "Handle")
    CHECK = "check", pgettext_lazy("stretch", "Check")
    ARBITRATE = "arbitrate", pgettext_lazy("stretch", "Rule who is responsible")
    WHOLE = "whole", pgettext_lazy("stretch", "Close")
    REPORT = "report", pgettext_lazy("stretch", "Decide on the report")
    REPLY = "reply", pgettext_lazy("stretch", "Tell the reporter")


class StageFact(models.Model):
    """One stretch of one report or case: when it began, was due and ended, by which step, whose it was.

    A case that was reopened has a `whole` for each time it was open; what happened meanwhile is counted in it.
    Nothing here is said by anybody: the rows of a subject are made anew from its events and clocks.
    """

    kind = internal(models.CharField(max_length=10, choices=FactKind.choices))
    ordinal = models.SmallIntegerField(help_text="1, 2, 3 … of its kind within the subject")
    # Without constraints in the database: a derived row need not be checked again, a rebuild would take twice as long.
    report = models.ForeignKey(
        Report, models.CASCADE, null=True, related_name="facts", db_constraint=False, db_index=False
    )
    case = models.ForeignKey(
        Case, models.CASCADE, null=True, related_name="facts", db_constraint=False, db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    # The grid as it was that day, the smallest area around it where there was none.
    area_path = internal(models.CharField(max_length=160))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    in_time = models.BooleanField(null=True, help_text="unknown while it is open and where nothing was due")
    outcome = internal(models.CharField(max_length=40, blank=True, help_text="the verb that ended it"))
    channel = internal(
        models.CharField(max_length=12, blank=True, help_text="of the report, or a case's first")
    )
    confirmed = models.BooleanField(default=False, help_text="what was reported was found on the spot")
    level = internal(
        models.CharField(max_length=12, blank=True, help_text="the level at which it was closed")
    )
    reworks = models.SmallIntegerField(default=0)
    returns = models.SmallIntegerField(default=0)
    extensions = models.SmallIntegerField(default=0)
    suspensions = models.SmallIntegerField(default=0)
    urgings = models.SmallIntegerField(default=0)
    supervisions = models.SmallIntegerField(default=0)
    escalations = models.SmallIntegerField(default=0)
    solved = models.BooleanField(null=True)
    result = models.SmallIntegerField(null=True, help_text="1 dissatisfied to 3 very satisfied")
    attitude = models.SmallIntegerField(null=True, help_text="1 dissatisfied to 3 very satisfied")

    class Meta:
        constraints = [
            # A fact is of a report or of a case, never of both or neither.
            models.CheckConstraint(
                condition=Q(report=None, case__isnull=False) | Q(report__isnull=False, case=None),
                name="fact_of_one",
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "ordinal"], condition=Q(case__isnull=False), name="fact_once_case"
            ),
            models.UniqueConstraint(
                fields=["report", "kind", "ordinal"],
                condition=Q(report__isnull=False),
                name="fact_once_report",
            ),
        ]
        indexes = [
            # A period asks for what began, was due or ended in it; three ranges that the database joins.
            models.Index(fields=["kind", "started_at"], name="fact_started"),
            models.Index(fields=["kind", "due_at"], condition=Q(due_at__isnull=False), name="fact_due"),
            models.Index(fields=["kind", "ended_at"], name="fact_ended"),
            # A person's own facts.
            models.Index(
                fields=["ended_by", "ended_at"], condition=Q(ended_by__isnull=False), name="fact_ended_by"
            ),
            models.Index(
                fields=["opened_by", "started_at"],
                condition=Q(opened_by__isnull=False),
                name="fact_opened_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ordinal} of {self.case_id or self.report_id}"

"""Rules of scores as versions, and scorecards frozen on a day, with what is appealed against in them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Unit
from wangge.cases.models import Case, Report
from wangge.common.privacy import internal
from wangge.territory.models import Area


class ScoreRule(models.Model):
    """One version of the rule of one score; the newest holds, and a frozen scorecard keeps its own."""

    card = internal(models.CharField(max_length=12))
    version = models.IntegerField()
    content = internal(models.JSONField(help_text="terms with weights and bands, and the grades"))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "version"], name="score_rule_version")]

    def __str__(self) -> str:
        return f"{self.card} {self.version}"


class Scorecard(models.Model):
    """A scorecard as it stood at one moment; never changed afterwards."""

    card = internal(models.CharField(max_length=12))
    period = internal(models.CharField(max_length=24, help_text="2026-10, 2026-Q4, 2026, or two days"))
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="the first day that it does not cover")
    level = internal(models.CharField(max_length=12, blank=True))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    # The codes of what was counted, in the order by which `FrozenFact.counted` names them.
    counts = internal(models.JSONField())
    rule = internal(models.JSONField(null=True, help_text="the rule of the score as it was"))
    rule_version = models.IntegerField(default=0)
    as_of = models.DateTimeField()
    days = models.FloatField(help_text="how much of the period had passed")
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["card", "period", "level", "area"], name="scorecard_frozen_once"),
        ]
        ordering = ("-starts_on", "card", "level")

    def __str__(self) -> str:
        return f"{self.card} {self.period}"


class ScorecardRow(models.Model):
    """One unit or area of a frozen scorecard, with its name of that day."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="rows")
    place = models.IntegerField(help_text="the order in which rows are shown")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    path = internal(models.CharField(max_length=160, blank=True))
    name = internal(models.CharField(max_length=200))
    grids = models.IntegerField(default=1)
    suppressed = models.BooleanField(default=False, help_text="fewer than five people did this work")
    numbers = internal(models.JSONField(default=dict))
    points = models.FloatField(null=True)
    grade = internal(models.CharField(max_length=4, blank=True))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "place"], name="scorecard_row_place"),
            # What must not be seen is not kept either.
            models.CheckConstraint(
                condition=Q(suppressed=False) | Q(numbers={}, points=None), name="scorecard_row_suppressed"
            ),
        ]
        ordering = ("place",)

    def __str__(self) -> str:
        return self.name


class FrozenFact(models.Model):
    """A stretch as it stood when its scorecard was frozen, and which of the counts it is in: the list behind them."""

    row = models.ForeignKey(ScorecardRow, models.CASCADE, related_name="facts", db_index=False)
    kind = internal(models.CharField(max_length=10))
    report = models.ForeignKey(
        Report, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    case = models.ForeignKey(
        Case, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    counted = ArrayField(models.SmallIntegerField())

    class Meta:
        indexes = [models.Index(fields=["row", "started_at"], name="frozen_fact_of_row")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id or self.report_id}"


class Appeal(models.Model):
    """Somebody says that a frozen number is wrong; whoever decides puts another beside it, never over it."""

    row = models.ForeignKey(ScorecardRow, models.CASCADE, related_name="appeals")
    count = internal(models.CharField(max_length=40, help_text="code of what was counted"))
    wanted = models.IntegerField(help_text="the number that the appellant holds to be right")
    reason = internal(models.TextField())
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    corrected = models.IntegerField(null=True, help_text="the number beside the frozen one; none if refused")
    note = internal(models.TextField(blank=True))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, corrected=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="appeal_decided_by_somebody",
            ),
            # Nobody decides on what they asked for themselves.
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="appeal_decided_by_another"
            ),
            models.CheckConstraint(condition=Q(wanted__gte=0), name="appeal_wanted_not_negative"),
            models.CheckConstraint(
                condition=Q(corrected=None) | Q(corrected__gte=0), name="appeal_corrected_not_negative"
            ),
            # One open question about a number at a time.
            models.UniqueConstraint(
                fields=["row", "count"], condition=Q(decided_at=None), name="appeal_open_once"
            ),
        ]
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"{self.count} of {self.row}"

    @property
    def state(self) -> str:
        """Where it stands, in a word."""
        if self.decided_at is None:
            return str(_("undecided"))
        return str(_("refused") if self.corrected is None else _("granted"))

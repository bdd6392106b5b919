"""What stands beside a case and has a life of its own: requests, helping units, rulings, orders, re-checks, named handlers."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Unit
from wangge.cases.models.calendar import Calendar
from wangge.cases.models.classes import LIMIT_KINDS
from wangge.cases.models.matter import DUTY, MATTER_RETENTION, Case, Report
from wangge.common.privacy import internal, personal


def _words(purpose: str, **more: object) -> models.TextField:
    return personal(
        models.TextField(**more),  # type: ignore[arg-type]
        purpose=purpose,
        basis=DUTY,
        retention=MATTER_RETENTION,
    )


class Request(models.Model):
    """What somebody asks of the desk about a case: more time, a suspension, to declare it void."""

    class Kind(models.TextChoices):
        EXTEND = "extend", _("More time")
        SUSPEND = "suspend", _("Suspension")
        VOID = "void", _("Declare void")

    case = models.ForeignKey(Case, models.CASCADE, related_name="requests")
    kind = internal(models.CharField(max_length=10, choices=Kind.choices))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = _words("deciding whether a unit gets more time")
    # More time: how much. A suspension: until when.
    limit_kind = internal(models.CharField(max_length=20, choices=LIMIT_KINDS, blank=True))
    limit_amount = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    until = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    granted = models.BooleanField(null=True)
    answer = _words("telling the unit why it was decided so", blank=True)

    class Meta:
        constraints = [
            # One of a kind waits at a time.
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(decided_at=None), name="request_open_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, granted=None)
                | Q(decided_at__isnull=False, granted__isnull=False),
                name="request_decided_whole",
            ),
            # More time says how much, a suspension until when.
            models.CheckConstraint(
                condition=Q(kind="extend", limit_amount__gt=0, until=None)
                | Q(kind="suspend", limit_amount=None, until__gt=F("asked_at"))
                | Q(kind="void", limit_amount=None, until=None),
                name="request_says_what",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "asked_at"], condition=Q(decided_at=None), name="request_open")
        ]
        ordering = ("asked_at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class Help(models.Model):
    """A unit that helps the lead unit with its own part of a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="helps")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="helps")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    words = _words("telling the helping unit what its part is", blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    result = _words("knowing what the helping unit did", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "unit"], name="help_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="help_done_by",
            ),
        ]
        indexes = [models.Index(fields=["unit"], condition=Q(done_at=None), name="help_open")]
        ordering = ("asked_at",)

    def __str__(self) -> str:
        return f"{self.unit} {self.case_id}"


class Arbitration(models.Model):
    """A dispute about whose case it is, opened by the second send-back; ended by a ruling, or with the case itself."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="arbitrations")
    opened_at = models.DateTimeField()
    # Whose desk holds the case after the ruling: the one that held it before, unless it is handed up meanwhile.
    held_path = internal(models.CharField(max_length=160))
    ruled_at = models.DateTimeField(null=True)
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    reason = _words("telling the units why one of them is responsible", blank=True)
    ended_at = models.DateTimeField(null=True, help_text="the case ended before anybody ruled")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ruled_at=None, ended_at=None), name="arbitration_open_once"
            ),
            # A ruling names a unit; what ended without one names nobody and says why.
            models.CheckConstraint(
                condition=Q(ruled_at=None, unit=None)
                | Q(ruled_at__isnull=False, unit__isnull=False, ended_at=None),
                name="arbitration_names_unit",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(reason=""), name="arbitration_ended_with_why"
            ),
        ]
        ordering = ("opened_at",)

    def __str__(self) -> str:
        return f"arbitration {self.case_id}"


class SupervisionOrder(models.Model):
    """A supervision order (督办单): somebody above wants an answer by a moment; several may run at once."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="orders")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = _words("telling the unit what is expected")
    reply_due_at = models.DateTimeField()
    # What the moment was computed from, so that it follows its calendar; neither where the supervisor named it.
    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, related_name="+")
    limits = internal(models.JSONField(default=list))
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reply = _words("answering the supervisor", blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["reply_due_at"], condition=Q(replied_at=None, ended_at=None), name="order_open"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(calendar=None, limits=[]) | (Q(calendar__isnull=False) & ~Q(limits=[])),
                name="order_computed_whole",
            ),
        ]
        ordering = ("given_at",)

    def __str__(self) -> str:
        return f"order {self.pk} {self.case_id}"


class Recheck(models.Model):
    """A second look, by somebody else, at a matter that was settled on the spot."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="rechecks")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    passed = models.BooleanField(null=True)
    reviewed_at = models.DateTimeField(
        null=True, help_text="a person looked at “not settled” and did not reopen"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(done_at=None), name="recheck_open_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, passed=None) | Q(done_at__isnull=False, passed__isnull=False),
                name="recheck_done_whole",
            ),
        ]
        ordering = ("asked_at",)

    def __str__(self) -> str:
        return f"re-check {self.case_id}"


class NamedHandler(models.Model):
    """Who, besides nobody, sees a confidential report or case."""

    report = models.ForeignKey(Report, models.CASCADE, null=True, related_name="named_handlers")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="named_handlers")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="named_for")
    named_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(report=None, case__isnull=False) | Q(report__isnull=False, case=None),
                name="named_handler_of_one",
            ),
            models.UniqueConstraint(
                fields=["case", "account"], condition=Q(case__isnull=False), name="named_handler_once_case"
            ),
            models.UniqueConstraint(
                fields=["report", "account"],
                condition=Q(report__isnull=False),
                name="named_handler_once_report",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.case_id or self.report_id}"

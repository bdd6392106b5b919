"""Who is on duty at a desk, and what one duty chief hands over to the next."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from wangge.accounts.models import Role
from wangge.cases.models.matter import DUTY, Case, Report
from wangge.cases.workflow import Stage
from wangge.common.privacy import internal, personal
from wangge.territory.models import Area

HANDOVERS_KEPT = "3 years"


class DeskShift(models.Model):
    """One person on duty at the desk of an area, in one role, from one moment to another."""

    class Duty(models.TextChoices):
        ACCEPTOR = Role.ACCEPTOR.value, Role.ACCEPTOR.label
        DUTY_CHIEF = Role.DUTY_CHIEF.value, Role.DUTY_CHIEF.label
        DISPATCHER = Role.DISPATCHER.value, Role.DISPATCHER.label

    area = models.ForeignKey(Area, models.PROTECT, related_name="desk_shifts")
    role = internal(models.CharField(max_length=20, choices=Duty.choices))
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="desk_shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="desk_shift_order"),
            models.UniqueConstraint(fields=["account", "starts_at"], name="desk_shift_once"),
        ]
        indexes = [models.Index(fields=["area", "ends_at", "starts_at"], name="desk_shift_when")]
        ordering = ("starts_at", "role", "pk")

    def __str__(self) -> str:
        return f"{self.account} {self.starts_at:%Y-%m-%d %H:%M}"


class Handover(models.Model):
    """What the outgoing duty chief hands over: numbers as they stood, words, matters to watch; the next one confirms."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="handovers")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # {"received": 12, "late": 3, …}: how much lay in each queue at that moment, of what every reader may see.
    numbers = internal(models.JSONField(default=dict))
    # {"late": [key, …]}: the confidential matters that lay there besides; counted for those who are let in.
    confidential = internal(models.JSONField(default=dict))
    watch = personal(
        models.TextField(blank=True), purpose="telling the next shift what to watch", basis=DUTY,
        retention=HANDOVERS_KEPT,
    )  # fmt: skip
    words = personal(
        models.TextField(blank=True), purpose="telling the next shift what happened", basis=DUTY,
        retention=HANDOVERS_KEPT,
    )  # fmt: skip
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    remark = personal(
        models.TextField(blank=True), purpose="knowing what the next shift found otherwise", basis=DUTY,
        retention=HANDOVERS_KEPT,
    )  # fmt: skip

    class Meta:
        constraints = [
            # Confirmed by name, and by somebody else.
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | (
                    Q(confirmed_at__gte=F("written_at"), confirmed_by__isnull=False)
                    & ~Q(confirmed_by=F("written_by"))
                ),
                name="handover_confirmed_by_another",
            ),
            # One waits for its confirmation at a time.
            models.UniqueConstraint(
                fields=["area"], condition=Q(confirmed_at=None), name="handover_waits_once"
            ),
        ]
        indexes = [models.Index(fields=["area", "-written_at"], name="handover_of_area")]
        ordering = ("-written_at",)

    def __str__(self) -> str:
        return f"{self.area} {self.written_at:%Y-%m-%d %H:%M}"


class HandoverPin(models.Model):
    """A matter pinned to a handover, with the stage it stood at and why it is to be watched."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="pins")
    report = models.ForeignKey(Report, models.CASCADE, null=True, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="+")
    stage = internal(models.CharField(max_length=12, choices=Stage.choices))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(report=None, case__isnull=False) | Q(report__isnull=False, case=None),
                name="handover_pin_of_one",
            ),
            models.UniqueConstraint(fields=["handover", "case"], name="handover_pin_case_once"),
            models.UniqueConstraint(fields=["handover", "report"], name="handover_pin_report_once"),
        ]
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.handover_id} {self.case_id or self.report_id}"

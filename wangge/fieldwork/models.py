"""What a grid worker is asked to do on the street."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.audit.models import Event
from wangge.cases.models import Case, Report
from wangge.common.ids import uuid7
from wangge.common.privacy import internal
from wangge.territory.models import Area


class TaskKind(models.TextChoices):
    VERIFY = "verify", pgettext_lazy("task", "Verify")
    CHECK = "check", pgettext_lazy("task", "Check")
    RECHECK = "recheck", pgettext_lazy("task", "Check again")


class Outcome(models.TextChoices):
    CONFIRMED = "confirmed", _("The problem is there")
    REFUTED = "refuted", _("The problem is not there")
    PASSED = "passed", _("Mended")
    FAILED = "failed", _("Not mended")
    SETTLED = "settled", _("It is settled")
    UNSETTLED = "unsettled", _("It is not settled")
    MOVED_ON = "moved_on", _("No longer needed")


class Task(models.Model):
    """Somebody is to look at one report or one case on the spot."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = internal(models.CharField(max_length=8, choices=TaskKind.choices))
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="tasks")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="tasks")
    # The step that asked for it; the relay may hand it over twice, and one task is made.
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    # Nobody: whoever holds a grid post in the community sees it and may do it.
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="tasks")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = internal(models.CharField(max_length=10, choices=Outcome.choices, blank=True))
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            # A verification is of a report, a check and a second look are of a case.
            models.CheckConstraint(
                condition=Q(kind=TaskKind.VERIFY, report__isnull=False, case=None)
                | Q(kind__in=[TaskKind.CHECK, TaskKind.RECHECK], report=None, case__isnull=False),
                name="task_of_one",
            ),
            # What is done has an outcome, what is open has none.
            models.CheckConstraint(
                condition=Q(done_at=None, outcome="", done_by=None)
                | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="task_done_with_outcome",
            ),
            # A matter waits for at most one person on the spot.
            models.UniqueConstraint(fields=["report"], condition=Q(done_at=None), name="task_open_report"),
            models.UniqueConstraint(fields=["case"], condition=Q(done_at=None), name="task_open_case"),
        ]
        indexes = [
            # A worker's list: open tasks of the grids around, the most urgent first.
            models.Index(fields=["area", "due_at"], condition=Q(done_at=None), name="task_open_in_area"),
            models.Index(fields=["done_by", "-done_at"], name="task_done_by"),
        ]
        ordering = ("due_at", "id")

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def subject(self) -> Report | Case:
        """The report or case to look at."""
        subject = self.report or self.case
        assert subject is not None, "the constraint task_of_one"
        return subject

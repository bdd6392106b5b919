"""What all files that people bring have in common."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.common.ids import uuid7
from wangge.common.privacy import internal


class BroughtFile(models.Model):
    """A file that somebody brought: looked at first, taken over only when a person has seen what was found."""

    class Stage(models.TextChoices):
        READING = "reading", gettext_lazy("Being read")
        FOUND = "found", gettext_lazy("Waits for your decision")
        STORING = "storing", gettext_lazy("Being stored")
        STORED = "stored", gettext_lazy("Stored")
        DRAFTED = "drafted", gettext_lazy("Draft made")
        STOPPED = "stopped", gettext_lazy("Stopped in the middle")
        REFUSED = "refused", gettext_lazy("Refused")
        DROPPED = "dropped", gettext_lazy("Dropped")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = internal(models.CharField(gettext_lazy("file"), max_length=200))
    size = models.BigIntegerField()
    language = internal(models.CharField(max_length=12, help_text="of whoever brought it; remarks are in it"))
    stage = internal(models.CharField(max_length=8, choices=Stage.choices, default=Stage.READING))
    done = models.FloatField(default=0, help_text="how much of the work is done, 0 to 1")
    tries = models.SmallIntegerField(default=0, help_text="how often this work on it was begun")
    found = internal(models.JSONField(default=dict))
    refusal = internal(models.TextField(blank=True))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    stored_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        return self.stage in (self.Stage.READING, self.Stage.STORING)

    @property
    def is_waiting(self) -> bool:
        """Whether somebody may still drop it."""
        return self.is_working or self.stage in (self.Stage.FOUND, self.Stage.STOPPED)

    @property
    def has_errors(self) -> bool:
        """Whether rows of it have errors, so that it is never taken over as it is."""
        return bool(self.found.get("errors"))

    @property
    def state(self) -> str:
        """The stage in words; a file with errors waits for another file, not for a decision."""
        waits_in_vain = self.stage == self.Stage.FOUND and self.has_errors
        return _("Has errors") if waits_in_vain else self.get_stage_display()

    @property
    def percent(self) -> int:
        return round(100 * self.done)

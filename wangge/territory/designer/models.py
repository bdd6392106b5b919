"""The tables of the grid designer: what was asked for, the ground and blocks of each community, and what was proposed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.audit.chain import START
from wangge.common.ids import uuid7
from wangge.common.privacy import internal, public

MOST_METHODS = 3  # proposals that one screen compares


class GridDesign(models.Model):
    """The grids of an area's communities designed anew: what was asked for, and how far the work on it has come."""

    class Stage(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("grid design", "Waits for the worker")
        RUNNING = "running", pgettext_lazy("grid design", "Being worked out")
        DONE = "done", pgettext_lazy("grid design", "Worked out")
        CANCELLED = "cancelled", pgettext_lazy("grid design", "Called off")
        FAILED = "failed", pgettext_lazy("grid design", "Failed")

    class Source(models.TextChoices):
        REGISTERED = "registered", _("The buildings of the register")
        FILE = "file", _("A file of points or outlines with households")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = public(models.CharField(_("title"), max_length=100))
    within = models.ForeignKey("territory.Area", models.PROTECT, related_name="grid_designs")
    low = models.PositiveIntegerField(_("least households"), help_text=_("in one grid"))
    high = models.PositiveIntegerField(_("most households"), help_text=_("in one grid"))
    methods = internal(models.JSONField(default=list, help_text="the names of the methods, in order"))
    barriers = internal(models.JSONField(default=list, help_text="kinds of lines that grids do not cross"))
    source = internal(models.CharField(max_length=10, choices=Source.choices, default=Source.REGISTERED))
    file_name = internal(models.CharField(max_length=200, blank=True))
    left_out = models.PositiveIntegerField(default=0, help_text="rows of the file that lie in no community")
    stage = internal(models.CharField(max_length=9, choices=Stage.choices, default=Stage.WAITING))
    # Rises with each start: what an earlier run still finds out is thrown away.
    run = models.PositiveIntegerField(default=1)
    done = models.FloatField(default=0, help_text="how much is worked out, 0 to 1")
    beat_at = models.DateTimeField(null=True, help_text="the last sign of life of the worker")
    trouble = internal(models.TextField(blank=True, help_text="why it failed; empty where its worker died"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    moved_at = models.DateTimeField(help_text="of its last event")
    # The draft that a proposal became, the last one if several did.
    change = models.ForeignKey(
        "territory.TerritoryChange", models.PROTECT, null=True, related_name="grid_designs"
    )
    event_seq = models.IntegerField(default=0)
    event_digest = internal(models.BinaryField(max_length=32, default=START))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(low__gt=0, high__gt=F("low")), name="grid_design_band"),
            models.CheckConstraint(condition=Q(done__gte=0, done__lte=1), name="grid_design_done_share"),
        ]
        indexes = [
            # The job that notices dead workers looks for these every minute.
            models.Index(fields=["beat_at"], condition=Q(stage="running"), name="grid_design_running"),
        ]
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.title

    @property
    def is_working(self) -> bool:
        return self.stage in (self.Stage.WAITING, self.Stage.RUNNING)

    @property
    def percent(self) -> int:
        return int(100 * self.done)


class DesignPart(models.Model):
    """One community of a design with its ground and blocks, as they were when the design was begun."""

    design = models.ForeignKey(GridDesign, models.CASCADE, related_name="parts")
    community = models.ForeignKey("territory.Area", models.PROTECT, related_name="+")
    # What is divided: the community without its dedicated grids, which stay. WKB, WGS84 degrees.
    ground = public(models.BinaryField())
    barriers = public(models.BinaryField(help_text="WKB, WGS84 degrees: lines"))
    # For each block its key, households and today's grid; its shape stands at the same place of the collection.
    blocks = internal(models.JSONField(default=list))
    shapes = public(models.BinaryField(help_text="WKB, WGS84 degrees: a collection"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["design", "community"], name="design_part_once")]
        ordering = ("community__code",)

    def __str__(self) -> str:
        return f"{self.design}: {self.community}"


class GridProposal(models.Model):
    """How one method would divide one community; adjusted by hand, if somebody did."""

    part = models.ForeignKey(DesignPart, models.CASCADE, related_name="proposals")
    method = internal(models.CharField(max_length=12))
    labels = internal(models.JSONField(default=list, help_text="for each block the number of its grid"))
    shapes = public(models.BinaryField(help_text="WKB, WGS84 degrees: a collection, one area for each grid"))
    measures = internal(models.JSONField(default=dict))
    remarks = internal(
        models.JSONField(default=list, help_text="what a person should know of it: kind and numbers")
    )
    seconds = models.FloatField(default=0)
    # The labels before each step that was taken by hand, for going back.
    earlier = internal(models.JSONField(default=list))
    revision = models.IntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "method"], name="grid_proposal_once")]
        ordering = ("part", "pk")

    def __str__(self) -> str:
        return f"{self.part} {self.method}"

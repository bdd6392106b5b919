"""The two nouns of the loop: what one person said (Report) and what is worked on (Case)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Unit
from wangge.audit.chain import START
from wangge.cases.models.classes import FilingCondition, MatterClass
from wangge.cases.models.on_map import IN_FINEST
from wangge.cases.workflow import ENDED_CASE, Stage
from wangge.common.ids import uuid7
from wangge.common.languages import rule_in_reader_language
from wangge.common.privacy import internal, personal, public
from wangge.common.sealing import SealedTextField
from wangge.territory.models import Area, UnitGrid

DUTY = "official duty (grid service management)"
MATTER_RETENTION = "5 years after closing, then words and contacts are deleted"


def next_number(sequence: str) -> Func:
    """Let the database number rows from a sequence: unique, gaps are fine, nobody waits."""
    return Func(Value(sequence), function="nextval", output_field=models.BigIntegerField())


class Located(models.Model):
    """Where something is: a WGS84 point, the grids of that day, and the area whose people see it."""

    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    cell = models.BigIntegerField(null=True, help_text="62-bit Morton cell of Web-Mercator x and y")
    address = personal(
        models.CharField(_("address"), max_length=256, blank=True),
        purpose="finding the place of a matter",
        basis=DUTY,
        retention=MATTER_RETENTION,
    )
    # As they were that day: figures use these.
    grid = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    unit_grid = models.ForeignKey(UnitGrid, models.PROTECT, null=True, related_name="+")
    # Follows re-organisation: decides scope and worker. Coarser than a grid when the point lies in none.
    current_grid = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = internal(models.CharField(max_length=160))

    class Meta:
        abstract = True


class Chained(models.Model):
    """The head of a chain of events; its sequence number also tells a stale page from a fresh one."""

    event_seq = models.IntegerField(default=0)
    event_digest = internal(models.BinaryField(max_length=32, default=START))

    class Meta:
        abstract = True


def stage_in_words(matter: "Report | Case") -> str:
    """The stage in the reader's language; Django's own method puts every stage into words to find the one."""
    return str(Stage(matter.stage).label)


class Report(Located, Chained):
    """What one person said, once, through one channel. Never merged away, never lost, always answered."""

    class Kind(models.TextChoices):
        PROBLEM = "problem", _("Problem")
        HELP = "help", _("Help wanted")
        COMPLAINT = "complaint", _("Complaint")
        SUGGESTION = "suggestion", _("Suggestion")
        QUESTION = "question", _("Question")
        THANKS = "thanks", _("Thanks")

    class Channel(models.TextChoices):
        WEB = "web", _("Web")
        WORKER = "worker", _("Grid worker")
        DESK = "desk", _("Desk")
        HOTLINE = "hotline", _("Hotline")
        OPEN311 = "open311", _("Open311")
        IMPORT = "import", _("Import")

    class Locating(models.TextChoices):
        INSIDE = "inside", _("inside a grid")
        NEAREST = "nearest", _("outside every grid: nearest area")
        NONE = "none", _("no position given")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(unique=True, editable=False, db_default=next_number("report_number"))
    kind = public(models.CharField(max_length=12, choices=Kind.choices, default=Kind.PROBLEM))
    channel = public(models.CharField(max_length=12, choices=Channel.choices))
    source_key = internal(models.CharField(max_length=80, blank=True))
    source = internal(models.CharField(max_length=80, blank=True, help_text="key name or file of origin"))
    text = personal(
        models.TextField(_("description"), blank=True),
        purpose="knowing what is the matter",
        basis=DUTY,
        retention=MATTER_RETENTION,
    )
    attributes = personal(
        models.JSONField(default=dict),
        purpose="answers to the extra questions of a class",
        basis=DUTY,
        retention=MATTER_RETENTION,
    )
    locating = internal(models.CharField(max_length=8, choices=Locating.choices))
    street_only = models.BooleanField(default=False, help_text="show the place to the street segment only")
    matter = models.ForeignKey(MatterClass, models.PROTECT, null=True, related_name="reports")
    stage = public(models.CharField(max_length=12, choices=Stage.choices, default=Stage.RECEIVED))
    received_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="reports")
    code_hash = internal(models.BinaryField(max_length=32, unique=True))
    finding = internal(
        models.CharField(max_length=10, blank=True, help_text="confirmed or refuted on the spot")
    )
    answer = public(models.TextField(blank=True))
    ended_at = models.DateTimeField(null=True)
    # Text and photos are public only after a person has looked at them.
    public_text = public(models.TextField(blank=True))
    published_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    amber_at = models.DateTimeField(null=True)
    urged_at = models.DateTimeField(null=True, help_text="the last time; how often is in the events")
    # A filed report is withdrawn too, but its case goes on until the desk decides.
    withdrawn_at = models.DateTimeField(null=True)
    confidential = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            # The same submission sent twice is one report.
            models.UniqueConstraint(
                fields=["channel", "source", "source_key"],
                condition=~Q(source_key=""),
                name="report_submission_once",
            ),
            # A filed report points at its case, and only a filed one does.
            models.CheckConstraint(
                condition=Q(stage=Stage.FILED, case__isnull=False) | (~Q(stage=Stage.FILED) & Q(case=None)),
                name="report_filed_with_case",
            ),
            # Half a coordinate is none.
            models.CheckConstraint(
                condition=Q(lon=None, lat=None) | Q(lon__isnull=False, lat__isnull=False),
                name="report_whole_point",
            ),
        ]
        indexes = [
            # The desk's queues: open reports, oldest first, of one subtree.
            models.Index(
                fields=["stage", "received_at"],
                condition=Q(stage__in=[Stage.RECEIVED, Stage.VERIFYING]),
                name="report_open",
            ),
            models.Index(fields=["-received_at"], name="report_received"),
            models.Index(fields=["updated_at"], name="report_updated"),
            models.Index(fields=["area_path"], opclasses=["text_pattern_ops"], name="report_area"),
            models.Index(fields=["cell"], name="report_cell"),
            models.Index(fields=["id"], condition=Q(confidential=True), name="report_confidential"),
        ]
        ordering = ("-received_at",)

    def __str__(self) -> str:
        return str(self.number)

    get_stage_display = stage_in_words


class ReporterContact(models.Model):
    """How to reach a reporter: sealed, and shown to the handling unit only if the reporter agreed."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="contact")
    name = personal(
        SealedTextField(),
        purpose="addressing the reporter",
        basis="consent of the reporter",
        retention="until one year after closing",
        sensitive=True,
    )
    phone = personal(
        SealedTextField(),
        purpose="asking back and telling the result",
        basis="consent of the reporter",
        retention="until one year after closing",
        sensitive=True,
    )
    email = personal(
        SealedTextField(),
        purpose="asking back and telling the result",
        basis="consent of the reporter",
        retention="until one year after closing",
        sensitive=True,
    )
    share_with_unit = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"contact of {self.report_id}"


class Case(Located, Chained):
    """What is worked on; it may answer many reports."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = public(models.CharField(max_length=16, unique=True, editable=False))
    matter = models.ForeignKey(MatterClass, models.PROTECT, related_name="cases")
    condition = models.ForeignKey(FilingCondition, models.PROTECT, null=True, related_name="cases")
    # Frozen at filing: a later edit of the condition does not change a running case.
    condition_text = public(models.CharField(max_length=300, blank=True))
    condition_text_en = public(models.CharField(max_length=400, blank=True))
    closing_text = public(models.CharField(max_length=300, blank=True))
    closing_text_en = public(models.CharField(max_length=400, blank=True))
    limit_kind = public(models.CharField(max_length=20, blank=True))
    limit_amount = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    needs_after_photo = models.BooleanField(default=False)
    # The version of the configuration it was filed with; None where another system filed it.
    config_version = models.IntegerField(null=True)
    stage = public(models.CharField(max_length=12, choices=Stage.choices, default=Stage.FILED))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="cases")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, help_text="closed or declared void")
    updated_at = models.DateTimeField()
    # The area of the level whose centre holds the case; desks below it look on.
    held_path = internal(models.CharField(max_length=160))
    confidential = models.BooleanField(default=False, db_default=False)
    settled = models.BooleanField(
        default=False, db_default=False, help_text="on the spot, by the grid worker who saw it"
    )
    auto_close = models.BooleanField(default=False, db_default=False)
    check_percent = models.SmallIntegerField(default=100, db_default=100)
    resume_at = models.DateTimeField(null=True, help_text="when a suspension ends by itself")
    ruled_at = models.DateTimeField(null=True, help_text="arbitration has named the unit; it is final")
    urged_at = models.DateTimeField(null=True)
    reworked_at = models.DateTimeField(
        null=True, help_text="last failed check or reopening; how often is in the events"
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    result = public(models.TextField(blank=True))
    answer = public(models.TextField(blank=True))
    # The stage clock that counts now and the whole-case clock, as computed moments.
    due_at = models.DateTimeField(null=True)
    amber_at = models.DateTimeField(null=True)
    whole_due_at = models.DateTimeField(null=True)
    whole_amber_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Whoever works on it is named from dispatch to closing.
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.FILED, Stage.ARBITRATING, Stage.VOID])
                | Q(unit__isnull=False)
                | Q(settled=True),
                name="case_beyond_filing_has_unit",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=sorted(ENDED_CASE), closed_at__isnull=False)
                | (~Q(stage__in=sorted(ENDED_CASE)) & Q(closed_at=None)),
                name="case_closed_has_moment",
            ),
            # A suspended case says when it goes on, and only a suspended one.
            models.CheckConstraint(
                condition=Q(stage=Stage.SUSPENDED, resume_at__isnull=False)
                | (~Q(stage=Stage.SUSPENDED) & Q(resume_at=None)),
                name="case_suspended_until",
            ),
            # What was merged into another case is void.
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(stage=Stage.VOID), name="case_merged_is_void"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("filed_at")), name="case_closed_after_filed"
            ),
        ]
        indexes = [
            # Queues: open cases by stage, the most urgent first.
            models.Index(fields=["stage", "due_at"], condition=Q(closed_at=None), name="case_open_by_due"),
            models.Index(
                fields=["unit", "stage", "due_at"], condition=Q(closed_at=None), name="case_open_of_unit"
            ),
            models.Index(
                fields=["unit", "closed_at"], condition=Q(stage=Stage.CLOSED), name="case_closed_of_unit"
            ),
            # Who looks for what falls due or goes on by itself.
            models.Index(fields=["resume_at"], condition=Q(resume_at__isnull=False), name="case_resumes"),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="case_merged_into"
            ),
            models.Index(fields=["-filed_at"], name="case_filed"),
            models.Index(fields=["updated_at"], name="case_updated"),
            models.Index(fields=["closed_at"], condition=Q(stage=Stage.CLOSED), name="case_closed"),
            models.Index(fields=["area_path"], opclasses=["text_pattern_ops"], name="case_area"),
            models.Index(fields=["cell"], name="case_cell"),
            # The few that only named handlers see are asked for wherever lists are made.
            models.Index(fields=["id"], condition=Q(confidential=True), name="case_confidential"),
            # The map shows what is open unless asked for more.
            models.Index(fields=["cell"], condition=Q(closed_at=None), name="case_open_cell"),
            # Of a small part of the map only what was filed in a period is read, not what lies there from all years.
            models.Index(
                F("cell").bitrightshift(IN_FINEST),
                "filed_at",
                condition=Q(cell__isnull=False),
                name="case_cell_filed",
            ),
        ]
        ordering = ("-filed_at",)

    def __str__(self) -> str:
        return self.number

    get_stage_display = stage_in_words

    @property
    def condition_label(self) -> str:
        return rule_in_reader_language(self.condition_text, self.condition_text_en)

    @property
    def closing_label(self) -> str:
        return rule_in_reader_language(self.closing_text, self.closing_text_en)


class Rating(models.Model):
    """What a reporter thinks of the result and of the way; 'not solved' asks for reopening."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="rating")
    solved = models.BooleanField()
    result = models.SmallIntegerField(help_text="1 dissatisfied to 3 very satisfied")
    attitude = models.SmallIntegerField(help_text="1 dissatisfied to 3 very satisfied")
    words = personal(
        models.TextField(blank=True),
        purpose="learning what was wrong",
        basis="consent of the reporter",
        retention=MATTER_RETENTION,
    )
    at = models.DateTimeField()
    reviewed_at = models.DateTimeField(
        null=True, help_text="a person looked at “not solved” and did not reopen"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result__range=(1, 3), attitude__range=(1, 3)), name="rating_in_range"
            ),
        ]
        indexes = [
            # The desk's queue of what reporters call not solved: few among many.
            models.Index(fields=["at"], condition=Q(solved=False), name="rating_not_solved"),
        ]

    def __str__(self) -> str:
        return f"{self.result}/{self.attitude}"

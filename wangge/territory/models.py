"""The territory: the tree of areas, the unit grids, what the base map shows, and who works where."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.accounts.models import Role, Unit
from wangge.audit.chain import START
from wangge.common.ids import uuid7
from wangge.common.privacy import internal, public
from wangge.territory.brought.models import BroughtFile


class Level(models.TextChoices):
    """The levels of the tree, from the top; a level may be skipped."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County")
    STREET = "street", _("Street (town)")
    COMMUNITY = "community", _("Community (village)")
    GRID = "grid", _("Grid")
    MICRO = "micro", _("Micro-grid")


class GridKind(models.TextChoices):
    GENERAL = "general", _("General")
    DEDICATED = "dedicated", _("Dedicated")
    MICRO = "micro", _("Micro")


class Area(models.Model):
    """A node of the tree from province to micro-grid. Parents are columns, never digits of the code."""

    code = public(models.CharField(_("code"), max_length=24))
    name = public(models.CharField(_("name"), max_length=100))
    name_en = public(models.CharField(max_length=160, blank=True))
    level = public(models.CharField(_("level"), max_length=12, choices=Level.choices))
    kind = public(models.CharField(_("kind"), max_length=12, choices=GridKind.choices, blank=True))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    # Ids from the root to this area, '/1/23/456/': a subtree is one range of one index.
    path = internal(models.CharField(max_length=160))
    valid_from = models.DateField(default=date(1949, 10, 1))
    valid_to = models.DateField(null=True, blank=True, help_text="first day on which it no longer holds")
    # Polygon or multipolygon in WKB, WGS84 degrees.
    boundary = public(models.BinaryField(null=True, blank=True))
    centre_lon = models.FloatField(null=True, blank=True)
    centre_lat = models.FloatField(null=True, blank=True)
    households = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            # A code names one area for ever; a retired one keeps its own.
            models.UniqueConstraint(fields=["code"], name="area_code_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="area_valid_order"
            ),
        ]
        indexes = [
            models.Index(fields=["path"], opclasses=["text_pattern_ops"], name="area_path_prefix"),
            models.Index(fields=["level"], name="area_level"),
        ]
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class FormerState(models.Model):
    """How an area was over a stretch of days, until something about it changed; the area's own row is how it is now."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="former_states")
    name = public(models.CharField(max_length=100))
    kind = public(models.CharField(max_length=12, choices=GridKind.choices, blank=True))
    parent = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    path = internal(models.CharField(max_length=160))
    boundary = public(models.BinaryField(null=True))
    valid_from = models.DateField()
    valid_to = models.DateField(help_text="first day on which it no longer held")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "valid_from"], name="former_state_once"),
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="former_state_order"),
        ]
        ordering = ("area", "valid_from")

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}–{self.valid_to}"


class TerritoryChange(models.Model):
    """A planned re-organisation of areas: drafted by one person, approved by another, in force from a day on."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        IN_FORCE = "in_force", pgettext_lazy("territory change", "In force")
        DROPPED = "dropped", _("Dropped")

    class About(models.TextChoices):
        AREAS = "areas", _("Areas and grids")
        UNIT_GRIDS = "unit_grids", _("Unit grids")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = public(models.CharField(_("title"), max_length=100))
    reason = internal(models.TextField(_("reason"), blank=True, max_length=2000))
    document = public(
        models.CharField(
            _("document"),
            max_length=200,
            blank=True,
            help_text=_("The paper that orders it, with its number."),
        )
    )
    # Governance grids and the cells of city management are different things: no change is about both.
    about = public(models.CharField(_("about"), max_length=10, choices=About.choices, default=About.AREAS))
    # Everything happens below this area; who may draft and approve is decided by it.
    within = models.ForeignKey(Area, models.PROTECT, related_name="territory_changes")
    stage = internal(models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT))
    plan = public(models.JSONField(default=dict))  # read by `wangge.territory.changes.plan.Plan`
    # How many times the plan was saved: whoever saves a plan says which one was looked at.
    revision = models.IntegerField(default=1)
    earlier = internal(
        models.JSONField(default=list, help_text="plans before the last steps, for going back")
    )
    later = internal(models.JSONField(default=list, help_text="plans taken back, for going on again"))
    in_force_on = models.DateField(null=True, blank=True, help_text="empty: on the day of the approval")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()
    # The effects as they were counted when it was proposed.
    effects = internal(models.JSONField(default=list))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remark = internal(
        models.TextField(blank=True, help_text="what was said when it was sent back or dropped")
    )
    trouble = internal(models.TextField(blank=True, help_text="why it could not take effect on its day"))
    applied_on = models.DateField(null=True, help_text="first day on which it holds")
    applied_at = models.DateTimeField(null=True)
    event_seq = models.IntegerField(default=0)
    event_digest = internal(models.BinaryField(max_length=32, default=START))

    class Meta:
        constraints = [
            # Nobody approves what they proposed themselves.
            models.CheckConstraint(
                condition=~Q(stage__in=["approved", "in_force"])
                | Q(proposed_by__isnull=False, decided_by__isnull=False) & ~Q(proposed_by=F("decided_by")),
                name="territory_change_by_two",
            ),
            models.CheckConstraint(
                condition=Q(stage="in_force", applied_at__isnull=False, applied_on__isnull=False)
                | (~Q(stage="in_force") & Q(applied_at=None, applied_on=None)),
                name="territory_change_applied_once",
            ),
        ]
        indexes = [
            # The job that puts changes into force looks for these every minute.
            models.Index(fields=["in_force_on"], condition=Q(stage="approved"), name="territory_change_due"),
        ]
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.title


class CodePattern(models.Model):
    """What the codes of a level, or of one kind of grid, look like here, where it is not as the settings say."""

    level = public(models.CharField(_("level"), max_length=12))
    kind = public(models.CharField(_("kind"), max_length=12, choices=GridKind.choices, blank=True))
    pattern = public(models.CharField(_("pattern"), max_length=120))
    example = public(models.CharField(_("example"), max_length=24))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "kind"], name="code_pattern_once")]
        ordering = ("level", "kind")

    def __str__(self) -> str:
        return f"{self.level} {self.kind}: {self.pattern}"


class UnitGrid(models.Model):
    """The city-management cell (单元网格) of about 10,000 m²; not a governance grid."""

    code = public(models.CharField(max_length=15))
    community = models.ForeignKey(Area, models.PROTECT, related_name="unit_grids")
    boundary = public(models.BinaryField())
    area_m2 = models.FloatField()
    valid_from = models.DateField(default=date(1949, 10, 1))
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="unit_grid_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


class FormerUnitGrid(models.Model):
    """How a unit grid was over a stretch of days, until it was redrawn or moved; its own row is how it is now."""

    unit_grid = models.ForeignKey(UnitGrid, models.CASCADE, related_name="former_states")
    community = models.ForeignKey(Area, models.PROTECT, related_name="+")
    boundary = public(models.BinaryField())
    valid_from = models.DateField()
    valid_to = models.DateField(help_text="first day on which it no longer held")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_grid", "valid_from"], name="former_unit_grid_once"),
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="former_unit_grid_order"),
        ]
        ordering = ("unit_grid", "valid_from")

    def __str__(self) -> str:
        return f"{self.unit_grid} {self.valid_from}–{self.valid_to}"


class TerritoryVersion(models.Model):
    """One row whose number rises with each change of areas, so that every process reloads its locator."""

    number = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.number)


class BoundaryFile(BroughtFile):
    """A file of boundaries that somebody brought; it becomes a draft that somebody else approves."""

    # How to read it: {"crs", "layer", "level", "code", "name", "parent"}, empty where the file says it.
    reading = internal(models.JSONField(default=dict))
    seen_version = models.BigIntegerField(default=0, help_text="of the territory it was compared with")
    # In which area everything of the file lies; empty for the first file of an installation without areas.
    within = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    change = models.ForeignKey(
        TerritoryChange, models.PROTECT, null=True, related_name="files", help_text="the draft made of it"
    )


class BaseFeature(models.Model):
    """What the base map shows without any outside map service: roads, water, green, blocks."""

    class Kind(models.TextChoices):
        ROAD = "road", _("Road")
        WATER = "water", _("Water")
        GREEN = "green", _("Green")
        BLOCK = "block", _("Block")
        PLACE = "place", _("Place")

    kind = public(models.CharField(max_length=8, choices=Kind.choices))
    name = public(models.CharField(max_length=100, blank=True))
    rank = models.SmallIntegerField(default=0, help_text="0 is most important; roads: 0 arterial to 3 lane")
    shape = public(models.BinaryField(help_text="WKB, WGS84 degrees"))
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "rank"], name="base_feature_kind"),
            # Where two streets meet is asked by their names.
            models.Index(fields=["name"], condition=Q(kind="road") & ~Q(name=""), name="base_feature_street"),
        ]

    def __str__(self) -> str:
        return self.name or self.kind


class UnitArea(models.Model):
    """The area a unit serves: a centre its level's area, a station its community."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="areas")
    area = models.ForeignKey(Area, models.CASCADE, related_name="units")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "area"], name="unit_area_once")]

    def __str__(self) -> str:
        return f"{self.unit} – {self.area}"


class Post(models.Model):
    """A person's role in an area from one day to another; every right flows from a post in force."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="posts")
    role = internal(models.CharField(_("role"), max_length=20, choices=Role.choices))
    area = models.ForeignKey(Area, models.PROTECT, related_name="posts")
    starts_on = models.DateField(default=date(1949, 10, 1))
    ends_on = models.DateField(null=True, blank=True, help_text="first day on which it no longer holds")
    # The telephone of the post, told to residents; a person's own number is never.
    duty_phone = public(models.CharField(_("duty phone"), max_length=40, blank=True))
    # Held in somebody's stead: whose post it is, and the absence it comes from (forces/absences.py).
    stands_in_for = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="stand_ins")
    absence = models.ForeignKey(
        "territory.Absence", models.CASCADE, null=True, blank=True, related_name="posts"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "area"], condition=Q(ends_on=None), name="post_once"
            ),
            # A post held in somebody's stead has an end, and both its reasons or neither.
            models.CheckConstraint(
                condition=Q(absence=None, stands_in_for=None)
                | Q(absence__isnull=False, stands_in_for__isnull=False, ends_on__isnull=False),
                name="post_stand_in_whole",
            ),
            models.UniqueConstraint(fields=["absence", "stands_in_for"], name="post_stand_in_once"),
        ]
        indexes = [models.Index(fields=["area", "role"], name="post_area_role")]

    def __str__(self) -> str:
        return f"{self.account} – {self.get_role_display()} – {self.area}"


from wangge.territory.designer.models import DesignPart as DesignPart  # noqa: E402
from wangge.territory.designer.models import GridDesign as GridDesign  # noqa: E402
from wangge.territory.designer.models import GridProposal as GridProposal  # noqa: E402
from wangge.territory.forces.models import Absence as Absence  # noqa: E402  # tables of the same domain
from wangge.territory.forces.models import Badge as Badge  # noqa: E402
from wangge.territory.forces.models import ForceKind as ForceKind  # noqa: E402
from wangge.territory.forces.models import ForcePost as ForcePost  # noqa: E402

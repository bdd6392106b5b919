"""What kinds of matter there are, when they are filed, how long they may take and whose they are."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Unit
from wangge.cases.deadlines import LimitKind
from wangge.common.languages import in_reader_language, rule_in_reader_language
from wangge.common.privacy import internal, public
from wangge.territory.models import Area

LIMIT_KINDS = [
    (LimitKind.URGENT_HOURS.value, _("urgent hours")),
    (LimitKind.WORKING_HOURS.value, _("working hours")),
    (LimitKind.WORKING_DAYS.value, _("working days")),
    (LimitKind.CALENDAR_DAYS.value, _("calendar days")),
]


class MatterGroup(models.Model):
    """A big choice for residents: lamps, rubbish, noise … each gathers many classes."""

    code = public(models.CharField(max_length=20, unique=True))
    name = public(models.CharField(max_length=40))
    name_en = public(models.CharField(max_length=60))
    hint = public(models.CharField(max_length=100, blank=True))
    hint_en = public(models.CharField(max_length=160, blank=True))
    ordinal = models.SmallIntegerField(default=0)

    class Meta:
        ordering = ("ordinal",)

    def __str__(self) -> str:
        return in_reader_language(self.name, self.name_en)

    @property
    def hint_label(self) -> str:
        return in_reader_language(self.hint, self.hint_en)


class MatterClass(models.Model):
    """A class of matter with its code in a standard; unique is (standard, code)."""

    standard = public(models.CharField(max_length=20))
    code = public(models.CharField(max_length=12))
    major_code = public(models.CharField(max_length=4))
    major_name = public(models.CharField(max_length=60))
    major_name_en = public(models.CharField(max_length=100, blank=True))
    name = public(models.CharField(max_length=100))
    name_en = public(models.CharField(max_length=160, blank=True))
    keywords = public(models.TextField(blank=True, help_text="words residents use, separated by ;"))
    group = models.ForeignKey(MatterGroup, models.PROTECT, null=True, related_name="classes")
    confidential = models.BooleanField(
        default=False, db_default=False, help_text="such matters are confidential from the beginning"
    )
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["standard", "code"], name="matter_class_once")]
        ordering = ("code",)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.name, self.name_en)

    @property
    def major_label(self) -> str:
        return in_reader_language(self.major_name, self.major_name_en)


class FilingCondition(models.Model):
    """The row under a class that carries limit, closing condition and the kind of unit responsible."""

    matter = models.ForeignKey(MatterClass, models.PROTECT, related_name="conditions")
    ordinal = models.SmallIntegerField()
    text = public(models.CharField(max_length=300))
    text_en = public(models.CharField(max_length=400, blank=True))
    closing = public(models.CharField(max_length=300))
    closing_en = public(models.CharField(max_length=400, blank=True))
    limit_kind = public(models.CharField(max_length=20, choices=LIMIT_KINDS))
    limit_amount = models.DecimalField(max_digits=7, decimal_places=2)
    unit_role = public(models.CharField(max_length=30))
    urgent = models.BooleanField(default=False)
    verify_first = models.BooleanField(default=True)
    after_photo = models.BooleanField(default=True, help_text="finishing needs a photo of the result")
    on_the_spot = models.BooleanField(default=False, help_text="a grid worker may settle it at once")
    auto_dispatch = models.BooleanField(
        default=False, help_text="goes to the unit of the duty list without a dispatcher"
    )
    auto_close = models.BooleanField(default=False, help_text="closes by itself when the check has passed")
    check_percent = models.SmallIntegerField(
        default=100, help_text="how many of a hundred results are checked"
    )
    supervisor = public(
        models.CharField(max_length=100, blank=True, help_text="the department above (主管部门)")
    )
    source = public(models.CharField(max_length=200, blank=True))
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "ordinal"], name="filing_condition_once"),
            models.CheckConstraint(condition=Q(limit_amount__gt=0), name="filing_condition_limit_positive"),
            models.CheckConstraint(
                condition=Q(check_percent__range=(0, 100)), name="filing_condition_check_percent"
            ),
        ]
        ordering = ("matter", "ordinal")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.text, self.text_en)

    @property
    def closing_label(self) -> str:
        return rule_in_reader_language(self.closing, self.closing_en)


class Crossing(models.Model):
    """What a class of an older standard became; `certain` is false where it is inferred only."""

    old = models.ForeignKey(MatterClass, models.CASCADE, related_name="became")
    new = models.ForeignKey(MatterClass, models.CASCADE, related_name="came_from")
    certain = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="crossing_once")]
        ordering = ("old__code",)

    def __str__(self) -> str:
        return f"{self.old.code} → {self.new.code}"


class DutyRow(models.Model):
    """The duty list (权责清单): in this area this kind of work, or this very class, is this unit's.

    A row may hold at some times only: from day to day of each year, between hours of the day, until a date.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="duty_rows")
    unit_role = public(models.CharField(max_length=30))
    matter = models.ForeignKey(MatterClass, models.PROTECT, null=True, blank=True, related_name="duty_rows")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="duty_rows")
    # Month and day ("06-01"), both or neither, both included; over the new year when the first is later.
    season_from = public(models.CharField(max_length=5, blank=True))
    season_to = public(models.CharField(max_length=5, blank=True))
    # "18:00-08:00", over midnight when the first is later; the end is not included.
    hours = public(models.CharField(max_length=11, blank=True))
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="first day on which it no longer holds")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "area",
                    "unit_role",
                    "matter",
                    "season_from",
                    "season_to",
                    "hours",
                    "valid_from",
                    "valid_to",
                ],
                name="duty_row_once",
                nulls_distinct=False,
            ),
            # Half a season is none.
            models.CheckConstraint(
                condition=Q(season_from="", season_to="") | (~Q(season_from="") & ~Q(season_to="")),
                name="duty_row_whole_season",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="duty_row_valid_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.unit_role}: {self.unit}"


class StageLimit(models.Model):
    """How long each stage before and after handling may take: settings of the centre."""

    clock = internal(models.CharField(max_length=12, unique=True))
    limit_kind = internal(models.CharField(max_length=20, choices=LIMIT_KINDS))
    limit_amount = models.DecimalField(max_digits=7, decimal_places=2)

    def __str__(self) -> str:
        return f"{self.clock}: {self.limit_amount} {self.limit_kind}"


class Quota(models.Model):
    """How often or how long something is allowed: settings of the centre."""

    class Code(models.TextChoices):
        EXTENSIONS = "extensions", _("extensions of one case")
        RETURNS = "returns", _("send-backs of one case until arbitration decides")
        SUSPENSION_DAYS = "suspension_days", _("days a case may be suspended at a time")
        RECHECK_PERCENT = (
            "recheck_percent",
            _("of a hundred matters settled on the spot, how many are re-checked"),
        )

    code = internal(models.CharField(max_length=20, choices=Code.choices, unique=True))
    amount = models.IntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="quota_not_negative")]
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code}: {self.amount}"


class Exclusion(models.Model):
    """A ground on which a report is not accepted, and whom to turn to instead."""

    code = public(models.CharField(max_length=30, unique=True))
    text = public(models.CharField(max_length=200))
    text_en = public(models.CharField(max_length=300))
    advice = public(models.CharField(max_length=300))
    advice_en = public(models.CharField(max_length=400))
    ordinal = models.SmallIntegerField(default=0)
    in_force = models.BooleanField(default=True)

    class Meta:
        ordering = ("ordinal",)

    def __str__(self) -> str:
        return in_reader_language(self.text, self.text_en)

    @property
    def advice_label(self) -> str:
        return in_reader_language(self.advice, self.advice_en)


class Reason(models.Model):
    """A reason code for a step that must say why (send back, recall, reopen …)."""

    code = public(models.CharField(max_length=30, unique=True))
    verb = public(models.CharField(max_length=20))
    text = public(models.CharField(max_length=200))
    text_en = public(models.CharField(max_length=300))
    needs_legal_basis = models.BooleanField(default=False)
    ordinal = models.SmallIntegerField(default=0)
    in_force = models.BooleanField(default=True)

    class Meta:
        ordering = ("verb", "ordinal")

    def __str__(self) -> str:
        return in_reader_language(self.text, self.text_en)


class Question(models.Model):
    """An extra question of a class; one definition feeds the web form and the Open311 attributes."""

    class Datatype(models.TextChoices):
        STRING = "string", _("one line")
        NUMBER = "number", _("number")
        DATETIME = "datetime", _("date and time")
        TEXT = "text", _("several lines")
        SINGLE = "singlevaluelist", _("one of a list")
        MULTI = "multivaluelist", _("several of a list")

    matters = models.ManyToManyField(MatterClass, related_name="questions")
    code = public(models.CharField(max_length=40, unique=True))
    ordinal = models.SmallIntegerField()
    datatype = public(models.CharField(max_length=20, choices=Datatype.choices))
    required = models.BooleanField(default=False)
    text = public(models.CharField(max_length=200))
    text_en = public(models.CharField(max_length=300))
    hint = public(models.CharField(max_length=200, blank=True))
    hint_en = public(models.CharField(max_length=300, blank=True))
    # A list of answers; each has "key", "zh" and "en".
    values = public(models.JSONField(default=list))
    # Asked only if this other question was answered with one of these keys.
    only_if = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="leads_to")
    only_if_answers = public(models.JSONField(default=list, blank=True))
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            # A question may hang on another, never on itself.
            models.CheckConstraint(
                condition=Q(only_if=None) | ~Q(only_if=F("pk")), name="question_not_on_itself"
            ),
        ]
        ordering = ("ordinal",)

    def __str__(self) -> str:
        return in_reader_language(self.text, self.text_en)

    @property
    def hint_label(self) -> str:
        return in_reader_language(self.hint, self.hint_en)

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        """Tell whether it is asked, given the answers by the code of the question."""
        if self.only_if is None:
            return True
        given = answers.get(self.only_if.code)
        said = set(given) if isinstance(given, list) else {given}
        return self.only_if.is_asked(answers) and not said.isdisjoint(self.only_if_answers)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The values of a list as (key, name in the reader's language)."""
        return [(value["key"], in_reader_language(value["zh"], value["en"])) for value in self.values]

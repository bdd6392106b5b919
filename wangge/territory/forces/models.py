"""Absences with their stand-ins, the forces of a grid that work without the platform, and workers' badges."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wangge.common.ids import readable_code, uuid7
from wangge.common.privacy import personal, public

BASIS = "official duty (grid service management)"
SERIAL_LENGTH = (
    12  # 55 bits: at the pace that lookups are allowed, guessing one takes longer than badges are worn
)


class Absence(models.Model):
    """Days on which somebody is away, and who has their posts meanwhile. Why is nobody's business and not kept."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    stand_in = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="stands_in")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), help_text="first day back; the first day itself: called off")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_order"),
            # Nobody stands in for themselves.
            models.CheckConstraint(condition=~Q(account=F("stand_in")), name="absence_by_two"),
        ]
        indexes = [models.Index(fields=["ends_on"], name="absence_end")]
        ordering = ("starts_on", "pk")

    def __str__(self) -> str:
        return f"{self.account} {self.starts_on}–{self.ends_on}: {self.stand_in}"

    def holds(self, day: date) -> bool:
        """Tell whether the person is away on this day."""
        return self.starts_on <= day < self.ends_on


class ForceKind(models.Model):
    """A kind of force that serves a grid beside those with rights here: the seven forces, and whatever a city adds.

    None of them gives a right. One that is no longer in use stays with the posts that have it.
    """

    code = public(models.SlugField(_("code"), max_length=12, unique=True))
    name = public(models.CharField(pgettext_lazy("force", "Name"), max_length=40))
    name_en = public(models.CharField(_("English name"), max_length=60, blank=True))
    ordinal = models.PositiveSmallIntegerField(_("place in lists"), default=100)
    in_use = models.BooleanField(_("In use"), default=True)

    class Meta:
        ordering = ("ordinal", "code")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


class ForcePost(models.Model):
    """One of the forces in one area from one day to another; with an account only where the person has one."""

    force = models.ForeignKey(
        ForceKind, models.PROTECT, to_field="code", db_column="force", related_name="posts", verbose_name=_("force")
    )  # fmt: skip
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="force_posts")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="force_posts"
    )
    name = personal(
        models.CharField(_("name"), max_length=60),
        purpose="knowing who serves a grid",
        basis=BASIS,
        retention="while in the post, then 3 years",
    )
    duty_phone = public(models.CharField(_("duty phone"), max_length=40, blank=True))
    shown = models.BooleanField(
        _("Shown to residents"), default=False, help_text="the person agreed that residents read the name"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(null=True, blank=True, help_text="first day on which it no longer holds")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="force_post_order"
            ),
        ]
        indexes = [models.Index(fields=["area", "force"], name="force_post_area")]
        ordering = ("area", "force", "starts_on")

    def __str__(self) -> str:
        return f"{self.name} – {self.force_id} – {self.area}"


def new_serial() -> str:
    """Make a number for a badge that nobody guesses and everybody can read aloud."""
    return readable_code(SERIAL_LENGTH)


class Badge(models.Model):
    """What a worker shows at the door: a serial number that a resident can verify, until a day or until revoked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="badges")
    serial = public(models.CharField(_("serial number"), max_length=12, unique=True, default=new_serial))
    issued_on = models.DateField()
    expires_on = models.DateField(help_text="first day on which it is no longer valid")
    revoked_at = models.DateTimeField(null=True, blank=True)
    # The worker's own decision; without it no resident sees a photo.
    photo_agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # One badge at a time: a new one is issued after the old one was revoked.
            models.UniqueConstraint(
                fields=["account"], condition=Q(revoked_at=None), name="badge_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(expires_on__gt=F("issued_on")), name="badge_order"),
        ]

    def __str__(self) -> str:
        return self.spaced

    @property
    def spaced(self) -> str:
        """The number in groups of four, as it is printed and read aloud."""
        return " ".join(self.serial[at : at + 4] for at in range(0, len(self.serial), 4))

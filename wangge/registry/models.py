"""Registers of places and facilities: what stands in the territory."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Unit
from wangge.common.privacy import internal, public
from wangge.territory.models import Area, UnitGrid


class FacilityClass(models.Model):
    """A class of facility (部件) with its code in a standard; GB/T 47678.5-2026 annex A lists 153."""

    standard = public(models.CharField(max_length=20))
    code = public(models.CharField(max_length=12))
    major_code = public(models.CharField(max_length=4))
    major_name = public(models.CharField(max_length=60))
    major_name_en = public(models.CharField(max_length=100, blank=True))
    name = public(models.CharField(max_length=100))
    name_en = public(models.CharField(max_length=160, blank=True))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["standard", "code"], name="facility_class_once")]
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class Facility(models.Model):
    """One facility: lamp, cover, hydrant, camera … (GB/T 47678.5-2026 table 2)."""

    class State(models.TextChoices):
        SOUND = "sound", _("Sound")
        DAMAGED = "damaged", _("Damaged")
        LOST = "lost", _("Lost")
        ABANDONED = "abandoned", _("Abandoned")
        REMOVED = "removed", _("Removed")

    code = public(models.CharField(max_length=17, unique=True))
    facility_class = models.ForeignKey(FacilityClass, models.PROTECT, related_name="facilities")
    lon = models.FloatField(help_text="WGS84 degrees")
    lat = models.FloatField(help_text="WGS84 degrees")
    cell = models.BigIntegerField(help_text="62-bit Morton cell of Web-Mercator x and y")
    grid = models.ForeignKey(Area, models.PROTECT, null=True, related_name="facilities")
    unit_grid = models.ForeignKey(UnitGrid, models.PROTECT, null=True, related_name="facilities")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="facilities", help_text="maintains it"
    )
    state = public(models.CharField(max_length=10, choices=State.choices, default=State.SOUND))
    surveyed_on = models.DateField()
    note = internal(models.CharField(max_length=1000, blank=True))

    class Meta:
        indexes = [models.Index(fields=["cell"], name="facility_cell")]
        verbose_name_plural = "facilities"

    def __str__(self) -> str:
        return f"{self.facility_class} {self.code}"


class Building(models.Model):
    """A building with its floors and its written address."""

    name = public(models.CharField(max_length=100, blank=True))
    estate = public(models.CharField(max_length=100, blank=True))
    address = public(models.CharField(max_length=200))
    floors = models.SmallIntegerField()
    entrances = models.SmallIntegerField(default=1)
    households = models.IntegerField(default=0)
    grid = models.ForeignKey(Area, models.PROTECT, null=True, related_name="buildings")
    footprint = public(models.BinaryField(help_text="WKB, WGS84 degrees"))
    lon = models.FloatField(help_text="WGS84 degrees, a point inside")
    lat = models.FloatField(help_text="WGS84 degrees, a point inside")
    cell = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["cell"], name="building_cell"),
            models.Index(fields=["address"], opclasses=["text_pattern_ops"], name="building_address_prefix"),
        ]

    def __str__(self) -> str:
        return self.address

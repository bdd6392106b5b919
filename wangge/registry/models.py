"""Registers of places and facilities: what stands in the territory."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Unit
from wangge.common.privacy import internal, public
from wangge.territory.brought.models import BroughtFile
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


class Extract(BroughtFile):
    """An extract of OpenStreetMap that somebody brought."""


class FacilityFile(BroughtFile):
    """A file of facilities that somebody brought."""

    # How to read it: {"crs", "layer"} and what the file calls its columns; empty where it says so or they are recognised.
    reading = internal(models.JSONField(default=dict))


class Address(models.Model):
    """One node of the register of addresses: a street, a number, an estate, a building or an entrance.

    A street may lie in a village (an estate), an estate behind a number, a building in an estate or behind a number.
    What is true for nine of ten rows of a city, its rooms, stands in a narrow table of its own (`Room`).
    """

    class Kind(models.TextChoices):
        STREET = "street", _("Street")
        NUMBER = "number", pgettext_lazy("address", "Number")
        ESTATE = "estate", _("Estate or compound")
        BUILDING = "building", _("Building")
        ENTRANCE = "entrance", _("Entrance")

    kind = public(models.CharField(_("kind"), max_length=8, choices=Kind.choices))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", db_index=False
    )
    # As written, "12号", and as compared, "12" (addresses.text); the whole way down is kept for lists: "人民路12号".
    name = public(models.CharField(_("name"), max_length=100))
    key = public(models.CharField(max_length=100))
    text = public(models.CharField(max_length=300))
    ordinal = models.IntegerField(default=0, help_text="the number in it, so that 2 comes before 10")
    # The community of what has a point; the county or wider for a street. Grids are looked up, never stored.
    area = models.ForeignKey(Area, models.PROTECT, related_name="addresses")
    building = models.ForeignKey(
        Building, models.SET_NULL, null=True, blank=True, related_name="addresses", help_text="its footprint"
    )
    lon = models.FloatField(null=True, blank=True, help_text="WGS84 degrees")
    lat = models.FloatField(null=True, blank=True, help_text="WGS84 degrees")
    cell = models.BigIntegerField(null=True, blank=True)
    valid_from = models.DateField(default=date(1949, 10, 1))
    valid_to = models.DateField(null=True, blank=True, help_text="first day on which it no longer holds")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    source = public(models.CharField(_("source"), max_length=100, blank=True))

    class Meta:
        constraints = [
            # Under one parent each number is in force once; without a parent, each name once in its area.
            models.UniqueConstraint(
                fields=["parent", "kind", "key"],
                condition=Q(valid_to=None, parent__isnull=False),
                name="address_part_once",
            ),
            models.UniqueConstraint(
                fields=["area", "kind", "key"],
                condition=Q(valid_to=None, parent=None),
                name="address_top_once",
            ),
            models.CheckConstraint(
                condition=Q(lon=None, lat=None, cell=None)
                | Q(lon__isnull=False, lat__isnull=False, cell__isnull=False),
                name="address_whole_point",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="address_valid_order"
            ),
        ]
        indexes = [
            # The nearest address to a point; streets have a point for the map only.
            models.Index(
                fields=["cell"],
                condition=Q(valid_to=None, cell__isnull=False, kind__in=["number", "building"]),
                name="address_cell",
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="address_parts"),
        ]
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return self.text


class AddressName(models.Model):
    """A name by which people ask for an address: its own, another one, or a former one.

    Streets, estates and named buildings have them, a few hundred thousand in the largest city; numbers, entrances and
    rooms are found under their parent and need none. So only this small table is searched by likeness.
    """

    class Kind(models.TextChoices):
        OFFICIAL = "official", pgettext_lazy("address", "Name")
        ALIAS = "alias", _("Also called")
        FORMER = "former", _("Formerly")

    address = models.ForeignKey(Address, models.CASCADE, related_name="names")
    kind = public(models.CharField(_("kind"), max_length=8, choices=Kind.choices))
    name = public(models.CharField(_("name"), max_length=100))
    key = public(models.CharField(max_length=100))
    # How it is read, without tones and accents of the south: "renminlu".
    sound = public(models.CharField(max_length=300))
    # The key with each character left out once: what is one slip away shares one of these.
    nearly = ArrayField(public(models.CharField(max_length=100)))
    # Each two neighbouring characters of the key, for looking inside a name.
    pairs = ArrayField(public(models.CharField(max_length=2)))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address", "key"], name="address_name_once"),
        ]
        indexes = [
            models.Index(fields=["key"], opclasses=["text_pattern_ops"], name="address_name_key"),
            models.Index(fields=["sound"], opclasses=["text_pattern_ops"], name="address_name_sound"),
            GinIndex(fields=["nearly"], name="address_name_nearly"),
            GinIndex(fields=["pairs"], name="address_name_pairs"),
        ]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A dwelling or office behind an entrance; known to staff of its area only, and never who lives there."""

    address = models.ForeignKey(Address, models.PROTECT, related_name="rooms")
    name = internal(models.CharField(_("room"), max_length=40))
    key = internal(models.CharField(max_length=40))
    floor = models.SmallIntegerField(_("floor"), null=True, blank=True)
    valid_from = models.DateField(default=date(1949, 10, 1))
    valid_to = models.DateField(null=True, blank=True, help_text="first day on which it no longer holds")
    source = internal(models.CharField(max_length=100, blank=True))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address", "key"], condition=Q(valid_to=None), name="room_once"),
        ]

    def __str__(self) -> str:
        return self.name

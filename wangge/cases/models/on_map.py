"""How many cases lie where: kept beside the cases, so that a map of a whole city need not read them."""

from datetime import date

from django.db import models

from wangge.common.privacy import internal

# Zooms whose tiles are the cells that are counted: about 250 m, 1 km and 4 km wide. Days are not counted in the finest:
# there would be as many counts as cases.
FINEST, FINE, COARSE = 17, 15, 13
IN_FINEST = 28  # bits by which a case's cell is shifted to be one of the finest
EVER = date(1900, 1, 1)  # stands for the day of what is counted of all time


class Span(models.IntegerChoices):
    """How many days one count is of. A period is made up of few: whole ones, and what is left over at its ends."""

    DAY = 0
    MONTH = 1
    YEAR = 2
    EVER = 3


class MapChange(models.Model):
    """What a trigger noted of a case that appeared, moved or ended, until the tally has taken it in."""

    cell = models.BigIntegerField(help_text="the case's cell, cut to the tile of zoom 17")
    hour = models.DateTimeField(help_text="in which the case was filed")
    area_path = internal(models.CharField(max_length=160))
    group = models.IntegerField(help_text="id of the group of its class, 0 for none")
    n = models.IntegerField()
    open = models.IntegerField()
    lons = models.FloatField(help_text="sum of longitudes, WGS84 degrees")
    lats = models.FloatField(help_text="sum of latitudes, WGS84 degrees")

    def __str__(self) -> str:
        return f"{self.n:+} in {self.cell}"


class MapTally(models.Model):
    """Cases of one cell, one span of days of filing, and one street (or wider area); confidential ones are not in it."""

    zoom = models.SmallIntegerField(help_text="13, 15 or 17")
    span = models.SmallIntegerField(help_text="0 a day, 1 a month, 2 a year, 3 all time")
    day = models.DateField(help_text="the first of the span; 1900-01-01 for all time")
    cell = models.BigIntegerField()
    area_path = internal(models.CharField(max_length=160))
    n = models.IntegerField()
    open = models.IntegerField()
    lons = models.FloatField()
    lats = models.FloatField()
    groups = internal(
        models.JSONField(
            default=dict, help_text="by id of the group: how many cases, and how many of them open"
        )
    )

    class Meta:
        constraints = [
            # Also the index of a tile: for each span one range of cells. It carries the sums, so that a tile
            # reads the index alone: its rows lie all over the table, a page for each.
            models.UniqueConstraint(
                fields=["zoom", "span", "day", "cell", "area_path"],
                include=["n", "open", "lons", "lats"],
                name="map_tally_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.n} in {self.cell} on {self.day}"

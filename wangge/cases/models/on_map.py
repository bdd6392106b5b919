"""How many cases lie where: kept beside the cases, so that a map of a whole city need not read them."""

from django.db import models

from wangge.common.privacy import internal

FINE, COARSE = 15, 13  # zooms whose tiles are the cells that are counted: about 1 km and 4 km wide
NOTED = 16  # and of the cells that triggers note


class MapChange(models.Model):
    """What a trigger noted of a case that appeared, moved or ended, until the tally has taken it in."""

    cell = models.BigIntegerField(help_text="the case's cell, cut to the tile of zoom 16")
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
    """Cases of one cell, one day or month of filing, and one street (or wider area); confidential ones are not in it."""

    zoom = models.SmallIntegerField(help_text="13 or 15")
    month = models.BooleanField(help_text="of a whole month, `day` is its first")
    day = models.DateField()
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
            # Also the index of a tile: for each month or day one range of cells. It carries the sums, so that a tile
            # reads the index alone: its rows lie all over the table, a page for each.
            models.UniqueConstraint(
                fields=["zoom", "month", "day", "cell", "area_path"],
                include=["n", "open", "lons", "lats"],
                name="map_tally_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.n} in {self.cell} on {self.day}"

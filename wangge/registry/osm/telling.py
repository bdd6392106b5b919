"""What an extract brought, in words: for the command and for the page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from wangge.registry.osm.storing import Told
from wangge.territory.models import BaseFeature


def data_of(told: Told) -> dict[str, Any]:
    """What was told, as it is kept."""
    faults = told.faults
    return {
        "ground": dict(told.ground),
        "replaced": told.replaced,
        "buildings": told.buildings,
        "known": told.known,
        "guessed": told.guessed,
        "outside": told.outside,
        "mended": faults.mended,
        "cut": faults.cut,
        "broken": faults.broken,
    }


def taken(found: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What is taken from the extract, with numbers."""
    ground = sorted(found["ground"].items())
    return [
        *((str(BaseFeature.Kind(kind).label), count) for kind, count in ground),
        (_("New buildings"), found["buildings"]),
        (_("Of the ground of before, replaced"), found["replaced"]),
    ]


def repaired(found: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What was mended or guessed, without what did not happen."""
    return _only_some(
        (_("Surfaces that crossed themselves, mended"), found["mended"]),
        (_("Lines that leave the extract, cut at its edge"), found["cut"]),
        (_("New buildings without floors or height, taken with one floor"), found["guessed"]),
    )


def left(found: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What was not taken, or lies nowhere here, without what did not happen."""
    return _only_some(
        (_("Buildings that the register has already, left as they are"), found["known"]),
        (_("Left out, because points of it are missing"), found["broken"]),
        (_("New buildings in no grid"), found["outside"]),
    )


def _only_some(*rows: tuple[str, int]) -> list[tuple[str, int]]:
    return [row for row in rows if row[1]]

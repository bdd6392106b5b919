"""Facilities as a table, in the columns by which a file brings them in again."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.registry.facilities.columns import WAYS
from wangge.registry.models import Facility
from wangge.territory.coordinates import CRS
from wangge.territory.tables_out import Cell, Cells

MOST = 200_000  # rows that a page may wait for
_PLACE = (("lon", "经度"), ("lat", "纬度"), ("crs", "坐标系"))


def table(facilities: QuerySet[Facility]) -> Cells:
    """A heading and a row for each. Raises `Refused` where there are too many for one file."""
    if facilities.order_by()[: MOST + 1].count() > MOST:
        raise Refused(
            _("These are more than %(most)s facilities. Narrow them by a class, a grid or a state.")
            % {"most": f"{MOST:,}"}
        )
    return [_heading(), *_rows(facilities)]


def _heading() -> list[str]:
    ways = [*WAYS.values(), *_PLACE]
    if (get_language() or "").startswith("en"):
        return [names[0] for names in ways]
    return [next(name for name in names if not name.isascii()) for names in ways]


def _rows(facilities: QuerySet[Facility]) -> Iterator[list[Cell]]:
    for one in facilities.iterator():
        yield [
            one.code,
            one.facility_class.code,
            str(one.get_state_display()),
            one.unit.code if one.unit and one.unit.closed_on is None else "",  # no file may name a closed one
            one.surveyed_on.isoformat(),
            one.note,
            one.lon,
            one.lat,
            CRS.WGS84.value,
        ]

"""Where a report sent to us is: a point, an address, a grid by its code, or several of these."""

from dataclasses import dataclass
from datetime import date

import shapely
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.intake.channels.open311.faults import bad
from wangge.intake.channels.open311.fields import Fields, last
from wangge.territory.coordinates import CRS, parse_pair, to_wgs84
from wangge.territory.models import Area, Level

MOST_ADDRESS = 256


@dataclass(frozen=True)
class Place:
    """A point in WGS84 degrees (both or neither) and words."""

    lon: float | None = None
    lat: float | None = None
    address: str = ""


def place_of(fields: Fields) -> Place:
    """Read the place; raises Faulty or Refused naming what is wrong. Nothing given is the empty place."""
    address = last(fields, "address_string")
    if len(address) > MOST_ADDRESS:
        words = {"name": "address_string", "length": len(address), "most": MOST_ADDRESS}
        raise bad(_("%(name)s has %(length)d characters; at most %(most)d can be kept.") % words)
    pair = parse_pair(last(fields, "long"), last(fields, "lat"))
    if pair is not None:
        lon, lat = to_wgs84(*pair, _crs(last(fields, "crs")))
        return Place(lon, lat, address)
    if code := last(fields, "address_id"):
        return _in_grid(code, address, timezone.localdate())
    return Place(address=address)


def _crs(name: str) -> CRS:
    """The coordinate system of a sent point: WGS84 by the standard, others by our extension `crs`."""
    try:
        return CRS(name.lower() or CRS.WGS84)
    except ValueError:
        raise bad(
            _("crs: “%(name)s” is none of %(known)s.") % {"name": name[:40], "known": ", ".join(CRS)}
        ) from None


def _in_grid(code: str, address: str, today: date) -> Place:
    """A point inside the grid with this code, so that the grid's people get the report."""
    in_force = Q(valid_to=None) | Q(valid_to__gt=today)
    area = Area.objects.filter(in_force, code=code, level=Level.GRID).exclude(boundary=None).first()
    if area is None or area.boundary is None:
        raise bad(_("address_id: there is no grid with the code “%(code)s”.") % {"code": code[:40]})
    inside = shapely.point_on_surface(shapely.from_wkb(bytes(area.boundary)))
    return Place(float(inside.x), float(inside.y), address or area.name)

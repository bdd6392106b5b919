"""Do the points of a file look as if they were in another coordinate system than they are read in?

GCJ-02 and BD-09 are shifted by 50 to 1,200 metres, which nobody sees; a table rarely says which it is in.
"""

from collections.abc import Sequence
from statistics import median

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from wangge.accounts.models import Account
from wangge.registry.facilities.permissions import facilities_in_sight
from wangge.registry.facilities.reading import Row
from wangge.registry.models import Facility
from wangge.territory import lookup
from wangge.territory.coordinates import CRS, all_from_wgs84, all_to_wgs84, metres_between
from wangge.territory.systems import System

MOST = 2000  # points that are enough to tell
FEW = 5  # known ones that are not
SHIFTED_METRES = 50  # less than this is a better survey, not another coordinate system
OUTSIDE = 0.02  # share of the points in no grid: less is the edge of the territory
_READINGS = (CRS.WGS84, CRS.GCJ02, CRS.BD09)

Degrees = NDArray[np.float64]


class Sample:
    """The first points of a file, and where the register has those that it knows: of those whoever brings it looks up."""

    def __init__(self, by: Account | None) -> None:
        self.rows: list[tuple[str, float, float]] = []
        self.register = Facility.objects.all() if by is None else facilities_in_sight(by)

    def add(self, rows: Sequence[Row]) -> None:
        """Keep some of these, whose points are in WGS84 by now."""
        for row in rows[: MOST - len(self.rows)]:
            self.rows.append((row.values["code"], row.values["lon"], row.values["lat"]))

    def hint(self, read_as: System) -> str:
        """A sentence where another reading fits much better, or where nearly nothing lies here; else nothing."""
        if not self.rows or not isinstance(read_as, CRS):
            return ""
        lons, lats = (np.array([row[axis] for row in self.rows], dtype=np.float64) for axis in (1, 2))
        return self._shifted(lons, lats, read_as) or _outside(lons, lats, read_as)

    def _shifted(self, lons: Degrees, lats: Degrees, read_as: CRS) -> str:
        """Known facilities tell it exactly: how far would they be moved?"""
        codes = [code for code, _lon, _lat in self.rows]
        stored = self.register.filter(code__in=codes).values_list("code", "lon", "lat")
        places = {code: (lon, lat) for code, lon, lat in stored}
        known = [at for at, code in enumerate(codes) if code in places]
        if len(known) < FEW:
            return ""
        metres = {}
        for crs in _READINGS:
            xs, ys = _as_if(lons[known], lats[known], read_as, crs)
            pairs = zip(known, xs.tolist(), ys.tolist(), strict=True)
            metres[crs] = median(metres_between(x, y, *places[codes[at]]) for at, x, y in pairs)
        ours = metres.pop(_like(read_as))
        best = min(metres, key=metres.__getitem__)
        if ours <= SHIFTED_METRES or metres[best] >= ours / 3:
            return ""
        return _(
            "These look like %(best)s: read as %(read_as)s they lie %(ours).0f m from where the register has them, "
            "read as %(best)s only %(theirs).0f m."
        ) % {"best": best, "read_as": read_as, "ours": ours, "theirs": metres[best]}


def _outside(lons: Degrees, lats: Degrees, read_as: CRS) -> str:
    """New ones lie in grids in the right reading; where most lie in none whatever the reading, the place is another one."""
    inside = {crs: _share_inside(*_as_if(lons, lats, read_as, crs)) for crs in _READINGS}
    ours = inside.pop(_like(read_as))
    best = max(inside, key=inside.__getitem__)
    if 1 - ours >= OUTSIDE and (1 - ours) * len(lons) >= FEW and (1 - inside[best]) <= (1 - ours) / 3:
        return _(
            "These look like %(best)s: read as %(read_as)s only %(ours).0f %% of them lie in a grid, "
            "read as %(best)s %(theirs).0f %%."
        ) % {"best": best, "read_as": read_as, "ours": 100 * ours, "theirs": 100 * inside[best]}
    if ours < 0.5:
        return _(
            "Most of these points lie in no grid, around %(lon).3f, %(lat).3f. Is this the right place, and the right "
            "coordinate system?"
        ) % {"lon": float(np.median(lons)), "lat": float(np.median(lats))}
    return ""


def _like(crs: CRS) -> CRS:
    return CRS.WGS84 if crs is CRS.CGCS2000 else crs


def _as_if(lons: Degrees, lats: Degrees, read_as: CRS, crs: CRS) -> tuple[Degrees, Degrees]:
    """Where the points would be if the file had been read as another system."""
    return all_to_wgs84(*all_from_wgs84(lons, lats, read_as), crs)


def _share_inside(lons: Degrees, lats: Degrees) -> float:
    return float(np.mean([grid is not None for grid in lookup.grids_of(lons, lats)]))

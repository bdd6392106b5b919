"""Point → grids and path → community, in the memory of every process, read again within a second after the territory changed."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from wangge.common.refusals import Refused
from wangge.territory import history
from wangge.territory.locator import NOWHERE, Locator
from wangge.territory.models import Area, Level, TerritoryVersion, UnitArea, UnitGrid


@dataclass(frozen=True)
class Place:
    """Where a point lies: `area_id` and `path` decide who sees it; the grids are None outside every grid.

    `how` is "inside", "nearest" (outside every grid: the community of the nearest one) or "none" (no point given:
    the area of the first centre).
    """

    area_id: int
    path: str
    how: str
    grid_id: int | None = None
    unit_grid_id: int | None = None


@dataclass(frozen=True)
class _Known:
    """One consistent picture of the territory; replaced as a whole, never changed."""

    version: int
    day: date
    grids: Locator
    unit_grids: Locator
    paths: dict[int, str]
    parents: dict[int, int]
    home: tuple[int, str] | None
    communities: frozenset[int]


class _Memory:
    """What this process knows of the territory, and when it last asked whether that still holds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: _Known | None = None
        self._looked_at = 0.0

    def fresh(self) -> _Known:
        """The picture as it was at most `CHECK_SECONDS` ago; one thread reads it anew, the others wait for it."""
        known = self._known
        if known is not None and time.monotonic() - self._looked_at < CHECK_SECONDS:
            return known
        with self._lock:
            known = self._known
            if known is None or time.monotonic() - self._looked_at >= CHECK_SECONDS:
                version, today = _version(), timezone.localdate()
                while known is None or (known.version, known.day) != (version, today):
                    known = self._known = _load(version, today)
                    # It is read in several statements: what was committed between them makes it half old, half new.
                    version = _version()
                self._looked_at = time.monotonic()
            return known

    def forget(self) -> None:
        self._known = None


CHECK_SECONDS = 1.0
_memory = _Memory()


def place(lon: float | None, lat: float | None) -> Place:
    """Locate a WGS84 point (degrees); raises Refused while the installation has no area at all."""
    known = _memory.fresh()
    if lon is None or lat is None:
        return _at_home(known)
    grid_id = known.grids.locate(lon, lat)
    if grid_id is not None:
        return Place(grid_id, known.paths[grid_id], "inside", grid_id, known.unit_grids.locate(lon, lat))
    nearest = known.grids.nearest(lon, lat)
    if nearest is None:
        return _at_home(known)
    parent = known.parents.get(nearest[0], nearest[0])
    return Place(parent, known.paths[parent], "nearest")


def _at_home(known: _Known) -> Place:
    if known.home is None:
        raise Refused(_("This installation has no areas yet. Import some: wangge import areas FILE"))
    return Place(*known.home, "none")


def grids_of(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> list[int | None]:
    """The grid of each WGS84 point (degrees) as it is today, None outside every grid; in the order of the points."""
    known = _memory.fresh().grids
    return [None if found == NOWHERE else int(found) for found in known.locate_many(lons, lats)]


def unit_grids_of(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> list[int | None]:
    """The unit grid of each WGS84 point (degrees) as it is today, None outside every one; in the order of the points."""
    known = _memory.fresh().unit_grids
    return [None if found == NOWHERE else int(found) for found in known.locate_many(lons, lats)]


@dataclass(frozen=True)
class PastPlace:
    """The grids of a point on a day that may be long over; None where it lay in none."""

    grid_id: int | None
    unit_grid_id: int | None


@dataclass(frozen=True)
class _Past:
    grids: Locator
    unit_grids: Locator


def place_on(lon: float, lat: float, day: date) -> PastPlace | None:
    """Where a WGS84 point (degrees) lay on a day: its grid as it was then, else None.

    The territory of a day is read once and kept for the few days last asked about.
    """
    version = _version()
    past = _past(version, history.turning_point(day), day)
    grid_id, unit_grid_id = past.grids.locate(lon, lat), past.unit_grids.locate(lon, lat)
    if grid_id is None and unit_grid_id is None:
        return None
    return PastPlace(grid_id, unit_grid_id)


_kept: OrderedDict[tuple[int, date | None], _Past] = OrderedDict()
_kept_lock = threading.Lock()
KEPT_DAYS = 4


def _past(version: int, since: date | None, day: date) -> _Past:
    """Days between two changes share one picture."""
    with _kept_lock:
        past = _kept.get((version, since))
        if past is None:
            past = _Past(
                _locator(history.boundaries_on(day, Level.GRID)),
                _locator(history.unit_grids_on(day).values_list("pk", "code", "boundary_then")),
            )
            _kept[version, since] = past
        _kept.move_to_end((version, since))
        while len(_kept) > KEPT_DAYS:
            _kept.popitem(last=False)
        return past


def community_of(path: str) -> str:
    """Return the path of the community that the area with this path lies in; a coarser area is its own."""
    communities, around = _memory.fresh().communities, "/"
    for part in path.strip("/").split("/"):
        around += f"{part}/"
        if part.isdigit() and int(part) in communities:
            return around
    return path


def changed() -> None:
    """Tell every process that areas changed; call it in the transaction of the change."""
    if not TerritoryVersion.objects.update(number=F("number") + 1):
        TerritoryVersion.objects.create(number=1)
    transaction.on_commit(forget)


def forget() -> None:
    """Read the territory again at the next question of this process."""
    _memory.forget()
    with _kept_lock:
        _kept.clear()


def _version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM territory_territoryversion")
        return int(cursor.fetchone()[0])


def _load(version: int, today: date) -> _Known:
    in_force = Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gt=today))
    grids = Area.objects.filter(in_force, level=Level.GRID)
    parents = dict(Area.objects.filter(in_force, level=Level.GRID).values_list("pk", "parent_id"))
    wanted = set(parents) | {parent for parent in parents.values() if parent}
    return _Known(
        version,
        today,
        _locator(grids.values_list("pk", "code", "boundary")),
        _locator(UnitGrid.objects.filter(in_force).values_list("pk", "code", "boundary")),
        dict(Area.objects.filter(pk__in=wanted).values_list("pk", "path")),
        {child: parent for child, parent in parents.items() if parent},
        _home(in_force),
        frozenset(Area.objects.filter(level=Level.COMMUNITY).values_list("pk", flat=True)),
    )


def _locator(rows: Iterable[tuple[int, str, bytes | memoryview | None]]) -> Locator:
    drawn = [(pk, code, bytes(boundary)) for pk, code, boundary in rows if boundary]
    shapes = shapely.from_wkb([boundary for _pk, _code, boundary in drawn])
    return Locator(
        [pk for pk, _code, _boundary in drawn], [code for _pk, code, _boundary in drawn], list(shapes)
    )


def _home(in_force: Q) -> tuple[int, str] | None:
    """The area of the first centre, else the root: where a report without a place is received."""
    centre = (
        UnitArea.objects.filter(unit__kind="centre")
        .order_by("pk")
        .values_list("area_id", "area__path")
        .first()
    )
    return centre or Area.objects.filter(in_force).order_by("path").values_list("pk", "path").first()

"""The areas and unit grids of the made-up district, into their tables."""

from __future__ import annotations

from demo.places import Area as DrawnArea
from demo.places import District
from demo.places import UnitGrid as DrawnUnitGrid
from wangge.territory import lookup
from wangge.territory.bulk import IncomingArea, IncomingUnitGrid, store_areas, store_unit_grids
from wangge.territory.models import Area
from wangge.territory.shapes import centre, to_wkb

GRID_LEVELS = ("grid", "micro")


def store_territory(district: District) -> dict[str, int]:
    """Store areas and unit grids; return the ids of the areas by code. Call it inside a transaction."""
    store_areas([_area(area) for area in district.areas])
    store_unit_grids([_unit_grid(grid) for grid in district.unit_grids])
    _count_households(district)
    lookup.changed()
    lookup.forget()
    return dict(Area.objects.values_list("code", "pk"))


def _area(area: DrawnArea) -> IncomingArea:
    lon, lat = centre(area.geometry) if area.geometry is not None else (None, None)
    return IncomingArea(
        code=area.code,
        name=area.name,
        level=area.level,
        kind=area.kind if area.level in GRID_LEVELS else "",
        sets_kind=True,
        parent_code=area.parent_code or None,
        sets_parent=True,
        valid_from=None,
        boundary=to_wkb(area.geometry) if area.geometry is not None else None,
        centre_lon=lon,
        centre_lat=lat,
    )


def _unit_grid(grid: DrawnUnitGrid) -> IncomingUnitGrid:
    return IncomingUnitGrid(grid.code, grid.community_code, to_wkb(grid.geometry), grid.area_m2)


def _count_households(district: District) -> None:
    """No file format of areas carries households; the district knows them."""
    number = {area.code: area.households for area in district.areas if area.geometry is not None}
    rows = list(Area.objects.filter(code__in=number).only("pk", "code"))
    for row in rows:
        row.households = number[row.code]
    Area.objects.bulk_update(rows, ["households"])

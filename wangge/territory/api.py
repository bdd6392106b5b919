"""Areas and locating over HTTP: public, since boundaries are."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from wangge.common.api import Code, Latitude, Longitude, not_found, problems
from wangge.territory import basemap, history, lookup
from wangge.territory.coordinates import CRS, to_wgs84
from wangge.territory.models import Area, Level, UnitGrid

router = Router(tags=["territory"])


class AreaOut(Schema):
    """A node of the tree from province to micro-grid; the centre in WGS84 degrees."""

    code: str
    name: str
    level: str
    kind: str
    lon: float | None = None
    lat: float | None = None


class PlaceOut(Schema):
    """Where a point lies: the areas around it from the top down, and the grids it is in."""

    lon: float
    lat: float
    how: str
    grid: AreaOut | None
    unit_grid: str | None
    areas: list[AreaOut]


def _out(area: Area) -> AreaOut:
    return AreaOut(
        code=area.code,
        name=area.name,
        level=area.level,
        kind=area.kind,
        lon=area.centre_lon,
        lat=area.centre_lat,
    )


@router.get("/areas", response={200: list[AreaOut], **problems(404, 422)}, auth=None, operation_id="areas")
def areas(request: HttpRequest, parent: Annotated[Code | None, Query()] = None) -> list[AreaOut]:
    """The areas directly below one, by its code; without a parent the top of the tree."""
    known = Area.objects.filter(basemap.in_force()).defer("boundary")
    if parent is None:
        return [_out(area) for area in known.filter(parent=None)]
    above = known.filter(code=parent).first()
    if above is None:
        raise not_found(_("There is no area with the code “%(code)s”.") % {"code": parent})
    return [_out(area) for area in known.filter(parent=above)]


@router.get("/locate", response={200: PlaceOut, **problems(409, 422)}, auth=None, operation_id="locate")
def locate(request: HttpRequest, lon: Longitude, lat: Latitude, crs: CRS = CRS.WGS84) -> PlaceOut:
    """The grid and the areas a point lies in; the point may be WGS84, CGCS2000, GCJ-02 or BD-09."""
    lon, lat = to_wgs84(lon, lat, crs)
    place = lookup.place(lon, lat)
    ids = [int(pk) for pk in place.path.strip("/").split("/")]
    around = {area.pk: area for area in Area.objects.filter(pk__in=ids).defer("boundary")}
    found = [_out(around[pk]) for pk in ids if pk in around]
    return PlaceOut(
        lon=lon,
        lat=lat,
        how=place.how,
        grid=next((area for area in found if place.grid_id and area.level == Level.GRID), None),
        unit_grid=_unit_grid(place.unit_grid_id),
        areas=found,
    )


class AreaThenOut(Schema):
    """An area as it was on a day; `valid_to` is the first day on which it no longer held."""

    code: str
    name: str
    level: str
    kind: str
    valid_from: date
    valid_to: date | None


class PlaceThenOut(Schema):
    """Where a point lay on a day: the areas around it from the top down, and the grids it was in."""

    lon: float
    lat: float
    on: date
    grid: AreaThenOut | None
    unit_grid: str | None
    areas: list[AreaThenOut]


@router.get("/locate-on", response={200: PlaceThenOut, **problems(422)}, auth=None, operation_id="locate_on")
def locate_on(
    request: HttpRequest, lon: Longitude, lat: Latitude, on: date, crs: CRS = CRS.WGS84
) -> PlaceThenOut:
    """The grid a point lay in on a day, with names, parents and boundaries as they were then."""
    lon, lat = to_wgs84(lon, lat, crs)
    found = lookup.place_on(lon, lat, on)
    around = history.around_on(found.grid_id, on) if found and found.grid_id else []
    areas = [
        AreaThenOut(**{name: getattr(area, name) for name in AreaThenOut.model_fields}) for area in around
    ]
    return PlaceThenOut(
        lon=lon,
        lat=lat,
        on=on,
        grid=areas[-1] if areas else None,
        unit_grid=_unit_grid(found.unit_grid_id if found else None),
        areas=areas,
    )


def _unit_grid(pk: int | None) -> str | None:
    if pk is None:
        return None
    return UnitGrid.objects.filter(pk=pk).values_list("code", flat=True).first()

"""Boundaries and lines that somebody types or pastes: GeoJSON, or one point a line."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.territory.coordinates import CRS, all_to_wgs84
from wangge.territory.shapes import polygons_of, rounded, together

LONGEST = 2_000_000  # characters
_PAIR = re.compile(r"(-?\d+(?:\.\d+)?)[\s,，;；]+(-?\d+(?:\.\d+)?)")


def read_area(text: str, crs: CRS = CRS.WGS84) -> BaseGeometry:
    """A polygon or multipolygon in WGS84 degrees, perhaps crossing itself still; raises Refused."""
    shape = _read(text, closed=True)
    polygons = polygons_of(shape)
    if not len(polygons) or shape.is_empty:
        raise Refused(_("This is a line or a point, not an area."), field="shape")
    return _in_wgs84(together(polygons), crs, "shape")


def read_line(text: str, crs: CRS = CRS.WGS84) -> BaseGeometry:
    """A line in WGS84 degrees; raises Refused."""
    shape = _read(text, closed=False)
    if shape.geom_type != "LineString":
        raise Refused(_("This is not one line."), field="line")
    return _in_wgs84(shape, crs, "line")


def _read(text: str, *, closed: bool) -> BaseGeometry:
    field = "shape" if closed else "line"
    if len(text) > LONGEST:
        raise Refused(_("This is too long to be one boundary."), field=field)
    try:
        return _geojson(json.loads(text)) if text.lstrip().startswith("{") else _points(text, closed=closed)
    except (ValueError, TypeError, KeyError, RecursionError, GEOSException) as error:
        raise Refused(
            _("This is neither GeoJSON nor a list of points. Write one point a line: 118.905 32.905"),
            field=field,
        ) from error


def _geojson(content: Any) -> BaseGeometry:
    if content["type"] == "FeatureCollection":
        if len(content["features"]) != 1:
            raise ValueError
        content = content["features"][0]
    if content["type"] == "Feature":
        content = content["geometry"]
    return shapely.force_2d(shapely.from_geojson(json.dumps(content)))


def _points(text: str, *, closed: bool) -> BaseGeometry:
    points = [(float(x), float(y)) for x, y in _PAIR.findall(text)]
    if len(points) < (3 if closed else 2):
        raise ValueError
    return shapely.Polygon(points) if closed else shapely.LineString(points)


def _in_wgs84(shape: BaseGeometry, crs: CRS, field: str) -> BaseGeometry:
    degrees = shapely.get_coordinates(shape)
    if not np.isfinite(degrees).all() or (np.abs(degrees) > (180, 90)).any():
        raise Refused(_("Longitude comes first, then latitude, both in degrees."), field=field)
    moved = shapely.transform(shape, lambda d: np.column_stack(all_to_wgs84(d[:, 0], d[:, 1], crs)))
    return rounded(moved)

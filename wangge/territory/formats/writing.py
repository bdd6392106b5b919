"""Files of geography for other programs: GeoJSON, Shapefile (zipped), GeoPackage, KML and CSV with WKT."""

import csv
import io
import json
import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.territory.coordinates import CRS
from wangge.territory.shapes import DECIMALS
from wangge.territory.systems import System, TransverseMercator, from_wgs84

METRE_DECIMALS = 3
MEDIA_TYPES = {
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".zip": "application/zip",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".csv": "text/csv; charset=utf-8",
}
_EPSG: dict[System, str] = {CRS.WGS84: "EPSG:4326", CRS.CGCS2000: "EPSG:4490"}
_DRIVERS = {".gpkg": "GPKG", ".kml": "KML", ".shp": "ESRI Shapefile"}


@dataclass(frozen=True)
class Sheet:
    """What goes into a file: `shapes` in WGS84 degrees, and `columns` of texts or numbers, all of one length."""

    name: str
    columns: Mapping[str, Sequence[Any]]
    shapes: Sequence[BaseGeometry]


def write(sheet: Sheet, ending: str, system: System) -> bytes:
    """The file in a format, by its ending, with coordinates in `system`. Raises `Refused` on what cannot be told in it."""
    shapes = _moved(sheet.shapes, system)
    if ending == ".geojson":
        return _geojson(sheet, shapes, system)
    if ending == ".csv":
        return _table(sheet, shapes, system)
    if ending == ".kml" and system is not CRS.WGS84:
        raise Refused(_("KML knows WGS84 only. Choose WGS84 or another format."), "crs")
    if ending in (".kml", ".gpkg", ".zip"):
        return _by_gdal(sheet, shapes, ending, system)
    raise Refused(
        _("“%(ending)s” is none of: %(known)s.") % {"ending": ending, "known": ", ".join(MEDIA_TYPES)}, "file"
    )


def file_name(name: str, ending: str, system: System) -> str:
    """A name that says the coordinate system where the file itself may be believed to be in WGS84."""
    return (
        f"{name}{ending}"
        if system is CRS.WGS84
        else f"{name}-{str(system).replace(':', '').replace('/', '-')}{ending}"
    )


def _moved(shapes: Sequence[BaseGeometry], system: System) -> np.ndarray:
    decimals = METRE_DECIMALS if isinstance(system, TransverseMercator) else DECIMALS
    return np.asarray(
        shapely.transform(
            np.array(shapes, dtype=object),
            lambda d: np.round(np.column_stack(from_wgs84(d[:, 0], d[:, 1], system)), decimals),
        )
    )


def _rows(sheet: Sheet) -> Iterator[dict[str, Any]]:
    names = list(sheet.columns)
    for values in zip(*sheet.columns.values(), strict=True):
        yield dict(zip(names, values, strict=True))


def _geojson(sheet: Sheet, shapes: np.ndarray, system: System) -> bytes:
    head: dict[str, Any] = {"type": "FeatureCollection", "name": sheet.name}
    if system is not CRS.WGS84:
        # RFC 7946 knows WGS84 only; the member of its predecessor tells the other ones, to us and to GDAL.
        head["crs"] = {"type": "name", "properties": {"name": _EPSG.get(system, str(system).upper())}}
    features = ",\n".join(
        f'{{"type":"Feature","properties":{json.dumps(row, ensure_ascii=False)},"geometry":{shape}}}'
        for row, shape in zip(_rows(sheet), shapely.to_geojson(shapes), strict=True)
    )
    return f'{json.dumps(head, ensure_ascii=False)[:-1]},"features":[\n{features}\n]}}\n'.encode()


def _table(sheet: Sheet, shapes: np.ndarray, system: System) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*sheet.columns, "crs", "wkt"])
    for row, shape in zip(_rows(sheet), shapely.to_wkt(shapes, rounding_precision=-1), strict=True):
        writer.writerow([*("" if value is None else value for value in row.values()), str(system), shape])
    return text.getvalue().encode("utf-8-sig")  # the mark lets spreadsheets read Chinese


def _by_gdal(sheet: Sheet, shapes: np.ndarray, ending: str, system: System) -> bytes:
    import pyogrio.raw

    driver_ending = ".shp" if ending == ".zip" else ending
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{sheet.name}{driver_ending}"
        pyogrio.raw.write(
            path,
            shapely.to_wkb(shapes),
            [_column(values) for values in sheet.columns.values()],
            np.array(list(sheet.columns), dtype=object),
            layer=sheet.name,
            geometry_type="MultiPolygon"
            if ending == ".gpkg"
            else "Polygon"
            if ending == ".zip"
            else "Unknown",
            promote_to_multi=ending == ".gpkg",
            crs=_told(system),
            driver=_DRIVERS[driver_ending],
            **({"encoding": "UTF-8"} if ending == ".zip" else {}),
        )
        return _packed(Path(folder)) if ending == ".zip" else path.read_bytes()


def _column(values: Sequence[Any]) -> np.ndarray:
    if any(isinstance(value, float) for value in values):
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return np.array([None if value is None else str(value) for value in values], dtype=object)


def _told(system: System) -> str:
    """What GDAL is told; GCJ-02 and BD-09 stand nowhere in its lists, so they are named and nothing wrong is said."""
    if isinstance(system, TransverseMercator):
        return f"EPSG:{system.epsg}"
    return _EPSG.get(system) or f'LOCAL_CS["{system.value.upper()}",UNIT["degree",{math.radians(1)}]]'


def _packed(folder: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, part.name)
    return content.getvalue()

"""Shapefile, GeoPackage and KML through pyogrio, which brings its own GDAL; it is loaded when such a file comes."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.territory import systems
from wangge.territory.files import MEGABYTE, too_large
from wangge.territory.formats.contents import Contents, Feature
from wangge.territory.systems import System

MANY = 2000  # features read at a time
UNPACKED_TIMES = 4  # a shapefile packs to a third; much more is a trap
# GDAL opens a file by what it holds, whatever its name; some of what it knows leads on to other files and addresses.
_BEGINNINGS = {
    ".gpkg": rb"SQLite format 3\0",
    ".shp": rb"\0\0\x27\x0a",
    ".kmz": rb"PK",
    ".kml": rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(\w+:)?kml\b",
}
_NEVER = re.compile(rb"<!ENTITY|<!DOCTYPE|VRTDataSource", re.I)
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def open_vector(path: Path, layer: str | None, encoding: str | None = None) -> Contents:
    """Open one layer of a file: the one named, else the only one that holds areas.

    Raises `Refused` where the file cannot be read, or has several such layers and none is named.
    """
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    _refuse_another_format(path)
    try:
        layers = {str(name): str(kind or "") for name, kind in pyogrio.list_layers(path)}
        chosen = _chosen(layers, layer)
        about = pyogrio.read_info(path, layer=chosen, encoding=encoding, force_feature_count=True)
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        raise Refused(_("The file cannot be read: %(why)s.") % {"why": error}) from error
    contents = Contents(iter(()), _system(about["crs"]), tuple(layers))
    contents.features = _features(path, chosen, encoding, int(about["features"]), contents)
    return contents


def open_shapefile(path: Path, layer: str | None, folder: Path, limit_mb: int) -> Contents:
    """Open a zipped shapefile (or the .shp beside its parts), unpacked into `folder`, which the caller removes."""
    if path.suffix.lower() == ".zip":
        path = _unpacked(path, layer, folder, limit_mb)
    if path.with_suffix(".dbf").exists():
        return open_vector(path, None, None if path.with_suffix(".cpg").exists() else _dbf_encoding(path))
    raise Refused(
        _("The .dbf beside the .shp is missing. Put the shapefile into one .zip with all its parts.")
    )


def _refuse_another_format(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(MEGABYTE)
    if not re.match(_BEGINNINGS[path.suffix.lower()], head, re.S) or _NEVER.search(head):
        raise Refused(
            _("What is in the file is not what its ending says (%(ending)s).") % {"ending": path.suffix}
        )


def _chosen(layers: Mapping[str, str], layer: str | None) -> str:
    if layer is not None and layer not in layers:
        raise Refused(
            _("The file has no layer “%(layer)s”. Its layers: %(layers)s.")
            % {"layer": layer, "layers": ", ".join(layers)},
            "layer",
        )
    areas = [name for name, kind in layers.items() if "Polygon" in kind] or list(layers)
    if layer is None and len(areas) != 1:
        raise Refused(
            _("The file has several layers. Please name one: %(layers)s.") % {"layers": ", ".join(areas)}
            if areas
            else _("The file has no layer."),
            "layer",
        )
    return layer or areas[0]


def _features(
    path: Path, layer: str, encoding: str | None, count: int, contents: Contents
) -> Iterator[Feature]:
    import pyogrio.raw
    from pyogrio.errors import DataSourceError, FeatureError, GeometryError

    for start in range(0, count, MANY):
        try:
            about, _ids, shapes, columns = pyogrio.raw.read(
                path, layer=layer, encoding=encoding, skip_features=start, max_features=MANY
            )
        except (DataSourceError, FeatureError, GeometryError, UnicodeDecodeError) as error:
            raise Refused(
                _("The file cannot be read from row %(row)s on: %(why)s.") % {"row": start + 1, "why": error}
            ) from error
        names = [str(name).lower() for name in about["fields"]]
        for place in range(len(shapes)):
            row = start + place + 1
            contents.done = row / count
            said = {name: _plain(column[place]) for name, column in zip(names, columns, strict=True)}
            yield Feature(row, said, shapes[place])


def _plain(value: Any) -> Any:
    """A value of a column as Python knows it; None for what is not there."""
    if isinstance(value, np.datetime64):
        moment = value.astype(object)
        return moment.isoformat() if isinstance(moment, (date, datetime)) else None
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and value != value else value


def _system(told: str | None) -> System | None:
    return systems.by_description(told) if told else None


def _unpacked(path: Path, layer: str | None, folder: Path, limit_mb: int) -> Path:
    """The .shp of the archive with its parts, under names of our own, so that no name in it leads anywhere else."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if Path(each.filename).suffix.lower() in _PARTS]
            stem = _chosen_stem(members, layer)
            wanted = [each for each in members if str(Path(each.filename).with_suffix("")) == stem]
            if sum(each.file_size for each in wanted) > limit_mb * UNPACKED_TIMES * MEGABYTE:
                raise too_large(limit_mb * UNPACKED_TIMES)
            for each in wanted:
                _write(archive, each, folder / f"shape{Path(each.filename).suffix.lower()}")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Refused(_("The .zip cannot be unpacked: %(why)s.") % {"why": error}) from error
    return folder / "shape.shp"


def _chosen_stem(members: list[zipfile.ZipInfo], layer: str | None) -> str:
    shapes = [Path(each.filename) for each in members if each.filename.lower().endswith(".shp")]
    shapes = [each for each in shapes if not each.name.startswith("._")]  # what macOS adds
    if not shapes:
        raise Refused(_("The .zip holds no shapefile (.shp)."))
    return str(Path(_named(shapes, layer)).with_suffix(""))


def _named(shapes: list[Path], layer: str | None) -> Path:
    layers = {each.stem: "Polygon" for each in shapes}
    chosen = _chosen(layers, layer)
    return next(each for each in shapes if each.stem == chosen)


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Write out one member, and no more of it than it says: the size in an archive's table may be a lie."""
    left = member.file_size
    with archive.open(member) as packed, target.open("wb") as file:
        while piece := packed.read(min(MEGABYTE, left + 1)):
            left -= len(piece)
            if left < 0:
                raise Refused(_("The .zip cannot be unpacked: %(why)s.") % {"why": member.filename})
            file.write(piece)


def _dbf_encoding(path: Path) -> str:
    """Shapefiles without a .cpg are in UTF-8 or, from Chinese offices, in GB 18030."""
    content = path.with_suffix(".dbf").read_bytes()
    try:
        content[int.from_bytes(content[8:10], "little") :].decode("utf-8")
    except UnicodeDecodeError:
        return "GB18030"
    return "UTF-8"

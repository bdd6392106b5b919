"""Opening whatever was brought, by the ending of its name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.territory.files import refuse_too_large
from wangge.territory.formats.contents import Contents, readable
from wangge.territory.formats.streaming import open_geojson
from wangge.territory.formats.tables import open_table
from wangge.territory.formats.vector import open_shapefile, open_vector

LIMIT_MB = 200
KML_LIMIT_MB = 50  # it is read into memory whole, many times its size
ENDINGS = (".geojson", ".json", ".zip", ".shp", ".gpkg", ".kml", ".kmz", ".csv", ".xlsx")


def ending_of(name: str) -> str:
    """The ending of a file that somebody sends; raises `Refused` for others, and for a shapefile without its company."""
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS or ending == ".shp":
        known = ", ".join(each for each in ENDINGS if each != ".shp")
        raise Refused(
            _("These files can be read: %(endings)s. Put a shapefile into one .zip.") % {"endings": known},
            "file",
        )
    return ending


@contextmanager
def opened(
    path: Path, *, layer: str | None = None, limit_mb: int = LIMIT_MB, name: str | None = None
) -> Iterator[Contents]:
    """A file of geography, open while its features are read; `name` is what it was called where it came from.

    Raises `Refused` above the limit, on an unknown ending, and on what is not what its ending says.
    """
    ending = Path(name or path.name).suffix.lower()
    if ending not in ENDINGS:
        raise Refused(
            _("“%(name)s” is none of the files that can be read: %(endings)s.")
            % {"name": name or path.name, "endings": ", ".join(ENDINGS)},
            "file",
        )
    try:
        with path.open("rb") as file, TemporaryDirectory() as folder:
            refuse_too_large(file, min(limit_mb, KML_LIMIT_MB) if ending in (".kml", ".kmz") else limit_mb)
            if ending in (".geojson", ".json"):
                contents = open_geojson(file, limit_mb)
            elif ending in (".csv", ".xlsx"):
                contents = open_table(path, ending)
            elif ending in (".zip", ".shp"):
                contents = open_shapefile(path, layer, Path(folder), limit_mb)
            else:
                contents = open_vector(path, layer)
            contents.features = readable(contents.features)
            yield contents
    except OSError as error:
        raise Refused(
            _("%(file)s cannot be read: %(why)s.") % {"file": name or path.name, "why": error.strerror}
        ) from error

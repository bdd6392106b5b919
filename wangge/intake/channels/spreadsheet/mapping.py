"""The mapping of a file's columns: which column is what, in which time zone, and what is made from the data."""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.territory.coordinates import CRS

SHIPPED = Path(__file__).parent / "mappings"

# What a row may say, and the names GeoReport Bulk gives it.
GEOREPORT_BULK = {
    "id": "service_request_id",
    "opened": "requested_datetime",
    "target": "expected_datetime",
    "closed": "closed_date",
    "class": "service_name",
    "class_group": "service_subtype",
    "class_code": "service_code",
    "description": "description",
    "answer": "status_notes",
    "unit": "agency_responsible",
    "origin": "source",
    "address": "address",
    "lat": "lat",
    "lon": "long",
}
NEEDED = ("id", "opened", "class")


@dataclass(frozen=True)
class AreaRule:
    """Areas made from columns, below a county of their own: one level a column, from the top."""

    code: str
    name: str
    columns: tuple[str, ...]
    levels: tuple[str, ...]
    unknown: str


@dataclass(frozen=True)
class Mapping:
    """How the rows of one source become reports and cases."""

    name: str
    zone: ZoneInfo
    columns: dict[str, str] = field(default_factory=lambda: dict(GEOREPORT_BULK))
    crs: CRS = CRS.WGS84
    areas: AreaRule | None = None
    class_standard: str = ""
    make_classes: bool = False
    unit_prefix: str = ""
    make_units: bool = False

    @classmethod
    def load(cls, words: str) -> Self:
        """Read a mapping from a TOML file, or a shipped one by its name; raises Refused with what is wrong."""
        path = Path(words) if words.endswith(".toml") else SHIPPED / f"{words}.toml"
        try:
            return cls.from_data(tomllib.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            known = ", ".join(sorted(file.stem for file in SHIPPED.glob("*.toml")))
            raise Refused(
                _("There is no mapping “%(name)s”. Name a .toml file, or one of: %(known)s.")
                % {"name": words, "known": known}
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Refused(_("%(file)s is no valid mapping: %(why)s") % {"file": path, "why": error}) from None

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Build a mapping from the contents of its file."""
        unknown = set(data.get("columns", {})) - set(GEOREPORT_BULK)
        if unknown:
            raise Refused(
                _("The mapping names what no row can say: %(names)s. It may name: %(known)s.")
                % {"names": ", ".join(sorted(unknown)), "known": ", ".join(GEOREPORT_BULK)}
            )
        try:
            zone = ZoneInfo(data.get("time_zone", settings.TIME_ZONE))
            crs = CRS(data.get("crs", "wgs84"))
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise Refused(_("The mapping is not understood: %(why)s") % {"why": error}) from None
        areas = data.get("areas")
        return cls(
            name=data.get("name", ""),
            zone=zone,
            columns={**GEOREPORT_BULK, **data.get("columns", {})},
            crs=crs,
            areas=AreaRule(
                areas["code"],
                areas["name"],
                tuple(areas["columns"]),
                tuple(areas["levels"]),
                areas.get("unknown", "unknown"),
            )
            if areas
            else None,
            class_standard=data.get("classes", {}).get("standard", ""),
            make_classes=data.get("classes", {}).get("make", False),
            unit_prefix=data.get("units", {}).get("prefix", ""),
            make_units=data.get("units", {}).get("make", False),
        )

    def moment(self, words: str) -> datetime:
        """Read a date and time; without a zone of its own it is in the mapping's zone. Raises Refused."""
        try:
            moment = datetime.fromisoformat(words)
        except ValueError:
            raise Refused(_("“%(words)s” is no date and time") % {"words": words}) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def check_columns(self, found: set[str]) -> None:
        """Refuse a file that lacks a column no row can do without, naming what is there."""
        wanted = {self.columns[name] for name in NEEDED} | set(self.areas.columns if self.areas else ())
        missing = sorted(wanted - found)
        if missing:
            raise Refused(
                _("The file lacks the columns: %(missing)s. It has: %(found)s. Name them in the mapping.")
                % {"missing": ", ".join(missing), "found": ", ".join(sorted(found))}
            )

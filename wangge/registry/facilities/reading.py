"""The rows of a file of facilities: what each says, and whether it can be taken."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import Point

from wangge.accounts.models import Unit
from wangge.common.refusals import Refused
from wangge.registry.facilities import columns
from wangge.registry.facilities.classes import store_classes
from wangge.registry.models import Facility, FacilityClass
from wangge.registry.parts_data import STANDARD
from wangge.territory.formats.contents import Feature, geometry_of
from wangge.territory.row_errors import RowError
from wangge.territory.systems import System, to_wgs84

CODE = re.compile(r"[0-9A-Za-z]{4,17}")
DAY = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?"
)  # as programs write it, with an hour or without
CLASS_DIGITS = 5
MOST_ERRORS = 10_000  # nobody reads more, and a file of a million wrong rows would fill the memory


@dataclass
class Row:
    """One facility as the file says it; its place is that of the file until it is located."""

    row: int
    values: dict[str, Any]


class Reading:
    """One pass over a file, which keeps its errors and what it learned of the columns."""

    def __init__(self, chosen: Mapping[str, str]) -> None:
        self.errors: list[RowError] = []
        self.first_row_of: dict[str, int] = {}
        self.columns: dict[str, str] = {}
        self.left_over: list[str] = []
        self.ways = columns.ways(chosen)
        codes = store_classes()
        names = dict(FacilityClass.objects.filter(standard=STANDARD).values_list("name", "pk"))
        self.classes = names | codes
        units = list(Unit.objects.filter(closed_on=None).values_list("name", "code", "pk"))
        self.shared = {
            name for name, count in Counter(name for name, _code, _pk in units).items() if count > 1
        }
        self.units = {name: pk for name, _code, pk in units} | {code: pk for _name, code, pk in units}

    def rows(self, features: Iterator[Feature]) -> Iterator[Row]:
        """The rows that are right, their points still in the coordinates of the file."""
        for feature in features:
            if len(self.errors) >= MOST_ERRORS:
                self.blame(feature.row, "", _("Reading stopped here: there are too many errors."))
                return
            if not self.first_row_of and not self.errors:
                self._learn(feature)
            try:
                values = self._values(feature)
                self._demand_new(values["code"], feature.row)
                yield Row(feature.row, values)
            except Refused as refusal:
                self.blame(feature.row, refusal.field or "", str(refusal))

    def blame(self, row: int, field: str, sentence: str) -> None:
        """Note what is wrong with a row, with the column that it stands in."""
        column = self.columns.get(field)
        self.errors.append(RowError(row, field, f"{column}: {sentence}" if column else sentence))

    def _learn(self, feature: Feature) -> None:
        """Raise `Refused` for the whole file where no column is that of the code: every row would say the same."""
        self.columns = columns.recognised(feature.properties, self.ways)
        self.left_over = columns.left_over(feature.properties, self.columns.values())
        if feature.properties and "code" not in self.columns:
            raise Refused(
                _(
                    "No column is recognised as that of the code. The file has: %(columns)s. Bring it again and say what it "
                    "calls its columns."
                )
                % {"columns": ", ".join(self.left_over)[:400] or "—"}
            )

    def _values(self, feature: Feature) -> dict[str, Any]:
        if feature.fault:
            raise Refused(feature.fault)
        said = {name: columns.said(feature.properties, known) for name, known in self.ways.items()}
        point = _point(feature)
        return {
            "code": _code(said["code"]),
            "facility_class_id": self._class(said["class"], said["code"]),
            "x": point.x,
            "y": point.y,
            "state": _state(said["state"]),
            "unit_id": self._unit(said["unit"]),
            "surveyed_on": _day(said["surveyed_on"]),
            "note": said["note"][:1000] or None,
        }

    def _demand_new(self, code: str, row: int) -> None:
        if (earlier := self.first_row_of.setdefault(code, row)) != row:
            said = {"code": code, "row": earlier}
            raise Refused(_("Code %(code)s was already used by row %(row)s.") % said, "code")

    def _class(self, word: str, code: str) -> int:
        """The class that is named, else the one in the code: six digits of the county, then five of the class."""
        named = (
            word.zfill(CLASS_DIGITS) if word.isdecimal() else word
        )  # spreadsheets drop the nought in front
        found = self.classes.get(named or code[6:11])
        if found is None:
            said = {"word": (word or code[6:11])[:40]}
            raise Refused(
                _(
                    "There is no class of facilities “%(word)s” in the standard. Write its code, such as 01001, or its name."
                )
                % said,
                "class",
            )
        return found

    def _unit(self, word: str) -> int | None:
        if word and word not in self.units:
            raise Refused(
                _("There is no unit “%(word)s”. Write its name or its code as units are listed here.")
                % {"word": word[:40]},
                "unit",
            )
        if word in self.shared:
            raise Refused(
                _("Several units are called “%(word)s”. Write the code of the one you mean.")
                % {"word": word[:40]},
                "unit",
            )
        return self.units.get(word)

    def located(
        self, rows: Sequence[Row], system: System, keeps: Callable[[Sequence[Row]], list[str | None]]
    ) -> list[Row]:
        """The rows with their points in WGS84 degrees; those off the Earth, or where `keeps` says why not, are errors."""
        xs, ys = (np.array([row.values.pop(axis) for row in rows], dtype=np.float64) for axis in ("x", "y"))
        lons, lats = to_wgs84(xs, ys, system)
        good = np.isfinite(lons) & np.isfinite(lats) & (np.abs(lons) <= 180) & (np.abs(lats) < 85)
        for row, lon, lat, is_good in zip(rows, lons.tolist(), lats.tolist(), good.tolist(), strict=True):
            if is_good:
                row.values |= {"lon": round(lon, 7), "lat": round(lat, 7)}
            else:
                sentence = _(
                    "This is no point in degrees: longitude comes first, and the coordinate system must be right."
                )
                self.blame(row.row, "lon", sentence)
        found = [row for row in rows if "lon" in row.values]
        for row, why in zip(found, keeps(found), strict=True):
            if why:
                self.blame(row.row, "lon", why)
        return found


def _point(feature: Feature) -> Point:
    """Where it is, in the coordinates of the file; surveying programs also write a point as several, of which there is one."""
    shape = geometry_of(feature)
    parts = [] if shape is None else [part for part in shapely.get_parts(shape) if not part.is_empty]
    if len(parts) != 1 or not isinstance(parts[0], Point):
        raise Refused(_("There is no point: name it in columns lon and lat."), "lon")
    return parts[0]


def _code(text: str) -> str:
    if not CODE.fullmatch(text):
        raise Refused(
            _("“%(code)s” is no code of a facility: 4 to 17 letters and digits.") % {"code": text[:40]},
            "code",
        )
    return text


def _state(word: str) -> str | None:
    word = word.lower()
    if word and word not in columns.STATES:
        known = ", ".join(str(label) for label in Facility.State.labels)
        raise Refused(
            _("“%(word)s” is no state of a facility. States are: %(known)s.")
            % {"word": word[:40], "known": known},
            "state",
        )
    return columns.STATES.get(word)


def _day(text: str) -> date | None:
    if not text:
        return None
    if found := DAY.fullmatch(text):
        with suppress(ValueError):
            return date(*(int(part) for part in found.groups()))
    raise Refused(_("“%(word)s” is no day such as 2026-05-31.") % {"word": text[:40]}, "surveyed_on")

"""From rows to history: one pass, all or nothing, each fault named with its line and column."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.accounts.models import Unit, UnitKind
from wangge.cases.actions.history import BATCH, History, store_history
from wangge.cases.clocks import calendar_for, look_again
from wangge.cases.models import Calendar, MatterClass
from wangge.cases.seed import seed_calendar
from wangge.common.refusals import Refused
from wangge.common.spreadsheets import Row, read_rows
from wangge.intake.channels.spreadsheet.mapping import AreaRule, Mapping
from wangge.territory import lookup
from wangge.territory.coordinates import parse_pair, to_wgs84
from wangge.territory.models import Area, Level
from wangge.territory.row_errors import RowError

MOST_FAULTS = 200  # shown; a file with more has one fault repeated


@dataclass
class Outcome:
    """What an import did: rows read, rows new, and what was wrong (then nothing is stored)."""

    read: int = 0
    new: int = 0
    faults: list[RowError] = field(default_factory=list)
    more_faults: int = 0

    def blame(self, fault: RowError) -> None:
        """Note a fault; beyond the most that are shown, only count."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)
        else:
            self.more_faults += 1


class _Undo(Exception):
    """Leaves the transaction without storing anything."""


def import_cases(
    path: Path, mapping: Mapping, *, dry_run: bool = False, progress: Callable[[int], None] = lambda _n: None
) -> Outcome:
    """Import the rows of a file as reports and cases; a row imported before is left as it is.

    With any fault, or with `dry_run`, nothing is stored. `progress` is called with the number of rows read.
    """
    outcome = Outcome()
    try:
        with transaction.atomic():
            _import(path, mapping, outcome, progress)
            if outcome.faults or dry_run:
                raise _Undo
    except _Undo:
        outcome.new = 0 if outcome.faults else outcome.new
    finally:
        lookup.forget()
        look_again()
    return outcome


def _import(path: Path, mapping: Mapping, outcome: Outcome, progress: Callable[[int], None]) -> None:
    source = mapping.name or path.stem[:80]
    maker = _Maker(mapping)
    batch: list[History] = []
    for history in _histories(path, maker, outcome):
        batch.append(history)
        if len(batch) == BATCH:
            _flush(batch, source, maker, outcome)
            progress(outcome.read)
    _flush(batch, source, maker, outcome)
    progress(outcome.read)
    if outcome.read == 0:
        raise Refused(_("%(file)s has no rows.") % {"file": path.name})


def _flush(batch: list[History], source: str, maker: "_Maker", outcome: Outcome) -> None:
    if not outcome.faults:
        outcome.new += store_history(batch, source=source, calendar_id=maker.calendar_id)
    batch.clear()


def _histories(path: Path, maker: "_Maker", outcome: Outcome) -> Iterator[History]:
    seen: dict[str, int] = {}
    for line, row in read_rows(path):
        if outcome.read == 0:
            maker.mapping.check_columns(set(row))
        outcome.read += 1
        try:
            history = maker.history(row)
        except Refused as refusal:
            outcome.blame(RowError(line, refusal.field or "", str(refusal)))
            continue
        if (first := seen.setdefault(history.source_key, line)) != line:
            what = _("the id %(id)s stands in line %(line)d already") % {
                "id": history.source_key,
                "line": first,
            }
            outcome.blame(RowError(line, maker.mapping.columns["id"], what))
            continue
        yield history


class _Maker:
    """Makes history out of rows, and remembers the areas, classes and units it has met."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self._areas: dict[tuple[str, ...], Area] = {}
        self._classes = self._known_classes()
        self._units = dict(Unit.objects.values_list("name", "pk"))
        self._units |= dict(Unit.objects.values_list("code", "pk"))
        self.calendar_id = self._calendar_id()

    def history(self, row: Row) -> History:
        """Turn one row into history; raises Refused naming the column."""
        get = self._getter(row)
        key = get("id")
        if not key:
            raise Refused(_("has no id"), self.mapping.columns["id"])
        opened = self._moment(get, "opened")
        if opened is None:
            raise Refused(_("has no opening time"), self.mapping.columns["opened"])
        closed = self._moment(get, "closed")
        if closed is not None and closed < opened:
            raise Refused(_("closed before it was opened"), self.mapping.columns["closed"])
        place = self._place(row, get)
        return History(
            source_key=key[:80],
            opened_at=opened,
            target_at=self._moment(get, "target"),
            closed_at=closed,
            matter_id=self._class(get),
            unit_id=self._unit(get),
            text=get("description"),
            answer=get("answer"),
            address=get("address")[:256],
            facts={"origin": get("origin")} if get("origin") else {},
            **place,  # type: ignore[arg-type]  # the keys of a located History
        )

    def _getter(self, row: Row) -> Callable[[str], str]:
        columns = self.mapping.columns
        return lambda name: row.get(columns[name], "")

    def _moment(self, get: Callable[[str], str], name: str) -> datetime | None:
        words = get(name)
        if not words:
            return None
        try:
            return self.mapping.moment(words)
        except Refused as refusal:
            raise Refused(str(refusal), self.mapping.columns[name]) from None

    def _place(self, row: Row, get: Callable[[str], str]) -> dict[str, object]:
        point = parse_pair(get("lon"), get("lat")) if get("lon") or get("lat") else None
        lon, lat = to_wgs84(*point, self.mapping.crs) if point else (None, None)
        if self.mapping.areas is not None:
            area = self._area(self.mapping.areas, row)
            return {"lon": lon, "lat": lat, "area_id": area.pk, "path": area.path}
        located = lookup.place(lon, lat)
        return {
            "lon": lon,
            "lat": lat,
            "area_id": located.area_id,
            "path": located.path,
            "grid_id": located.grid_id,
            "unit_grid_id": located.unit_grid_id,
            "locating": located.how,
        }

    def _area(self, rule: AreaRule, row: Row) -> Area:
        names = tuple(row.get(column, "") or rule.unknown for column in rule.columns)
        if names not in self._areas:
            self._areas[names] = self._make_area(rule, names)
        return self._areas[names]

    def _make_area(self, rule: AreaRule, names: tuple[str, ...]) -> Area:
        parent = self.root_area(rule)
        for name, level in zip(names, rule.levels, strict=True):
            existing = Area.objects.filter(parent=parent, name=name, valid_to=None).first()
            parent = existing or _new_area(parent, name, level)
        return parent

    @staticmethod
    def root_area(rule: AreaRule) -> Area:
        """The county of its own that the areas of this source hang under."""
        root = Area.objects.filter(code=rule.code, valid_to=None).first()
        if root is None:
            root = Area.objects.create(code=rule.code, name=rule.name, level=Level.COUNTY, path="")
            root.path = f"/{root.pk}/"
            root.save(update_fields=["path"])
            lookup.changed()
        return root

    def _calendar_id(self) -> int:
        rule = self.mapping.areas
        if rule is None:
            return calendar_for("").id
        calendar = Calendar.objects.filter(code=f"import:{rule.code}").first()
        if calendar is None:
            calendar = seed_calendar(
                f"import:{rule.code}",
                rule.name,
                time_zone=self.mapping.zone.key,
                marked=False,
                area=self.root_area(rule),
            )
        return calendar.pk

    def _known_classes(self) -> dict[str, int]:
        classes = MatterClass.objects.filter(in_force=True)
        if self.mapping.class_standard:
            classes = classes.filter(standard=self.mapping.class_standard)
        known = {name: pk for pk, name in classes.values_list("pk", "name")}
        known |= {name: pk for pk, name in classes.exclude(name_en="").values_list("pk", "name_en")}
        return known | {code: pk for pk, code in classes.values_list("pk", "code")}

    def _class(self, get: Callable[[str], str]) -> int:
        name = get("class") or get("class_code")
        found = self._classes.get(get("class_code")) or self._classes.get(name)
        if found is None and self.mapping.make_classes and name:
            found = self._make_class(name, get("class_group"))
        if found is None:
            raise Refused(
                _("there is no class “%(name)s” here") % {"name": name}, self.mapping.columns["class"]
            )
        return found

    def _make_class(self, name: str, group: str) -> int:
        standard = self.mapping.class_standard
        number = MatterClass.objects.filter(standard=standard).count() + 1
        row = MatterClass.objects.create(
            standard=standard,
            code=f"X{number:04d}",
            major_code="X",
            major_name=group[:60],
            major_name_en=group[:100],
            name=sys.intern(name[:100]),
            name_en=name[:160],
            in_force=False,  # history only: nobody files new reports under it
        )
        self._classes[name] = row.pk
        return row.pk

    def _unit(self, get: Callable[[str], str]) -> int:
        name = get("unit") or _("not stated")
        code = f"{self.mapping.unit_prefix}:{name}"[:40] if self.mapping.unit_prefix else name
        found = self._units.get(code) or self._units.get(name)
        if found is None and self.mapping.make_units:
            found = Unit.objects.create(code=code, name=name[:100], kind=UnitKind.DEPARTMENT).pk
            self._units[code] = found
        if found is None:
            raise Refused(
                _("there is no unit “%(name)s” here") % {"name": name}, self.mapping.columns["unit"]
            )
        return found


def _new_area(parent: Area, name: str, level: str) -> Area:
    number = Area.objects.filter(parent=parent).count() + 1
    area = Area.objects.create(
        code=f"{parent.code}-{number:02d}"[:24], name=name[:100], level=level, parent=parent, path=""
    )
    area.path = f"{parent.path}{area.pk}/"
    area.save(update_fields=["path"])
    return area

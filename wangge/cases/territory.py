"""Matters follow when areas are changed: what is open is located in the new grids, with its history and its people.

Only where a matter is seen and worked on changes (`current_grid`, `area_path`, `held_path`). The grid of the day on which
it was received stays, so that it is counted where it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wangge.audit.actions import record
from wangge.audit.models import Event
from wangge.cases import successors as successors_of_rules
from wangge.cases.models import Arbitration, Calendar, Case, DutyRow, Report
from wangge.cases.workflow import OPEN_CASE, OPEN_REPORT
from wangge.common import rows
from wangge.common.refusals import Refused
from wangge.territory import lookup
from wangge.territory.changes.effects import Effect, Touched
from wangge.territory.following import locate_anew_soon
from wangge.territory.models import Area, TerritoryChange

AT_ONCE = 200  # matters of one kind that an event takes along by itself
SETTLING = timedelta(
    minutes=3
)  # after it every process knows of a change, and whatever began before it has ended
RELOCATE = "relocate"  # the verb of the event; no step of a person, so it is not in the workflow table


def effects(touched: Touched) -> Iterator[Effect]:
    """Count the open matters that would be located anew, and what of the configuration names an area that ends."""
    note = _(
        "They keep their history and whoever works on them, and are located in the new grids on the day."
    )
    yield Effect(_("Open reports"), _open(Report, touched.relocated, touched.moved_paths).count(), note)
    yield Effect(_("Open cases"), _open(Case, touched.relocated, touched.moved_paths).count(), note)
    yield Effect(
        _("Matters that ended"),
        _ended(Report, touched.relocated).count() + _ended(Case, touched.relocated).count(),
        _("They stay counted under the grid of their day."),
    )
    yield Effect(
        _("Matters received in these unit grids"),
        sum(model.objects.filter(unit_grid_id__in=touched.unit_grids).count() for model in (Report, Case)),
        _("They stay counted under the unit grid of their day."),
    )
    yield Effect(
        _("Rows of the duty list"),
        DutyRow.objects.filter(area_id__in=touched.ended).count(),
        _("They go on in the areas that follow; where nobody follows they hold no longer."),
    )
    yield Effect(
        _("Working calendars"),
        Calendar.objects.filter(area_id__in=touched.ended, in_force=True).count(),
        _(
            "They go on in the areas that follow, and clocks that run keep them; where nobody follows, new ones follow the area around it."
        ),
    )


def _open(model: Any, areas: frozenset[int], paths: tuple[str, ...] = ()) -> QuerySet[Any]:
    stages = OPEN_CASE if model is Case else OPEN_REPORT
    there = Q(current_grid_id__in=areas)
    for path in paths:
        there |= Q(area_path__startswith=path)
    return model.objects.filter(there, stage__in=stages)  # type: ignore[no-any-return]


def _ended(model: Any, areas: frozenset[int]) -> QuerySet[Any]:
    stages = OPEN_CASE if model is Case else OPEN_REPORT
    return model.objects.filter(current_grid_id__in=areas).exclude(stage__in=stages)  # type: ignore[no-any-return]


def follow(event: Event) -> None:
    """Let every matter of areas that ended, were redrawn or moved follow; harmless the second time.

    Matters are many in a district: beyond the first, the worker goes on in small transactions, so that no step waits.
    """
    told, at = event.payload.data, event.at
    lookup.forget()  # what this process knows may be a second older than the event
    if told["paths"]:
        renew_paths()
    successors_of_rules.follow({int(pk): then for pk, then in told["ended"].items()}, at=at)
    successors = {int(pk): then[0] for pk, then in told["ended"].items() if then}
    touched = frozenset({*(int(pk) for pk in told["ended"]), *told["redrawn"], *_around(told["new"])})
    for model in (Report, Case):
        there = _open(model, touched).order_by("pk")
        for key in list(there.filter(lon=None).values_list("pk", flat=True)):
            relocate(model, key, successors, at=at)
        keys = list(there.exclude(lon=None).values_list("pk", flat=True)[: AT_ONCE + 1])
        for key in keys[:AT_ONCE]:
            relocate(model, key, successors, at=at)
        if len(keys) > AT_ONCE:
            locate_anew_soon()


def _around(areas: Sequence[int]) -> set[int]:
    """The areas in which new ones were made: what lay in none of their grids may lie in one now."""
    found = Area.objects.filter(pk__in=areas, parent__isnull=False)
    return {int(key) for key in found.values_list("parent_id", flat=True)}


# A path is that of one area, the last in it: whatever moved, and however often, it is looked up there.
_PATHS = """
    UPDATE {table} m SET {column} = a.path FROM territory_area a
    WHERE a.id = nullif(split_part(rtrim(m.{column}, '/'), '/', -1), '')::bigint AND a.path <> m.{column}
"""
# A desk of the place it moved away from holds a case no longer: any desk around it may go on.
_ASTRAY = "UPDATE cases_case SET held_path = area_path WHERE NOT starts_with(area_path, held_path)"


def renew_paths() -> None:
    """Let every matter be seen where its area lies now, whether it is open or has ended."""
    with connection.cursor() as cursor:
        for model, column in (
            (Report, "area_path"),
            (Case, "area_path"),
            (Case, "held_path"),
            (Arbitration, "held_path"),
        ):
            cursor.execute(_PATHS.format(table=model._meta.db_table, column=column))
        cursor.execute(_ASTRAY)


def follow_up(at: datetime) -> int:
    """Locate what is open once more after a change: another process may have received it by the tree before."""
    if not TerritoryChange.objects.filter(stage="in_force", applied_at__gt=at - SETTLING).exists():
        return 0
    return locate_open(at)


def locate_anew(at: datetime) -> int:
    """Let all matters follow areas that were moved or redrawn in whichever way; returns how many were located anew."""
    renew_paths()
    return locate_open(at)


def locate_open(at: datetime) -> int:
    """Locate every open matter with a point in the grids as they are now, each in a transaction of its own."""
    lookup.forget()
    return sum(relocate(model, key, {}, at=at) for model in (Report, Case) for key in _elsewhere(model))


def _elsewhere(model: type[Report] | type[Case]) -> list[Any]:
    """The open matters whose point lies in another grid than they do, or in none."""
    stages = OPEN_CASE if model is Case else OPEN_REPORT
    there: QuerySet[Any] = model._default_manager.filter(
        stage__in=stages, lon__isnull=False, lat__isnull=False
    ).order_by("pk")
    rows = list(there.values_list("pk", "current_grid_id", "lon", "lat"))
    found = lookup.grids_of(np.array([row[2] for row in rows]), np.array([row[3] for row in rows]))
    return [row[0] for row, grid_id in zip(rows, found, strict=True) if grid_id != row[1]]


@transaction.atomic
def relocate(
    model: type[Report] | type[Case], key: Any, successors: Mapping[int, int], *, at: datetime
) -> bool:
    """Locate one open matter in the grids as they are now, with an event; tells whether it moved."""
    subject: Report | Case = rows.lock(model, key)
    if subject.stage not in (OPEN_CASE if model is Case else OPEN_REPORT):
        return False
    area_id, path = _place(subject, successors)
    if (area_id, path) == (subject.current_grid_id, subject.area_path):
        return False
    data = {
        "changes": {
            "grid": [subject.current_grid.name, Area.objects.values_list("name", flat=True).get(pk=area_id)]
        }
    }
    subject.current_grid_id, subject.area_path = area_id, path
    at = max(at, subject.updated_at)  # it may have moved since the change took effect
    if isinstance(subject, Case) and not path.startswith(subject.held_path):
        subject.held_path = path
    kind, stage = ("case" if isinstance(subject, Case) else "report"), subject.stage
    record(subject, kind=kind, verb=RELOCATE, at=at, by=None, from_stage=stage, to_stage=stage, data=data)
    subject.updated_at = at
    rows.store(subject)
    return True


def _place(subject: Report | Case, successors: Mapping[int, int]) -> tuple[int, str]:
    """Where the point lies now; without a point, whatever follows the area it was in."""
    if subject.lon is not None and subject.lat is not None:
        try:
            found = lookup.place(subject.lon, subject.lat)
        except Refused:
            return subject.current_grid_id, subject.area_path
        return found.area_id, found.path
    key = subject.current_grid_id
    while key in successors:
        key = successors[key]
    return key, Area.objects.values_list("path", flat=True).get(pk=key)

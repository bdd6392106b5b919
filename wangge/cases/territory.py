"""Matters follow when areas are changed: what is open is located in the new grids, with its history and its people.

Only where a matter is seen and worked on changes (`current_grid`, `area_path`, `held_path`). The grid of the day on which
it was received stays, so that it is counted where it was.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.audit.actions import record
from wangge.audit.models import Event
from wangge.cases.models import Calendar, Case, DutyRow, Report
from wangge.cases.workflow import OPEN_CASE, OPEN_REPORT
from wangge.common import rows
from wangge.common.refusals import Refused
from wangge.territory import lookup
from wangge.territory.changes.effects import Effect, Touched
from wangge.territory.models import Area

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
        _("They name an area that ends and hold no longer; draft new ones in the configuration."),
    )
    yield Effect(
        _("Working calendars"),
        Calendar.objects.filter(area_id__in=touched.ended, in_force=True).count(),
        _("They belong to an area that ends; clocks that run keep them, new ones follow the area around it."),
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
    """Let every matter of areas that ended, were redrawn or moved follow; harmless the second time."""
    told = event.payload.data
    # The innermost first: what left an area that moved too is not taken along with it.
    for old in sorted(told["paths"], key=len, reverse=True):
        _follow_paths(old, told["paths"][old])
    touched = frozenset({*(int(pk) for pk in told["ended"]), *told["redrawn"]})
    successors = {int(pk): then[0] for pk, then in told["ended"].items() if then}
    for model in (Report, Case):
        for key in list(_open(model, touched).order_by("pk").values_list("pk", flat=True)):
            relocate(model, key, successors, at=timezone.now())


def _follow_paths(old: str, new: str) -> None:
    """What lies in an area that moved is seen from its new place, whether open or ended."""
    for model, field in ((Report, "area_path"), (Case, "area_path"), (Case, "held_path")):
        rest = Substr(field, Length(Value(old)) + 1)
        there: QuerySet[Any] = model.objects.filter(**{f"{field}__startswith": old})
        there.update(**{field: Concat(Value(new), rest)})
    # A desk of the place it moved away from holds it no longer: any desk around it may go on.
    held: QuerySet[Case] = Case.objects.filter(area_path__startswith=new)
    astray = held.exclude(area_path__startswith=F("held_path"))
    astray.update(held_path=F("area_path"))


def relocate(
    model: type[Report] | type[Case], key: Any, successors: Mapping[int, int], *, at: datetime
) -> bool:
    """Locate one open matter in the grids as they are now, with an event; tells whether it moved."""
    subject: Report | Case = rows.lock(model, key)
    area_id, path = _place(subject, successors)
    if (area_id, path) == (subject.current_grid_id, subject.area_path):
        return False
    data = {
        "changes": {
            "grid": [subject.current_grid.name, Area.objects.values_list("name", flat=True).get(pk=area_id)]
        }
    }
    subject.current_grid_id, subject.area_path = area_id, path
    if isinstance(subject, Case) and not path.startswith(subject.held_path):
        subject.held_path = path
    kind, stage = ("case" if isinstance(subject, Case) else "report"), subject.stage
    record(subject, kind=kind, verb=RELOCATE, at=at, by=None, from_stage=stage, to_stage=stage, data=data)
    subject.updated_at = max(at, subject.updated_at)
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

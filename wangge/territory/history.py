"""The territory as it was: which areas held on a day, under which name, in which boundary, below which parent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    BinaryField,
    Case,
    CharField,
    Exists,
    F,
    Field,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models.functions import Coalesce

from wangge.territory.models import Area, FormerState, FormerUnitGrid, TerritoryChange, UnitGrid


@dataclass(frozen=True)
class AreaThen:
    """An area as it was on a day."""

    pk: int
    code: str
    name: str
    level: str
    kind: str
    path: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Stretch:
    """How an area was over a stretch of days; `until` is the first day on which it no longer was so, None for still."""

    name: str
    path: str
    since: date
    until: date | None
    has_boundary: bool
    is_redrawn: bool
    is_moved: bool


def held_on(day: date) -> Q:
    """The condition of areas and unit grids that hold on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def turning_point(day: date) -> date | None:
    """The last day up to this one on which anything about the territory changed; None if nothing ever did."""
    found = [
        Area.objects.filter(valid_from__lte=day).aggregate(last=Max("valid_from"))["last"],
        Area.objects.filter(valid_to__lte=day).aggregate(last=Max("valid_to"))["last"],
        FormerState.objects.filter(valid_to__lte=day).aggregate(last=Max("valid_to"))["last"],
        UnitGrid.objects.filter(valid_from__lte=day).aggregate(last=Max("valid_from"))["last"],
        UnitGrid.objects.filter(valid_to__lte=day).aggregate(last=Max("valid_to"))["last"],
        FormerUnitGrid.objects.filter(valid_to__lte=day).aggregate(last=Max("valid_to"))["last"],
    ]
    return max((last for last in found if last is not None), default=None)


def areas_on(day: date) -> QuerySet[Any]:
    """The areas that held on a day, with `name_then`, `kind_then`, `path_then` and `parent_then` as they were."""
    return (
        Area.objects.filter(held_on(day))
        .defer("boundary")
        .annotate(
            name_then=_as_then("name", day, CharField()),
            kind_then=_as_then("kind", day, CharField()),
            path_then=_as_then("path", day, TextField()),
            parent_then=_as_then("parent_id", day, BigIntegerField()),
        )
    )


def _as_then(name: str, day: date, field: Field) -> Case:
    """A column as it was on a day: nothing, too, was so then, and is not what is there now."""
    state = FormerState.objects.filter(area=OuterRef("pk"), valid_from__lte=day, valid_to__gt=day)
    return Case(
        When(Exists(state), then=Subquery(state.values(name), output_field=field)),
        default=F(name),
        output_field=field,
    )


def drawn_on(day: date, level: str) -> QuerySet[Any]:
    """The areas of a level that held on a day, as `areas_on` has them, with `boundary_then` too."""
    areas: QuerySet[Any] = areas_on(day).annotate(boundary_then=_as_then("boundary", day, BinaryField()))
    return areas.filter(level=level)


def boundaries_on(day: date, level: str) -> list[tuple[int, str, bytes | None]]:
    """Key, code and boundary (WKB, WGS84 degrees) of each area of a level that held on a day."""
    rows = drawn_on(day, level).values_list("pk", "code", "boundary_then")
    return [(pk, code, bytes(boundary) if boundary else None) for pk, code, boundary in rows]


def unit_grids_on(day: date) -> QuerySet[Any]:
    """The unit grids that held on a day, with `boundary_then` and `community_then` as they were."""
    state = FormerUnitGrid.objects.filter(unit_grid=OuterRef("pk"), valid_from__lte=day, valid_to__gt=day)
    return UnitGrid.objects.filter(held_on(day)).annotate(
        boundary_then=Coalesce(Subquery(state.values("boundary")), "boundary", output_field=BinaryField()),
        community_then=Coalesce(
            Subquery(state.values("community_id")), "community_id", output_field=BigIntegerField()
        ),
    )


def followers(area: Area) -> list[Area]:
    """The areas that took over when this one ended, as the change that ended it says."""
    if area.valid_to is None:
        return []
    for change in TerritoryChange.objects.filter(stage="in_force", applied_on=area.valid_to).only("plan"):
        if area.code in change.plan.get("ended", {}):
            codes = change.plan["ended"][area.code]
            return list(Area.objects.filter(code__in=codes).defer("boundary").order_by("code"))
    return []


def around_on(area_id: int, day: date) -> list[AreaThen]:
    """An area and those around it as they were on a day, from the top down; empty if it did not hold then."""
    found = areas_on(day).filter(pk=area_id).first()
    if found is None:
        return []
    path: str = found.path_then
    keys = [int(part) for part in path.strip("/").split("/")]
    known = {area.pk: area for area in areas_on(day).filter(pk__in=keys)}
    return [_then(known[key]) for key in keys if key in known]


def _then(area: Any) -> AreaThen:
    told = {name: getattr(area, f"{name}_then") for name in ("name", "kind", "path")}
    return AreaThen(
        pk=area.pk,
        code=area.code,
        level=area.level,
        valid_from=area.valid_from,
        valid_to=area.valid_to,
        **told,
    )


def stretches(area: Area) -> Sequence[Stretch]:
    """The life of an area, the present first."""
    states = list(area.former_states.order_by("valid_from"))
    rows: list[tuple[str, str, date, date | None, Any]] = [
        (s.name, s.path, s.valid_from, s.valid_to, s.boundary) for s in states
    ]
    first = states[-1].valid_to if states else area.valid_from
    if area.valid_to is None or first < area.valid_to:
        rows.append((area.name, area.path, first, area.valid_to, area.boundary))
    found = []
    for at, (name, path, since, until, boundary) in enumerate(rows):
        before = rows[at - 1] if at else None
        found.append(
            Stretch(
                name, path, since, until, boundary is not None,
                is_redrawn=before is not None and _bytes(before[4]) != _bytes(boundary),
                is_moved=before is not None and before[1] != path,
            )
        )  # fmt: skip
    return found[::-1]


def _bytes(boundary: bytes | memoryview | None) -> bytes:
    return bytes(boundary) if boundary is not None else b""

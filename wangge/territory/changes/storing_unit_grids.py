"""A plan about unit grids into the table, and unit grids following the communities around them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import numpy as np
import shapely
from django.db.models import Max
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.territory import lookup
from wangge.territory.changes.plan import Plan
from wangge.territory.models import Area, FormerUnitGrid, Level, UnitGrid
from wangge.territory.shapes import area_m2, from_wkb

BATCH = 1000


def store(plan: Plan, day: date) -> tuple[int, ...]:
    """Put a sound plan into the table, in force from `day` on; returns the keys of all unit grids it touched."""
    rows = UnitGrid.objects.select_for_update().filter(code__in=plan.codes)
    known = {unit_grid.code: unit_grid for unit_grid in rows}
    changed = [known[code] for code in sorted(plan.wanted) if code in known]
    communities = _communities(plan)
    keep_former(changed, day)
    for unit_grid in changed:
        _change(unit_grid, plan, communities)
    UnitGrid.objects.bulk_update(changed, ["community", "boundary", "area_m2"], batch_size=BATCH)
    new = [_change(UnitGrid(code=code, valid_from=day), plan, communities) for code in plan.new]
    UnitGrid.objects.bulk_create(new, batch_size=BATCH)
    _end([known[code] for code in sorted(plan.ended)], day)
    lookup.changed()
    return tuple(sorted(unit_grid.pk for unit_grid in (*known.values(), *new)))


def _communities(plan: Plan) -> dict[str, Area]:
    wanted = {node.parent for node in plan.wanted.values()}
    return {area.code: area for area in Area.objects.filter(code__in=wanted).defer("boundary")}


def _change(unit_grid: UnitGrid, plan: Plan, communities: Mapping[str, Area]) -> UnitGrid:
    node = plan.wanted[unit_grid.code]
    assert node.boundary is not None
    assert node.shape is not None
    unit_grid.community = communities[node.parent]
    unit_grid.boundary, unit_grid.area_m2 = node.boundary, area_m2(node.shape)
    return unit_grid


def keep_former(unit_grids: Collection[UnitGrid], day: date) -> None:
    """Keep how unit grids were; what held only since this very day leaves no trace: it held on no day."""
    last = FormerUnitGrid.objects.filter(unit_grid__in=unit_grids).values_list("unit_grid_id")
    known: dict[int, date] = dict(last.annotate(Max("valid_to")))
    since = {each.pk: known.get(each.pk, each.valid_from) for each in unit_grids}
    FormerUnitGrid.objects.bulk_create(
        (
            FormerUnitGrid(
                unit_grid=each, community_id=each.community_id, boundary=each.boundary, valid_from=since[each.pk], valid_to=day
            )
            for each in unit_grids
            if since[each.pk] < day
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _end(unit_grids: Iterable[UnitGrid], day: date) -> None:
    for unit_grid in unit_grids:
        if unit_grid.valid_from >= day:
            said = {"name": unit_grid.code, "day": day}
            raise Refused(_("%(name)s holds only since %(day)s. Let this take effect a day later.") % said)
        unit_grid.valid_to = day
        unit_grid.save(update_fields=["valid_to"])


def follow_communities(ended: Mapping[int, tuple[int, ...]], redrawn: Iterable[int], day: date) -> None:
    """Let the unit grids of communities that ended or were redrawn lie in whichever community has their middle now.

    One that no community has stays in the first that follows; where nobody follows it ends with its community.
    """
    touched = {*ended, *redrawn}
    cells = list(UnitGrid.objects.select_for_update().filter(community_id__in=touched, valid_to=None))
    if not cells:
        return
    moved, gone = dict[int, int](), list[UnitGrid]()
    for unit_grid, found in zip(cells, _homes(cells), strict=True):
        home = found or _heir(unit_grid.community_id, ended)
        if home is None:
            gone.append(unit_grid)
        elif home != unit_grid.community_id:
            moved[unit_grid.pk] = home
    _move([unit_grid for unit_grid in cells if unit_grid.pk in moved], moved, day)
    _end(gone, day)


def _heir(community: int, ended: Mapping[int, tuple[int, ...]]) -> int | None:
    return next(iter(ended[community]), None) if community in ended else community


def _move(unit_grids: Collection[UnitGrid], homes: Mapping[int, int], day: date) -> None:
    keep_former(unit_grids, day)
    for unit_grid in unit_grids:
        unit_grid.community_id = homes[unit_grid.pk]
    UnitGrid.objects.bulk_update(unit_grids, ["community"], batch_size=BATCH)


def _homes(unit_grids: Iterable[UnitGrid]) -> list[int | None]:
    """The community in force that has the middle of each unit grid, None where none has."""
    rows = Area.objects.filter(level=Level.COMMUNITY, valid_to=None).exclude(boundary=None)
    communities = list(rows.order_by("pk").values_list("pk", "boundary"))
    tree = shapely.STRtree(np.array([from_wkb(b) for _pk, b in communities if b], dtype=object))
    middles = np.array([from_wkb(each.boundary).representative_point() for each in unit_grids], dtype=object)
    found: list[int | None] = [None] * len(middles)
    for at, hit in zip(*tree.query(middles, "intersects").tolist(), strict=True):
        found[at] = found[at] or communities[hit][0]
    return found

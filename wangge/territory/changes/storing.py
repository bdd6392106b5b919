"""A plan into the tables: what areas were is kept, new ones are made, posts go on where their area ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.territory import lookup
from wangge.territory.bulk import renew_paths
from wangge.territory.changes import storing_unit_grids
from wangge.territory.changes.effects import touched_by
from wangge.territory.changes.picture import Node, Picture
from wangge.territory.changes.plan import Plan
from wangge.territory.levels import RANK
from wangge.territory.models import Area, ForcePost, FormerState, Post, TerritoryChange, UnitArea
from wangge.territory.shapes import centre


@dataclass(frozen=True)
class Stored:
    """What was done, by the keys of the areas; `paths` maps the old beginning of a path to the new one."""

    ended: Mapping[int, tuple[int, ...]]
    new: tuple[int, ...]
    redrawn: tuple[int, ...]
    paths: Mapping[str, str]
    unit_grids: tuple[int, ...] = ()  # of a change about them: those that are new, changed or ended

    def data(self) -> dict[str, Any]:
        """For the event; JSON knows only words as keys."""
        return {
            "ended": {str(pk): list(then) for pk, then in self.ended.items()},
            "new": list(self.new),
            "redrawn": list(self.redrawn),
            "paths": dict(self.paths),
            "unit_grids": list(self.unit_grids),
        }


def store(plan: Plan, before: Picture, day: date) -> Stored:
    """Put a sound plan into the tables; it holds from `day` on. Call it inside a transaction, with the tree held still."""
    if before.about == TerritoryChange.About.UNIT_GRIDS:
        return Stored({}, (), (), {}, storing_unit_grids.store(plan, day))
    return _store_areas(plan, before, day)


def _store_areas(plan: Plan, before: Picture, day: date) -> Stored:
    touched = touched_by(plan, before)
    areas = {area.code: area for area in Area.objects.select_for_update().filter(code__in=_needed(plan))}
    old_paths = {area.pk: area.path for area in areas.values() if area.pk in touched.moved}
    changed = [areas[code] for code in sorted(plan.wanted) if code in areas]
    _keep_former(changed, day)
    new = _make(plan, areas, day)
    for area in changed:
        _change(area, plan.wanted[area.code], areas)
    ended = _end(plan, areas, day)
    keep_moved_paths(day)
    renew_paths()
    _posts_go_on(ended, day)
    _forces_go_on(ended, day)
    _units_go_on(ended)
    storing_unit_grids.follow_communities(ended, touched.redrawn, day)
    lookup.changed()
    paths = dict(Area.objects.filter(pk__in=old_paths).values_list("pk", "path"))
    return Stored(
        ended, tuple(new), tuple(sorted(touched.redrawn)), {old: paths[pk] for pk, old in old_paths.items()}
    )


def _needed(plan: Plan) -> set[str]:
    followers = {code for then in plan.ended.values() for code in then}
    return set(plan.codes) | {node.parent for node in plan.wanted.values()} | followers


def since(areas: Iterable[Area]) -> dict[int, date]:
    """From which day on each area has been as it is now."""
    areas = list(areas)
    last = FormerState.objects.filter(area__in=areas).values_list("area_id").annotate(Max("valid_to"))
    known: dict[int, date] = dict(last)
    return {area.pk: known.get(area.pk, area.valid_from) for area in areas}


def _keep_former(areas: list[Area], day: date) -> None:
    """What holds only since this very day leaves no trace: it held on no day."""
    first = since(areas)
    FormerState.objects.bulk_create(
        FormerState(
            area=area, name=area.name, kind=area.kind, parent_id=area.parent_id, path=area.path,
            boundary=area.boundary, valid_from=first[area.pk], valid_to=day,
        )
        for area in areas
        if first[area.pk] < day
    )  # fmt: skip


def _make(plan: Plan, areas: dict[str, Area], day: date) -> list[int]:
    """Parents before their children."""
    made = []
    for code in sorted(plan.new, key=lambda code: (RANK[plan.wanted[code].level], code)):
        area = Area(code=code, level=plan.wanted[code].level, path="", valid_from=day)
        areas[code] = area
        _change(area, plan.wanted[code], areas)
        made.append(area.pk)
    return made


def _change(area: Area, node: Node, areas: Mapping[str, Area]) -> None:
    if area.name != node.name:
        area.name_en = ""  # it was the English of another name
    area.name, area.kind, area.parent = node.name, node.kind, areas.get(node.parent)
    if area.boundary is None or node.boundary is None or bytes(area.boundary) != node.boundary:
        area.boundary = node.boundary
        area.centre_lon, area.centre_lat = centre(node.shape) if node.shape is not None else (None, None)
        area.households = None  # counted anew by whoever knows the buildings
    area.save()


def _end(plan: Plan, areas: Mapping[str, Area], day: date) -> dict[int, tuple[int, ...]]:
    ended = {}
    for code in sorted(plan.ended):
        area = areas[code]
        if area.valid_from >= day:
            said = {"name": area.name, "day": day}
            raise Refused(_("%(name)s holds only since %(day)s. Let this take effect a day later.") % said)
        area.valid_to = day
        area.save(update_fields=["valid_to"])
        ended[area.pk] = tuple(areas[then].pk for then in plan.ended[code] if then in areas)
    return ended


# Areas whose path changes because an area around them moved: figures of the days before need the path of those days.
_MOVED = """
    WITH RECURSIVE tree AS (
        SELECT id, '/' || id || '/' AS path FROM territory_area WHERE parent_id IS NULL
        UNION ALL
        SELECT a.id, tree.path || a.id || '/' FROM territory_area a JOIN tree ON a.parent_id = tree.id
    ), moved AS (
        SELECT a.*, least(a.valid_to, %(day)s) AS upto,
               coalesce((SELECT max(f.valid_to) FROM territory_formerstate f WHERE f.area_id = a.id), a.valid_from) AS since
        FROM territory_area a JOIN tree USING (id) WHERE a.path <> '' AND a.path <> tree.path
    )
    INSERT INTO territory_formerstate (area_id, name, kind, parent_id, path, boundary, valid_from, valid_to)
    SELECT id, name, kind, parent_id, path, boundary, since, upto FROM moved WHERE since < upto
"""


def keep_moved_paths(day: date) -> None:
    """Keep the path of every area below one that moved, before the paths are made anew."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"day": day})


def _posts_go_on(ended: Mapping[int, tuple[int, ...]], day: date) -> None:
    """Whoever holds a post in an area that ends holds it in those that follow, from the day on; so do stand-ins."""
    open_then = Q(ends_on=None) | Q(ends_on__gt=day)
    # Own posts first: a stand-in's post names the one it stands for.
    posts = list(
        Post.objects.filter(open_then, area_id__in=ended).order_by(F("absence").asc(nulls_first=True), "pk")
    )
    followers: dict[tuple[int, int], Post] = {}
    for post in posts:
        for area_id in ended[post.area_id]:
            if follower := _follow(post, area_id, day, followers):
                followers[post.pk, area_id] = follower
    for post in reversed(posts):
        if post.starts_on >= day:
            post.delete()
        else:
            post.ends_on = day
            post.save(update_fields=["ends_on"])


def _follow(post: Post, area_id: int, day: date, followers: Mapping[tuple[int, int], Post]) -> Post | None:
    """The post that goes on in one of the areas that follow; None for a stand-in whose post does not."""
    held = Q(ends_on=None) | Q(ends_on__gt=day)
    same = Post.objects.filter(
        held, account_id=post.account_id, role=post.role, area_id=area_id, absence=post.absence_id
    )
    if (known := same.first()) is not None:
        return known
    stood_for = followers.get((post.stands_in_for_id, area_id)) if post.stands_in_for_id else None
    if post.stands_in_for_id and stood_for is None:
        return None
    return Post.objects.create(
        account_id=post.account_id,
        role=post.role,
        area_id=area_id,
        starts_on=max(post.starts_on, day),
        ends_on=post.ends_on,
        duty_phone=post.duty_phone,
        absence_id=post.absence_id,
        stands_in_for=stood_for,
    )


def _units_go_on(ended: Mapping[int, tuple[int, ...]]) -> None:
    for served in list(UnitArea.objects.filter(area_id__in=ended)):
        for area_id in ended[served.area_id]:
            UnitArea.objects.get_or_create(unit_id=served.unit_id, area_id=area_id)
        if ended[served.area_id]:
            served.delete()


def _forces_go_on(ended: Mapping[int, tuple[int, ...]], day: date) -> None:
    """Whoever serves an area that ends as one of the forces serves those that follow."""
    open_then = Q(ends_on=None) | Q(ends_on__gt=day)
    for post in list(ForcePost.objects.filter(open_then, area_id__in=ended).order_by("pk")):
        ForcePost.objects.bulk_create(
            ForcePost(
                force_id=post.force_id, area_id=area_id, account_id=post.account_id, name=post.name, duty_phone=post.duty_phone,
                shown=post.shown, starts_on=max(post.starts_on, day), ends_on=post.ends_on,
            )
            for area_id in ended[post.area_id]
        )  # fmt: skip
        if post.starts_on >= day:
            post.delete()
        else:
            post.ends_on = day
            post.save(update_fields=["ends_on"])

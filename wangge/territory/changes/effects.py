"""What a change would touch, counted before anybody confirms it.

Domains above count their own: `settings.TERRITORY_EFFECTS` names a list of functions, so that nothing imports upward.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from wangge.territory.changes.picture import Picture
from wangge.territory.changes.plan import Plan
from wangge.territory.models import Area, ForcePost, Post, TerritoryChange, UnitArea, UnitGrid


@dataclass(frozen=True)
class Effect:
    """So many of something are touched; `note` says what happens to them."""

    label: str
    count: int
    note: str = ""

    def data(self) -> dict[str, Any]:
        return {"label": self.label, "count": self.count, "note": self.note}


@dataclass(frozen=True)
class Touched:
    """The areas a plan touches, by their keys: those that end, are redrawn, or move with all they hold."""

    ended: frozenset[int]
    redrawn: frozenset[int]
    moved: frozenset[int]
    moved_paths: tuple[str, ...]
    around_new: frozenset[int] = frozenset()  # in which new areas are made
    unit_grids: frozenset[int] = frozenset()  # those that end, are redrawn or move

    @property
    def relocated(self) -> frozenset[int]:
        """Areas whose matters and things must be located anew."""
        return self.ended | self.redrawn | self.around_new


Counter = Callable[[Touched], Iterator[Effect]]


def touched_by(plan: Plan, before: Picture) -> Touched:
    """Look up the areas or unit grids that exist already."""
    if before.about == TerritoryChange.About.UNIT_GRIDS:
        keys = UnitGrid.objects.filter(code__in=plan.seen).values_list("pk", flat=True)
        return Touched(frozenset(), frozenset(), frozenset(), (), unit_grids=frozenset(keys))
    return _areas_touched(plan, before)


def _areas_touched(plan: Plan, before: Picture) -> Touched:
    parents = frozenset(plan.wanted[code].parent for code in plan.new)
    known = {
        code: (pk, path)
        for code, pk, path in Area.objects.filter(code__in=plan.codes | parents).values_list(
            "code", "pk", "path"
        )
    }
    redrawn, moved = list[str](), list[str]()
    for code, node in plan.wanted.items():
        was = before.get(code)
        if was is not None and was.boundary != node.boundary:
            redrawn.append(code)
        if was is not None and was.parent != node.parent:
            moved.append(code)

    def keys(codes: list[str]) -> frozenset[int]:
        return frozenset(known[code][0] for code in codes if code in known)

    return Touched(
        keys(list(plan.ended)),
        keys(redrawn),
        keys(moved),
        tuple(known[code][1] for code in moved if code in known),
        keys(sorted(parents)),
    )


def effects_of(plan: Plan, before: Picture) -> list[Effect]:
    """Everything that is touched, ours first; what is not touched is not named."""
    touched = touched_by(plan, before)
    counters: list[Counter] = [
        _own,
        *(import_string(name) for name in import_string(settings.TERRITORY_EFFECTS)),
    ]
    return [effect for count in counters for effect in count(touched) if effect.count]


def _own(touched: Touched) -> Iterator[Effect]:
    note = _("They go on in every area that follows, from that day.")
    still = Q(ends_on=None) | Q(ends_on__gt=timezone.localdate())
    for label, model in ((_("Posts"), Post), (_("Posts of the forces"), ForcePost)):
        yield Effect(label, model._default_manager.filter(still, area_id__in=touched.ended).count(), note)
    yield Effect(
        _("Units that serve an area that ends"),
        UnitArea.objects.filter(area_id__in=touched.ended).count(),
        _("They serve the areas that follow."),
    )
    yield Effect(
        _("Unit grids"),
        UnitGrid.objects.filter(community_id__in=touched.ended | touched.redrawn, valid_to=None).count(),
        _("They keep their codes, and lie in whichever community has their middle from that day."),
    )

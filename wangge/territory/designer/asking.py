"""Asking for a design: begin it, call it off, start it again. The work itself is `running`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import shapely
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.common.refusals import Refused
from wangge.territory.changes.permissions import demand_plan
from wangge.territory.designer import keeping, running, sources
from wangge.territory.designer.blocks import Block
from wangge.territory.designer.chain import lock, note
from wangge.territory.designer.land import BARRIERS, Ground, grounds_in, lines_by_ground
from wangge.territory.designer.models import MOST_METHODS, DesignPart, GridDesign
from wangge.territory.designer.proposing import METHODS
from wangge.territory.levels import RANK
from wangge.territory.models import Area, Level
from wangge.territory.systems import System

BEGIN, CALL_OFF, AGAIN = "design_grids", "call_off_design", "start_design_again"
MOST_HOUSEHOLDS = 100_000
MOST_GRIDS = 200  # in one community: more are a slip of the hand, and would fill the memory of the worker
Stage, Source = GridDesign.Stage, GridDesign.Source


@dataclass(frozen=True)
class Wish:
    """What is asked for: the band of households, methods to compare, lines not to cross; a file or the register."""

    title: str
    low: int
    high: int
    methods: Sequence[str]
    barriers: Sequence[str] = ()
    file: File | None = None
    system: System | None = None


def begin(within: Area, wish: Wish, *, by: Account, at: datetime) -> GridDesign:
    """Take a wish, keep ground and blocks as they are now, and let the worker begin.

    Raises Refused for anybody without the right there, and where there is nothing to divide.
    """
    demand_plan(by, within)
    _demand_sense(within, wish)
    grounds = grounds_in(within)
    if not grounds:
        raise Refused(_("Nobody has drawn grids or communities in this area yet."), field="within")
    blocks = _blocks(grounds, wish)
    shared = sources.by_ground(blocks, grounds)
    if not any(block.households for some in shared for block in some):
        raise Refused(_no_homes(wish), field="file" if wish.file else "within")
    _demand_few(grounds, shared, wish.high)
    with transaction.atomic():
        design = _new(within, wish, by, at)
        if wish.file:
            design.left_out = len(blocks) - sum(len(some) for some in shared)
        design.save()
        _keep(design, grounds, shared)
        note(design, BEGIN, by, at, low=wish.low, high=wish.high, methods=design.methods)
        running.soon(design)
    return design


def _demand_sense(within: Area, wish: Wish) -> None:
    if RANK[within.level] > RANK[Level.COMMUNITY] or RANK[within.level] < RANK[Level.COUNTY]:
        raise Refused(_("Choose a county, a street or a community."), field="within")
    if within.valid_to is not None:
        raise Refused(_("This area is no longer in force."), field="within")
    if not wish.title.strip():
        raise Refused(_("Please give it a title."), field="title")
    if not 0 < wish.low < wish.high:
        raise Refused(_("The most households have to be more than the least."), field="high")
    if wish.high > MOST_HOUSEHOLDS:
        raise Refused(_("At most %(most)s.") % {"most": f"{MOST_HOUSEHOLDS:,}"}, field="high")
    known = {name for name, method in METHODS.items() if method.available}
    if not 0 < len(set(wish.methods)) <= MOST_METHODS or not set(wish.methods) <= known:
        raise Refused(_("Choose one to three methods."), field="methods")
    if not set(wish.barriers) <= set(BARRIERS):
        raise Refused(_("There is no such kind of line."), field="barriers")


def _demand_few(grounds: Sequence[Ground], shared: Sequence[Sequence[Block]], high: int) -> None:
    for ground, blocks in zip(grounds, shared, strict=True):
        if sum(block.households for block in blocks) > MOST_GRIDS * high:
            said = {"community": ground.name, "most": MOST_GRIDS}
            raise Refused(
                _("%(community)s would get more than %(most)s grids. Let them be larger.") % said,
                field="high",
            )


def _blocks(grounds: Sequence[Ground], wish: Wish) -> list[Block]:
    if wish.file is not None:
        return sources.from_file(wish.file, wish.file.name or "", wish.system)
    return sources.registered(grounds)


def _no_homes(wish: Wish) -> str:
    if wish.file:
        return _("No block of the file lies in this area and has households. Is the coordinate system right?")
    return _("No building with households is registered in this area. Bring a file, or register buildings.")


def _new(within: Area, wish: Wish, by: Account, at: datetime) -> GridDesign:
    return GridDesign(
        title=wish.title.strip(), within=within, low=wish.low, high=wish.high,
        methods=[name for name in METHODS if name in wish.methods],
        barriers=[kind for kind in BARRIERS if kind in wish.barriers],
        source=Source.FILE if wish.file else Source.REGISTERED,
        file_name=(wish.file.name or "")[-200:] if wish.file else "",
        made_by=by, made_at=at, moved_at=at,
    )  # fmt: skip


def _keep(design: GridDesign, grounds: Sequence[Ground], shared: Sequence[Sequence[Block]]) -> None:
    """A community without any block is left as it is."""
    areas = {area.code: area for area in Area.objects.filter(code__in=[ground.code for ground in grounds])}
    barriers = lines_by_ground(design.barriers, grounds)
    DesignPart.objects.bulk_create(
        DesignPart(
            design=design, community=areas[ground.code], ground=bytes(shapely.to_wkb(ground.shape)),
            barriers=keeping.together(lines), blocks=keeping.told(blocks),
            shapes=keeping.together([block.shape for block in blocks]),
        )
        for ground, lines, blocks in zip(grounds, barriers, shared, strict=True)
        if blocks
    )  # fmt: skip


@transaction.atomic
def call_off(design: GridDesign, *, by: Account, at: datetime) -> None:
    """Let nobody work on it any more; what is worked out already stays and can be looked at."""
    locked = lock(design)
    demand_plan(by, locked.within)
    if not locked.is_working:
        raise Refused(_("Nobody is working on this any more."))
    locked.stage = Stage.CANCELLED
    note(locked, CALL_OFF, by, at)
    design.refresh_from_db()


@transaction.atomic
def start_again(design: GridDesign, *, by: Account, at: datetime) -> None:
    """Go on with a design that failed, was called off, or whose worker died; what is worked out already stays."""
    locked = lock(design)
    demand_plan(by, locked.within)
    if locked.stage not in (Stage.CANCELLED, Stage.FAILED) and not running.is_silent(locked, at):
        raise Refused(_("This is worked on, or done already."))
    locked.stage, locked.run, locked.trouble, locked.beat_at = Stage.WAITING, locked.run + 1, "", None
    note(locked, AGAIN, by, at)
    running.soon(locked)
    design.refresh_from_db()

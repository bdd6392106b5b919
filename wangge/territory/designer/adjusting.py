"""Adjusting a proposal by hand: blocks go to a neighbouring grid, and everything is drawn and measured anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from wangge.accounts.models import Account
from wangge.common.refusals import Refused
from wangge.territory.changes.drafting import Overtaken
from wangge.territory.changes.permissions import demand_plan
from wangge.territory.designer import chain, running
from wangge.territory.designer.fabric import Fabric
from wangge.territory.designer.keeping import Site, apart
from wangge.territory.designer.measures import measured
from wangge.territory.designer.models import GridProposal
from wangge.territory.designer.proposing import Band, Proposal
from wangge.territory.shapes import polygons_of

ADJUST, TAKE_BACK = "adjust_design", "take_back_design"
KEPT_STEPS = 20
Labels = list[int]


@dataclass(frozen=True)
class Hand:
    """Whose hand it is, when, and which revision was looked at."""

    by: Account
    at: datetime
    seen: int | None = None


def move(proposal: GridProposal, blocks: Sequence[int], into: int, hand: Hand) -> None:
    """Give blocks (by their place in the part) to another grid (by its number, from 1).

    Raises Refused where a grid would fall apart or be left without a block.
    """
    with transaction.atomic():
        locked = _locked(proposal, hand)
        fabric = Fabric(Site(locked.part))
        _demand_known(locked.labels, blocks)
        together = fabric.with_company(blocks)
        drawn = fabric.drawn(moved(locked.labels, together, into - 1))
        _demand_whole(apart(locked.shapes), drawn.parts)
        locked.earlier = [*locked.earlier, locked.labels][-KEPT_STEPS:]
        _store(locked, fabric.site, drawn, hand)
        keys = [fabric.site.blocks[at].key for at in together]
        _note(locked, ADJUST, hand, blocks=keys[:50], count=len(keys), into=into)
    proposal.refresh_from_db()


def take_back(proposal: GridProposal, hand: Hand) -> None:
    """Undo the last step that was taken by hand."""
    with transaction.atomic():
        locked = _locked(proposal, hand)
        if not locked.earlier:
            raise Refused(_("There is no step to take back."))
        labels, locked.earlier = locked.earlier[-1], locked.earlier[:-1]
        fabric = Fabric(Site(locked.part))
        _store(locked, fabric.site, fabric.drawn(labels), hand)
        _note(locked, TAKE_BACK, hand)
    proposal.refresh_from_db()


def _locked(proposal: GridProposal, hand: Hand) -> GridProposal:
    locked = (
        GridProposal.objects.select_for_update(of=("self",))
        .select_related("part__design__within", "part__community", "saved_by")
        .get(pk=proposal.pk)
    )
    demand_plan(hand.by, locked.part.design.within)
    if hand.seen is not None and hand.seen != locked.revision:
        who = locked.saved_by.name if locked.saved_by else _("Somebody")
        said = _("%(who)s moved blocks meanwhile. Nothing of yours was stored; look at it and move again.")
        raise Overtaken(said % {"who": who})
    return locked


def _demand_known(labels: Labels, blocks: Sequence[int]) -> None:
    if not blocks or not set(blocks) <= set(range(len(labels))):
        raise Refused(_("Choose at least one block of this community."), field="blocks")


def moved(labels: Labels, blocks: Sequence[int], into: int) -> Labels:
    """The labels with some blocks in another grid; raises Refused for what makes no sense."""
    if not 0 <= into <= max(labels):
        raise Refused(_("Choose the grid that takes them."), field="into")
    leaving = {labels[at] for at in blocks} - {into}
    if not leaving:
        raise Refused(_("They are in this grid already."), field="into")
    chosen = set(blocks)
    after = [into if at in chosen else label for at, label in enumerate(labels)]
    for grid in sorted(leaving - set(after)):
        raise Refused(
            _("Grid %(number)s would be left without a block.") % {"number": grid + 1}, field="blocks"
        )
    return after


def _demand_whole(before: Sequence[BaseGeometry], after: Sequence[BaseGeometry]) -> None:
    """A grid may not fall into more pieces than it was in."""
    for number, (was, now) in enumerate(zip(before, after, strict=True), start=1):
        if len(polygons_of(now)) > len(polygons_of(was)):
            raise Refused(
                _(
                    "Grid %(number)s would not hang together. Move the blocks between as well, or others first."
                )
                % {"number": number},
                field="blocks",
            )


def _store(proposal: GridProposal, site: Site, drawn: Proposal, hand: Hand) -> None:
    design = proposal.part.design
    running.fill(proposal, drawn, measured(site.blocks, drawn, Band(design.low, design.high)))
    proposal.revision += 1
    proposal.saved_by, proposal.saved_at = hand.by, hand.at
    proposal.save()


def _note(proposal: GridProposal, verb: str, hand: Hand, **data: object) -> None:
    part = proposal.part
    design = chain.lock(part.design)
    told = {"method": proposal.method, "community": part.community.code, **data}
    chain.note(design, verb, hand.by, hand.at, **told)

"""A proposal becomes the draft of a change: from there another person approves it, and it takes effect on its day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.common.refusals import Refused
from wangge.territory.changes.drafting import Division, draft_of_divisions
from wangge.territory.changes.permissions import demand_plan
from wangge.territory.designer.chain import lock, note
from wangge.territory.designer.keeping import apart
from wangge.territory.designer.models import GridDesign, GridProposal
from wangge.territory.models import Area, GridKind, Level, TerritoryChange

DRAFT = "draft_design"


@transaction.atomic
def into_draft(
    design: GridDesign, method: str, *, title: str, by: Account, at: datetime, on: date | None = None
) -> TerritoryChange:
    """Draft the change that puts what a method proposed for every community of a design into force."""
    locked = lock(design)
    demand_plan(by, locked.within)
    proposals = list(_proposals(locked, method))
    if locked.is_working or len(proposals) < locked.parts.count():
        raise Refused(_("This is not worked out for every community yet."))
    divisions = [_division(proposal) for proposal in proposals]
    change = draft_of_divisions(
        locked.within, divisions, title=title, by=by, at=at, on=on, reason=_reason(locked)
    )
    locked.change = change
    note(locked, DRAFT, by, at, method=method, change=str(change.pk))
    design.refresh_from_db()
    return change


def _proposals(design: GridDesign, method: str) -> list[GridProposal]:
    found = GridProposal.objects.filter(part__design=design, method=method)
    return list(found.select_related("part__community").order_by("part__community__code"))


def _division(proposal: GridProposal) -> Division:
    """Grids that serve one thing, a school or an estate of factories, stay as they are."""
    community = proposal.part.community
    stay = Area.objects.filter(
        parent=community, level=Level.GRID, kind=GridKind.DEDICATED, valid_to=None
    ).values_list("code", flat=True)
    return Division(community, [{"shape": shape} for shape in apart(proposal.shapes)], frozenset(stay))


def _reason(design: GridDesign) -> str:
    said = {"title": design.title, "low": design.low, "high": design.high}
    return _("From the grid design “%(title)s”: %(low)s to %(high)s households in a grid.") % said

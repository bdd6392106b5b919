"""The chain of events of a design: each thing that was done to it, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wangge.accounts.models import Account
from wangge.audit.actions import record
from wangge.territory.designer.models import GridDesign

KIND = "grid_design"


def lock(design: GridDesign) -> GridDesign:
    """The design as it is now, nobody else's until the transaction ends."""
    return GridDesign.objects.select_for_update(of=("self",)).select_related("within").get(pk=design.pk)


def note(design: GridDesign, verb: str, by: Account | None, at: datetime, **data: Any) -> None:
    """Write an event on the design's chain and save it."""
    record(design, kind=KIND, verb=verb, at=at, by=by, to_stage=design.stage, data=data)
    design.moved_at = at
    design.save()


def heads() -> str:
    """A SELECT of kind, subject, number and digest of the last event, and when it moved."""
    return """
        SELECT 'grid_design', id, event_seq, event_digest, moved_at FROM territory_griddesign
    """

"""Approving a territory change, and letting it take effect on its day."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.common.refusals import Refused
from wangge.common.words import demand_short
from wangge.territory.bulk import hold_still
from wangge.territory.changes import storing
from wangge.territory.changes.drafting import MOST_REMARK, Stage, demand_sound, lock, note, open_draft, reopen
from wangge.territory.changes.effects import effects_of
from wangge.territory.changes.permissions import demand_decision
from wangge.territory.models import TerritoryChange

log = logging.getLogger(__name__)

APPROVE, SEND_BACK, FAIL = "approve_territory", "send_back_territory", "fail_territory"
IN_FORCE = "territory_in_force"


@transaction.atomic
def approve(
    change: TerritoryChange, *, by: Account, at: datetime, remark: str = "", seen: int | None = None
) -> None:
    """Approve what another person proposed, as it was `seen`; with today's date or none it takes effect at once."""
    locked = lock(change, seen)
    demand_decision(by, locked)
    if locked.stage != Stage.PROPOSED:
        raise Refused(_("Only what was proposed can be approved."))
    demand_short(remark, "remark", MOST_REMARK)
    draft = open_draft(locked)
    demand_sound(draft)
    today = timezone.localdate(at)
    locked.in_force_on = max(locked.in_force_on or today, today)
    locked.stage, locked.decided_by, locked.decided_at, locked.remark = Stage.APPROVED, by, at, remark.strip()
    note(locked, APPROVE, by, at, on=locked.in_force_on.isoformat())
    if locked.in_force_on <= today:
        _put_into_force(locked, by, today, at)
    change.refresh_from_db()


@transaction.atomic
def send_back(
    change: TerritoryChange, *, by: Account, at: datetime, remark: str, seen: int | None = None
) -> None:
    """Give a proposal back to its drafter with the reason."""
    locked = lock(change, seen)
    demand_decision(by, locked)
    if locked.stage != Stage.PROPOSED:
        raise Refused(_("Only what was proposed can be sent back."))
    if not remark.strip():
        raise Refused(_("Please say what should be otherwise."), field="remark")
    demand_short(remark, "remark", MOST_REMARK)
    reopen(locked)
    locked.remark = remark.strip()
    note(locked, SEND_BACK, by, at)
    change.refresh_from_db()


def apply_due(at: datetime) -> int:
    """Let every approved change whose day has come take effect; returns how many did. Harmless twice.

    One that cannot (somebody changed the same areas by a file, say) stays approved and says why.
    """
    today, done = timezone.localdate(at), 0
    due = TerritoryChange.objects.filter(stage=Stage.APPROVED, in_force_on__lte=today).order_by(
        "in_force_on", "decided_at"
    )
    for change in due:
        try:
            done += _apply_one(change, today, at)
        except Refused as refused:
            _tell_trouble(change, str(refused), at)
        except Exception:  # a fault of ours in one must not hold back the others
            log.exception("Territory change %s", change.pk)
            _tell_trouble(
                change,
                _("Something went wrong here; whoever runs this installation finds it in the log."),
                at,
            )
    return done


@transaction.atomic
def _apply_one(change: TerritoryChange, today: date, at: datetime) -> bool:
    locked = lock(change)
    if locked.stage != Stage.APPROVED or locked.in_force_on is None:
        return False
    # An installation that slept over the day catches up today: nobody's figures of the days before move.
    _put_into_force(locked, None, max(locked.in_force_on, today), at)
    return True


def _tell_trouble(change: TerritoryChange, why: str, at: datetime) -> None:
    if change.trouble != why:
        with transaction.atomic():
            locked = lock(change)
            locked.trouble = why
            note(locked, FAIL, None, at)
        log.warning("Territory change %s could not take effect: %s", change.pk, why)


def _put_into_force(change: TerritoryChange, by: Account | None, day: date, at: datetime) -> None:
    hold_still()
    draft = open_draft(change)
    demand_sound(draft)
    change.effects = [effect.data() for effect in effects_of(draft.plan, draft.before)]
    stored = storing.store(draft.plan, draft.before, day)
    change.stage, change.applied_on, change.applied_at, change.trouble = Stage.IN_FORCE, day, at, ""
    note(change, IN_FORCE, by, at, on=day.isoformat(), **stored.data())

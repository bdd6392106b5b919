"""Between levels: handing a case up and down, and arbitration when units disagree whose it is."""

from datetime import datetime

from django.utils.translation import gettext as _

from wangge.accounts.models import Account, Unit
from wangge.cases import levels
from wangge.cases.actions.cases import send_out
from wangge.cases.actions.moving import Move, require, taking
from wangge.cases.models import Arbitration, Case
from wangge.cases.workflow import ARBITRATE, HAND_DOWN, HAND_UP
from wangge.territory.models import Area


def hand_up(
    case: Case, *, note: str, by: Account, at: datetime | None = None, seen: int | None = None
) -> None:
    """Hand a case to the desk of the level above; the whole-case clock goes on."""
    with taking(HAND_UP, case, by=by, at=at, note=note, seen=seen) as move:
        above = levels.centre_above(move.subject.held_path)
        assert above is not None, "the condition of the step"
        _hand_to(move, above)
        # Whoever hands a disputed case up gives it away for good: the ruling does not bring it back.
        Arbitration.objects.filter(case=move.subject, ruled_at=None, ended_at=None).update(
            held_path=above.path
        )


def hand_down(
    case: Case, *, note: str, by: Account, at: datetime | None = None, seen: int | None = None
) -> None:
    """Hand a case to the desk of the next level below, towards its place; the whole-case clock goes on."""
    with taking(HAND_DOWN, case, by=by, at=at, note=note, seen=seen) as move:
        below = levels.centre_below(move.subject.held_path, move.subject.area_path)
        assert below is not None, "the condition of the step"
        _hand_to(move, below)


def _hand_to(move: Move[Case], area: Area) -> None:
    move.data.update(from_level=levels.level_of(move.subject.held_path), to_level=area.level, area=area.name)
    move.subject.held_path = area.path


def arbitrate(
    case: Case, *, to: Unit, reason: str, by: Account, at: datetime | None = None, seen: int | None = None
) -> None:
    """Rule which unit is responsible, with the reason: the case is dispatched to it, and it cannot send it back."""
    require(to, _("Choose the unit that is responsible."), "unit")
    with taking(ARBITRATE, case, by=by, at=at, note=reason, seen=seen) as move:
        dispute = (
            Arbitration.objects.select_for_update()
            .filter(case=move.subject, ruled_at=None, ended_at=None)
            .get()
        )
        dispute.ruled_at, dispute.ruled_by, dispute.unit, dispute.reason = move.at, by, to, reason
        dispute.save(update_fields=["ruled_at", "ruled_by", "unit", "reason"])
        move.subject.ruled_at = move.at
        if move.subject.area_path.startswith(dispute.held_path):  # else its place was corrected meanwhile
            move.subject.held_path = dispute.held_path
        send_out(move, to, why=reason)

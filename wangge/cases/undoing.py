"""Undo for ten seconds: a step of the table that takes back what the same person has just done to the same matter."""

from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.accounts.models import Account
from wangge.audit.models import Event
from wangge.cases import permissions
from wangge.cases.actions import recall_case
from wangge.cases.models import Case
from wangge.cases.workflow import DISPATCH, RECALL
from wangge.common.refusals import Refused

OFFERED = timedelta(seconds=10)
TAKEN = OFFERED + timedelta(seconds=5)  # a press at the last moment is on its way for a while
# What takes a step back. Nothing is unmade: both steps stay in the chain, and the time counts to nobody.
TAKES_BACK = {DISPATCH.verb: RECALL}
NOTE: Promise = gettext_lazy("Taken back at once")


def can_undo(case: Case, person: Account, at: datetime, *, within: timedelta = OFFERED) -> bool:
    """Tell whether the case's last step was this person's, just now, and may be taken back."""
    last = Event.objects.filter(subject_id=case.pk).order_by("-seq").only("verb", "at", "actor_id").first()
    if last is None or last.actor_id != person.pk or not last.at <= at <= last.at + within:
        return False
    back = TAKES_BACK.get(last.verb)
    return back is not None and permissions.refusal(back, case, person) is None


def undo(case: Case, *, by: Account, at: datetime) -> None:
    """Take the last step back; Refused when the time has passed or somebody has gone on with it."""
    if not can_undo(case, by, at, within=TAKEN):
        raise Refused(
            _("%(number)s can no longer be taken back at one press; see its steps.") % {"number": case.number}
        )
    recall_case(case, note=str(NOTE), by=by, at=at, seen=case.event_seq)

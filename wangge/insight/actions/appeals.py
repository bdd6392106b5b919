"""Appeals against frozen numbers: asked by whom the number judges, decided by somebody else, put beside the number."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused
from wangge.insight.models import Appeal, ScorecardRow
from wangge.insight.permissions import may_appeal, may_judge


@transaction.atomic
def appeal(
    row: ScorecardRow, *, count: str, wanted: int | None, reason: str, by: Account, at: datetime | None = None
) -> Appeal:
    """Say that a frozen number is wrong, which it should be and why. Raises Refused."""
    moment = at or timezone.now()
    _demand_appeal(row, count, by)
    if wanted is None or wanted < 0:
        raise Refused(_("Please say which number is right."), field="wanted")
    if wanted == row.numbers[count]:
        raise Refused(_("That is the number that stands there."), field="wanted")
    if not reason.strip():
        raise Refused(_("Please give the reason: which cases, and what is wrong about them."), field="reason")
    try:
        with transaction.atomic():
            asked = Appeal.objects.create(
                row=row, count=count, wanted=wanted, reason=reason.strip(), asked_by=by, asked_at=moment
            )
    except IntegrityError as error:
        raise Refused(_("An appeal against this number is waiting to be decided."), field="count") from error
    _note("scorecard.appealed", asked, by, moment)
    return asked


def _demand_appeal(row: ScorecardRow, count: str, by: Account) -> None:
    if not may_appeal(by, unit_id=row.unit_id, path=row.path):
        raise Refused(_("Appeals are made by whoever answers for this row."))
    if count not in row.numbers:
        raise Refused(_("Choose the number that is wrong."), field="count")


@transaction.atomic
def decide_appeal(
    asked: Appeal, *, corrected: int | None, note: str, by: Account, at: datetime | None = None
) -> None:
    """Grant an appeal with the number to stand beside the frozen one, or refuse it (None). Raises Refused."""
    moment = at or timezone.now()
    fresh = Appeal.objects.select_for_update().select_related("row__scorecard__area").get(pk=asked.pk)
    if fresh.decided_at is not None:
        raise Refused(_("This appeal has been decided already."))
    if not may_judge(by, fresh.row.scorecard.area.path):
        raise Refused(_("Appeals are decided by the overseers and leaders of the area."))
    if fresh.asked_by_id == by.pk:
        raise Refused(_("You made this appeal yourself; somebody else has to decide."))
    if corrected is not None and corrected < 0:
        raise Refused(_("A number is not below zero."), field="corrected")
    if not note.strip():
        raise Refused(_("Please say why; whoever appealed reads it."), field="note")
    fresh.corrected, fresh.note, fresh.decided_by, fresh.decided_at = corrected, note.strip(), by, moment
    fresh.save()
    _note("scorecard.decided", fresh, by, moment)
    asked.refresh_from_db()


def _note(act: str, asked: Appeal, by: Account, at: datetime) -> None:
    detail = {"row": asked.row_id, "count": asked.count, "wanted": asked.wanted, "corrected": asked.corrected}
    record_access(
        act, by=by, at=at, subject_kind="scorecard", subject_id=asked.row.scorecard_id, purpose=asked.reason[:200],
        detail=detail,
    )  # fmt: skip

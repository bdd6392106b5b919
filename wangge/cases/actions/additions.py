"""What a reporter does while the matter is open: add words and photos, urge, withdraw."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.attachments.actions import record as attach
from wangge.attachments.models import Purpose
from wangge.attachments.receiving import Received as Files
from wangge.cases.actions.moving import Move, taking
from wangge.cases.models import Case, Report
from wangge.cases.workflow import ADD, OPEN_REPORT, URGE, WITHDRAW, Stage
from wangge.common import rows
from wangge.common.refusals import Refused
from wangge.common.words import demand_short

NO_FILES = Files((), ())


def add_to_report(report: Report, *, words: str = "", photos: Files = NO_FILES, at: datetime) -> None:
    """Keep words and photos that the reporter adds while the matter is open; no clock moves.

    `photos` is what `attachments.receiving.receive` returned: cleaning takes time and must not hold the row.
    """
    words = words.strip()
    if not words and not photos.kept:
        raise Refused(_("Please write something or choose a photo."), field="words")
    demand_short(words, "words")
    with taking(ADD, report, by=None, at=at, note=words) as move:
        _demand_open(move)
        move.data["photos"] = len(photos.kept)
        attach(
            photos,
            subject_kind="report",
            subject_id=move.subject.pk,
            purpose=Purpose.COMMENT,
            by=None,
            at=at,
        )


def _demand_open(move: Move[Report]) -> None:
    if move.subject.case is not None and move.subject.case.closed_at is not None:
        raise Refused(_("This matter is closed. If it is not solved, please say so when rating."))


@transaction.atomic
def urge_report(report: Report, *, words: str = "", at: datetime) -> None:
    """The reporter asks where it stays, once a day; it is counted and shown, and no clock moves."""
    _lock_case_of(report)
    with taking(URGE, report, by=None, at=at, note=words.strip()) as move:
        _demand_open(move)
        if move.subject.withdrawn_at is not None:
            raise Refused(_("You have withdrawn this report already."))
        last = move.subject.urged_at
        if last is not None and timezone.localdate(last) == timezone.localdate(at):
            raise Refused(
                _("You have urged today already; the handlers see it. You can urge again tomorrow.")
            )
        move.subject.urged_at = at
        if move.subject.case_id is not None:
            Case.objects.filter(pk=move.subject.case_id).update(urged_at=at)


def _lock_case_of(report: Report) -> None:
    """Lock a report's case before the report itself, as merging does: or the two would wait for each other."""
    while (case_id := _case_of(report)) is not None:
        with transaction.atomic():
            rows.lock(Case, case_id)
            if _case_of(report) == case_id:
                return
            transaction.set_rollback(True)  # merged meanwhile: let go, and lock the case that goes on


def _case_of(report: Report) -> UUID | None:
    return Report.objects.values_list("case_id", flat=True).get(pk=report.pk)


def withdraw_report(report: Report, *, words: str = "", at: datetime) -> None:
    """The reporter takes the report back: what is not filed yet ends, a case goes on until the desk decides."""
    with taking(WITHDRAW, report, by=None, at=at, note=words.strip()) as move:
        _demand_open(move)
        if move.subject.withdrawn_at is not None:
            raise Refused(_("You have withdrawn this report already."))
        move.subject.withdrawn_at = at
        if move.subject.stage in OPEN_REPORT:
            move.to = Stage.WITHDRAWN
            move.subject.ended_at = at

"""Settled on the spot (自办自结): seen, done and closed by the grid worker; a sample is looked at again by somebody else."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.attachments.actions import record as attach
from wangge.attachments.models import Attachment, Kind, Purpose
from wangge.attachments.receiving import Received, StoredFile
from wangge.audit.actions import record
from wangge.cases.actions.cases import is_drawn
from wangge.cases.actions.moving import Position, seen_from, taking
from wangge.cases.actions.reports import new_case
from wangge.cases.conditions import quota
from wangge.cases.models import Case, Clock, FilingCondition, Quota, Recheck, Report
from wangge.cases.workflow import ASK_RECHECK, FAIL_RECHECK, PASS_RECHECK, SETTLE, Stage
from wangge.common import rows
from wangge.common.refusals import Refused
from wangge.common.words import demand_short
from wangge.territory.scopes import scope_of


@transaction.atomic
def settle(
    report: Report,
    *,
    condition: FilingCondition,
    result: str,
    by: Account,
    at: datetime,
    before: Collection[StoredFile],
    after: Received,
    position: Position | None = None,
    device_at: datetime | None = None,
) -> Case:
    """Close at once what a grid worker reported and settled: the report gets a case that is closed already.

    `before` are the photos that the report came with, `after` those of how it is now, which go to the case; both are
    needed. Raises Refused where the class does not allow it, the worker has no post there, or a photo is missing.
    """
    _demand_allowed(report, condition, by, result)
    demand_short(result, "result")
    if not before:
        raise Refused(_("Please add a photo of how it was before."), field="photos")
    if not after.kept:
        raise Refused(_("Please add a photo of how it is now."), field="after_photos")
    locked = rows.lock(Report, report.pk)
    if locked.stage != Stage.RECEIVED:
        raise Refused(_("This report is being worked on already."))
    case = new_case(locked, condition, at, by=None)
    case.stage, case.settled, case.handler = Stage.CLOSED, True, by
    case.result = case.answer = result
    case.finished_at = case.closed_at = at
    case.save(force_insert=True)
    data = {
        "report": locked.number,
        "class": condition.matter.code,
        "condition": condition.text,
        "note": result,
    }
    data |= seen_from(position, device_at)
    written = record(case, kind="case", verb=SETTLE.verb, at=at, by=by, to_stage=Stage.CLOSED, data=data)
    case.save()
    attach(
        after,
        subject_kind="case",
        subject_id=case.pk,
        purpose=Purpose.AFTER,
        by=by,
        at=at,
        event_id=written.event_id,
    )
    _file(locked, case, by, at)
    return case


def _demand_allowed(report: Report, condition: FilingCondition, by: Account, result: str) -> None:
    if not condition.on_the_spot:
        raise Refused(
            _("“%(what)s” is not settled on the spot; report it, and the desk sends somebody.")
            % {"what": condition.label},
            field="condition",
        )
    if report.received_by_id != by.pk:
        raise Refused(_("You can settle only what you have reported yourself."))
    if not scope_of(by).covers(report.area_path, SETTLE.grid_roles):
        raise Refused(_("This place lies outside your grid; report it instead."), field="place")
    if not result.strip():
        raise Refused(_("Please say what you did."), field="result")


def _file(report: Report, case: Case, by: Account, at: datetime) -> None:
    Clock.objects.filter(report=report, stopped_at=None).update(stopped_at=at)
    was, report.stage = report.stage, Stage.FILED
    report.case, report.matter = case, case.matter
    report.due_at = report.amber_at = None
    report.updated_at = max(at, report.updated_at)
    record(
        report,
        kind="report",
        verb=SETTLE.verb,
        at=at,
        by=by,
        from_stage=was,
        to_stage=Stage.FILED,
        data={"case": case.number},
    )
    rows.store(report)


def draw_recheck(case: Case, *, at: datetime) -> bool:
    """Draw the sample: ask for a re-check of a settled case whose turn it is; harmless twice. Tells whether it was drawn."""
    percent = quota(Quota.Code.RECHECK_PERCENT)
    if not case.settled or not is_drawn(case.pk, 1, percent) or Recheck.objects.filter(case=case).exists():
        return False
    ask_recheck(case, by=None, at=at)
    return True


def ask_recheck(
    case: Case, *, by: Account | None, at: datetime | None = None, seen: int | None = None
) -> None:
    """Ask somebody else to look again at what was settled on the spot; fieldwork listens and makes the task."""
    with taking(ASK_RECHECK, case, by=by, at=at, seen=seen) as move:
        Recheck.objects.create(case=move.subject, asked_at=move.at)


def do_recheck(
    case: Case,
    *,
    passed: bool,
    by: Account,
    at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
    position: Position | None = None,
    device_at: datetime | None = None,
) -> None:
    """Say what the second look found; “not settled” goes to the desk, where a person decides whether to reopen.

    Like a check it asks for words, a photo or the device's position, and “not settled” for words and a photo.
    """
    step = PASS_RECHECK if passed else FAIL_RECHECK
    with taking(step, case, by=by, at=at, note=note, seen=seen) as move:
        asked = Recheck.objects.get(case=move.subject, done_at=None)
        shown = _has_check_photo(move.subject, asked.asked_at)
        if passed and not (note.strip() or position or shown):
            raise Refused(_("Please say what you found, or add a photo."), field="note")
        if not passed and not shown:
            raise Refused(_("Please add a photo that shows what is not settled."), field="photos")
        move.stood_at(position, device_at)
        asked.done_at, asked.done_by, asked.passed = move.at, by, passed
        asked.save(update_fields=["done_at", "done_by", "passed"])


def _has_check_photo(case: Case, since: datetime) -> bool:
    photos = Attachment.objects.filter(
        subject_kind="case", subject_id=case.pk, purpose=Purpose.CHECK, kind=Kind.PHOTO
    )
    return photos.filter(uploaded_at__gte=since).exists()

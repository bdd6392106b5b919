"""What a worker does on the street: say what was found, check what was mended."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.attachments import actions as attachments
from wangge.attachments.actions import AttachResult
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.receiving import Received, receive
from wangge.audit.models import Event
from wangge.cases import actions as cases
from wangge.cases.actions.moving import Position
from wangge.cases.models import Case, FilingCondition, Report
from wangge.common.refusals import Refused
from wangge.fieldwork.models import Outcome, Task, TaskKind

Photos = Sequence["File[bytes]"]
Unkept = Sequence[tuple[str, str]]  # (file name, message) of each photo that could not be kept


# The good and the bad finding of each kind of task.
OUTCOMES: dict[str, tuple[Outcome, Outcome]] = {
    TaskKind.VERIFY: (Outcome.CONFIRMED, Outcome.REFUTED),
    TaskKind.CHECK: (Outcome.PASSED, Outcome.FAILED),
    TaskKind.RECHECK: (Outcome.SETTLED, Outcome.UNSETTLED),
}


class AlreadyDone(Refused):
    """The task has been done, perhaps by this person's first tap; nothing happened this time."""


def do_verification(
    task: Task,
    *,
    confirmed: bool,
    by: Account,
    note: str = "",
    photos: Photos = (),
    position: Position | None = None,
    device_at: datetime | None = None,
    at: datetime | None = None,
) -> Unkept:
    """Say whether what was reported is there; returns (file name, message) of each photo that could not be kept.

    `position` and `device_at` say where and when the device was. Raises AlreadyDone, and Refused when it is refuted
    without a word why.
    """
    received, moment = receive(photos), at or timezone.now()
    with _doing(task, Outcome.CONFIRMED if confirmed else Outcome.REFUTED, by, moment) as locked:
        report = locked.report
        assert report is not None, "a verification is of a report"
        kept = _keep(received, locked, Purpose.EVIDENCE, by, moment)
        cases.report_finding(
            report,
            confirmed=confirmed,
            by=by,
            at=moment,
            note=note.strip(),
            position=position,
            device_at=device_at,
        )
        _came_with(kept, report)
    return kept.refused


def do_check(
    task: Task,
    *,
    passed: bool,
    by: Account,
    note: str = "",
    photos: Photos = (),
    position: Position | None = None,
    device_at: datetime | None = None,
    at: datetime | None = None,
) -> Unkept:
    """Say whether it is mended, or whether what a colleague settled on the spot is: whatever the task asks.

    `position` and `device_at` say where and when the device was. Returns (file name, message) of each photo that could
    not be kept. Raises AlreadyDone, and Refused when it is not well and there is no word or no photo that shows it, or
    well and there is nothing at all.
    """
    received, moment = receive(photos), at or timezone.now()
    well, not_well = OUTCOMES[task.kind]
    with (
        _naming_bad_photos(received),
        _doing(task, well if passed else not_well, by, moment) as locked,
    ):
        case = locked.case
        assert case is not None, "a check is of a case"
        kept = _keep(received, locked, Purpose.CHECK, by, moment)
        _checking(locked, passed)(
            case, note=note.strip(), by=by, at=moment, position=position, device_at=device_at
        )
        _came_with(kept, case)
    return kept.refused


def _checking(task: Task, passed: bool) -> Callable[..., None]:
    if task.kind == TaskKind.RECHECK:
        return partial(cases.do_recheck, passed=passed)
    return cases.pass_check if passed else cases.fail_check


@transaction.atomic
def settle_on_the_spot(
    draft: cases.Draft,
    *,
    condition: FilingCondition,
    result: str,
    before: Received,
    after: Received,
    by: Account,
    position: Position | None = None,
    device_at: datetime | None = None,
) -> Case:
    """Receive what a worker saw and close it at once, with the photos of before and after; all of it or nothing.

    The same form sent twice is one report and one case. `before` and `after` are what `attachments.receiving.receive`
    returned. Raises Refused with the field it concerns.
    """
    received = cases.receive_report(draft)
    report = Report.objects.select_related("case").get(pk=received.id)
    if report.case is not None and report.case.settled:
        return report.case
    attachments.record(
        before, subject_kind="report", subject_id=report.pk, purpose=Purpose.REPORT, by=by, at=draft.at
    )
    return cases.settle(
        report,
        condition=condition,
        result=result.strip(),
        by=by,
        at=draft.at,
        before=before.kept,
        after=after,
        position=position,
        device_at=device_at,
    )


@contextmanager
def _doing(task: Task, outcome: Outcome, by: Account, at: datetime) -> Iterator[Task]:
    """Lock the task, let the step and its photos happen, mark it done: one transaction."""
    with transaction.atomic():
        locked = Task.objects.select_for_update(of=("self",)).select_related("report", "case").get(pk=task.pk)
        if locked.done_at is not None:
            raise AlreadyDone(_("This task is done already."))
        yield locked
        locked.done_at, locked.done_by, locked.outcome = at, by, outcome
        locked.save(update_fields=["done_at", "done_by", "outcome"])
    task.refresh_from_db()


def _keep(received: Received, task: Task, purpose: Purpose, by: Account, at: datetime) -> AttachResult:
    """Attach the photos before the step: it asks for them."""
    return attachments.record(
        received,
        subject_kind="report" if task.report else "case",
        subject_id=task.subject.pk,
        purpose=purpose,
        by=by,
        at=at,
    )


def _came_with(kept: AttachResult, subject: Report | Case) -> None:
    """Name the event that the photos came with: the step just taken."""
    step = Event.objects.only("pk").get(subject_id=subject.pk, seq=subject.event_seq)
    Attachment.objects.filter(pk__in=[photo.pk for photo in kept.kept]).update(event_id=step.pk)


@contextmanager
def _naming_bad_photos(received: Received) -> Iterator[None]:
    """When a photo is asked for, name those that came and could not be kept."""
    try:
        yield
    except Refused as refused:
        if refused.field != "photos":
            raise
        bad = [f"{name}: {message}" for name, message in received.refused]
        raise Refused(" ".join([*bad, str(refused)]), field="photos") from refused

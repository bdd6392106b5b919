"""What somebody needs to know who stands on the spot: what was said, what was done, the photos, may they."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Account
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.queries import attachments_of
from wangge.cases import permissions
from wangge.cases.models import Case, Report
from wangge.cases.workflow import FIND, PASS_CHECK, PASS_RECHECK
from wangge.fieldwork.models import Task, TaskKind

HANDLED_IT = _("You handled this case yourself; somebody else has to check it.")


@dataclass(frozen=True)
class Spot:
    """One task as its page shows it; `impossible` says why this person cannot do it now, None when they can."""

    subject: Report | Case
    said: str
    before: Sequence[Attachment]
    after: Sequence[Attachment]
    found: Sequence[Attachment]
    impossible: str | Promise | None


def spot_of(task: Task, person: Account) -> Spot:
    """Gather what the page of a task shows, in a number of statements that does not grow."""
    return _of_case(task, person) if task.case else _of_report(task, person)


def _of_report(task: Task, person: Account) -> Spot:
    report = task.report
    assert report is not None
    files = (
        attachments_of("report", [report.pk])[report.pk] if permissions.may_see_report(person, report) else []
    )
    found = [file for file in files if file.purpose == Purpose.EVIDENCE]
    before = [file for file in files if file.purpose != Purpose.EVIDENCE]
    return Spot(report, report.text, before, [], found, permissions.refusal(FIND, report, person))


def _of_case(task: Task, person: Account) -> Spot:
    case = task.case
    assert case is not None
    reports = [
        r
        for r in case.reports.select_related("case").order_by("number")
        if permissions.may_see_report(person, r)
    ]
    files = attachments_of("case", [case.pk])[case.pk] if permissions.may_see_case(person, case) else []
    said = attachments_of("report", [report.pk for report in reports])
    return Spot(
        subject=case,
        said=reports[0].text if reports else "",
        before=[file for files in said.values() for file in files if file.purpose != Purpose.EVIDENCE],
        after=[file for file in files if file.purpose == Purpose.AFTER],
        found=[file for file in files if file.purpose == Purpose.CHECK],
        impossible=_impossible(task, case, person),
    )


def _impossible(task: Task, case: Case, person: Account) -> str | Promise | None:
    if task.kind == TaskKind.RECHECK:
        return permissions.refusal(PASS_RECHECK, case, person)
    return HANDLED_IT if case.handler_id == person.pk else permissions.refusal(PASS_CHECK, case, person)

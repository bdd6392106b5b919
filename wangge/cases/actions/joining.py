"""Reports pointed at other cases: merging two cases, and splitting a report off; nothing is deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.audit.actions import record
from wangge.cases.actions.confidence import join_names, take_names_back
from wangge.cases.actions.ending import end_as_void
from wangge.cases.actions.moving import require, taking
from wangge.cases.models import Case, ClockKind, Report
from wangge.cases.permissions import refusal
from wangge.cases.workflow import MERGE, OPEN_CASE, SPLIT
from wangge.common import rows
from wangge.common.refusals import Refused

MOVED = "moved"  # what merging does to a report: no decision on it, and no news to its reporter


def merge_case(
    case: Case,
    *,
    into: Case,
    by: Account,
    at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Merge a case into another one: its reports point there, and it is void with a trace of where it went."""
    require(into, _("Choose the case that goes on."), "case")
    if into.pk == case.pk:
        raise Refused(_("A case is not merged into itself."), field="case")
    # Two cases are locked in the order of their keys: two people who merge them both ways do not wait for ever.
    with taking(MERGE, case, by=by, at=at, note=note, seen=seen, beside=into) as move:
        other = move.beside
        assert isinstance(other, Case)
        if other.stage not in OPEN_CASE:
            raise Refused(
                _("Case %(number)s has ended; choose an open one.") % {"number": other.number}, field="case"
            )
        if other.confidential != move.subject.confidential:
            raise Refused(
                _("A confidential case is merged only with another confidential one."), field="case"
            )
        if sentence := refusal(MERGE, other, by):
            raise Refused(sentence, field="case")
        if other.confidential:
            join_names(move.subject, other)
        moved = [_point(report, other, by, move.at) for report in _reports(move.subject)]
        move.subject.merged_into = other
        move.data.update(case=other.number, reports=moved)
        end_as_void(move, answer=_("Merged into case %(number)s.") % {"number": other.number})
        _note_joined(other, move.subject, by, move.at, moved)


def _reports(case: Case) -> list[Report]:
    keys = Report.objects.filter(case=case).order_by("pk").values_list("pk", flat=True)
    return [rows.lock(Report, key) for key in keys]


def _point(report: Report, other: Case, by: Account, at: datetime) -> int:
    report.case = other
    report.updated_at = max(at, report.updated_at)
    data = {"case": other.number}
    record(
        report,
        kind="report",
        verb=MOVED,
        at=at,
        by=by,
        from_stage=report.stage,
        to_stage=report.stage,
        data=data,
    )
    rows.store(report)
    return report.number


def _note_joined(other: Case, merged: Case, by: Account, at: datetime, moved: list[int]) -> None:
    """The case that goes on says what came to it."""
    data = {"case": merged.number, "reports": moved}
    stage = other.stage
    record(other, kind="case", verb="merged", at=at, by=by, from_stage=stage, to_stage=stage, data=data)
    other.updated_at = max(at, other.updated_at)
    rows.store(other)


@contextmanager
def _holding_the_case_of(report: Report) -> Iterator[None]:
    """Lock the case before its report: two who split at once would each see the other report stay."""
    with transaction.atomic():
        if report.case_id is not None:
            rows.lock(Case, report.case_id)
        yield


def split_report(
    report: Report, *, note: str, by: Account, at: datetime | None = None, seen: int | None = None
) -> None:
    """Take a report off its case, to be decided anew: it was about something else after all."""
    with _holding_the_case_of(report), taking(SPLIT, report, by=by, at=at, note=note, seen=seen) as move:
        case = move.subject.case
        assert case is not None, "a filed report points at its case"
        move.data["case"] = case.number
        if move.subject.confidential:
            take_names_back(move.subject, case)
        move.subject.case = None
        move.judge_by(move.start(ClockKind.ACCEPT))

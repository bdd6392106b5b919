"""Confidential matters: only named handlers see them; every change of the names is in the access log."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.attachments.actions import withhold
from wangge.attachments.models import Attachment
from wangge.audit.actions import record_access
from wangge.cases.actions.moving import Move, require, taking
from wangge.cases.models import Case, NamedHandler, Report
from wangge.cases.permissions import is_chief_of
from wangge.cases.workflow import HIDE_CASE, HIDE_REPORT, NAME_HANDLERS
from wangge.common.refusals import Refused


def hide_report(
    report: Report,
    *,
    handlers: Collection[Account],
    by: Account,
    at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Make a report confidential: only the named handlers see it from now on, and nothing of it is public."""
    with taking(HIDE_REPORT, report, by=by, at=at, note=note, seen=seen) as move:
        become_confidential(move.subject)
        _name(move, handlers)


def hide_case(
    case: Case,
    *,
    handlers: Collection[Account],
    by: Account,
    at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Make a case and its reports confidential."""
    with taking(HIDE_CASE, case, by=by, at=at, note=note, seen=seen) as move:
        become_confidential(move.subject)
        _name(move, handlers)


def become_confidential(subject: Report | Case) -> None:
    """Close a matter to everybody but its named handlers, and to the public; while none of these is a duty chief, to the duty chiefs."""
    subject.confidential = True
    if isinstance(subject, Report):
        subject.published_at, subject.public_text = None, ""
        _close_photos("report", [subject.pk])
        return
    reports = Report.objects.filter(case=subject)
    reports.update(confidential=True, published_at=None, public_text="")
    _close_photos("case", [subject.pk])
    _close_photos("report", reports.values_list("pk", flat=True))


def name_handlers(
    case: Case,
    *,
    handlers: Collection[Account],
    by: Account,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """Say anew who works on a confidential case."""
    with taking(NAME_HANDLERS, case, by=by, at=at, seen=seen) as move:
        _name(move, handlers)


def _name(move: "Move[Report] | Move[Case]", handlers: Collection[Account]) -> None:
    require(handlers, _("Name at least one handler, or nobody would work on it."), "handlers")
    if not any(is_chief_of(account, move.subject) for account in handlers):
        raise Refused(
            _("Name a duty chief of this place too, or nobody could file, close or name others."), "handlers"
        )
    kind = "case" if isinstance(move.subject, Case) else "report"
    owner: dict[str, Any] = {kind: move.subject}
    NamedHandler.objects.filter(**owner).exclude(account__in=handlers).delete()
    NamedHandler.objects.bulk_create(
        [NamedHandler(**owner, account=account, named_at=move.at) for account in handlers],
        ignore_conflicts=True,
    )
    names = sorted(account.username for account in handlers)
    move.data["handlers"] = len(names)
    record_access(
        "handlers_named",
        by=move.by,
        at=move.at,
        subject_kind=kind,
        subject_id=move.subject.pk,
        detail={"handlers": names},
    )


def _close_photos(kind: str, keys: Iterable[object]) -> None:
    for photo in Attachment.objects.filter(subject_kind=kind, subject_id__in=list(keys)).exclude(
        published_at=None
    ):
        withhold(photo)


def hand_over_names(report: Report, case: Case) -> None:
    """Let the case of a confidential report have the report's named handlers."""
    _copy(NamedHandler.objects.filter(report=report), case=case)


def take_names_back(report: Report, case: Case) -> None:
    """Let a report that leaves its confidential case have exactly the handlers the case has now."""
    NamedHandler.objects.filter(report=report).delete()
    _copy(NamedHandler.objects.filter(case=case), report=report)


def join_names(case: Case, into: Case) -> None:
    """Let whoever was named for a merged case go on seeing its reports in the case that goes on."""
    _copy(NamedHandler.objects.filter(case=case), case=into)


def _copy(named: QuerySet[NamedHandler], **owner: Report | Case) -> None:
    NamedHandler.objects.bulk_create(
        [NamedHandler(**owner, account_id=row.account_id, named_at=row.named_at) for row in named],
        ignore_conflicts=True,
    )

"""What a person said, deleted for good at their wish; that there was a report, and what was done about it, stays."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole
from wangge.attachments import actions as files
from wangge.attachments.models import Attachment
from wangge.audit.actions import erase_words, record
from wangge.cases.actions.blanking import Text, blank_texts, demand_reason
from wangge.cases.actions.places import draw_back, to_the_street
from wangge.cases.actions.tracing import ERASED, cases_of
from wangge.cases.models import Case, Rating, Report, ReporterContact
from wangge.cases.notices import outsider_named
from wangge.cases.workflow import OPEN_REPORT
from wangge.common import rows
from wangge.common.refusals import Refused
from wangge.notifications import actions as notifications


@transaction.atomic
def erase_report(
    report: Report,
    *,
    by: Account,
    why: str,
    at: datetime,
    blank: Iterable[Text] = (),
    keep_place: bool = False,
) -> None:
    """Delete words, address, photos and contact of a report that has ended, and the words of its events.

    `blank` are texts of handlers that name the person and are to go as well (`look_for_texts` finds them). Class, area,
    stage and moments stay, so that it is counted; the address of its case goes with the last report that named it. The
    point is drawn back to the street segment, unless the place itself is the matter (`keep_place`: a lamp, a hole in
    the road). Written into the access log with the reason. Raises Refused.
    """
    demand_role(by, AdminRole.SECURITY)
    demand_reason(why)
    # Before their report, like every other step.
    cases: list[Case] = [rows.lock(Case, case.pk) for case in cases_of(report)]
    locked = rows.lock(Report, report.pk)
    _demand_ended(locked)
    _forget_beside(locked, at)
    for case in cases:
        draw_back(locked, case, by=by, why=why.strip(), at=at, keep_place=keep_place)
    if not keep_place:
        to_the_street(locked)
    locked.text = locked.public_text = locked.address = ""
    locked.attributes, locked.published_at, locked.street_only = {}, None, True
    erase_words(locked, kind="report", by=by, at=at, purpose=why.strip())
    stage = locked.stage
    stood_in = {"cases": [case.number for case in cases]}  # texts may be looked for in them once more
    record(locked, kind="report", verb=ERASED, at=at, by=by, from_stage=stage, to_stage=stage, data=stood_in)
    locked.updated_at = max(at, locked.updated_at)
    rows.store(locked)
    blank_texts(blank, by=by, why=why, at=at)


def _demand_ended(report: Report) -> None:
    if report.stage in OPEN_REPORT or (report.case is not None and report.case.closed_at is None):
        raise Refused(
            _("Report %(number)s is still being worked on; it can be erased when it has ended.")
            % {"number": report.number}
        )


def _forget_beside(report: Report, at: datetime) -> None:
    """Contact, messages on their way, photos, and the words of a rating."""
    ReporterContact.objects.filter(report=report).delete()
    notifications.forget(outsider_named(report.pk), at=at)
    Rating.objects.filter(report=report).update(words="")
    files.erase(Attachment.objects.filter(subject_kind="report", subject_id=report.pk), at=at)

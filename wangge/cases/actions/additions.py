"""What a reporter adds to a report while the matter is open."""

from datetime import datetime

from django.utils.translation import gettext as _

from wangge.attachments.actions import record as attach
from wangge.attachments.models import Purpose
from wangge.attachments.receiving import Received as Files
from wangge.cases.actions.moving import taking
from wangge.cases.actions.receive import MAX_TEXT
from wangge.cases.models import Report
from wangge.cases.workflow import ADD
from wangge.common.refusals import Refused

NO_FILES = Files((), ())


def add_to_report(report: Report, *, words: str = "", photos: Files = NO_FILES, at: datetime) -> None:
    """Keep words and photos that the reporter adds while the matter is open; no clock moves.

    `photos` is what `attachments.receiving.receive` returned: cleaning takes time and must not hold the row.
    """
    words = words.strip()
    if not words and not photos.kept:
        raise Refused(_("Please write something or choose a photo."), field="words")
    if len(words) > MAX_TEXT:
        raise Refused(
            _("This has %(length)d characters; at most %(most)d can be kept. Please shorten it.")
            % {"length": len(words), "most": MAX_TEXT},
            field="words",
        )
    with taking(ADD, report, by=None, at=at, note=words) as move:
        if move.subject.case is not None and move.subject.case.closed_at is not None:
            raise Refused(_("This matter is closed. If it is not solved, please say so when rating."))
        move.data["photos"] = len(photos.kept)
        attach(
            photos,
            subject_kind="report",
            subject_id=move.subject.pk,
            purpose=Purpose.COMMENT,
            by=None,
            at=at,
        )

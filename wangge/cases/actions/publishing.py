"""What the public may read and see, decided by a person who looked; every decision leaves an event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wangge.accounts.models import Account
from wangge.attachments import actions as attachments
from wangge.attachments.images import Box
from wangge.attachments.models import Attachment
from wangge.cases.actions.moving import Move, taking
from wangge.cases.models import Case, Report
from wangge.cases.workflow import PUBLISH, PUBLISH_PHOTO
from wangge.common.words import demand_short


def publish_report(
    report: Report, *, text: str, by: Account, at: datetime | None = None, seen: int | None = None
) -> None:
    """Publish what a person has looked at of a report's description; an empty text withholds it."""
    words = text.strip()
    demand_short(words, "text")
    with taking(PUBLISH, report, by=by, at=at, seen=seen) as move:
        let_public_read(move, words)


def let_public_read(move: Move[Report], words: str) -> None:
    """Let the public read these words of a report; with none nothing."""
    move.subject.public_text = words
    move.subject.published_at = move.at if words else None
    move.data["publication"] = "words_published" if words else "words_withheld"


def publish_photo(
    subject: Report | Case, photo: Attachment, *, public: bool, by: Account, at: datetime | None = None
) -> None:
    """Let the public see a photo of a report or case, or take it back."""
    if isinstance(subject, Case):
        with taking(PUBLISH_PHOTO, subject, by=by, at=at) as of_case:
            _decide(of_case, photo, public=public, by=by)
    else:
        with taking(PUBLISH, subject, by=by, at=at) as of_report:
            _decide(of_report, photo, public=public, by=by)


def _decide(move: Move[Any], photo: Attachment, *, public: bool, by: Account) -> None:
    if public:
        attachments.publish(photo, by=by, at=move.at)
    else:
        attachments.withhold(photo)
    move.data.update(publication="photo_published" if public else "photo_withheld", photo=str(photo.pk))


def blur_photo(
    subject: Report | Case,
    photo: Attachment,
    *,
    boxes: Sequence[Box],
    by: Account,
    at: datetime | None = None,
) -> Attachment:
    """Make a copy with these boxes (pixels of the full size) unrecognisable, not yet public; the original is sealed."""
    if isinstance(subject, Case):
        with taking(PUBLISH_PHOTO, subject, by=by, at=at) as of_case:
            return _blur(of_case, photo, boxes, by)
    with taking(PUBLISH, subject, by=by, at=at) as of_report:
        return _blur(of_report, photo, boxes, by)


def _blur(move: Move[Any], photo: Attachment, boxes: Sequence[Box], by: Account) -> Attachment:
    copy = attachments.blur(photo, boxes=boxes, by=by, at=move.at)
    move.data.update(publication="photo_blurred", photo=str(copy.pk))
    return copy

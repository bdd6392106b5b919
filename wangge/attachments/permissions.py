"""Who may see a file that is not published: answered by whoever owns its subject, and by nobody otherwise.

Subjects lie above this package, so they register here, from their own `AppConfig.ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from wangge.accounts.models import Person
from wangge.attachments.models import Attachment

Checker = Callable[[Person, UUID], bool]


def nobody(viewer: Person, subject_id: UUID) -> bool:
    """Refuse everybody."""
    return False


@dataclass(frozen=True)
class Checkers:
    """Who may see the files of one kind of subject, and who the sealed ones among them."""

    files: Checker = nobody
    sealed: Checker = nobody


_checkers: dict[str, Checkers] = {}


def register(subject_kind: str, may_see: Checker, *, may_see_sealed: Checker = nobody) -> None:
    """Let `may_see(account, subject_id)` decide over the unpublished files of this kind of subject.

    Sealed files (originals of blurred photos, confidential evidence) need `may_see_sealed` as well.
    """
    _checkers[subject_kind] = Checkers(may_see, may_see_sealed)


def unregister(subject_kind: str) -> None:
    """Forget a kind of subject; its unpublished files are then seen by nobody."""
    _checkers.pop(subject_kind, None)


def may_see(viewer: Person, attachment: Attachment) -> bool:
    """Say whether this person may see this file; published files are everybody's, unknown subjects nobody's."""
    if attachment.is_public:
        return True
    checkers = _checkers.get(attachment.subject_kind, Checkers())
    if not checkers.files(viewer, attachment.subject_id):
        return False
    return not attachment.sealed or checkers.sealed(viewer, attachment.subject_id)

"""Publishing a draft: at once or on a day, all of it or nothing."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole
from wangge.cases import clocks
from wangge.cases.configuration import versions
from wangge.cases.configuration.content import Content, differences, published
from wangge.cases.configuration.drafts import DraftContent, content_with, log, overtaken
from wangge.cases.configuration.linter import blocking
from wangge.cases.configuration.tables import TABLES
from wangge.cases.models import ConfigDraft, ConfigVersion, DryRun
from wangge.common.refusals import Refused


@transaction.atomic
def publish(
    draft: ConfigDraft, *, note: str, by: Account, at: datetime, address: str | None = None
) -> ConfigVersion:
    """Make a draft the configuration in force, now. Running cases keep what they were filed with. Raises Refused."""
    demand_role(by, AdminRole.SYSTEM)
    versions.wait_for_turn()
    draft = _lock(draft)
    if not note.strip():
        raise Refused(_("Say why this is published; the history keeps it."), field="note")
    both = _ready(draft)
    return _take_effect(draft, both, note=note.strip(), by=by, at=at, address=address)


@transaction.atomic
def publish_later(
    draft: ConfigDraft, *, note: str, due_at: datetime, by: Account, at: datetime, address: str | None = None
) -> None:
    """Decide a draft now and let it take effect at a moment. Raises Refused."""
    demand_role(by, AdminRole.SYSTEM)
    draft = _lock(draft)
    if not note.strip():
        raise Refused(_("Say why this is published; the history keeps it."), field="note")
    if due_at <= at:
        raise Refused(_("This moment has passed; choose a later one."), field="due_at")
    _ready(draft)
    ConfigDraft.objects.filter(pk=draft.pk).update(
        note=note.strip(), due_at=due_at, decided_by=by, failure=""
    )
    log("configuration_decided", draft, by, at, address, {"title": draft.title, "from": due_at.isoformat()})


@transaction.atomic
def take_decision_back(draft: ConfigDraft, *, by: Account, at: datetime, address: str | None = None) -> None:
    """Let a draft that waits for its day be an open draft again."""
    demand_role(by, AdminRole.SYSTEM)
    draft = _lock(draft)
    if draft.due_at is None:
        raise Refused(_("Nothing is decided about this draft; somebody else may have taken it back."))
    ConfigDraft.objects.filter(pk=draft.pk).update(due_at=None, decided_by=None, failure="")
    log("configuration_undecided", draft, by, at, address, {"title": draft.title})


def publish_due(*, at: datetime) -> int:
    """Let every draft whose moment has come take effect; one that cannot stays, with the reason. Returns how many did."""
    due = ConfigDraft.objects.filter(version=None, discarded_at=None, due_at__lte=at).order_by("due_at")
    return sum(_publish_one_due(draft, at) for draft in due)


def _publish_one_due(draft: ConfigDraft, at: datetime) -> bool:
    try:
        with transaction.atomic():
            versions.wait_for_turn()
            locked = _lock(draft)
            if locked.due_at is None or locked.due_at > at:
                return False
            _take_effect(locked, _ready(locked), note=locked.note, by=locked.decided_by, at=at)
    except Refused as refusal:
        ConfigDraft.objects.filter(pk=draft.pk, version=None).update(failure=str(refusal))
        return False
    return True


def _lock(draft: ConfigDraft) -> ConfigDraft:
    locked = ConfigDraft.objects.select_for_update().get(pk=draft.pk)
    if not locked.is_open:
        raise Refused(_("This draft is no longer open."))
    return locked


def _ready(draft: ConfigDraft) -> DraftContent:
    """Return both sides; refuse what nobody has tried, what contradicts itself, and what others published meanwhile."""
    if not draft.changes.exists():
        raise Refused(_("This draft changes nothing."))
    both = content_with(draft)
    if late := overtaken(draft, both.published):
        raise Refused(
            _(
                "%(number)d rows were published otherwise after this draft changed them. Decide about them first."
            )
            % {"number": len(late)}
        )
    if faults := blocking(both.published, both.wanted):
        raise Refused(
            _("The draft has %(number)d errors; the first: %(first)s")
            % {"number": len(faults), "first": faults[0].sentence}
        )
    if not has_fresh_dry_run(draft):
        raise Refused(_("Make a dry run first: the draft has changed since the last one, or there was none."))
    return both


def has_fresh_dry_run(draft: ConfigDraft) -> bool:
    """Tell whether the draft was tried as it is now."""
    return DryRun.objects.filter(draft=draft, ran_at__gte=draft.changed_at).exists()


def _take_effect(
    draft: ConfigDraft,
    both: DraftContent,
    *,
    note: str,
    by: Account | None,
    at: datetime,
    address: str | None = None,
) -> ConfigVersion:
    versions.note_outside_changes(at=at, now=both.published)
    try:
        with transaction.atomic():
            _write(both.published, both.wanted)
    except (IntegrityError, ProtectedError, KeyError) as error:
        raise Refused(
            _("The changes contradict what is stored: %(why)s") % {"why": str(error).splitlines()[0]}
        ) from error
    version = versions.record(published(), by=by, at=at, note=note)
    ConfigDraft.objects.filter(pk=draft.pk).update(version=version, note=note)
    detail = {"title": draft.title, "version": version.number, "rows": draft.changes.count()}
    log("configuration_published", draft, by, at, address, detail)
    transaction.on_commit(clocks.look_again)
    return version


def _write(now: Content, wanted: Content) -> None:
    """Write what differs, first what others name; delete last, and in the other order."""
    changes = list(differences(now, wanted))
    for name, table in TABLES.items():
        rows = {row.key: row.after for row in changes if row.table == name and row.after is not None}
        if rows:
            table.store(rows)
    for name, table in reversed(TABLES.items()):
        if gone := [row.key for row in changes if row.table == name and row.after is None]:
            table.delete(gone)

"""Drafts: what shall be otherwise, row by row, until somebody publishes it or gives it up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole
from wangge.audit.actions import record_access
from wangge.cases.configuration.content import Content, Difference, changed, differences, published
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.table import IN_FORCE, Row, Table
from wangge.cases.configuration.tables import TABLES
from wangge.cases.configuration.versions import content_of
from wangge.cases.models import ConfigChange, ConfigDraft, ConfigImport, ConfigVersion
from wangge.common.refusals import Refused


class StaleRow(Refused):
    """Somebody else changed the row after the form was drawn; says who and when, loses nothing."""


@dataclass(frozen=True)
class DraftContent:
    """What is published and what it would be with the draft's changes."""

    published: Content
    wanted: Content


def content_with(draft: ConfigDraft) -> DraftContent:
    """Read both sides of a draft."""
    now = published()
    return DraftContent(now, changed(now, draft.changes.all()))


@transaction.atomic
def open_draft(
    title: str, *, by: Account, at: datetime, address: str | None = None, like: ConfigVersion | None = None
) -> ConfigDraft:
    """Begin a draft; `like` makes it say what an old version said. Raises Refused."""
    demand_role(by, AdminRole.SYSTEM)
    if not title.strip():
        raise Refused(_("Say in a few words what the draft is for."), field="title")
    draft = ConfigDraft.objects.create(title=title.strip(), made_by=by, made_at=at, changed_at=at)
    if like is not None:
        _go_back(draft, like, by, at)
    detail: dict[str, object] = {"title": draft.title, "version": like.number if like else None}
    log("configuration_drafted", draft, by, at, address, detail)
    return draft


def log(
    act: str,
    draft: ConfigDraft,
    by: Account | None,
    at: datetime,
    address: str | None,
    detail: dict[str, object],
) -> None:
    """Write into the access log what was done with a draft."""
    record_access(
        act, by=by, at=at, subject_kind="configuration", subject_id=draft.pk, address=address, detail=detail
    )


def _go_back(draft: ConfigDraft, version: ConfigVersion, by: Account, at: datetime) -> None:
    """Ask for every row as it was; what came later and cannot be deleted is taken out of force."""
    for difference in differences(published(), content_of(version)):
        table, after = TABLES[difference.table], difference.after
        if after is None and table.ends_in_force:
            after = {**(difference.before or {}), IN_FORCE: False}
        if after != difference.before and not (after is None and table.fixed):
            _put(draft, table, difference.key, after, difference.before, by, at)


def _put(
    draft: ConfigDraft,
    table: Table,
    key: str,
    after: Row | None,
    before: Row | None,
    by: Account,
    at: datetime,
    revision: int = 1,
) -> None:
    ConfigChange.objects.update_or_create(
        draft=draft,
        table=table.name,
        key=key,
        defaults={"before": before, "after": after, "by": by, "at": at, "revision": revision},
    )


@transaction.atomic
def change_row(
    draft: ConfigDraft, table: Table, row: Row, *, key: str, seen: int, by: Account, at: datetime
) -> str:
    """Let a draft ask for a row; `key` is empty for a new one, `seen` the revision the form was drawn with.

    Returns the row's key. Raises Refused, StaleRow when somebody changed the same row meanwhile.
    """
    draft = _lock(draft, by)
    table.check(row)
    new_key = table.key_of(row)
    now = table.load()
    change = ConfigChange.objects.filter(draft=draft, table=table.name, key=key or new_key).first()
    if not key:
        _demand_new(table, new_key, now, change)
    elif new_key != key:
        raise Refused(_("What tells this row from others cannot be changed; take it away and add another."))
    _demand_fresh(change, seen if key else change.revision if change else 0)
    before = now.get(new_key)
    if row == before:
        ConfigChange.objects.filter(draft=draft, table=table.name, key=new_key).delete()
    else:
        _put(draft, table, new_key, row, before, by, at, revision=(change.revision if change else 0) + 1)
    _touch(draft, at)
    return new_key


def _lock(draft: ConfigDraft, by: Account) -> ConfigDraft:
    """Take the draft for this transaction; raises Refused when it is no longer open or already decided."""
    demand_role(by, AdminRole.SYSTEM)
    locked = ConfigDraft.objects.select_for_update().get(pk=draft.pk)
    if not locked.is_open:
        raise Refused(_("This draft is no longer open."))
    if locked.due_at is not None:
        raise Refused(_("This draft waits for its day. Take the decision back first, then change it."))
    return locked


def _demand_new(table: Table, key: str, now: dict[str, Row], change: ConfigChange | None) -> None:
    if table.fixed:
        raise Refused(_("Rows of this table are changed, not added."))
    if (key in now and not (change and change.after is None)) or (change and change.after is not None):
        raise Refused(_("There is such a row already."), field=table.key[-1])


def _demand_fresh(change: ConfigChange | None, seen: int) -> None:
    there = change.revision if change else 0
    if there == seen:
        return
    if change is None:
        raise StaleRow(
            _("Somebody took the change of this row back after you opened it. Your words are still here.")
        )
    moment = timezone.localtime(change.at).strftime("%m-%d %H:%M")
    raise StaleRow(
        _(
            "%(who)s changed this row at %(moment)s, after you opened it. Your words are still here: "
            "look at the other change, then save again."
        )
        % {"who": change.by.name, "moment": moment}
    )


def _touch(draft: ConfigDraft, at: datetime) -> None:
    ConfigDraft.objects.filter(pk=draft.pk).update(changed_at=max(at, draft.changed_at), failure="")


@transaction.atomic
def remove_row(draft: ConfigDraft, table: Table, key: str, *, by: Account, at: datetime) -> None:
    """Let a draft do without a row: deleted, or taken out of force where matters of the past point at it."""
    draft = _lock(draft, by)
    if table.fixed:
        raise Refused(_("Rows of this table are changed, not taken away."))
    before = table.load().get(key)
    change = ConfigChange.objects.filter(draft=draft, table=table.name, key=key).first()
    if before is None and change is None:
        raise Refused(_("There is no such row; somebody else may have taken it away."))
    if before is None:
        ConfigChange.objects.filter(draft=draft, table=table.name, key=key).delete()
    else:
        after = {**before, IN_FORCE: False} if table.ends_in_force else None
        _put(draft, table, key, after, before, by, at, revision=(change.revision if change else 0) + 1)
    _touch(draft, at)


@transaction.atomic
def take_back(draft: ConfigDraft, table: Table, key: str, *, by: Account, at: datetime) -> None:
    """Leave a row as it is published."""
    draft = _lock(draft, by)
    _change(draft, table, key).delete()
    _touch(draft, at)


def _change(draft: ConfigDraft, table: Table, key: str) -> ConfigChange:
    """What a draft wants of a row; raises Refused where it wants nothing."""
    found = ConfigChange.objects.filter(draft=draft, table=table.name, key=key).first()
    if found is None:
        raise Refused(_("The draft changes no such row; somebody else may have taken the change back."))
    return found


@transaction.atomic
def keep_anyway(draft: ConfigDraft, table: Table, key: str, *, by: Account, at: datetime) -> None:
    """Want the row as the draft has it although it was published otherwise meanwhile."""
    draft = _lock(draft, by)
    change = _change(draft, table, key)
    change.before, change.by, change.at = table.load().get(key), by, at
    change.save(update_fields=["before", "by", "at"])
    _touch(draft, at)


def overtaken(draft: ConfigDraft, now: Content) -> list[ConfigChange]:
    """The changes whose row was published otherwise after the draft changed it."""
    return [
        change
        for change in draft.changes.select_related("by")
        if now[change.table].get(change.key) not in (change.before, change.after)
    ]


@transaction.atomic
def keep_import(
    draft: ConfigDraft, name: str, rows: Sequence[Difference], *, by: Account, at: datetime
) -> ConfigImport:
    """Keep a sheet that was read without fault until somebody has looked at what it would change."""
    draft = _lock(draft, by)
    draft.imports.all().delete()
    said = [{"table": row.table, "key": row.key, "after": row.after} for row in rows]
    return ConfigImport.objects.create(draft=draft, name=name[:200], by=by, at=at, rows=said)


@transaction.atomic
def take_import(kept: ConfigImport, *, by: Account, at: datetime, address: str | None = None) -> int:
    """Let the draft ask for every row of a sheet; returns how many."""
    draft = _lock(kept.draft, by)
    now = published()
    revisions = dict(draft.changes.values_list("pk", "revision"))
    known = {(change.table, change.key): change for change in draft.changes.all()}
    for said in kept.rows:
        table, key, after = TABLES[said["table"]], said["key"], said["after"]
        change = known.get((table.name, key))
        before = now[table.name].get(key)
        if after == before:
            ConfigChange.objects.filter(draft=draft, table=table.name, key=key).delete()
            continue
        revision = (revisions[change.pk] if change else 0) + 1
        _put(draft, table, key, after, before, by, at, revision=revision)
    _touch(draft, at)
    log("configuration_imported", draft, by, at, address, {"file": kept.name, "rows": len(kept.rows)})
    rows = len(kept.rows)
    kept.delete()
    return rows


@transaction.atomic
def discard(draft: ConfigDraft, *, by: Account, at: datetime, address: str | None = None) -> None:
    """Give a draft up; its changes stay readable."""
    draft = _lock(draft, by)
    ConfigDraft.objects.filter(pk=draft.pk).update(discarded_at=at)
    draft.imports.all().delete()
    log("configuration_discarded", draft, by, at, address, {"title": draft.title})


def open_drafts() -> Iterable[ConfigDraft]:
    """Drafts that are neither published nor given up."""
    return ConfigDraft.objects.filter(version=None, discarded_at=None).select_related("made_by", "decided_by")


def read_row(table: Table, texts: dict[str, str], facts: Facts) -> tuple[Row, dict[str, str]]:
    """Read the texts of a row; returns it with the faults by column, and the row is whole only without any."""
    row: Row = {}
    faults: dict[str, str] = {}
    for column in table.columns:
        text = texts.get(column.name, "").strip()
        default = column.default
        row[column.name] = list(default) if isinstance(default, tuple) else default
        if not text:
            if column.required:
                faults[column.name] = _("Please fill this in.")
            continue
        try:
            row[column.name] = column.cell.read(text, facts)
        except Refused as refusal:
            faults[column.name] = str(refusal)
    return row, faults

"""Taking the next matter at the desk: the most urgent one that waits for this person and that nobody looks at."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from wangge.accounts.models import Account, Role
from wangge.cases.actions.presence import SILENT
from wangge.cases.models import Case, Claim, Presence, Report
from wangge.cases.permissions import at_desk
from wangge.cases.queries.queues import BY_CODE
from wangge.common.refusals import Refused
from wangge.territory.scopes import Scope, scope_of

# What waits for whom at a desk, by the queues of the page.
WAITS: dict[Role, tuple[str, ...]] = {
    Role.ACCEPTOR: ("received", "verified"),
    Role.DUTY_CHIEF: ("received", "verified", "arbitrating", "passed"),
    Role.DISPATCHER: ("filed", "arbitrating"),
}
TAKEN_FOR = timedelta(minutes=2)  # longer than a page needs to open; then being open speaks for itself
MOST = 200  # candidates looked at: more than people press at once

# Whoever comes second waits for the first's commit and gets nothing: the key is unique, so a claim is one person's.
CLAIM = """
WITH lapsed AS (
    DELETE FROM cases_claim WHERE id IN (
        SELECT id FROM cases_claim WHERE until <= %(at)s AND subject_id <> %(subject)s FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO cases_claim (subject_id, account_id, until) VALUES (%(subject)s, %(by)s, %(until)s)
ON CONFLICT (subject_id) DO UPDATE SET account_id = excluded.account_id, until = excluded.until
    WHERE cases_claim.until <= %(at)s
RETURNING id
"""


def may_take_next(person: Account) -> bool:
    """Tell whether anything waits at a desk for the posts of this person."""
    return scope_of(person).has(*WAITS)


def take_next(*, by: Account, at: datetime) -> Report | Case:
    """Take the most urgent matter that waits for this person; it is nobody else's next for two minutes.

    However many press at once, no two get the same. Raises Refused when nothing is left.
    """
    if not may_take_next(by):
        raise Refused(_("Acceptors, duty chiefs and dispatchers take what waits at their desk."))
    for model, key, waits in _waiting(by, at):
        with transaction.atomic():
            subject = _free(model, key, waits)
            if subject is not None and _claim(subject, by, at):
                return subject
    raise Refused(_("Nothing waits for you that nobody has open."))


def _free(model: type[Report] | type[Case], key: UUID, waits: Q) -> Report | Case | None:
    """The matter, unless somebody takes or moves it at this very moment, or has since it was chosen."""
    locked = model._default_manager.select_for_update(of=("self",), skip_locked=True, no_key=True)
    found: Report | Case | None = locked.filter(waits, pk=key).first()
    return found


def _claim(subject: Report | Case, by: Account, at: datetime) -> bool:
    given: dict[str, Any] = {"subject": subject.pk, "by": by.pk, "at": at, "until": at + TAKEN_FOR}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, given)
        return cursor.fetchone() is not None


def _waiting(by: Account, at: datetime) -> Iterator[tuple[type[Report] | type[Case], UUID, Q]]:
    """What waits for this person and is not taken, the most urgent first, what has no deadline last; and why it waits."""
    found: list[tuple[bool, float, str, type[Report] | type[Case], UUID, Q]] = []
    for model, case in ((Report, False), (Case, True)):
        waits = at_desk(by, case=case) & _waits_for(scope_of(by), at, case=case) & ~_taken(at)
        rows = model._default_manager.filter(waits).order_by(F("due_at").asc(nulls_last=True), "pk")
        found += [
            (due is None, due.timestamp() if due else 0.0, str(key), model, key, waits)
            for key, due in rows.values_list("pk", "due_at")[:MOST]
        ]
    for *_place, model, key, waits in sorted(found, key=lambda one: one[:3]):
        yield model, key, waits


def _waits_for(scope: Scope, at: datetime, *, case: bool) -> Q:
    waits = Q(pk__in=[])
    for role, codes in WAITS.items():
        for code in codes:
            condition = BY_CODE[code].cases if case else BY_CODE[code].reports
            if condition is not None and scope.has(role):
                waits |= condition(at) & _held_by(scope, role, case=case)
    return waits


def _held_by(scope: Scope, role: Role, *, case: bool) -> Q:
    """A case is worked on at the level that holds it, or above."""
    if not case:
        return scope.within("area_path", {role})
    return scope.within("held_path", {role}) | (Q(held_path="") & scope.within("area_path", {role}))


def _taken(at: datetime) -> Q:
    """Somebody has it open, this person too: who presses again goes on to another."""
    seen = Presence.objects.filter(subject_id=OuterRef("pk"), seen_at__gt=at - SILENT)
    claimed = Claim.objects.filter(subject_id=OuterRef("pk"), until__gt=at)
    return Q(Exists(seen)) | Q(Exists(claimed))

"""Coming to the page of a report or case, and leaving it."""

from datetime import datetime, timedelta

from django.db import connection

from wangge.accounts.models import Account
from wangge.cases.models import Case, Presence, Report

SILENT = timedelta(seconds=30)  # a page that has not asked for so long is closed

# What fell silent goes in the same breath, so that no list of who looked at what ever comes to be.
COME = """
WITH silent AS (
    DELETE FROM cases_presence WHERE id IN (
        SELECT id FROM cases_presence WHERE seen_at < %s FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO cases_presence (subject_id, account_id, seen_at) VALUES (%s, %s, %s)
ON CONFLICT (subject_id, account_id) DO UPDATE SET seen_at = excluded.seen_at
"""


def come(subject: Report | Case, *, by: Account, at: datetime) -> None:
    """Say that somebody has the page of a report or case open."""
    with connection.cursor() as cursor:
        cursor.execute(COME, [at - 2 * SILENT, subject.pk, by.pk, at])


def leave(subject: Report | Case, *, by: Account) -> None:
    """Forget at once that somebody had the page open."""
    Presence.objects.filter(subject_id=subject.pk, account=by).delete()

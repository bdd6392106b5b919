"""Versions: what the configuration said from one moment on."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.cases.configuration.content import Content, packed, published, unpacked
from wangge.cases.models import ConfigVersion

LOCK = 7_311_004  # advisory lock: versions are made one after another


def latest() -> ConfigVersion | None:
    """Return the version in force, without its content."""
    return ConfigVersion.objects.defer("content").select_related("published_by").first()


def content_of(version: ConfigVersion) -> Content:
    """Return the rows of a version."""
    return unpacked(version.content)


@transaction.atomic
def note_outside_changes(*, at: datetime, note: str = "", now: Content | None = None) -> ConfigVersion:
    """Return the version in force; when the tables say something else than it, that becomes a version first.

    Rows come from the shipped tables, from another program or from the database's console, too. Whoever has just read
    what they say passes it on as `now`.
    """
    wait_for_turn()
    now, last = now or published(), ConfigVersion.objects.first()
    if last is not None and content_of(last) == now:
        return last
    said = note or _("Found changed outside the pages of the configuration.")
    return record(now, by=None, at=at, note=said)


def wait_for_turn() -> None:
    """Let one transaction at a time decide about versions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def record(content: Content, *, by: Account | None, at: datetime, note: str) -> ConfigVersion:
    """Store the next version; the caller waits for its turn first."""
    last = ConfigVersion.objects.order_by("-number").values_list("number", flat=True).first()
    return ConfigVersion.objects.create(
        number=(last or 0) + 1, published_at=at, published_by=by, note=note, content=packed(content)
    )

"""Keys of other systems: made, revoked, and recognised without asking the database for each request."""

import secrets
import threading
import time
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.common.sealing import fingerprint
from wangge.intake.models import ApiKey

REMEMBER_SECONDS = 30.0  # a revoked key stops working in other processes within this time
MOST_REMEMBERED = 10_000

_remembered: dict[str, tuple[float, str]] = {}
_lock = threading.Lock()


def create_key(name: str, *, at: datetime) -> str:
    """Make a key and return it; it cannot be shown again."""
    name = name.strip()
    if not name or len(name) > 80:
        raise Refused(
            _("Give the key a name of 1 to 80 characters: the system that will use it."), field="name"
        )
    if ApiKey.objects.filter(name=name).exists():
        raise Refused(_("There is a key named “%(name)s” already.") % {"name": name}, field="name")
    key = f"wg_{secrets.token_urlsafe(24)}"
    ApiKey.objects.create(name=name, key_hash=fingerprint(key), created_at=at)
    return key


def revoke_key(name: str, *, at: datetime) -> None:
    """Make a key worthless; reports that came with it keep its name."""
    if not ApiKey.objects.filter(name=name, revoked_at=None).update(revoked_at=at):
        raise Refused(_("No working key is named “%(name)s”.") % {"name": name}, field="name")
    forget()


def holder_of(key: str) -> str | None:
    """Return the name of the system that holds this key, None for a key we do not know or have revoked."""
    if not key or len(key) > 200:
        return None
    known = _remembered.get(key)
    if known is not None and time.monotonic() - known[0] < REMEMBER_SECONDS:
        return known[1]
    return _look_up(key)


def _look_up(key: str) -> str | None:
    row = ApiKey.objects.filter(key_hash=fingerprint(key), revoked_at=None).first()
    with _lock:
        _remembered.pop(key, None)
        if row is not None:
            if len(_remembered) >= MOST_REMEMBERED:
                _remembered.clear()
            _remembered[key] = (time.monotonic(), row.name)
    if row is None:
        return None
    _note_use(row, timezone.localdate())
    return row.name


def _note_use(row: ApiKey, today: date) -> None:
    if row.last_used_on != today:
        earlier = Q(last_used_on=None) | Q(last_used_on__lt=today)
        ApiKey.objects.filter(earlier, pk=row.pk).update(last_used_on=today)


def forget() -> None:
    """Look every key up again; for tests and after a key is revoked here."""
    with _lock:
        _remembered.clear()

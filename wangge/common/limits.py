"""How often one address may do something without an account: a count for each window of time, over all processes."""

import ipaddress
import time
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _

from wangge.common.models import Tally
from wangge.common.refusals import Refused
from wangge.common.requests import client_address
from wangge.common.sealing import fingerprint

# One round trip, whose table is unlogged: it waits for no disk.
ADD = """
INSERT INTO common_tally AS tally (name, number, ends_at) VALUES (%s, 1, %s)
ON CONFLICT (name) DO UPDATE SET number = tally.number + 1
RETURNING number, (SELECT number FROM common_tally WHERE name = %s)
"""
LOOK = "SELECT (SELECT number FROM common_tally WHERE name = %s), (SELECT number FROM common_tally WHERE name = %s)"


class TooMany(Refused):
    """Something was done too often from one place; `wait` in seconds."""

    def __init__(self, wait: int) -> None:
        minutes = -(-wait // 60)
        super().__init__(
            _(
                "That was sent very often from your network. Please wait %(minutes)d minutes and send it again."
            )
            % {"minutes": minutes}
        )
        self.wait = wait


def count(request: HttpRequest, act: str, about: str = "") -> None:
    """Count one `act` of this address (about one thing, if named); raises TooMany beyond settings.LIMITS[act].

    This machine itself, and whoever's address is not known, are never limited.
    """
    _hold(request, act, about, more=1)


def check(request: HttpRequest, act: str) -> None:
    """Raise TooMany when one more would be too many, counting nothing."""
    _hold(request, act, "", more=0)


def _hold(request: HttpRequest, act: str, about: str, *, more: int) -> None:
    most, window = settings.LIMITS[act]
    sender = _sender(request)
    if not most or not sender:
        return
    now = time.time()
    if _sliding(f"{act}:{sender}:{about}", now, window, more) + 1 - more > most:
        raise TooMany(round(window - now % window))


def _sender(request: HttpRequest) -> str:
    """Return the network that one subscriber has: an address, or 64 bits of the newer kind."""
    address = client_address(request)
    if address is None or (known := ipaddress.ip_address(address)).is_loopback:
        return ""
    return address if known.version == 4 else str(ipaddress.ip_network((known, 64), strict=False))


def _sliding(name: str, now: float, window: int, more: int) -> float:
    """Count `more` (0 or 1); returns how many the last `window` seconds had, the window before taken in proportion."""
    number, into = divmod(now, window)
    this, before = (fingerprint(f"{name}:{which:.0f}") for which in (number, number - 1))
    ends_at = datetime.fromtimestamp((number + 2) * window, UTC)
    with connection.cursor() as cursor:
        if more:
            cursor.execute(ADD, [this, ends_at, before])
        else:
            cursor.execute(LOOK, [this, before])
        in_this, in_before = cursor.fetchone()
    return float((in_this or 0) + (in_before or 0) * (1 - into / window))


def sweep(*, at: datetime) -> int:
    """Forget the counts that are of no more use; return how many. An hourly job."""
    return Tally.objects.filter(ends_at__lt=at).delete()[0]

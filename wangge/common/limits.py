"""How often one address may do something without an account: a count for each window of time, in each process.

Memory of the process is enough: the limits keep one sender from filling the desk, and need not be exact.
"""

import ipaddress
import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.common.requests import client_address


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
    """Count `more` and return how many the last `window` seconds had, the window before taken in proportion."""
    counts = caches["limits"]
    number, into = divmod(now, window)
    this, before = f"{name}:{number:.0f}", f"{name}:{number - 1:.0f}"
    if more:
        counts.add(this, 0, window * 2)
        counts.incr(this, more)
    return float(counts.get(this, 0) + counts.get(before, 0) * (1 - into / window))

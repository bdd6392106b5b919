"""Access tokens of providers: fetched once, used until they end, fetched anew when a provider disowns one."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

EARLY = 300  # seconds before its end a token is no longer used


@dataclass(frozen=True)
class Token:
    """A provider's token and how many seconds it holds."""

    value: str
    seconds: int


_lock = threading.Lock()
_held: dict[str, tuple[str, float]] = {}


def token(key: str, fetch: Callable[[], Token]) -> str:
    """Return the token of these credentials; `fetch` raises `Failed` when the provider refuses them."""
    with _lock:
        value, until = _held.get(key, ("", 0.0))
        if time.monotonic() < until:
            return value
        fresh = fetch()
        _held[key] = (fresh.value, time.monotonic() + max(fresh.seconds - EARLY, 0))
        return fresh.value


def forget(key: str) -> None:
    """Use this token no more."""
    with _lock:
        _held.pop(key, None)

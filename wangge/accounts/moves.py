"""Whether a person may move to another unit: asked of those who grant rights that follow the unit.

Posts lie above this package, so whoever knows them registers here, from their own `AppConfig.ready()`.
"""

from collections.abc import Callable
from datetime import date

from wangge.accounts.models import Account

Binds = Callable[[Account, date], bool]

_binding: dict[str, Binds] = {}


def register(name: str, binds: Binds) -> None:
    """Let `binds(account, day)` hold an account in its unit; the same name again replaces the former."""
    _binding[name] = binds


def is_bound(account: Account, day: date) -> bool:
    """Say whether anything holds this account in its unit from this day on."""
    return any(binds(account, day) for binds in _binding.values())

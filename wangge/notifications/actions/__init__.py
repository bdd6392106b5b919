"""What other packages and pages do with notices."""

from wangge.notifications.actions.gathering import Many
from wangge.notifications.actions.notices import (
    About,
    Word,
    ahead,
    call_off,
    hush,
    mark_all_read,
    mark_read,
    notify,
    pass_on,
)
from wangge.notifications.actions.outside import Outsider, forget, hear_again, leave_alone, tell_outside
from wangge.notifications.actions.preferences import add_address, add_browser, remove_address, save_habits
from wangge.notifications.actions.sending import send_due, send_soon, send_test
from wangge.notifications.actions.upkeep import sweep

__all__ = [
    "About",
    "Many",
    "Outsider",
    "Word",
    "add_address",
    "add_browser",
    "ahead",
    "call_off",
    "forget",
    "hear_again",
    "hush",
    "leave_alone",
    "mark_all_read",
    "mark_read",
    "notify",
    "pass_on",
    "remove_address",
    "save_habits",
    "send_due",
    "send_soon",
    "send_test",
    "sweep",
    "tell_outside",
]

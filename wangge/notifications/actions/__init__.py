"""What other packages and pages do with notices."""

from wangge.notifications.actions.notices import About, call_off, hush, mark_all_read, mark_read, notify
from wangge.notifications.actions.outside import Outsider, hear_again, leave_alone, tell_outside
from wangge.notifications.actions.preferences import add_address, add_browser, remove_address, save_habits
from wangge.notifications.actions.sending import send_due, send_soon, send_test
from wangge.notifications.actions.upkeep import sweep

__all__ = [
    "About",
    "Outsider",
    "add_address",
    "add_browser",
    "call_off",
    "hear_again",
    "hush",
    "leave_alone",
    "mark_all_read",
    "mark_read",
    "notify",
    "remove_address",
    "save_habits",
    "send_due",
    "send_soon",
    "send_test",
    "sweep",
    "tell_outside",
]

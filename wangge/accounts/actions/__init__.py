"""Everything that changes accounts; each act is in the access log, in the same transaction."""

from wangge.accounts.actions.accounts import (
    Issued,
    create_account,
    deactivate_account,
    edit_account,
    reactivate_account,
)
from wangge.accounts.actions.administrators import (
    appoint_administrator,
    dismiss_administrator,
    found_administrators,
)
from wangge.accounts.actions.passwords import change_password, issue_password, unlock_account
from wangge.accounts.actions.sessions import record_failed_sign_in, sign_in, sign_out
from wangge.accounts.actions.units import close_unit, reopen_unit, save_unit

__all__ = [
    "Issued",
    "appoint_administrator",
    "change_password",
    "close_unit",
    "create_account",
    "deactivate_account",
    "dismiss_administrator",
    "edit_account",
    "found_administrators",
    "issue_password",
    "reactivate_account",
    "record_failed_sign_in",
    "reopen_unit",
    "save_unit",
    "sign_in",
    "sign_out",
    "unlock_account",
]

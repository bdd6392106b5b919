"""Everything that changes accounts; each act is in the access log, in the same transaction."""

from wangge.accounts.actions.passwords import change_password
from wangge.accounts.actions.sessions import record_failed_sign_in, sign_in, sign_out

__all__ = ["change_password", "record_failed_sign_in", "sign_in", "sign_out"]

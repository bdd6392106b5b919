"""Who is signed in: the session and the account, each read by a statement that is put together once.

Nearly every request asks for both; otherwise they are Django's own.
"""

from django.contrib.auth.backends import BaseBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

from wangge.accounts.models import Account
from wangge.common import rows


class People(BaseBackend):
    """Accounts of those who are signed in; passwords are asked by the backend after this one."""

    def get_user(self, user_id: int) -> Account | None:
        """Return the account unless it is gone or closed."""
        account = rows.find(Account, pk=user_id)
        return account if account is not None and account.is_active else None


class SessionStore(db.SessionStore):
    """Sessions in the database; the settings name this module as their engine."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = rows.find(self.model, session_key=self.session_key)
        if found is not None and found.expire_date > timezone.now():
            return found
        self._session_key = None
        return None

"""Sessions, read by a statement that is put together once: nearly every request asks for one."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import OperationalError
from django.utils import timezone

from wangge.common import rows


class SessionStore(db.SessionStore):
    """Sessions in the database; the settings name this module as their engine."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = rows.find(self.model, session_key=self.session_key)
        if found is not None and found.expire_date > timezone.now():
            return found
        self._session_key = None
        return None

    def save(self, must_create: bool = False) -> None:
        """Keep the session; a database that is gone is our failure (500), not a request that was not understood (400)."""
        try:
            super().save(must_create)
        except UpdateError as error:
            # Django takes every failure for a session that somebody else has ended.
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise

"""Sessions, read by a statement that is put together once: nearly every request asks for one."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
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

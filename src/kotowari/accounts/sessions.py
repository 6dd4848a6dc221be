"""Sessions in the database, as long as policy says, each with whose it is and from which device."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils.crypto import get_random_string

from kotowari.foundation import policy
from kotowari.kernel import clock

DEVICE, REMEMBER, OPENED_AT, PROVED_AT = "device", "remember", "opened_at", "proved_at"
"""What a session keeps of how it was opened."""
USE_NOTED_EVERY = timedelta(minutes=5)
SESSION_KEY_LENGTH = 32

_INSERT = """
INSERT INTO accounts_session
    (session_key, session_data, expire_date, member_id, device_id, remembered, opened_at, last_used_at)
VALUES (%(session_key)s, %(session_data)s, %(expire_date)s, %(member_id)s, %(device_id)s, %(remembered)s,
        %(opened_at)s, %(last_used_at)s)
ON CONFLICT (session_key) DO NOTHING
"""


class SessionStore(DatabaseStore):
    """A session ends with the browser or after some hours, unless its owner asked to be remembered."""

    _written: tuple[str | None, bytes] = (None, b"")
    """What this store wrote last, and under which key."""

    @classmethod
    def get_model_class(cls) -> type[Any]:
        from kotowari.accounts.models import Session  # Django loads this module before the models

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row, with what can be read of it without opening the data: a list of sessions, and ending one.

        `opened_at` is when the member came in: a session that was opened by a visitor is not that old.
        """
        row: Any = super().create_model_instance(data)
        row.member_id = data.get(SESSION_KEY)
        row.device_id = data.get(DEVICE)
        row.remembered = bool(data.get(REMEMBER))
        row.opened_at = datetime.fromisoformat(data[OPENED_AT]) if OPENED_AT in data else clock.now()
        return row

    def _get_session_from_db(self) -> Any:
        row = super()._get_session_from_db()  # type: ignore[misc]  # not in the stubs
        self.last_used_at = row.last_used_at if row else None
        return row

    def cycle_key(self) -> None:
        """A new key for what the session holds, which is written under it once, when all of it is known."""
        held, old_key = self._get_session(), self.session_key  # type: ignore[attr-defined]  # not in the stubs
        self._session_key, self._session_cache, self.modified = None, held, True
        if old_key:
            self.delete(old_key)

    def save(self, must_create: bool = False) -> None:
        """Write the session, unless it stands there just so: signing in writes it under the member's lock already."""
        held = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        if must_create and self.session_key is not None:
            self._insert(held)
        elif self.session_key is None or self._written != (self.session_key, self._in_bytes(held)):
            super().save(must_create)
        else:
            return
        self._written = (self.session_key, self._in_bytes(held))

    def _insert(self, held: dict[str, Any]) -> None:
        """One statement instead of Django's savepoint around a built one. Raises `CreateError` for a key that is taken."""
        row = self.create_model_instance(held)
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
            if cursor.rowcount == 0:
                raise CreateError

    def _in_bytes(self, held: dict[str, Any]) -> bytes:
        return bytes(self.serializer().dumps(held))

    def _get_new_session_key(self) -> str:
        """A random key; whether it is taken the database says when the row is written."""
        return get_random_string(SESSION_KEY_LENGTH, VALID_KEY_CHARS)

    def get_session_cookie_age(self) -> int:
        """Seconds until a session that was not asked to last ends on the server's side too."""
        return int(policy.value("accounts.session_hours")) * 3600


def note_use(session: Any) -> None:
    """Remember when a session that was read for this request was last used, no more often than a list of them needs."""
    last_used_at = getattr(session, "last_used_at", None)
    now = clock.now()
    if last_used_at is not None and last_used_at + USE_NOTED_EVERY <= now:
        session.get_model_class().objects.filter(pk=session.session_key).update(last_used_at=now)

"""Sessions in the database, as long as policy says."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from kotowari.foundation import policy


class SessionStore(DatabaseStore):
    """A session ends with the browser or after some hours, unless its owner asked to be remembered."""

    def get_session_cookie_age(self) -> int:
        """Seconds until a session that was not asked to last ends on the server's side too."""
        return int(policy.value("accounts.session_hours")) * 3600

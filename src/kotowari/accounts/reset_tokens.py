"""What makes the link for a new password work once, and only for some minutes (A022)."""

from datetime import datetime

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from kotowari.accounts.models import Member
from kotowari.foundation import policy
from kotowari.kernel import clock


class ResetTokens(PasswordResetTokenGenerator):
    """A token is void once used, after signing in, after a change of address, and when its minutes are over."""

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)

    def check_token(self, user: Member | None, token: str | None) -> bool:
        """Whether the link still opens the page of a new password."""
        if user is None or not token or not super().check_token(user, token):
            return False
        made_at_seconds = int(token.split("-")[0], 36)
        age_seconds = int(self._num_seconds(self._now())) - made_at_seconds
        return age_seconds <= int(policy.value("accounts.reset_link_minutes")) * 60


class SignInTokens(PasswordResetTokenGenerator):
    """What makes a link that signs in work once: void after signing in, a new password, and a change of address.

    Its minutes are told by the link itself (`accounts.links`).
    """

    key_salt = "kotowari.accounts.sign_in_link"

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)

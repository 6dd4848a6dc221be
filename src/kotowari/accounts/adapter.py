"""Where django-allauth meets our commands: every path to a session, and every mail, passes here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from kotowari.accounts import services
from kotowari.accounts.models import Member


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth decides how somebody proves who they are; the gate decides whether that opens a session."""

    def login(self, request: HttpRequest, user: Member) -> None:
        """Open the session: whichever way the person was recognised, the gate of signing in is asked (field 4.3)."""
        services.sign_in(actor=user)
        super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        """End the session, with an entry in the audit."""
        services.sign_out(actor=request.user)
        super().logout(request)

    def set_password(self, user: Member, password: str) -> None:
        """Through our command, which tells the owner."""
        services.set_password(actor=user, password=password)

    def send_mail(self, template_prefix: str, *_about: Any) -> None:
        """No mail of allauth's own leaves: ours stand in `accounts.mails` and are promised in the transaction."""
        raise LookupError(f"allauth wants to send {template_prefix}, which has no words of ours in accounts.mails")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's short messages are not shown: each page says what happened itself."""

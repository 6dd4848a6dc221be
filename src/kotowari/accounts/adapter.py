"""Where django-allauth meets our commands: every path to a session, and every mail, passes here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from kotowari.accounts import services, stages
from kotowari.accounts.authentication import require_entry
from kotowari.accounts.callers import caller_of
from kotowari.accounts.models import Member
from kotowari.accounts.sessions import DEVICE, OPENED_AT, PROVED_AT, REMEMBER
from kotowari.foundation import policy
from kotowari.kernel import clock

PASSWORD = "password"  # noqa: S105 - the name of a way


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth decides how somebody proves who they are; the gate decides whether that opens a session."""

    def pre_login(self, request: HttpRequest, user: Member, **_hooks: Any) -> HttpResponse | None:
        """Ask the gate before a second factor is asked for. A password was asked about where it was checked."""
        way = way_of(request, user)
        if way != PASSWORD:
            require_entry(user, way=way, caller=caller_of(request))
        return None

    def get_login_stages(self) -> list[str]:
        """What every way of signing in passes after the gate: our second factor, and none of allauth's."""
        return ["kotowari.accounts.stages.SecondFactorStage"]

    def login(self, request: HttpRequest, user: Member) -> None:
        """Open the session: whichever way the person was recognised, the gate of signing in is asked (field 4.3)."""
        with transaction.atomic():
            device = services.sign_in(
                actor=user, way=way_of(request, user), caller=caller_of(request), second_factor=stages.shown_in(request)
            )
            super().login(request, user)
            now = clock.now().isoformat()
            request.session.update({DEVICE: str(device.pk), OPENED_AT: now, PROVED_AT: now})
            days = policy.value("accounts.session_days")
            request.session.set_expiry(days * 24 * 3600 if request.session.get(REMEMBER) else 0)
            # Under the member's lock: whoever ends all sessions at this moment ends this one, or is before it.
            request.session.save()

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


def way_of(request: HttpRequest, member: Member) -> str:
    """How somebody was recognised just now: `password`, `passkey`, `socialaccount`, …

    Finishing to sign up is by the code from the mail.
    """
    records = get_authentication_records(request, member)
    return str(records[-1]["method"]) if records else "mail"

"""Where allauth's parts for external accounts find ours: providers come from the settings, and nothing is asked of it
beyond the way to a provider and back (`accounts.external`)."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import HttpRequest

from kotowari.accounts.external.sending import Asking


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No client secret in the database, no request beyond our limits, no account made or linked by allauth itself."""

    def list_apps(
        self,
        request: HttpRequest,  # noqa: ARG002 - allauth's signature
        provider: str | None = None,
        client_id: str | None = None,
    ) -> list[SocialApp]:
        """The providers of the settings."""
        rows = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
        return [
            SocialApp(provider="openid_connect", **row)
            for row in rows
            if provider in (None, "openid_connect", row["provider_id"]) and client_id in (None, row["client_id"])
        ]

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> OpenIDConnectProvider:
        """One of them by its id."""
        return OpenIDConnectProvider(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def get_requests_session(self) -> Asking:
        """How allauth asks a provider for tokens."""
        return Asking()

    def pre_social_login(self, *_args: Any) -> None:
        """allauth's own way of signing in with an external account is not used."""
        raise LookupError("external accounts sign in through accounts.external")

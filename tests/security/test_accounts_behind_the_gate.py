"""What django-allauth could do by itself and must not: pages, mails and limits that are not ours."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account import urls as allauth_urls
from allauth.account.adapter import get_adapter
from allauth.socialaccount import urls as social_urls
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.providers.openid_connect import urls as oidc_urls
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from kotowari.accounts.models import Member
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM
from kotowari.web.screens import SCREENS

DRAWN = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
}
"""Names of allauth's that lead to pages of ours; the others lead nowhere yet."""


EXTERNAL_ACTIONS = {"accounts.external.enter", "accounts.external.link"}


def oidc_views() -> list[URLPattern]:
    """The addresses that allauth has for its provider of this name, wherever they are nested."""
    found, waiting = [], list(oidc_urls.urlpatterns)
    while waiting:
        pattern = waiting.pop()
        if isinstance(pattern, URLResolver):
            waiting += pattern.url_patterns
        else:
            found.append(pattern)
    return found


@pytest.mark.parametrize("name", sorted(p.name for p in allauth_urls.urlpatterns))
def test_every_address_of_allauths_is_a_page_of_ours_or_nowhere(name: str) -> None:
    assert (name in SCREENS) == (name in DRAWN)
    if name not in DRAWN:
        with pytest.raises(NoReverseMatch):
            reverse(name)


def _views(patterns: Any) -> Iterator[Any]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern.url_patterns)
        else:
            yield pattern.callback


def test_no_view_of_allauths_answers_any_address() -> None:
    assert not [view for view in _views(get_resolver().url_patterns) if view.__module__.startswith("allauth")]


OVER_A_PROVIDER = {
    "external_login",
    "external_back",
    "external_unlinked",
    "external_sign_up",
    "my_settings_login_external_link",
    "my_settings_login_external_confirm",
}
"""The addresses by which external accounts are used: screens of ours, around allauth's client and its table."""


@pytest.mark.parametrize("name", sorted(p.name for p in [*social_urls.urlpatterns, *oidc_views()]))
def test_no_address_of_allauths_external_accounts_leads_anywhere(name: str) -> None:
    assert name not in SCREENS
    for values in ({}, {"provider_id": "google"}):
        with pytest.raises(NoReverseMatch):
            reverse(name, kwargs=values)


def test_external_accounts_are_used_through_screens_of_ours_alone() -> None:
    with_external = {n for n, s in SCREENS.items() if {a.name for a in s.actions} & EXTERNAL_ACTIONS}
    assert with_external == OVER_A_PROVIDER - {"external_sign_up"}
    assert "external_sign_up" in SCREENS
    assert all(SCREENS[name].members_only == name.startswith("my_") for name in OVER_A_PROVIDER)


def test_allauth_links_and_signs_in_nobody_by_itself(db: None) -> None:
    from allauth.socialaccount import app_settings

    assert app_settings.STORE_TOKENS is False
    assert app_settings.EMAIL_AUTHENTICATION is False
    with pytest.raises(LookupError, match=r"through accounts\.external"):
        get_social_adapter().pre_social_login(None, None)


def test_allauth_neither_counts_in_a_cache_nor_mails_by_itself() -> None:
    from allauth.account import app_settings

    assert app_settings.RATE_LIMITS == {}
    assert app_settings.EMAIL_NOTIFICATIONS is False
    with pytest.raises(LookupError, match="no words of ours"):
        get_adapter().send_mail("account/email/email_confirmation", "taro@example.jp", {})


@pytest.fixture
def member(db: None) -> Member:
    return register_member(
        actor=SYSTEM,
        username="taro",
        display_name="太郎",
        email="taro@example.jp",
        password="correct horse battery staple",
    )


def test_a_session_cookie_is_not_for_scripts_and_pages_with_secrets_are_not_kept(
    client: Client, member: Member
) -> None:
    client.post("/login/", {"login": "taro", "password": "correct horse battery staple"})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    for path in ("/my/settings/api/", "/logout/"):
        assert "no-store" in client.get(path)["Cache-Control"]
    for path in ("/login/", "/signup/", "/password/reset/"):
        assert "no-store" in Client().get(path)["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/login/", "/signup/", "/logout/", "/password/reset/", "/my/settings/", "/my/settings/api/"]
)
def test_forms_from_elsewhere_do_nothing(member: Member, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member)
    answer = strict.post(
        path, {"login": "taro", "email": "taro@example.jp"}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert strict.session["_auth_user_id"] == str(member.pk)

"""What django-allauth could do by itself and must not: pages, mails and limits that are not ours."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account import urls as allauth_urls
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

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

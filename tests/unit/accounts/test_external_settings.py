"""Which external accounts the environment offers, and the policy value that names those that end."""

from datetime import date
from typing import Any

import jwt
import pytest
from allauth.socialaccount.models import SocialApp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kotowari.accounts.external.protocol import _signed_secret
from kotowari.config import external
from kotowari.foundation import policy
from kotowari.foundation.policy.kinds import WrongValue
from kotowari.foundation.policy.provider_ends import ProviderEnd, ProviderEnds


def apps(monkeypatch: pytest.MonkeyPatch, **given: str) -> dict[str, dict[str, Any]]:
    for name, value in given.items():
        monkeypatch.setenv(f"KOTOWARI_{name}", value)
    return {app["provider_id"]: app for app in external.providers()["openid_connect"]["APPS"]}


@pytest.mark.rule("A029")
def test_without_keys_nothing_is_offered_and_half_a_pair_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert apps(monkeypatch) == {}
    assert apps(monkeypatch, GOOGLE_CLIENT_ID="id", LINE_CLIENT_SECRET="secret", OIDC="acme") == {}


@pytest.mark.rule("A029")
def test_each_known_provider_comes_with_its_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = {
        f"{name}_{part}": f"{name} {part}"
        for name in ("GOOGLE", "FACEBOOK", "YAHOO_JAPAN", "LINE")
        for part in ("CLIENT_ID", "CLIENT_SECRET")
    }
    found = apps(monkeypatch, **pairs)
    assert list(found) == ["google", "facebook", "yahoo_japan", "line"]
    assert found["yahoo_japan"]["settings"]["server_url"] == "https://auth.login.yahoo.co.jp/yconnect/v2"
    assert found["line"]["secret"] == "LINE CLIENT_SECRET"
    for app in found.values():
        assert app["settings"]["server_url"].startswith("https://")
        assert set(app["settings"]["scope"]) == {"openid", "email"}


def test_any_other_provider_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    found = apps(
        monkeypatch,
        OIDC="Acme, , google",
        OIDC_ACME_URL="https://id.acme.example/",
        OIDC_ACME_NAME="Acme社員証",
        OIDC_ACME_CLIENT_ID="id",
        OIDC_ACME_CLIENT_SECRET="secret",
    )
    assert list(found) == ["acme"]
    assert found["acme"]["name"] == "Acme社員証"
    assert found["acme"]["settings"]["server_url"] == "https://id.acme.example"


def test_apple_gets_a_token_that_we_sign_instead_of_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    found = apps(
        monkeypatch,
        APPLE_CLIENT_ID="jp.example.web",
        APPLE_TEAM_ID="TEAM",
        APPLE_KEY_ID="KEY",
        APPLE_PRIVATE_KEY=pem.replace("\n", "\\n"),
    )
    token = _signed_secret(SocialApp(provider="openid_connect", **found["apple"]))
    said = jwt.decode(token, key.public_key(), algorithms=["ES256"], audience="https://appleid.apple.com")
    assert (said["iss"], said["sub"], said["exp"] - said["iat"]) == ("TEAM", "jp.example.web", 300)
    assert jwt.get_unverified_header(token)["kid"] == "KEY"
    monkeypatch.delenv("KOTOWARI_APPLE_KEY_ID")
    assert apps(monkeypatch) == {}


ROW = {"provider": "google_plus", "name": "Google+", "ends_on": "2019-04-02"}


def test_providers_that_end_are_read_and_written_back() -> None:
    kind = ProviderEnds()
    rows = kind.parse([ROW])
    assert rows == (ProviderEnd("google_plus", "Google+", date(2019, 4, 2)),)
    assert kind.parse(kind.as_json(rows)) == rows
    assert kind.show(rows).ja == "Google+(2019-04-02から)"
    assert kind.show(()).ja == "なし"
    assert policy.values(preset="kotowari")["accounts.provider_ends"] == ()


@pytest.mark.parametrize(
    "raw",
    [
        "google",
        [7],
        [{}],
        [{**ROW, "more": 1}],
        [{**ROW, "name": ""}],
        [{**ROW, "name": "x" * 41}],
        [{**ROW, "ends_on": "soon"}],
        [ROW, ROW],
        [ROW] * 21,
    ],
)
def test_what_is_no_list_of_providers_is_said(raw: Any) -> None:
    with pytest.raises(WrongValue):
        ProviderEnds().parse(raw)

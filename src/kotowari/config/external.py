"""The external accounts with which people may sign in, from environment variables (docs/operations/running.md).

Every one of them speaks OpenID Connect, so allauth's one provider of that name serves them all. What a provider's own
description leaves out or gets wrong stands here. Without client id and secret a provider is not offered.
"""

import os
from typing import Any

_FACEBOOK = "https://www.facebook.com"
_APPLE = "https://appleid.apple.com"

KNOWN: dict[str, dict[str, Any]] = {
    "google": {
        "name": "Google",
        "settings": {
            "server_url": "https://accounts.google.com",
            "scope": ["openid", "email"],
            "fetch_userinfo": False,
        },
    },
    "facebook": {
        "name": "Facebook",
        "settings": {
            "server_url": _FACEBOOK,
            "scope": ["openid", "email"],
            "fetch_userinfo": False,
            # Its description has no token endpoint. It never says whether an address is proved.
            "endpoints": {
                "issuer": _FACEBOOK,
                "authorization_endpoint": "https://www.facebook.com/v23.0/dialog/oauth",
                "token_endpoint": "https://graph.facebook.com/v23.0/oauth/access_token",
                "jwks_uri": f"{_FACEBOOK}/.well-known/oauth/openid/jwks/",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
        },
    },
    "yahoo_japan": {
        "name": "Yahoo! JAPAN",
        "settings": {
            "server_url": "https://auth.login.yahoo.co.jp/yconnect/v2",
            "scope": ["openid", "email"],
            "fetch_userinfo": True,
        },
    },
    "line": {
        "name": "LINE",
        "settings": {
            "server_url": "https://access.line.me",
            "scope": ["openid", "email"],
            "fetch_userinfo": False,
            # On the web it seals with the channel's secret.
            "algorithms": ["HS256", "ES256"],
        },
    },
    "apple": {
        "name": "Apple",
        "settings": {
            "server_url": _APPLE,
            "scope": ["openid", "email"],
            "fetch_userinfo": False,
            # With a scope it answers by a form only. Its description names another issuer than its tokens do.
            "auth_params": {"response_mode": "form_post"},
            "endpoints": {
                "issuer": _APPLE,
                "authorization_endpoint": f"{_APPLE}/auth/authorize",
                "token_endpoint": f"{_APPLE}/auth/token",
                "jwks_uri": f"{_APPLE}/auth/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
        },
    },
}


def providers() -> dict[str, dict[str, Any]]:
    """allauth's `SOCIALACCOUNT_PROVIDERS`, with those providers whose keys the environment gives."""
    found = [app for name, known in KNOWN.items() if (app := _known(name, known))]
    others = [name.strip().lower() for name in os.environ.get("KOTOWARI_OIDC", "").split(",") if name.strip()]
    found += [app for name in others if name not in KNOWN and (app := _other(name))]
    return {"openid_connect": {"APPS": found}}


def _known(name: str, known: dict[str, Any]) -> dict[str, Any] | None:
    if name == "apple":
        return _apple(known)
    return _app(name, known["name"], known["settings"], _given(name, "CLIENT_SECRET"))


def _apple(known: dict[str, Any]) -> dict[str, Any] | None:
    """Apple takes a token that we sign with its key instead of a secret."""
    signs = {part: _given("apple", part.upper()) for part in ("team_id", "key_id", "private_key")}
    if not all(signs.values()):
        return None
    signs["private_key"] = signs["private_key"].replace("\\n", "\n")
    return _app("apple", known["name"], {**known["settings"], "signs_with": signs}, "")


def _other(name: str) -> dict[str, Any] | None:
    url = _given(f"oidc_{name}", "URL")
    if not url:
        return None
    settings = {"server_url": url.rstrip("/"), "scope": ["openid", "email"], "fetch_userinfo": True}
    label = _given(f"oidc_{name}", "NAME") or name
    return _app(name, label, settings, _given(f"oidc_{name}", "CLIENT_SECRET"), variable=f"oidc_{name}")


def _app(
    name: str, label: str, settings: dict[str, Any], secret: str, *, variable: str | None = None
) -> dict[str, Any] | None:
    client_id = _given(variable or name, "CLIENT_ID")
    if not client_id or not (secret or "signs_with" in settings):
        return None
    return {"provider_id": name, "name": label, "client_id": client_id, "secret": secret, "settings": settings}


def _given(name: str, what: str) -> str:
    return os.environ.get(f"KOTOWARI_{name.upper()}_{what}", "").strip()

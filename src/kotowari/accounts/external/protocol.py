"""OpenID Connect, as its client: to the provider with state, nonce and PKCE, and back with an identity that is checked.

allauth keeps the state, makes the address and fetches the tokens. It leaves out what is here: the nonce, the seal of
the ID token on every path, whose issuer a description names, whose subject the userinfo names, and what becomes of
answers that are none. Nothing that a provider answers is ever logged: it may hold a secret.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import jwt
import requests
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from kotowari.accounts.external.identity import Identity, identity_of
from kotowari.accounts.external.sending import Asking

Purpose = Literal["sign_in", "link"]
Kind = Literal["state", "cancelled", "refused", "unreachable", "garbled"]
DESCRIPTION_KEPT_SECONDS = 3600
LEEWAY_SECONDS = 60
SIGNED_SECRET_SECONDS = 300
ALGORITHMS = ("RS256", "ES256")


class Trouble(Exception):  # noqa: N818 - it is told to people on a page
    """The way over the provider led nowhere; `kind` says why."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        super().__init__(kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Somebody who came back: who the provider says it is, what for, and the page that was wanted."""

    identity: Identity
    purpose: Purpose
    then: str


class Client(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """allauth's client for one provider, with our address to come back to and a description that is checked."""

    @cached_property
    def app(self) -> SocialApp:
        return self.get_provider().app

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """Where the provider's parts are: fixed in the settings, or as it describes itself, which is kept a while."""
        given = self.app.settings
        if "endpoints" in given:
            return dict(given["endpoints"])
        url = f"{given['server_url']}/.well-known/openid-configuration"
        described: dict[str, Any] | None = cache.get(f"oidc:{url}")
        if described is None:
            described = _fetched(url)
            if described["issuer"].rstrip("/") != given["server_url"].rstrip("/"):
                raise ValueError("the description is of another issuer")
            cache.set(f"oidc:{url}", described, DESCRIPTION_KEPT_SECONDS)
        return described

    def get_callback_url(self, _request: HttpRequest, _app: SocialApp) -> str:
        """An address per provider, so that no provider's answer is taken for another's."""
        return f"{settings.BASE_URL}/login/with/{self.provider_id}/back/"

    def get_client(self, request: HttpRequest, app: SocialApp) -> Any:
        """As allauth's; where a provider wants a token that we sign for a secret, with that."""
        client = super().get_client(request, app)
        if "signs_with" in app.settings:
            client.consumer_secret = _signed_secret(app)
        return client

    def claims_in(self, id_token: Any, *, nonce: str) -> dict[str, Any]:
        """What the ID token says, if it is this provider's, for us, of now, and the answer to our question."""
        algorithm = str(jwt.get_unverified_header(id_token).get("alg"))
        if algorithm not in self.app.settings.get("algorithms", ALGORITHMS):
            raise ValueError("the token is sealed in another way than agreed")
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=str(self.app.secret) if algorithm == "HS256" else self._key(id_token, algorithm),
            algorithms=[algorithm],
            audience=str(self.app.client_id),
            issuer=self.openid_config["issuer"],
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
        if not constant_time_compare(str(claims.get("nonce", "")), nonce):
            raise ValueError("the token answers another question")
        if claims.get("azp", self.app.client_id) != self.app.client_id:
            raise ValueError("the token was given to somebody else")
        return claims

    def userinfo(self, access_token: str, *, subject: str) -> dict[str, Any]:
        """What the provider tells besides, of the same person and nobody else."""
        told = _fetched(self.openid_config["userinfo_endpoint"], {"Authorization": f"Bearer {access_token}"})
        if told.get("sub") != subject:
            raise ValueError("the userinfo is of somebody else")
        return told

    def _key(self, id_token: str, algorithm: str) -> Any:
        """The provider's key that sealed the token; asked for anew once when it is not among those known.

        A token that names no key can only be sealed with the one that there is.
        """
        wanted, url = jwt.get_unverified_header(id_token).get("kid"), self.openid_config["jwks_uri"]
        known: dict[str, Any] | None = cache.get(f"oidc:{url}")
        for keys in (known, None):
            if keys is None:
                keys = _fetched(url)
                cache.set(f"oidc:{url}", keys, DESCRIPTION_KEPT_SECONDS)
            sealing = [key for key in keys["keys"] if key.get("use", "sig") == "sig"]
            found = [key for key in sealing if key.get("kid") == wanted] if wanted else sealing
            if len(found) == 1:
                return jwt.PyJWK(found[0], algorithm=algorithm).key
        raise ValueError("the token is sealed with a key that is not the provider's")


def begin(request: HttpRequest, provider_id: str, *, purpose: Purpose, then: str) -> str:
    """The address at the provider to go to; what has to come back is kept in this session. Raises `Trouble`."""
    client = Client(request, provider_id)
    with _their_faults():
        pkce = generate_code_challenge()
        state = {
            "purpose": purpose,
            "then": then,
            "verifier": pkce.pop("code_verifier"),
            "nonce": secrets.token_urlsafe(32),
        }
        asked = client.get_client(request, client.app)
        asked.state = statekit.stash_state(request, provider_id=provider_id, state=state)
        more = {"nonce": state["nonce"], **pkce, **client.app.settings.get("auth_params", {})}
        return str(asked.get_redirect_url(client.authorize_url, client.app.settings["scope"], more))


def finish(request: HttpRequest, provider_id: str) -> Came:
    """Whoever comes back from the provider in this session. A state works once. Raises `Trouble`."""
    state = statekit.unstash_state(request, provider_id=provider_id, state_id=request.GET.get("state", ""))
    if state is None or "nonce" not in state:
        raise Trouble("state")
    if "error" in request.GET:
        raise Trouble(
            "cancelled" if request.GET["error"] in ("access_denied", "user_cancelled_authorize") else "refused"
        )
    if not request.GET.get("code"):
        raise Trouble("garbled")
    client = Client(request, provider_id)
    with _their_faults():
        if request.GET.get("iss", client.openid_config["issuer"]) != client.openid_config["issuer"]:
            raise ValueError("the answer is another issuer's")
        tokens = client.get_access_token_data(
            request, client.app, client.get_client(request, client.app), pkce_code_verifier=state["verifier"]
        )
        claims = client.claims_in(tokens["id_token"], nonce=state["nonce"])
        if client.app.settings.get("fetch_userinfo", True) and "email" not in claims:
            claims = {**client.userinfo(tokens["access_token"], subject=claims["sub"]), **claims}
        identity = identity_of(provider_id, claims)
    return Came(identity=identity, purpose=state["purpose"], then=state["then"])


def _fetched(url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    with Asking() as asking:
        response = asking.get(url, headers=headers)
    response.raise_for_status()
    told = response.json()
    if not isinstance(told, dict):
        raise ValueError("the answer is no object")
    return told


def _signed_secret(app: SocialApp) -> str:
    """The token that Apple takes instead of a secret, for some minutes."""
    signs, now = app.settings["signs_with"], int(time.time())
    claims = {
        "iss": signs["team_id"],
        "iat": now,
        "exp": now + SIGNED_SECRET_SECONDS,
        "aud": app.settings["endpoints"]["issuer"],
        "sub": app.client_id,
    }
    return jwt.encode(claims, signs["private_key"], algorithm="ES256", headers={"kid": signs["key_id"]})


@contextmanager
def _their_faults() -> Iterator[None]:
    """Whatever a provider answers, or does not, is told as such: its answers are none of our making."""
    try:
        yield
    except OAuth2Error:
        raise Trouble("refused") from None
    except (requests.ConnectionError, requests.Timeout, requests.HTTPError):
        raise Trouble("unreachable") from None
    except (
        requests.RequestException,
        jwt.PyJWTError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        LookupError,
    ):
        raise Trouble("garbled") from None

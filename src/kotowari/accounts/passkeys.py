"""Passkeys (WebAuthn) by `fido2`: what a browser is asked for, and whether what it brings is right. No database.

The relying party is the host of `BASE_URL`, the only origin is `BASE_URL` itself; a browser lets `http` pass for
localhost alone. What a browser brings comes from anybody, so whatever is wrong with it is one thing here: `NotShown`.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from kotowari.accounts.models import Factor, Member

State = Mapping[str, Any]
"""What is kept between asking a browser and its answer: the challenge, and whether a person is to be verified."""
Asked = tuple[dict[str, Any], State]
"""What the browser is asked, ready for JSON, and the state to be kept meanwhile."""
ANSWER_MAX = 20_000
"""More letters than any answer of a browser has."""


class NotShown(ValueError):  # noqa: N818 - an answer, not a fault
    """What came is not the passkey that was asked for; the words are for tests, never for pages."""


@dataclass(frozen=True, slots=True)
class Added:
    """A new passkey: what is kept of it."""

    credential_id: bytes
    public_key: str
    sign_count: int


def ask_to_add(member: Member, existing: Iterable[Factor]) -> Asked:
    """Ask for a new passkey, one that can sign in by itself; those registered already are left out."""
    user = PublicKeyCredentialUserEntity(
        id=member.pk.bytes, name=member.username, display_name=member.display_name or member.username
    )
    options, state = _server().register_begin(
        user,
        credentials=_described(existing),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options)["publicKey"], state


def ask(existing: Iterable[Factor] | None = None) -> Asked:
    """Ask for one of these; without any, for whichever passkey of this site the person has.

    One that names its account by itself stands for password and second factor both, so the person is verified by
    the device; beside a password having it is enough.
    """
    alone = existing is None
    options, state = _server().authenticate_begin(
        credentials=None if existing is None else _described(existing),
        user_verification=UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.PREFERRED,
    )
    return dict(options)["publicKey"], state


def added(state: State, answer: Mapping[str, Any]) -> Added:
    """The passkey that a browser made when asked. Raises `NotShown`."""
    try:
        found = _server().register_complete(state, RegistrationResponse.from_dict(answer))
        credential = found.credential_data
        assert credential is not None
        return Added(bytes(credential.credential_id), _text_of(credential), found.counter)
    except Exception as error:  # whoever sends this can send anything, and the parsers below raise as they please
        raise NotShown(str(error)) from error


def credential_in(answer: Mapping[str, Any]) -> bytes:
    """Which passkey a browser says that it shows. Raises `NotShown`."""
    try:
        return bytes(websafe_decode(answer["id"]))
    except Exception as error:
        raise NotShown(str(error)) from error


def shown(state: State, answer: Mapping[str, Any], factor: Factor) -> int:
    """The number of times that this passkey was used, by its own count (0: it does not count). Raises `NotShown`."""
    try:
        parsed = AuthenticationResponse.from_dict(answer)
        _server().authenticate_complete(state, [_credential_of(factor)], parsed)
        handle = parsed.response.user_handle
        if handle is not None and bytes(handle) != factor.member_id.bytes:
            raise ValueError("the passkey is another member's")
        return parsed.response.authenticator_data.counter
    except Exception as error:
        raise NotShown(str(error)) from error


def origin() -> str:
    """The one address from which passkeys are taken."""
    parts = urlsplit(settings.BASE_URL)
    return f"{parts.scheme}://{parts.netloc}"


def _server() -> Fido2Server:
    party = PublicKeyCredentialRpEntity(id=urlsplit(settings.BASE_URL).hostname or "localhost", name="Kotowari")
    return Fido2Server(party, verify_origin=lambda told: told == origin())


def _described(factors: Iterable[Factor]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=bytes(each.credential_id))
        for each in factors
        if each.credential_id is not None
    ]


def _text_of(credential: AttestedCredentialData) -> str:
    return base64.b64encode(bytes(credential)).decode()


def _credential_of(factor: Factor) -> AttestedCredentialData:
    return AttestedCredentialData(base64.b64decode(factor.secret or ""))

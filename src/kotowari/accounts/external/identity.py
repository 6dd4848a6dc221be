"""Who a provider says that somebody is."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from kotowari.accounts import names
from kotowari.kernel import clock

SUBJECT_MAX = 191
KEPT = timedelta(minutes=30)
"""How long somebody may take to decide what to do with an external account that is linked to nobody."""
_SESSION_KEY = "external_identity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An external account: its provider, and the subject that stays when name and address change.

    `email` is "" when the provider gave none that can be one; `email_proved` tells that the provider says it is theirs.
    """

    provider: str
    subject: str
    email: str = ""
    email_proved: bool = False


def identity_of(provider_id: str, claims: dict[str, Any]) -> Identity:
    """What these claims say; what is not of the form it should have counts as not said. Raises `ValueError`."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_MAX or not subject.isprintable():
        raise ValueError("the subject is missing or no text")
    given = claims.get("email")
    email = names.folded(given) if isinstance(given, str) and len(given) <= names.EMAIL_MAX else ""
    if names.email_problems(email):
        email = ""
    # Apple writes the word, the others the value.
    said = claims.get("email_verified")
    proved = said is True or said == "true"
    return Identity(provider=provider_id, subject=subject, email=email, email_proved=bool(email) and proved)


def keep(request: HttpRequest, identity: Identity) -> None:
    """Remember in this session who the provider said it is, until it is decided what follows."""
    request.session[_SESSION_KEY] = {**asdict(identity), "at": clock.now().isoformat()}


def kept(request: HttpRequest) -> Identity | None:
    """Who came back from a provider in this session a short while ago, if nothing followed yet."""
    found = dict(request.session.get(_SESSION_KEY) or {})
    at = found.pop("at", None)
    if at is None or clock.now() >= datetime.fromisoformat(at) + KEPT:
        return None
    return Identity(**found)


def forget(request: HttpRequest) -> None:
    """It was decided."""
    request.session.pop(_SESSION_KEY, None)

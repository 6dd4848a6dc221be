"""What the rules of accounts read: frozen facts, fetched by the selectors."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFacts:
    """What every rule about one's own account reads. The system acts for nobody and is never signed in."""

    signed_in: bool
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpFacts:
    """Who wants to sign up: somebody who is a member already cannot."""

    is_member: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingFacts:
    """A sign-up that waits for its code."""

    now: datetime
    lapses_at: datetime
    code_expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFacts:
    """Somebody whose password was right, before a session is opened for them on any path."""

    sign_up_pending: bool = False
    address_proved: bool = True
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemFacts:
    """Whether the market itself acts, and not a person."""

    is_system: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTokenFacts(OwnFacts):
    """One's own tokens that still work, and how many may."""

    tokens: int
    tokens_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """One token: of its owner who wants to end it, or of a program that shows it."""

    now: datetime
    known: bool = True
    revoked_at: datetime | None = None
    expires_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFacts:
    """Who wants to make whom a member of staff."""

    may_appoint: bool
    is_staff: bool
    left_at: datetime | None

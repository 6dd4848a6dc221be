"""Tokens for programs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kotowari.accounts.gates.oneself import ProvedFacts, recently_proved, signed_in, still_member
from kotowari.accounts.gates.remedies import TO_TOKENS
from kotowari.accounts.gates.sign_in import closed_blocker, frozen_blocker
from kotowari.accounts.gates.staff import second_factor_held
from kotowari.accounts.restrictions import InForce
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTokenFacts(ProvedFacts):
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
    is_active: bool = True
    left_at: datetime | None = None
    frozen: InForce | None = None
    lacks_factor: bool = False


class Room(Protocol):
    """Facts that tell how many tokens somebody has and may have."""

    @property
    def tokens(self) -> int: ...

    @property
    def tokens_max(self) -> int: ...


def room_for_a_token(facts: Room) -> Blocker | None:
    if facts.tokens < facts.tokens_max:
        return None
    return Blocker(
        code="too_many_tokens",
        reason=Text(
            "使えるAPIトークンは{max}個までです。使っていないものを無効にすると作れます。",
            "At most {max} tokens can be in use. Revoke one that you no longer need to make another.",
        ).format(max=facts.tokens_max),
        rule="A035",
        resolved_by="you",
        facts={"count": facts.tokens, "max": facts.tokens_max},
        remedy=TO_TOKENS,
    )


def token_known(facts: TokenFacts) -> Blocker | None:
    if facts.known:
        return None
    return Blocker(
        code="unknown",
        reason=Text(
            "このAPIトークンは存在しません。「Authorization: Bearer トークン」の形で、全体を送ってください。",
            "There is no such token. Send it whole, as `Authorization: Bearer TOKEN`.",
        ),
        rule="A010",
        resolved_by="you",
        remedy=TO_TOKENS,
        status=401,
    )


def token_not_revoked(facts: TokenFacts) -> Blocker | None:
    if facts.revoked_at is None:
        return None
    return Blocker(
        code="revoked",
        reason=Text("このAPIトークンは無効にされています。", "This token has been revoked."),
        rule="A035",
        resolved_by="you",
        facts={"revoked_at": facts.revoked_at},
        remedy=TO_TOKENS,
        status=401,
    )


def not_revoked_yet(facts: TokenFacts) -> Blocker | None:
    if facts.revoked_at is None:
        return None
    return Blocker(
        code="already_revoked",
        reason=Text("このAPIトークンは、すでに無効です。", "This token is revoked already."),
        rule="A035",
        resolved_by="you",
        facts={"revoked_at": facts.revoked_at},
        remedy=TO_TOKENS,
    )


def token_fresh(facts: TokenFacts) -> Blocker | None:
    if facts.expires_at is None or facts.now < facts.expires_at:
        return None
    return Blocker(
        code="expired",
        reason=Text("このAPIトークンの有効期限が過ぎました。", "This token has expired."),
        rule="A035",
        resolved_by="you",
        facts={"expired_at": facts.expires_at},
        remedy=TO_TOKENS,
        status=401,
    )


def owner_active(facts: TokenFacts) -> Blocker | None:
    return None if facts.is_active else closed_blocker()


def owner_not_frozen(facts: TokenFacts) -> Blocker | None:
    return frozen_blocker(facts.frozen)


CREATE_TOKEN = Action(
    "accounts.token.create",
    title=Text("APIトークンを作る", "Make a token"),
    no=Text("APIトークンを作れません", "No token can be made"),
    rules=(signed_in, still_member, recently_proved, room_for_a_token),
)
REVOKE_TOKEN = Action(
    "accounts.token.revoke",
    title=Text("APIトークンを無効にする", "Revoke the token"),
    no=Text("APIトークンを無効にできません", "The token cannot be revoked"),
    subject="accounts.apitoken",
    rules=(not_revoked_yet,),
)
USE_TOKEN = Action(
    "accounts.token.use",
    title=Text("APIトークンで呼び出す", "Call with a token"),
    no=Text("このAPIトークンでは呼び出せません", "This token opens nothing"),
    subject="accounts.apitoken",
    rules=(
        token_known,
        token_not_revoked,
        token_fresh,
        still_member,
        owner_active,
        owner_not_frozen,
        second_factor_held,
    ),
)

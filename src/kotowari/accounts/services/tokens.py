"""Personal access tokens: how programs sign in."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from kotowari.accounts import entries, gates, names
from kotowari.accounts.models import ApiToken, Device, Member
from kotowari.accounts.scopes import SCOPES, unknown_scopes
from kotowari.accounts.services.own import locked
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.notices import notify
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError, NotVisible
from kotowari.kernel.gates import Blocker, refuse, require
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text

PREFIX = "kotowari_"
"""What every token begins with, so that a leaked one is recognised by whatever scans for secrets."""

NAME_MAX = 50

USED_EVERY = timedelta(minutes=1)
"""`last_used_at` is written no more often than this."""


@command(gates.CREATE_TOKEN)
def create_api_token(*, actor: Actor, name: str, scopes: Sequence[str]) -> ApiToken:
    """A new token; `plaintext` on the returned row is the only time it can be read. Raises `InputError`, `Refused`.

    Repeated with the same idempotency key it returns the row without the plaintext, which is not kept.
    """
    member = locked(actor)
    require(gates.CREATE_TOKEN, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    name, wanted = usable(name=name, scopes=scopes)
    token = new_key(member, name=name, scopes=wanted, days=policy.value("accounts.token_days"))
    notify(
        member_id=token.member_id,
        kind="accounts.token_created",
        title=Text("APIトークンを作りました", "A token was made"),
        body=Text(
            "APIトークン「{name}」が作られました。心当たりがない場合は、すぐに無効にし、パスワードを再設定してください。",
            'The token "{name}" was made. If it was not you, revoke it at once and set a new password.',
        ).format(name=token.name),
        url="/my/settings/api/",
    )
    return token


def usable(*, name: str, scopes: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The name and the scopes as a token keeps them. Raises `InputError`."""
    name = names.tidied(name)
    problems = {"name": _name_problems(name), "scopes": _scope_problems(scopes)}
    if any(problems.values()):
        raise InputError({field: texts for field, texts in problems.items() if texts})
    return name, tuple(scope for scope in SCOPES if scope in scopes)


def new_key(
    member: Member,
    *,
    name: str,
    scopes: Sequence[str],
    days: int,
    id: UUID | None = None,
    device: Device | None = None,
) -> ApiToken:
    """A fresh token with its `plaintext`, written to the audit; the one place where keys are made. Inside a command."""
    plaintext = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        id=id or new_id(),
        member=member,
        device=device,
        name=name,
        digest=_digest(plaintext),
        scopes=list(scopes),
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=days),
    )
    token.plaintext = plaintext
    audit.record(
        actor=member, kind=entries.TOKEN_CREATED, subject=token, name=name, scopes=", ".join(sorted(token.scopes))
    )
    return token


@command(gates.REVOKE_TOKEN)
def revoke_api_token(*, actor: Actor, token_id: UUID) -> ApiToken:
    """End one of one's own tokens, at once and for good. Raises `NotVisible` for anybody else's, `Refused`."""
    token = lock(ApiToken, token_id, "member")
    if token.member_id != actor.pk:
        raise NotVisible("accounts.apitoken", token_id)
    require(gates.REVOKE_TOKEN, actor, token)
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    audit.record(actor=actor, kind=entries.TOKEN_REVOKED, subject=token, name=token.name)
    return token


def authenticate_token(header_value: str) -> tuple[Member, frozenset[str]]:
    """Whose program calls and what it may do, from the value of the `Authorization` header. Raises `Refused`.

    The member comes with what the token proves: when its program signed in, or nothing.
    """
    token = shown_token(header_value)
    token.member.proved_at, token.member.via = token.proved_at, token.via
    return token.member, frozenset(token.scopes)


def shown_token(header_value: str) -> ApiToken:
    """The token that a program shows in the `Authorization` header (`Bearer TOKEN`), with its member; its use is noted.

    Raises `Refused` (401, or 403 for somebody who has left) with the reason and where to make another.
    """
    scheme, _, plaintext = header_value.strip().partition(" ")
    token = _token_of(plaintext.strip()) if scheme.lower() == "bearer" else None
    require(gates.USE_TOKEN, None, token)
    assert token is not None  # the gate refuses what nobody has
    now = clock.now()
    unseen = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USED_EVERY)
    if token.last_used_at is None or token.last_used_at <= now - USED_EVERY:
        ApiToken.objects.filter(unseen, pk=token.pk).update(last_used_at=now)
    return token


def require_scope(scopes: frozenset[str], needed: str) -> None:
    """Raise `Refused` (403) unless the token may do what the call needs."""
    if needed in scopes:
        return
    raise refuse(
        gates.USE_TOKEN,
        Blocker(
            code="scope_missing",
            reason=Text(
                "この呼び出しには権限「{scope}」({words})が必要です。権限を付けたAPIトークンを作ってください。",
                'This call needs the scope "{scope}" ({words}). Make a token that has it.',
            ).format(scope=needed, words=SCOPES[needed]),
            rule="A035",
            resolved_by="you",
            facts={"needed": needed, "scopes": sorted(scopes)},
            remedy=gates.TO_TOKENS,
            status=403,
        ),
    )


def _token_of(plaintext: str) -> ApiToken | None:
    """Found by digest, so that the time of the search tells nothing of the token; compared once more in full."""
    digest = _digest(plaintext)
    token = ApiToken.objects.select_related("member").filter(digest=digest).first()
    return token if token is not None and hmac.compare_digest(token.digest, digest) else None


def _digest(plaintext: str) -> str:
    """A plain SHA-256: what is digested are 256 random bits, which no list of guesses contains."""
    return hashlib.sha256(plaintext.encode()).hexdigest()


def _name_problems(name: str) -> list[Text]:
    if name and len(name) <= NAME_MAX:
        return []
    return [
        Text(
            "何に使うかがわかる名前を、{max}文字までで付けてください。例: 会計ソフト連携",
            "Please give it a name of at most {max} characters that says what it is for, for example bookkeeping.",
        ).format(max=NAME_MAX)
    ]


def _scope_problems(scopes: Sequence[str]) -> list[Text]:
    unknown = unknown_scopes(scopes)
    if unknown:
        return [
            Text("知らない権限です: {names}", "Unknown scopes: {names}").format(names=", ".join(unknown)),
        ]
    if not scopes:
        return [Text("権限を1つ以上選んでください。", "Please choose at least one scope.")]
    return []

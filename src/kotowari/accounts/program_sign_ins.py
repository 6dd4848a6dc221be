"""A program's sign-in on its way from the right password to its key, and the ticket that carries it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core import signing

from kotowari.accounts.models import Member
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id

TICKET_MAX = 2_000
_SALT = "accounts.program_sign_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramSignIn:
    """Whose password a program showed, when, and the key it asks for.

    `token_id` becomes the key's own, so that one sign-in makes one key, however often its second step is sent.
    `mark` stands for the password and the second factors of that moment. `second_factor` is which one was shown
    (`trusted`: none, on a device its owner trusts; "": none yet).
    """

    token_id: UUID
    member_id: UUID
    asked_at: datetime
    mark: str
    name: str
    scopes: tuple[str, ...]
    second_factor: str = ""


def begun(member: Member, *, mark: str, name: str, scopes: tuple[str, ...], second_factor: str) -> ProgramSignIn:
    """The sign-in of a program that just showed this member's password."""
    return ProgramSignIn(
        token_id=new_id(),
        member_id=member.pk,
        asked_at=clock.now(),
        mark=mark,
        name=name,
        scopes=scopes,
        second_factor=second_factor,
    )


def ticket_of(sign_in: ProgramSignIn) -> str:
    """What the program holds until its second step: signed, so that nobody makes or changes one."""
    held = [
        sign_in.token_id.hex,
        sign_in.member_id.hex,
        sign_in.asked_at.timestamp(),
        sign_in.mark,
        sign_in.name,
        list(sign_in.scopes),
    ]
    return signing.dumps(held, salt=_SALT, compress=True)


def sign_in_of(ticket: str) -> ProgramSignIn | None:
    """The sign-in that a ticket carries; None for what is no ticket of ours."""
    if len(ticket) > TICKET_MAX:
        return None
    try:
        held: Any = signing.loads(ticket, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    token_id, member_id, asked_at, mark, name, scopes = held
    return ProgramSignIn(
        token_id=UUID(token_id),
        member_id=UUID(member_id),
        asked_at=datetime.fromtimestamp(asked_at, UTC),
        mark=mark,
        name=name,
        scopes=tuple(scopes),
    )

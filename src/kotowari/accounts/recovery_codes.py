"""Recovery codes: what opens an account when its second factor is not at hand. Kept as keyed digests only."""

import secrets
from uuid import UUID

from kotowari.accounts.one_time_codes import tidied
from kotowari.foundation.crypto import keyring

LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""None that can be taken for another, and none by which words come about."""
LENGTH = 12
"""57 bits: nobody guesses one, however many tries there are."""
_LABEL = "accounts.recovery_code"


def new_code() -> str:
    """One code, in groups of four: `QDVF-8NDJ-2KXM`."""
    plain = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(plain[at : at + 4] for at in range(0, LENGTH, 4))


def digest_of(code: str, *, member_id: UUID) -> bytes:
    """What is kept of a code."""
    return keyring().index(_named(code, member_id), label=_LABEL)


def digests_of(typed: str, *, member_id: UUID) -> list[bytes]:
    """What may be kept of this code, under every key in force; case, width, spaces and dashes do not matter."""
    return keyring().indexes(_named(typed, member_id), label=_LABEL)


def _named(typed: str, member_id: UUID) -> str:
    return f"{member_id}:{tidied(typed).upper()}"

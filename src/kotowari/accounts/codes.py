"""The code that proves an address: short enough to type from a phone, kept as a keyed digest, good once."""

import unicodedata
from uuid import UUID

from allauth.core.internal.cryptokit import generate_user_code, normalize_user_code
from django.utils.crypto import constant_time_compare, salted_hmac


def new_code() -> str:
    """Eight letters that cannot be mistaken for each other, as `QDVF-SNDJ`: 34 bits, for few tries only."""
    return str(generate_user_code(length=8))


def digest_of(code: str, *, row_id: UUID) -> str:
    """What the row of this id keeps of a code; spaces, dashes, width and case of what was typed do not matter."""
    plain = normalize_user_code(unicodedata.normalize("NFKC", code))
    return salted_hmac("accounts.code", f"{row_id}:{plain}", algorithm="sha256").hexdigest()


def matches(code: str, digest: str, *, row_id: UUID) -> bool:
    """Whether the typed code is the one that the digest was made of."""
    return constant_time_compare(digest_of(code, row_id=row_id), digest)

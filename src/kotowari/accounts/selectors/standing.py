"""How an account stands toward whoever wants to come in: each question is one statement.

They are written out because a query built by Django costs three times more in Python than PostgreSQL needs to answer
it, and signing in is to cost little more than its hash (docs/performance.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from kotowari.accounts.restrictions import InForce
from kotowari.kernel import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What counts for coming in; an account that does not exist is asked about in the same way."""

    is_active: bool
    left_at: datetime | None
    password_void_since: datetime | None
    address_proved: bool
    has_factor: bool
    locked_until: datetime | None
    frozen: InForce | None


# The account's row may be missing, so that the same is looked up about nobody.
_READ = """
SELECT m.is_active, m.left_at, m.password_void_since,
       EXISTS (SELECT 1 FROM account_emailaddress WHERE user_id = asked.id AND email = m.email AND verified),
       EXISTS (SELECT 1 FROM accounts_factor WHERE member_id = asked.id AND confirmed_at IS NOT NULL),
       (SELECT max(until) FROM accounts_lock WHERE member_id = asked.id AND ended_at IS NULL AND until > %(now)s),
       r.id, r.cause, r.since, r.until, r.explanation
FROM (SELECT %(member)s::uuid AS id) AS asked
LEFT JOIN accounts_member m ON m.id = asked.id
LEFT JOIN LATERAL (
    SELECT id, cause, since, until, explanation FROM accounts_restriction
    WHERE member_id = asked.id AND until > %(now)s AND lifted_at IS NULL AND 'sign_in' = ANY(scope)
    ORDER BY until DESC LIMIT 1
) AS r ON TRUE
"""


_KNOWN = """
SELECT id FROM accounts_device
WHERE member_id = %(member)s AND id = ANY(%(devices)s::uuid[]) AND forgotten_at IS NULL
ORDER BY last_seen_at DESC LIMIT 1
"""


_SEEN = f"""
SELECT ({_KNOWN}), EXISTS (
    SELECT 1 FROM accounts_signinrecord WHERE member_id = %(member)s AND outcome = 'in' AND network = %(network)s
)
"""  # noqa: S608 - of the statement above

_HAS_FACTOR = "SELECT EXISTS (SELECT 1 FROM accounts_factor WHERE member_id = %(member)s AND confirmed_at IS NOT NULL)"
_IN_FORCE = ("id", "cause", "since", "until", "explanation")


def known_among(devices: Sequence[UUID], member_id: UUID) -> UUID | None:
    """The device seen last of those that this account knows."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"member": member_id, "devices": list(devices)})
        row = cursor.fetchone()
    return row[0] if row else None


def standing_of(member_id: UUID) -> Standing:
    """How this account stands now."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"member": member_id, "now": clock.now()})
        active, left_at, void_since, proved, has_factor, locked_until, *frozen = cursor.fetchone()
    return Standing(
        is_active=active is not False,
        left_at=left_at,
        password_void_since=void_since,
        address_proved=proved,
        has_factor=has_factor,
        locked_until=locked_until,
        frozen=InForce(**dict(zip(_IN_FORCE, frozen, strict=True))) if frozen[0] else None,
    )


def seen(member_id: UUID, devices: Sequence[UUID], network: str) -> tuple[UUID | None, bool]:
    """Which of these devices the account knows, and whether its owner ever came in from this network."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, {"member": member_id, "devices": list(devices), "network": network})
        known_id, came_from = cursor.fetchone()
    return known_id, came_from


def has_factor(member_id: UUID) -> bool:
    """Whether signing in asks this member for a second factor."""
    with connection.cursor() as cursor:
        cursor.execute(_HAS_FACTOR, {"member": member_id})
        return bool(cursor.fetchone()[0])

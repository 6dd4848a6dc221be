"""Many journals of one shape, and the lots they open or take: sets that the database made and hands on to itself.

What is journalled, opened and taken is told as PostgreSQL's own text of arrays, as a query of the room above returned it:
thousands of ids would otherwise be read and written one by one in Python, which takes longer than the books do.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from kotowari.foundation.actors import Actor, name_of
from kotowari.kernel import clock
from kotowari.ledger.accounts import Account, AccountClass
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.errors import LotsDisagree
from kotowari.ledger.services.forward import NEWEST_BEFORE, keep_forward
from kotowari.ledger.services.lots import TAKE
from kotowari.ledger.services.posting import keep_to_chart
from kotowari.ledger.services.refusals import typed_errors


class ShapeLine(NamedTuple):
    """One line that every journal of a shape may have; `sign` is how it moves the account's class."""

    of: AccountClass
    sign: int


@dataclass(frozen=True)
class Shape:
    """What many journals have in common. Raises `NotInChart` when the chart knows no such one."""

    kind: JournalKind
    scope: str
    lines: Sequence[ShapeLine]

    def __post_init__(self) -> None:
        nobody = UUID(int=0)
        changes = {Account(line.of, line.of.name, None): line.sign for line in self.lines}
        keep_to_chart(
            self.kind, changes, dict.fromkeys(("contract_id", "milestone_id", "payout_id", "deposit_id"), nobody)
        )

    @cached_property
    def told(self) -> str:
        """As `ledger_post_alike` reads it."""
        openings = [line.of.opening for line in self.lines]
        return json.dumps({"kind": self.kind.value, "scope": self.scope, "openings": openings})


class Alike(NamedTuple):
    """The journals of a set, each column as the text of a PostgreSQL array.

    `keys` (text) and, of what the journals are about, `contracts`, `milestones` and `payouts` (uuid) have one element
    per journal; `owners` (uuid, NULL for the market's own accounts) and `changes_yen` (bigint) one per journal and line
    of the shape, flattened row by row.
    """

    keys: str
    owners: str
    changes_yen: str
    contracts: str | None = None
    milestones: str | None = None
    payouts: str | None = None


def post_alike(shape: Shape, journals: Alike, *, actor: Actor, occurred_at: datetime | None = None) -> int:
    """Write a set of new journals of one shape in one round trip, all of them or none; returns how many.

    Lines of zero yen are left out. Raises what `post` raises; a key that was posted before is an
    `IdempotencyConflict`, since what has its own lock and state comes to this once.
    """
    posted_at = clock.now()
    shared = {
        "occurred_at": (occurred_at or posted_at).isoformat(),
        "posted_at": posted_at.isoformat(),
        "actor_id": None if actor.pk is None else str(actor.pk),
        "actor_name": name_of(actor),
    }
    with typed_errors(occurred_at), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_post_alike(%(shared)s, %(shape)s, %(contracts)s::uuid[], %(milestones)s::uuid[], "
            f"%(payouts)s::uuid[], %(keys)s::text[], %(owners)s::uuid[], %(changes_yen)s::bigint[]), {NEWEST_BEFORE}",
            {"shared": json.dumps(shared), "shape": shape.told, **journals._asdict()},
        )
        written, newest_at = cursor.fetchone()
    keep_forward(posted_at, newest_at)
    return int(written)


def open_alike(*, members: str, milestones: str, amounts_yen: str, fixed_at: datetime) -> None:
    """Open the lots of many rewards that are new, each after its journal; arrays as texts, in one order.

    A reward that has its lot already ends the transaction as an error of the database.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, (fixed_at, members, milestones, amounts_yen))


_OPEN = """
INSERT INTO ledger_lot (id, member_id, milestone_id, fixed_at, amount_yen, remaining_yen)
SELECT ledger_new_id(moment.at, place), member_id, milestone_id, %s, amount_yen, amount_yen
FROM (SELECT clock_timestamp() AS at) moment, unnest(%s::uuid[], %s::uuid[], %s::bigint[]) WITH ORDINALITY AS l (member_id, milestone_id, amount_yen, place)
"""


def take_alike(*, members: str, amounts_yen: str, payouts: str) -> None:
    """Take from many members' lots for one new payout each, oldest first, all or none; arrays as texts, in one order.

    Raises `LotsDisagree` when somebody's lots do not hold that much.
    """
    arrays: dict[str, Any] = {"members": members, "amounts": amounts_yen, "payouts": payouts, "now": clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(TAKE + _SERVED, arrays)
        served, asked = cursor.fetchone()
    if served != asked:
        raise LotsDisagree(f"the lots of {asked - served} of {asked} members do not hold what is taken")


_SERVED = "SELECT count(DISTINCT payout_id), cardinality(%(payouts)s::uuid[]) FROM taken"

"""Many journals and lots in one statement each: for closings, acceptance by the clock and everything set-based."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from kotowari.foundation.actors import Actor
from kotowari.kernel.ids import new_id
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.models import Lot
from kotowari.ledger.services.posting import Line, PostedJournal, added_up, keep_to_chart, what, who_and_when
from kotowari.ledger.services.refusals import typed_errors


class Entry(NamedTuple):
    """One journal of a batch; the fields are those of `post`."""

    kind: JournalKind
    scope: str
    key: str
    lines: Sequence[Line]
    contract_id: UUID | None = None
    milestone_id: UUID | None = None
    payout_id: UUID | None = None
    deposit_id: UUID | None = None


class NewLot(NamedTuple):
    """One fixed reward of a batch; the fields are those of `open_lot`."""

    member_id: UUID
    milestone_id: UUID
    amount_yen: int
    fixed_at: datetime


MAX_BATCH = 1000
"""More would hold the locks of too many members for too long."""

_POST_MANY = """
SELECT p.journal_id, p.is_replay
FROM jsonb_array_elements(%s) WITH ORDINALITY AS e (request, number), LATERAL ledger_post(e.request || %s) AS p
ORDER BY e.number
"""


def post_many(entries: Sequence[Entry], *, actor: Actor, occurred_at: datetime | None = None) -> list[PostedJournal]:
    """Write several journals in one round trip, in the order given; all of them or none.

    Batches that may run side by side and touch the same accounts must give them in the same order, or they may
    wait for each other. Raises what `post` raises, and `ValueError` for more than `MAX_BATCH` journals.
    """
    if len(entries) > MAX_BATCH:
        raise ValueError(f"{len(entries)} journals are too many for one batch of {MAX_BATCH}")
    if not entries:
        return []
    requests = json.dumps([_request(entry) for entry in entries])
    with typed_errors(occurred_at=occurred_at), connection.cursor() as cursor:
        cursor.execute(_POST_MANY, (requests, json.dumps(who_and_when(actor, occurred_at))))
        return [PostedJournal(*row) for row in cursor.fetchall()]


def open_lots(lots: Sequence[NewLot]) -> None:
    """Record fixed rewards as lots, in the transaction of the journals that credited them.

    The journal's key has made sure that each is new: a milestone whose lot is open raises `IntegrityError`.
    """
    Lot.objects.bulk_create(Lot(id=new_id(), remaining_yen=lot.amount_yen, **lot._asdict()) for lot in lots)


def _request(entry: Entry) -> dict[str, str | None]:
    changes = added_up(entry.lines)
    references = {
        "contract_id": entry.contract_id,
        "milestone_id": entry.milestone_id,
        "payout_id": entry.payout_id,
        "deposit_id": entry.deposit_id,
    }
    keep_to_chart(entry.kind, changes, references)
    return what(entry.kind, entry.scope, entry.key, changes, references)

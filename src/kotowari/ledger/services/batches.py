"""Many journals and lots in one statement each: for closings, acceptance by the clock and everything set-based."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from kotowari.foundation.actors import Actor, name_of
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.models import Lot
from kotowari.ledger.services.posting import Line, PostedJournal, added_up, keep_to_chart, request_hash
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


_POST_MANY = """
SELECT p.journal_id, p.is_replay
FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS e (j, n),
LATERAL ledger_post(
    (j->>'id')::uuid, j->>'kind', j->>'scope', j->>'key', decode(j->>'hash', 'hex'),
    %s, %s, %s, %s,
    (j->>'contract_id')::uuid, (j->>'milestone_id')::uuid, (j->>'payout_id')::uuid, (j->>'deposit_id')::uuid,
    NULL, '',
    ARRAY(SELECT jsonb_array_elements_text(j->'codes')),
    ARRAY(SELECT jsonb_array_elements_text(j->'amounts')::bigint),
    ARRAY(SELECT jsonb_array_elements_text(j->'classes'))
) AS p
ORDER BY e.n
"""


def post_many(entries: Sequence[Entry], *, actor: Actor, occurred_at: datetime | None = None) -> list[PostedJournal]:
    """Write several journals in one round trip, in the order given; all of them or none.

    Batches that may run side by side and touch the same accounts must give them in the same order, or they may
    wait for each other. Raises what `post` raises.
    """
    if not entries:
        return []
    posted_at = clock.now()
    with typed_errors(key=entries[0].key, occurred_at=occurred_at), connection.cursor() as cursor:
        cursor.execute(
            _POST_MANY,
            (json.dumps([_plain(e) for e in entries]), occurred_at or posted_at, posted_at, actor.pk, name_of(actor)),
        )
        return [PostedJournal(*row) for row in cursor.fetchall()]


def open_lots(lots: Sequence[NewLot]) -> None:
    """Record fixed rewards as lots, in the transaction of the journals that credited them.

    The journal's key has made sure that each is new: a milestone whose lot is open raises `IntegrityError`.
    """
    Lot.objects.bulk_create(Lot(id=new_id(), remaining_yen=lot.amount_yen, **lot._asdict()) for lot in lots)


def _plain(entry: Entry) -> dict[str, object]:
    changes = added_up(entry.lines)
    references = {
        "contract_id": entry.contract_id,
        "milestone_id": entry.milestone_id,
        "payout_id": entry.payout_id,
        "deposit_id": entry.deposit_id,
    }
    keep_to_chart(entry.kind, changes, references)
    return {
        "id": str(new_id()),
        "kind": entry.kind.value,
        "scope": entry.scope,
        "key": entry.key,
        "hash": request_hash(entry.kind, changes, references, None).hex(),
        **{name: value and str(value) for name, value in references.items()},
        "codes": [account.code for account in changes],
        "amounts": list(changes.values()),
        "classes": [account.of.opening for account in changes],
    }

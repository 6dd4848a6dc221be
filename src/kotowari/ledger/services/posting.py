"""`post` and `post_many`: journals, written whole or not at all, in one round trip."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from kotowari.foundation.actors import Actor, name_of
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.ledger.accounts import Account, AccountClass
from kotowari.ledger.catalogue import CATALOGUE, JournalKind
from kotowari.ledger.errors import NotInChart
from kotowari.ledger.services.forward import NEWEST_BEFORE, keep_forward
from kotowari.ledger.services.refusals import typed_errors

MAX_LINES = 32
"""More accounts than any business event moves; a batch is many journals, not one."""
MAX_BATCH = 1000
"""More journals would hold the locks of too many members for too long."""


class Line(NamedTuple):
    """One account changes by an amount in yen; positive is more owed or earned (credit)."""

    account: Account
    amount_yen: int


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


class PostedJournal(NamedTuple):
    """`is_replay`: this event was posted before, with the same lines, and nothing was written now."""

    id: UUID
    is_replay: bool


Request = dict[str, str | None]
"""One journal as `ledger_post` reads it."""


def post(
    *,
    kind: JournalKind,
    scope: str,
    key: str,
    lines: Sequence[Line],
    actor: Actor,
    occurred_at: datetime | None = None,
    contract_id: UUID | None = None,
    milestone_id: UUID | None = None,
    payout_id: UUID | None = None,
    deposit_id: UUID | None = None,
) -> PostedJournal:
    """Write one journal.

    `(scope, key)` names the business event, for instance `("milestones.accept", str(milestone.id))`: posting it
    again with the same kind, references and lines returns the first journal, whoever asks and whenever.
    `occurred_at` is when it happened, if that was before now. Lines of zero yen are left out; lines on the same
    account are added up. Accounts that are new are opened.

    Raises `InsufficientFunds`, `PeriodClosed`, `kernel.errors.IdempotencyConflict` (the key was used for another
    request), `kernel.errors.Refused` while the clock stands behind the books (P018) and, for calls that cannot be
    right, `NotInChart` or `ValueError`.
    """
    entry = Entry(kind, scope, key, lines, contract_id, milestone_id, payout_id, deposit_id)
    return post_many([entry], actor=actor, occurred_at=occurred_at)[0]


def post_many(entries: Sequence[Entry], *, actor: Actor, occurred_at: datetime | None = None) -> list[PostedJournal]:
    """Write several journals in one round trip, in the order given; all of them or none.

    Raises what `post` raises, and `ValueError` for more than `MAX_BATCH` journals.
    """
    if len(entries) > MAX_BATCH:
        raise ValueError(f"{len(entries)} journals are too many for one batch of {MAX_BATCH}")
    if not entries:
        return []
    return write([_request(entry) for entry in entries], actor=actor, occurred_at=occurred_at)


def _request(entry: Entry) -> Request:
    changes = added_up(entry.lines)
    references = {
        "contract_id": entry.contract_id,
        "milestone_id": entry.milestone_id,
        "payout_id": entry.payout_id,
        "deposit_id": entry.deposit_id,
    }
    keep_to_chart(entry.kind, changes, references)
    return request(entry.kind, entry.scope, entry.key, changes, references)


def added_up(lines: Sequence[Line]) -> dict[Account, int]:
    """How much each account changes, in the order of the lines. Raises `ValueError` if they do not sum to zero."""
    changes: dict[Account, int] = {}
    for account, amount_yen in lines:
        changes[account] = changes.get(account, 0) + amount_yen
    changes = {account: amount_yen for account, amount_yen in changes.items() if amount_yen}
    if sum(changes.values()) != 0:
        raise ValueError(f"the lines sum to {sum(changes.values())} yen, not to zero")
    if not 2 <= len(changes) <= MAX_LINES:
        raise ValueError(f"a journal moves 2 to {MAX_LINES} accounts, not {len(changes)}")
    return changes


def keep_to_chart(kind: JournalKind, changes: dict[Account, int], references: dict[str, UUID | None]) -> None:
    """Raise `NotInChart` if this kind of journal does not move money this way."""
    spec = CATALOGUE[kind]
    missing = [name for name in spec.references if references[name] is None]
    if missing:
        raise NotInChart(f"{kind} needs {', '.join(missing)}")
    moved: set[AccountClass] = set()
    for account, amount_yen in changes.items():
        move = spec.move_of(account.of)
        if move is None or ("+" if amount_yen > 0 else "-") not in move.sign:
            raise NotInChart(f"{kind} does not move {account} by {amount_yen} yen")
        moved.add(account.of)
    unmoved = [move.account.name for move in spec.moves if move.is_required and move.account not in moved]
    if unmoved:
        raise NotInChart(f"{kind} moves {', '.join(unmoved)} as well")


def request(
    kind: JournalKind,
    scope: str,
    key: str,
    changes: dict[Account, int],
    references: dict[str, UUID | None],
    reverses_id: UUID | None = None,
) -> Request:
    """One journal for `write`, with the id it gets if it is new."""
    found: Request = {
        "id": str(new_id()),
        "kind": kind.value,
        "scope": scope,
        "key": key,
        "request_hash": request_hash(kind, changes, references, reverses_id),
        "codes": " ".join([account.code for account in changes]),
        "changes_yen": " ".join([str(amount_yen) for amount_yen in changes.values()]),
        "openings": " ".join([account.of.opening for account in changes]),
    }
    for name, value in (*references.items(), ("reverses_id", reverses_id)):
        if value is not None:
            found[name] = str(value)
    return found


def write(
    requests: list[Request], *, actor: Actor, occurred_at: datetime | None = None, reason: str = ""
) -> list[PostedJournal]:
    """Call the one writer in the database."""
    posted_at = clock.now()
    shared = {
        "occurred_at": (occurred_at or posted_at).isoformat(),
        "posted_at": posted_at.isoformat(),
        "actor_id": None if actor.pk is None else str(actor.pk),
        "actor_name": name_of(actor),
        "reason": reason,
    }
    with typed_errors(occurred_at), connection.cursor() as cursor:
        cursor.execute(f"SELECT ledger_post(%s, %s), {NEWEST_BEFORE}", (json.dumps(shared), json.dumps(requests)))
        replays, newest_at = cursor.fetchone()
    keep_forward(posted_at, newest_at)
    there = json.loads(replays) if replays else {}
    offered = [str(entry["id"]) for entry in requests]
    return [PostedJournal(UUID(there.get(id, id)), id in there) for id in offered]


def request_hash(
    kind: JournalKind,
    changes: dict[Account, int],
    references: dict[str, UUID | None],
    reverses_id: UUID | None,
) -> str:
    """What makes two requests the same: the kind, what it is about, and the lines, in any order.

    Not who asks or when: a client's acceptance and the clock's are the same event. `invariants.L7` computes the
    same in SQL from what is stored.
    """
    subjects = (
        references["contract_id"],
        references["milestone_id"],
        references["payout_id"],
        references["deposit_id"],
    )
    about = "|".join(str(value or "") for value in (kind.value, *subjects, reverses_id))
    lines = ";".join(sorted(f"{account.code}={amount_yen}" for account, amount_yen in changes.items()))
    return hashlib.sha256(f"{about}|{lines}".encode()).hexdigest()

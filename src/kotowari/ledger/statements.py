"""The lines of many accounts in one list, newest first, by period: what a member reads of all that is theirs.

A member's own accounts grow for years and are read by their numbered lines. Escrows, deposits and card payments are
many and have a handful of lines each; those are read together, in the order of their journals.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text
from kotowari.ledger import catalogue
from kotowari.ledger.accounts import Account, parse
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.models import Account as AccountRow
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import MAX_PAGE, PAGE, Statement, StatementRow

_UNREADABLE = Text(
    "このページの続きを読めません。最初から開き直してください。",
    "This cursor is not one of ours. Start from the first page.",
)
_LAST = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines: of `own` accounts and of all accounts of `owners` (milestones, deposits, card payments).

    `since` and `until` bound when it happened, `until` not included.
    """

    own: Sequence[Account]
    owners: Sequence[UUID] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(slots=True)
class _Position:
    """Where a page ended: the last numbered line of each own account, and the last journal of the others."""

    versions: dict[str, int] = field(default_factory=dict)
    journal: UUID = _LAST
    line: int = 0


_COLUMNS = """a.code, coalesce(p.account_version, 0), p.line_no, j.id, j.kind::text, o.kind::text, p.amount_yen,
    p.balance_after_yen, j.occurred_at, j.posted_at, j.contract_id, j.milestone_id, j.payout_id, j.deposit_id, j.reason"""
_BETWEEN = """(%(since)s::timestamptz IS NULL OR j.occurred_at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR j.occurred_at < %(until)s)"""
_OWN = f"""
SELECT l.* FROM unnest(%(codes)s::text[], %(versions)s::bigint[]) AS w (code, version)
JOIN ledger_account a ON a.code = w.code
CROSS JOIN LATERAL (
    SELECT {_COLUMNS} FROM ledger_posting p JOIN ledger_journal j ON j.id = p.journal_id
    LEFT JOIN ledger_journal o ON o.id = j.reverses_id
    WHERE p.account_id = a.id AND p.account_version < w.version AND {_BETWEEN}
    ORDER BY p.account_version DESC LIMIT %(limit)s
) l
"""  # noqa: S608 - constants of this module
_OTHERS = f"""
SELECT {_COLUMNS} FROM ledger_account a
JOIN ledger_posting p ON p.account_id = a.id AND p.account_version IS NOT NULL
JOIN ledger_journal j ON j.id = p.journal_id LEFT JOIN ledger_journal o ON o.id = j.reverses_id
WHERE a.owner_id = ANY (%(owners)s) AND a.owner_kind <> 'member'
    AND (p.journal_id, p.line_no) < (%(journal)s, %(line)s) AND {_BETWEEN}
ORDER BY p.journal_id DESC, p.line_no DESC LIMIT %(limit)s
"""  # noqa: S608 - constants of this module


def lines(asked: Asked, *, cursor: str = "", limit: int = PAGE) -> Statement:
    """A page of the lines, newest first; two queries. Raises `InputError` for a cursor that is none of ours."""
    limit = min(max(limit, 1), MAX_PAGE)
    position = _read(cursor)
    given: dict[str, Any] = {
        "codes": [account.code for account in asked.own],
        "versions": [position.versions.get(account.code, 2**62) for account in asked.own],
        "owners": list(asked.owners),
        "journal": position.journal,
        "line": position.line,
        "since": asked.since,
        "until": asked.until,
        "limit": limit + 1,
    }
    own = {account.code for account in asked.own}
    groups: dict[str, list[tuple[UUID, int, int, StatementRow]]] = {}
    with connection.cursor() as db:
        for statement, is_wanted in ((_OWN, asked.own), (_OTHERS, asked.owners)):
            if not is_wanted:
                continue
            db.execute(statement, given)
            for code, version, line_no, journal_id, kind, reversed_kind, *rest in db.fetchall():
                row = _row(code, journal_id, kind, reversed_kind, rest)
                groups.setdefault(code if code in own else "", []).append((journal_id, line_no, version, row))
    for code, group in groups.items():
        group.sort(key=lambda at: at[2] if code else at[:2], reverse=True)
    merged = list(islice(merge(*groups.values(), key=lambda at: at[:2], reverse=True), limit + 1))
    page = merged[:limit]
    for journal_id, line_no, version, row in page:
        if row.account.code in own:
            position.versions[row.account.code] = version
        else:
            position.journal, position.line = journal_id, line_no
    return Statement([row for *_, row in page], _write(position) if len(merged) > limit else None)


def reversal_of(journal_id: UUID) -> UUID | None:
    """The journal that took this one back, if one did."""
    return Journal.objects.filter(reverses_id=journal_id).values_list("pk", flat=True).first()


def accounts_of(owner_id: UUID) -> list[Account]:
    """The accounts of one owner: a member's, or the one of a milestone, deposit, payout, card payment or refund."""
    rows = AccountRow.objects.filter(owner_id=owner_id).order_by("pk")
    return [parse(code) for code in rows.values_list("code", flat=True)[:MAX_PAGE]]


def _row(code: str, journal_id: UUID, kind: str, reversed_kind: str | None, rest: Sequence[Any]) -> StatementRow:
    account = parse(code)
    spoken = catalogue.sentence_for(
        account.of, JournalKind(kind), JournalKind(reversed_kind) if reversed_kind is not None else None
    )
    return StatementRow(journal_id, JournalKind(kind), spoken, account, *rest)


def _write(position: _Position) -> str:
    plain = [position.versions, str(position.journal), position.line]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode()


def _read(cursor: str) -> _Position:
    if not cursor:
        return _Position()
    try:
        versions, journal, line = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        if not all(isinstance(code, str) and type(number) is int for code, number in versions.items()):
            raise ValueError("a position is the number of a line")
        if type(line) is not int or not 0 <= line < 2**15 or not all(0 <= n < 2**63 for n in versions.values()):
            raise ValueError("numbers of lines are small")
        return _Position(dict(versions), UUID(journal), line)
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
        raise InputError({"cursor": [_UNREADABLE]}) from error

"""Reading the books: balances, and every balance opened into its journals in words. Every query is bounded.

Who may see an account is the business of the rooms above; here there is only whose it is.
"""

import base64
import binascii
import heapq
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import facts_for
from kotowari.kernel.text import Text
from kotowari.ledger import catalogue
from kotowari.ledger.accounts import Account, parse
from kotowari.ledger.catalogue import JournalKind, Subject
from kotowari.ledger.gates import POST, PostFacts
from kotowari.ledger.models import Journal, Posting

PAGE = 50
MAX_PAGE = 200


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One line of an account's statement: what happened, in words for the account's owner.

    `balance_after_yen` is None on accounts that are rolled up, where lines have no order among themselves.
    """

    journal_id: UUID
    kind: JournalKind
    sentence: Text
    account: Account
    amount_yen: int
    balance_after_yen: int | None
    occurred_at: datetime
    posted_at: datetime
    contract_id: UUID | None
    milestone_id: UUID | None
    payout_id: UUID | None
    deposit_id: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Newest first. `next_cursor` fetches what is older; None when there is nothing older."""

    rows: list[StatementRow]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class JournalLine:
    account: Account
    amount_yen: int


@dataclass(frozen=True, slots=True)
class JournalView:
    """A whole journal with its lines in the order they were written."""

    id: UUID
    kind: JournalKind
    sentence: Text
    lines: list[JournalLine]
    occurred_at: datetime
    posted_at: datetime
    actor_id: UUID | None
    actor_name: str
    contract_id: UUID | None
    milestone_id: UUID | None
    payout_id: UUID | None
    deposit_id: UUID | None
    reverses_id: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Newest first; `next_cursor` as in `Statement`."""

    journals: list[JournalView]
    next_cursor: str | None


def balance_of(account: Account) -> int:
    """The exact balance in yen, credit-positive; 0 for an account that was never moved."""
    return balances_of([account])[account]


def balances_of(accounts: Iterable[Account]) -> dict[Account, int]:
    """The exact balances of many accounts in one query."""
    wanted = list(accounts)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.code, b.balance_yen + CASE WHEN a.mode = 'rollup' THEN (
                SELECT coalesce(sum(t.amount_yen), 0) FROM ledger_rollup_tail t WHERE t.account_id = a.id
            ) ELSE 0 END
            FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id WHERE a.code = ANY (%s)
            """,
            ([account.code for account in wanted],),
        )
        found = {code: int(balance_yen) for code, balance_yen in cursor.fetchall()}
    return {account: found.get(account.code, 0) for account in wanted}


def totals_by_class() -> dict[str, int]:
    """The balance of each class of accounts, for the console: what the market holds, owes and has earned."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.account_class, sum(b.balance_yen) + coalesce(sum(t.amount_yen), 0)
            FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id
            LEFT JOIN (SELECT account_id, sum(amount_yen) AS amount_yen FROM ledger_rollup_tail GROUP BY 1) t
                ON t.account_id = a.id
            GROUP BY a.account_class
            """
        )
        return {name: int(total_yen) for name, total_yen in cursor.fetchall()}


def tail_rows(*, at_most: int) -> int:
    """How many rows wait for the roll-up; counting stops at `at_most`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT FROM ledger_rollup_tail LIMIT %s) t", (at_most,))
        row: tuple[int] = cursor.fetchone()
    return row[0]


def statement_of(account: Account, *, cursor: str | None = None, limit: int = PAGE) -> Statement:
    """An account's journals in words, newest first. Raises `InputError` for a cursor that is none of ours."""
    return _statement([account], cursor, limit)


def statement_for(member_id: UUID, *, cursor: str | None = None, limit: int = PAGE) -> Statement:
    """The journals of all accounts a member owns (available reward, refund due), newest first, in one list."""
    with connection.cursor() as cur:
        cur.execute("SELECT code FROM ledger_account WHERE owner_id = %s AND owner_kind = 'member'", (member_id,))
        accounts = [parse(code) for (code,) in cur.fetchall()]
    return _statement(accounts, cursor, limit)


_STATEMENT = """
SELECT w.code, p.position, j.id, j.kind::text, o.kind::text, p.amount_yen, p.balance_after_yen, j.occurred_at,
    j.posted_at, j.contract_id, j.milestone_id, j.payout_id, j.deposit_id, j.reason
FROM unnest(%(codes)s::text[], %(versions)s::bigint[], %(journals)s::uuid[]) AS w (code, version, journal)
JOIN ledger_account a ON a.code = w.code
CROSS JOIN LATERAL (
    (SELECT account_version::text AS position, journal_id, amount_yen, balance_after_yen FROM ledger_posting
        WHERE a.mode = 'sync' AND account_id = a.id AND account_version < w.version
        ORDER BY account_version DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT journal_id::text AS position, p.journal_id, amount_yen, NULL FROM ledger_posting p
        WHERE a.mode = 'rollup' AND account_id = a.id AND account_version IS NULL AND journal_id < w.journal
        ORDER BY p.journal_id DESC LIMIT %(limit)s)
) p
JOIN ledger_journal j ON j.id = p.journal_id
LEFT JOIN ledger_journal o ON o.id = j.reverses_id
"""


def _statement(accounts: Sequence[Account], cursor: str | None, limit: int) -> Statement:
    limit = min(limit, MAX_PAGE)
    before = _read_cursor(cursor)
    parameters: dict[str, Any] = {
        "codes": [account.code for account in accounts],
        "versions": [_version(before.get(account.code)) for account in accounts],
        "journals": [_journal_id(before.get(account.code)) for account in accounts],
        "limit": limit + 1,
    }
    per_account: dict[str, list[tuple[str, StatementRow]]] = {account.code: [] for account in accounts}
    by_code = {account.code: account for account in accounts}
    with connection.cursor() as cur:
        cur.execute(_STATEMENT, parameters)
        for code, position, *columns in cur.fetchall():
            per_account[code].append((position, _row(by_code[code], columns)))
    for code, found in per_account.items():
        is_sync = by_code[code].of.mode == "sync"
        found.sort(key=lambda at: int(at[0]) if is_sync else at[0], reverse=True)
    merged = heapq.merge(*per_account.values(), key=lambda at: (at[1].posted_at, at[1].journal_id), reverse=True)
    rows = [at for _, at in zip(range(limit + 1), merged, strict=False)]
    page = rows[:limit]
    if len(rows) <= limit:
        return Statement([row for _, row in page], None)
    for position, row in page:
        before[row.account.code] = position
    return Statement([row for _, row in page], _write_cursor(before))


def _row(account: Account, columns: Sequence[Any]) -> StatementRow:
    journal_id, kind, reversed_kind, amount_yen, balance_after_yen, *rest = columns
    journal_kind = JournalKind(kind)
    sentence = catalogue.sentence_for(account.of, journal_kind, JournalKind(reversed_kind) if reversed_kind else None)
    return StatementRow(journal_id, journal_kind, sentence, account, amount_yen, balance_after_yen, *rest)


def journals_for(*, subject: Subject, subject_id: UUID, cursor: str | None = None, limit: int = PAGE) -> JournalPage:
    """The whole journals about a contract, milestone, payout or deposit, newest first, with all their lines."""
    limit = min(limit, MAX_PAGE)
    rows = Journal.objects.filter(**{subject: subject_id}).order_by("-id")
    rows = rows.filter(id__lt=_journal_id(_read_cursor(cursor).get("before")))
    journals = list(rows[: limit + 1])
    page = journals[:limit]
    next_cursor = _write_cursor({"before": str(page[-1].id)}) if len(journals) > limit else None
    return JournalPage(_views(page), next_cursor)


def journal(journal_id: UUID) -> JournalView | None:
    """One journal with its lines, or None."""
    return next(iter(_views(list(Journal.objects.filter(pk=journal_id)))), None)


def _views(journals: Sequence[Journal]) -> list[JournalView]:
    lines: dict[UUID, list[JournalLine]] = {entry.id: [] for entry in journals}
    postings = Posting.objects.filter(journal_id__in=list(lines)).order_by("journal_id", "line_no")
    for journal_id, code, amount_yen in postings.values_list("journal_id", "account__code", "amount_yen"):
        lines[journal_id].append(JournalLine(parse(code), amount_yen))
    reversed_ids = [entry.reverses_id for entry in journals if entry.reverses_id is not None]
    kinds = dict(Journal.objects.filter(id__in=reversed_ids).values_list("id", "kind")) if reversed_ids else {}
    return [
        JournalView(
            id=entry.id,
            kind=JournalKind(entry.kind),
            sentence=catalogue.sentence_of(
                JournalKind(entry.kind), JournalKind(kinds[entry.reverses_id]) if entry.reverses_id else None
            ),
            lines=lines[entry.id],
            occurred_at=entry.occurred_at,
            posted_at=entry.posted_at,
            actor_id=entry.actor_id,
            actor_name=entry.actor_name,
            contract_id=entry.contract_id,
            milestone_id=entry.milestone_id,
            payout_id=entry.payout_id,
            deposit_id=entry.deposit_id,
            reverses_id=entry.reverses_id,
            reason=entry.reason,
        )
        for entry in journals
    ]


def journals_after(
    after: UUID | None, *, until: datetime, limit: int
) -> list[tuple[UUID, str, UUID | None, UUID | None]]:
    """`(id, kind, milestone, payout)` of the journals posted by a moment, in the order of their ids, after one of them.

    For whoever walks through all that ever happened, a step at a time.
    """
    rows = Journal.objects.filter(posted_at__lte=until)
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows.order_by("id").values_list("id", "kind", "milestone_id", "payout_id")[:limit])


_UNREADABLE = Text(
    "続きの位置が読み取れません。最初のページから開いてください。",
    "This place in the list cannot be read: start from the first page.",
)
_AFTER_ALL_VERSIONS = 2**63 - 1
_AFTER_ALL_JOURNALS = UUID(int=2**128 - 1)


def _read_cursor(cursor: str | None) -> dict[str, str]:
    if not cursor:
        return {}
    try:
        before = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error) as error:
        raise InputError({"cursor": [_UNREADABLE]}) from error
    if not isinstance(before, dict) or not all(_is_position(value) for value in before.values()):
        raise InputError({"cursor": [_UNREADABLE]})
    return before


def _is_position(value: object) -> bool:
    return isinstance(value, str) and (_version(value) < _AFTER_ALL_VERSIONS) != (
        _journal_id(value) < _AFTER_ALL_JOURNALS
    )


def _version(position: str | None) -> int:
    if position is None or not position.isascii() or not position.isdigit() or len(position) > 18:
        return _AFTER_ALL_VERSIONS
    return int(position)


def _journal_id(position: str | None) -> UUID:
    if position is None or len(position) != 36:
        return _AFTER_ALL_JOURNALS
    try:
        return UUID(position)
    except ValueError:
        return _AFTER_ALL_JOURNALS


def _write_cursor(before: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(before, separators=(",", ":")).encode()).decode()


def post_facts(now: datetime, newest_at: datetime | None) -> PostFacts:
    """What the rules of writing read; entries up to the moment that the operator knows of count as none."""
    minutes = policy.value("ledger.clock_behind_minutes_max")
    known_until = settings.BOOKS_AHEAD_UNTIL
    if newest_at is not None and known_until is not None and newest_at <= known_until:
        newest_at = None
    return PostFacts(now=now, last_posted_at=newest_at, tolerance=timedelta(minutes=minutes))


@facts_for(POST)
def _facts_now(_: object, subjects: Sequence[None]) -> list[PostFacts]:
    newest_at = Journal.objects.order_by("-id").values_list("posted_at", flat=True).first()
    return [post_facts(clock.now(), newest_at) for _ in subjects]

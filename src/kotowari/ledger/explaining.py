"""Why there is money in an account: whose it is, by which rule, and until when. The rooms that own it know, and say so.

The ledger knows nobody above it, so each room registers how accounts of its classes are explained. The console, the
command line and the story of the demo's year ask here; an account with money that nobody can explain is a defect.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.ledger.accounts import ACCOUNT_CLASSES, Account, AccountClass, bank_deposits, bank_payouts, parse
from kotowari.ledger.selectors import MAX_PAGE, PAGE, balances_of

LOOKED_AT_ONCE = 5_000
"""So many accounts are looked through for one page, so that a class of millions without money costs no more."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why an account holds money. `waits` says on whom or what, `until` when that ends by itself; `owner` is a name.

    Without `until` it ends by what the rule or the words say: it is nobody's to wait for, or its owner's without limit.
    """

    words: Text
    rule: str = ""
    owner: str = ""
    owner_id: UUID | None = None
    until: datetime | None = None
    url: str = ""


Explain = Callable[[Sequence[UUID]], Mapping[UUID, Why]]
EXPLAINERS: dict[str, Explain] = {}


def explains(account_class: AccountClass) -> Callable[[Explain], Explain]:
    """Register how the accounts of a class are explained: from the ids of their owners, all at once."""

    def register(explain: Explain) -> Explain:
        if account_class.name in EXPLAINERS:
            raise ValueError(f"accounts of class {account_class.name} are explained twice")
        EXPLAINERS[account_class.name] = explain
        return explain

    return register


def why_of(accounts: Iterable[Account]) -> dict[Account, Why]:
    """Why each of these accounts holds money; one that nobody can explain is left out.

    The market's own accounts are what their class says. A handful of queries for any number of accounts.
    """
    owned: dict[str, dict[UUID, Account]] = {}
    found: dict[Account, Why] = {}
    for account in accounts:
        if account.owner_id is None:
            found[account] = Why(_together() if account in _AT_THE_BANK else account.of.meaning)
        else:
            owned.setdefault(account.of.name, {})[account.owner_id] = account
    for name, group in owned.items():
        explain = EXPLAINERS.get(name)
        told = explain(list(group)) if explain else {}
        found |= {group[owner_id]: why for owner_id, why in told.items()}
    return found


_AT_THE_BANK = (bank_deposits(), bank_payouts())


def _together() -> Text:
    """What lies at the bank: clients pay into one account and payouts leave another, which may be one and the same."""
    words = Text(
        "発注者の入金を受け取る口座と、振込元の口座。2つを合わせて、銀行に{at_bank}ある。",
        "The accounts that clients pay into and that payouts leave: together {at_bank} lie at the bank.",
    )
    return words.format(at_bank=yen(-sum(balances_of(_AT_THE_BANK).values())))


@dataclass(frozen=True, slots=True)
class Holding:
    account: Account
    balance_yen: int


@dataclass(frozen=True, slots=True)
class HoldingPage:
    """Accounts, the newest first; `next_cursor` fetches older ones, None when there are none."""

    holdings: Sequence[Holding]
    next_cursor: int | None


def holdings(
    account_class: str, *, before: int | None = None, limit: int = PAGE, with_empty: bool = False
) -> HoldingPage:
    """The accounts of a class with money in them (or all of them), the newest first.

    At most `LOOKED_AT_ONCE` accounts are looked at, so a page may be short and still have a next one.
    Raises `KeyError` for a class that does not exist.
    """
    limit = min(limit, MAX_PAGE)
    of = ACCOUNT_CLASSES[account_class]
    if of.owner_kind is None:
        own = parse(account_class)
        balance_yen = balances_of([own])[own]
        return HoldingPage([Holding(own, balance_yen)] if balance_yen or with_empty else [], None)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT l.id, l.code, b.balance_yen FROM (
                SELECT id, code FROM ledger_account WHERE account_class = %s AND (%s::bigint IS NULL OR id < %s)
                ORDER BY id DESC LIMIT %s
            ) l JOIN ledger_balance b ON b.account_id = l.id ORDER BY l.id DESC
            """,
            (of.name, before, before, LOOKED_AT_ONCE),
        )
        looked = cursor.fetchall()
    rows = [row for row in looked if with_empty or row[2]]
    page = rows[:limit]
    through = page if len(rows) > limit else looked if len(looked) == LOOKED_AT_ONCE else None
    return HoldingPage(
        [Holding(parse(code), int(yen)) for _, code, yen in page], through[-1][0] if through is not None else None
    )


def all_holdings(account_class: str) -> Iterator[Holding]:
    """Every account of a class with money in it, the newest first, read in steps."""
    page = holdings(account_class, limit=MAX_PAGE)
    yield from page.holdings
    while page.next_cursor is not None:
        page = holdings(account_class, before=page.next_cursor, limit=MAX_PAGE)
        yield from page.holdings

"""All the money of a member in one place: as worker, as client, and each line of it opened into its whole journal."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db.models import F, Q, QuerySet

from kotowari.accounts.models import Member
from kotowari.contracts.explaining import HOLDS_MONEY
from kotowari.contracts.models import Milestone
from kotowari.contracts.terms import quote_of
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.ledger.accounts import Account
from kotowari.ledger.catalogue import CATALOGUE
from kotowari.ledger.explaining import Holding, Why, why_of
from kotowari.ledger.selectors import JournalView, StatementRow
from kotowari.ledger.statements import Asked, lines
from kotowari.payments.models import CardPayment, CardRefund, Deposit
from kotowari.payments.transitions import CARD_REFUND
from kotowari.payouts.models import Payout
from kotowari.payouts.rules import rule_of, rule_of_line, version_of

Side = Literal["", "own", "worker", "client"]
"""Which of a member's money: all of it, the accounts in their own name, what they earn, what they pay."""
MOST_LOOKED_THROUGH = 2_000
"""So many of a client's newest milestones, deposits and card payments are looked through, each; older ones are found by
their contract, and it is told that they were left out."""
MOST_HOLDINGS = 100
"""So many accounts with money are told of one by one; the rest is in the sum."""
PAGE = 20


@dataclass(frozen=True, slots=True)
class Job:
    """What money was for: contract and milestone, in their own words."""

    contract_id: UUID
    contract: str
    milestone: str

    @property
    def words(self) -> str:
        """`ロゴ制作`, or `ロゴ制作(初稿)` where the milestone has a name of its own."""
        return self.contract if self.milestone in ("", self.contract) else f"{self.contract}({self.milestone})"


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One line of what is mine; `rule` is the rule behind it, empty where only the agreement is."""

    row: StatementRow
    job: Job | None
    rule: str


@dataclass(frozen=True, slots=True)
class OwnLines:
    """Lines, newest first. `is_cut`: of what older milestones, deposits or card payments moved, nothing is among them."""

    lines: Sequence[OwnLine]
    next_cursor: str | None
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of a whole journal: which account, how much, by which rule, and whether the money is the reader's."""

    account: Account
    amount_yen: int
    rule: str
    note: Text | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class OpenJournal:
    """A whole journal as one of those whom it is about may read it. `policy_version`: the rules it was made under."""

    view: JournalView
    lines: Sequence[OpenLine]
    job: Job | None
    payout: Payout | None
    rule: str
    policy_version: str


@dataclass(frozen=True, slots=True)
class ClientMoney:
    """Money of a client that lies here: each account with money, why, and what for."""

    holding: Holding
    why: Why
    job: Job | None


@dataclass(frozen=True, slots=True)
class ClientFunds:
    """What a client has here: the sum of all accounts with money, and the first of them one by one.

    `is_cut`: there is money in older milestones, deposits or card payments than were looked through.
    """

    rows: Sequence[ClientMoney]
    total_yen: int
    accounts: int
    is_cut: bool


def own_lines(
    me: Member,
    *,
    side: Side = "",
    since: date | None = None,
    until: date | None = None,
    of: str = "",
    cursor: str = "",
    limit: int = PAGE,
) -> OwnLines:
    """What happened to a member's money, newest first; `since` and `until` are days, both included.

    `of` is the code of one account. At most six queries. Raises `InputError` for a foreign cursor and `NotVisible` for
    an account that is not the member's.
    """
    asked, is_cut = _asked(me, side, since, until)
    found = lines(_of(me, asked, of), cursor=cursor, limit=limit)
    return OwnLines(_told(found.rows), found.next_cursor, is_cut and not of)


def all_own_lines(
    me: Member, *, side: Side = "", since: date | None = None, until: date | None = None, of: str = "", most: int
) -> Iterator[OwnLine]:
    """The same as one long list, newest first, for a file to keep."""
    asked = _of(me, _asked(me, side, since, until)[0], of)
    cursor: str | None = ""
    left = most
    while cursor is not None and left > 0:
        found = lines(asked, cursor=cursor, limit=min(ledger.MAX_PAGE, left))
        yield from _told(found.rows)
        left -= len(found.rows)
        cursor = found.next_cursor


def journal_visible_to(me: Member, journal_id: UUID) -> OpenJournal:
    """One journal with all its lines, for whom it is about: owner of an account in it, or a side of its contract.

    Both sides of a contract know its price, fee and reward from the terms. Raises `NotVisible`.
    """
    view = ledger.journal(journal_id)
    if view is None:
        raise NotVisible("ledger.journal", journal_id)
    about = Milestone.objects.select_related("contract")
    milestone = about.filter(pk=view.milestone_id).first() if view.milestone_id else None
    payout = Payout.objects.filter(pk=view.payout_id, member_id=me.pk).first() if view.payout_id else None
    mine = _mine(me, view, milestone, payout)
    is_side = milestone is not None and me.pk in (milestone.contract.client_id, milestone.contract.worker_id)
    if not mine and not is_side and payout is None:
        raise NotVisible("ledger.journal", journal_id)
    return OpenJournal(
        view=view,
        lines=[
            OpenLine(
                line.account,
                line.amount_yen,
                rule_of_line(line.account.of, payout),
                _note(line.account, milestone),
                line.account in mine,
            )
            for line in view.lines
        ],
        job=_job(milestone) if milestone else None,
        payout=payout,
        rule=rule_of(payout) if payout else CATALOGUE[view.kind].rule,
        policy_version=_version(milestone, payout),
    )


def client_money(me: Member) -> ClientFunds:
    """Where a client's money is: in no escrow yet, in escrow, due back, on its way to a card. A handful of queries."""
    places: Sequence[tuple[Callable[[UUID], Account], QuerySet[Any]]] = (
        (accounts.suspense, _deposits(me).filter(remaining_yen__gt=0)),
        (accounts.card_held, _in_no_escrow(_card_payments(me))),
        (accounts.escrow, _milestones(me).filter(state__in=HOLDS_MONEY)),
        (accounts.card_refund, _card_refunds(me).exclude(state__in=CARD_REFUND.final)),
    )
    owned = [accounts.refund_due(me.pk)]
    is_cut = False
    for account_of, rows in places:
        ids, more = _newest(rows)
        owned += map(account_of, ids)
        is_cut = is_cut or more
    order = ("suspense", "card_held", "escrow", "card_refund", "refund_due")
    held = sorted(
        ((account, balance) for account, balance in ledger.balances_of(owned).items() if balance),
        key=lambda each: (order.index(each[0].of.name), -each[1]),
    )
    shown = held[:MOST_HOLDINGS]
    why = why_of(account for account, _ in shown)
    jobs = _jobs_of_owners([account for account, _ in shown])
    return ClientFunds(
        # What moved on between two of these queries is said at the next look; what stays unexplained staff are told of.
        rows=[ClientMoney(Holding(a, yen), why[a], jobs.get(a.owner_id)) for a, yen in shown if a in why],  # type: ignore[arg-type]
        total_yen=sum(balance for _, balance in held),
        accounts=len(held),
        is_cut=is_cut,
    )


def _newest(rows: QuerySet[Any]) -> tuple[list[UUID], bool]:
    """The ids of the newest, and whether there are more than are looked through."""
    ids = list(rows.order_by("-pk").values_list("pk", flat=True)[: MOST_LOOKED_THROUGH + 1])
    return ids[:MOST_LOOKED_THROUGH], len(ids) > MOST_LOOKED_THROUGH


def _in_no_escrow(payments: QuerySet[CardPayment]) -> QuerySet[CardPayment]:
    """Card payments whose money is held: paid, not given back, and not what funds their milestone (law L11 cards)."""
    return payments.filter(state="succeeded", amount_yen__gt=F("refunded_yen")).exclude(
        ~Q(milestone__state="refunded"), milestone__card_payment_id=F("pk")
    )


def _asked(me: Member, side: Side, since: date | None, until: date | None) -> tuple[Asked, bool]:
    """What is asked of the statements, and whether older milestones, deposits or card payments were left out."""
    own: list[Account] = []
    owners: list[UUID] = []
    is_cut = False
    if side in ("", "own", "worker"):
        own += [accounts.available(me.pk), accounts.dormant(me.pk)]
    if side != "worker":
        own.append(accounts.refund_due(me.pk))
    if side in ("", "client"):
        for rows in (_milestones(me), _deposits(me), _card_payments(me)):
            ids, more = _newest(rows)
            owners += ids
            is_cut = is_cut or more
    began, ended = clock.start_of(since) if since is not None else None, clock.end_of(until) if until else None
    return Asked(own, owners, began, ended), is_cut


def _of(me: Member, asked: Asked, code: str) -> Asked:
    """Only the lines of one account, which has to be among those that may be asked for."""
    if not code:
        return asked
    try:
        account = accounts.parse(code)
    except ValueError as error:
        raise NotVisible("ledger.account", code) from error
    if account in asked.own:
        return replace(asked, own=[account], owners=())
    id = account.owner_id
    mine = (_milestones(me), _deposits(me), _card_payments(me), _card_refunds(me))
    if id is None or (id not in asked.owners and not any(rows.filter(pk=id).exists() for rows in mine)):
        raise NotVisible("ledger.account", code)
    return replace(asked, own=(), owners=[id])


def _milestones(me: Member) -> QuerySet[Milestone]:
    return Milestone.objects.filter(contract__client_id=me.pk)


def _deposits(me: Member) -> QuerySet[Deposit]:
    """Deposits of which it is certain that this client sent them; the others are nobody's yet."""
    return Deposit.objects.filter(is_certain=True, milestone__contract__client_id=me.pk)


def _card_payments(me: Member) -> QuerySet[CardPayment]:
    return CardPayment.objects.filter(made_by_id=me.pk)


def _card_refunds(me: Member) -> QuerySet[CardRefund]:
    return CardRefund.objects.filter(payment__made_by_id=me.pk)


def _mine(me: Member, view: JournalView, milestone: Milestone | None, payout: Payout | None) -> set[Account]:
    """The accounts of a journal that are a member's: by owner, by contract, by payment or by payout."""
    is_client = milestone is not None and milestone.contract.client_id == me.pk
    owned = {"member": {me.pk}, "payout": {payout.pk} if payout else set()}
    owned["dispute"] = set()  # what a processor took back is the operator's to get back
    owned["milestone"] = {milestone.pk} if milestone is not None and is_client else set()
    of_kind: dict[str, QuerySet[Any]] = {
        "deposit": _deposits(me),
        "card": _card_payments(me),
        "refund": _card_refunds(me),
    }
    for kind, rows in of_kind.items():
        ids = {line.account.owner_id for line in view.lines if line.account.of.owner_kind == kind}
        owned[kind] = set(rows.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    return {
        line.account
        for line in view.lines
        if line.account.of.owner_kind is not None and line.account.owner_id in owned[line.account.of.owner_kind]
    }


def _told(rows: Sequence[StatementRow]) -> list[OwnLine]:
    jobs = _jobs(row.milestone_id for row in rows if row.milestone_id is not None)
    payouts = Payout.objects.in_bulk({row.payout_id for row in rows if row.payout_id is not None})
    return [
        OwnLine(
            row,
            jobs.get(row.milestone_id) if row.milestone_id is not None else None,
            rule_of(payouts[row.payout_id]) if row.payout_id in payouts else CATALOGUE[row.kind].rule,
        )
        for row in rows
    ]


def _jobs(milestone_ids: Iterable[UUID]) -> dict[UUID, Job]:
    rows = Milestone.objects.filter(pk__in=set(milestone_ids)).select_related("contract")
    return {row.pk: _job(row) for row in rows}


def _job(row: Milestone) -> Job:
    return Job(row.contract_id, row.contract.title, row.title)


def _jobs_of_owners(held: Sequence[Account]) -> dict[UUID, Job]:
    """What each account is for, by its owner's id: an escrow's milestone, a deposit's, a card payment's."""
    ids = [account.owner_id for account in held if account.owner_id is not None]
    of_deposits = dict(Deposit.objects.filter(pk__in=ids).values_list("pk", "milestone_id"))
    of_cards = dict(CardPayment.objects.filter(pk__in=ids).values_list("pk", "milestone_id"))
    of_refunds = dict(CardRefund.objects.filter(pk__in=ids).values_list("pk", "payment__milestone_id"))
    milestone_of = {id: id for id in ids} | of_deposits | of_cards | of_refunds
    jobs = _jobs(id for id in milestone_of.values() if id is not None)
    return {id: jobs[about] for id, about in milestone_of.items() if about in jobs}


def _version(milestone: Milestone | None, payout: Payout | None) -> str:
    """A contract keeps the rules it was made under; a payout was made under those of its day."""
    if milestone is not None:
        return milestone.contract.policy_version
    return version_of(payout) if payout is not None else ""


def _note(account: Account, milestone: Milestone | None) -> Text | None:
    """How a fee was reckoned, in the words of the contract's own terms."""
    if milestone is None or account.of is not accounts.FEE_INCOME:
        return None
    fees = [line for line in quote_of(milestone).lines if line.code in ("client_fee", "system_fee") and line.amount_yen]
    return Text("/".join(line.words.ja for line in fees), "; ".join(line.words.en for line in fees)) if fees else None

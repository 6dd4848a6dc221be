"""Taking money out of balances for payouts: the rows, the journals and the lots, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.money import portion
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Entry, Line, Taking, post_many, take_from_lots_many
from kotowari.payouts import entries, events
from kotowari.payouts.models import BankAccount, Closing, Payout
from kotowari.payouts.services.naming import names
from kotowari.payouts.services.snapshots import point_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One payout that is to be: so much of a member's money, less the fees, to this account.

    `fee_yen` is all that is taken off, of which `quick_fee_yen` for paying at once.
    """

    member_id: UUID
    kind: str
    method: str
    account: BankAccount
    gross_yen: int
    fee_yen: int
    quick_fee_yen: int = 0


def request_payouts(actor: Actor, closing: Closing, requests: Sequence[Request]) -> list[Payout]:
    """Make the payouts of a closing. The members are locked and each has this much; members come in order."""
    tax_permille = policy.value("tax.consumption_permille", closing.closes_on)
    payouts = [_payout(request, closing.pays_on, tax_permille) for request in requests]
    for payout in payouts:
        payout.closing = closing
    keys = [f"{payout.kind}:{closing.closes_on}:{payout.member_id}" for payout in payouts]
    _take_out(actor, payouts, keys)
    emit(*(events.PayoutRequested(**names(payout), closes_on=closing.closes_on) for payout in payouts))
    return payouts


def request_at_once(
    actor: Actor, requests: Sequence[Request], *, pays_on: date, promised_on: date | None = None
) -> list[Payout]:
    """Make payouts that wait for no closing: asked for by their owners, or due at a time limit. As for a closing."""
    tax_permille = policy.value("tax.consumption_permille", clock.today())
    payouts = [_payout(request, pays_on, tax_permille) for request in requests]
    for payout in payouts:
        payout.promised_on = promised_on
    _take_out(actor, payouts, [f"{payout.kind}:{payout.pk}" for payout in payouts])
    return payouts


def _take_out(actor: Actor, payouts: Sequence[Payout], keys: Sequence[str]) -> None:
    """The rows, one journal each under its key, the lots, the audit."""
    if not payouts:
        return
    Payout.objects.bulk_create(payouts)
    post_many([_journal(payout, key) for payout, key in zip(payouts, keys, strict=True)], actor=actor)
    rewards = [Taking(p.member_id, p.gross_yen, p.pk) for p in payouts if p.is_of_rewards]
    if rewards:
        take_from_lots_many(rewards)
    audit.record_many(
        actor=actor,
        kind=entries.REQUESTED,
        entries=[(payout, {"gross_yen": payout.gross_yen, "net_yen": payout.net_yen}) for payout in payouts],
    )


def _journal(payout: Payout, key: str) -> Entry:
    """The money leaves the balance: the net amount is in flight, the fees are taken. Once per key."""
    source = accounts.available(payout.member_id) if payout.is_of_rewards else accounts.refund_due(payout.member_id)
    return Entry(
        kind=JournalKind.PAYOUT_REQUESTED if payout.is_of_rewards else JournalKind.REFUND_REQUESTED,
        scope="payout.request",
        key=key,
        lines=[
            Line(source, -payout.gross_yen),
            Line(accounts.payout_in_flight(payout.pk), payout.net_yen),
            *fee_lines(payout, 1),
        ],
        payout_id=payout.pk,
    )


def fee_lines(payout: Payout, sign: int) -> list[Line]:
    """The fees of a payout without tax, and their tax: taken (1) or given back (-1)."""
    transfer_yen = payout.transfer_fee_yen - (payout.fee_tax_yen - payout.quick_fee_tax_yen)
    quick_yen = payout.quick_fee_yen - payout.quick_fee_tax_yen
    lines = [
        Line(accounts.transfer_fee_income(), sign * transfer_yen),
        Line(accounts.consumption_tax_payable(), sign * payout.fee_tax_yen),
    ]
    return [Line(accounts.quick_fee_income(), sign * quick_yen), *lines] if quick_yen else lines


def _payout(request: Request, pays_on: date, tax_permille: int) -> Payout:
    transfer_tax_yen, quick_tax_yen = (
        portion(fee_yen, tax_permille, 1000 + tax_permille)
        for fee_yen in (request.fee_yen - request.quick_fee_yen, request.quick_fee_yen)
    )
    payout = Payout(
        member_id=request.member_id,
        kind=request.kind,
        method=request.method,
        gross_yen=request.gross_yen,
        fee_yen=request.fee_yen,
        fee_tax_yen=transfer_tax_yen + quick_tax_yen,
        quick_fee_yen=request.quick_fee_yen,
        quick_fee_tax_yen=quick_tax_yen,
        net_yen=request.gross_yen - request.fee_yen,
        pays_on=pays_on,
    )
    point_to(payout, request.account)
    return payout

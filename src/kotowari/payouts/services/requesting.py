"""Taking money out of balances for payouts: the rows, the journals and the lots, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.outbox import emit
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
    """One payout that is to be: so much of a member's money, less the fee, to this account."""

    member_id: UUID
    kind: str
    method: str
    account: BankAccount
    gross_yen: int
    fee_yen: int


def request_payouts(actor: Actor, closing: Closing, requests: Sequence[Request]) -> list[Payout]:
    """Make the payouts of a closing. The members are locked and each has this much; members come in order."""
    tax_permille = policy.value("tax.consumption_permille", closing.closes_on)
    payouts = [_payout(closing, request, tax_permille) for request in requests]
    if not payouts:
        return []
    Payout.objects.bulk_create(payouts)
    post_many([_journal(closing, payout) for payout in payouts], actor=actor)
    rewards = [Taking(p.member_id, p.gross_yen, p.pk) for p in payouts if p.kind == "reward"]
    if rewards:
        take_from_lots_many(rewards)
    audit.record_many(
        actor=actor,
        kind=entries.REQUESTED,
        entries=[(payout, {"gross_yen": payout.gross_yen, "net_yen": payout.net_yen}) for payout in payouts],
    )
    emit(*(events.PayoutRequested(**names(payout), closes_on=closing.closes_on) for payout in payouts))
    return payouts


def _journal(closing: Closing, payout: Payout) -> Entry:
    """The money leaves the balance: the net amount is in flight, the fee is taken. Once per member and closing."""
    is_reward = payout.kind == "reward"
    source = accounts.available(payout.member_id) if is_reward else accounts.refund_due(payout.member_id)
    return Entry(
        kind=JournalKind.PAYOUT_REQUESTED if is_reward else JournalKind.REFUND_REQUESTED,
        scope="payout.request",
        key=f"{payout.kind}:{closing.closes_on}:{payout.member_id}",
        lines=[
            Line(source, -payout.gross_yen),
            Line(accounts.payout_in_flight(payout.pk), payout.net_yen),
            Line(accounts.transfer_fee_income(), payout.fee_yen - payout.fee_tax_yen),
            Line(accounts.consumption_tax_payable(), payout.fee_tax_yen),
        ],
        payout_id=payout.pk,
    )


def _payout(closing: Closing, request: Request, tax_permille: int) -> Payout:
    payout = Payout(
        member_id=request.member_id,
        kind=request.kind,
        method=request.method,
        closing=closing,
        gross_yen=request.gross_yen,
        fee_yen=request.fee_yen,
        fee_tax_yen=portion(request.fee_yen, tax_permille, 1000 + tax_permille),
        net_yen=request.gross_yen - request.fee_yen,
        pays_on=closing.pays_on,
    )
    point_to(payout, request.account)
    return payout
